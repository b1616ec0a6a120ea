"""What Apprise was seen to know is not asked again."""

from monitor.send.known import KnownAddresses


def test_what_is_kept_is_known_at_the_next_start(tmp_path):
    KnownAddresses(tmp_path / "cache").write({"b": "x:Y", "a": "x:Z"})

    assert KnownAddresses(tmp_path / "cache").read() == {"a": "x:Z", "b": "x:Y"}


def test_a_spoilt_or_missing_file_means_that_nothing_is_known(tmp_path):
    kept = KnownAddresses(tmp_path)
    before = kept.read()
    kept.write({"a": "x:Y"})
    next(tmp_path.glob("addresses-*.json")).write_text("[1, {")

    assert (before, kept.read()) == ({}, {})


def test_a_directory_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    kept = KnownAddresses(tmp_path / "file")

    kept.write({"a": "x:Y"})

    assert kept.read() == {}
