"""Who waits for a dictionary is told why."""

from monitor.app import builders


def test_that_a_dictionary_is_made_is_said_on_standard_error_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    said = []
    for _ in range(2):
        # Malay: the smallest there is.
        assert builders.lexicon().dictionary("ms") is not None
        said.append(capsys.readouterr())

    assert "making the dictionary of word forms (ms), once on this machine" in said[0].err
    assert (said[0].out, said[1].err) == ("", "")
