import pytest

from monitor.match.analysis import as_written


@pytest.mark.parametrize(
    ("word", "analysis", "shown"),
    [
        ("Waffenstillstandsverhandlungen", "waffen·stillstand·s·verhandlungen", "Waffen·stillstand·s·verhandlungen"),
        ("Öltürme", "oel·tuerme", "Öl·türme"),
        ("Großstadt", "gross·stadt", "Groß·stadt"),
        ("EU-Sanktionspaket", "EU-sanktion·s·paket", "EU-Sanktion·s·paket"),
        ("Sanktion", "", ""),
        ("sanktionieren", "sanktionieren", ""),
        ("Fahrzeugen", "fahr·zeug", "Fahr·zeug"),
        ("Fahrzeugs", "kraft·fahrzeug", "Kraft·fahrzeug"),
    ],
)
def test_an_analysis_is_shown_in_the_letters_of_the_word(word, analysis, shown):
    assert as_written(word, analysis) == shown
