"""Noise that shows at first sight, and text that only looks like it."""

import pytest

from monitor.core.firstsight import LONGEST, dateline, reason_of


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Lesen Sie auch: Minister reist nach Kiew", "related articles"),
        ("» Das könnte Sie auch interessieren", "related articles"),
        ("MORE: Talks end without result", "related articles"),
        ("Aktuelle Entwicklungen finden Sie in unserem Liveblog.", "related articles"),
        ("Newsletter: Das Wichtigste am Abend", "newsletter"),
        ("Nichts mehr verpassen? Abonnieren Sie unseren Newsletter mit allem aus der Region.", "newsletter"),
        ("Sign up for our daily newsletter and get the news first.", "newsletter"),
        ("Die App gibt es im App Store und bei Google Play.", "app and channels"),
        ("Folgen Sie uns auf Facebook und Instagram!", "app and channels"),
        ("Nutze die Google-Suche für mehr: »Neue Wege« bei Google suchen oder bei Bing", "search hint"),
        ("Softwareentwickler (m/w/d) in Bonn", "job advertisement"),
        ("Stellenangebote der Woche", "job advertisement"),
        ("Bitte beachten Sie unsere Netiquette.", "comment rules"),
        ("Schreiben Sie den ersten Kommentar", "comment rules"),
        ("Anzeige", "consent and advertising labels"),
        ("Hier finden Sie einen externen Inhalt von X, der den Artikel ergänzt.", "consent and advertising labels"),
        ("Die mit Stern gekennzeichneten Links sind Affiliate-Links.", "consent and advertising labels"),
        ("Jetzt 4 Wochen kostenlos testen", "subscription and support"),
        ("Guter Journalismus braucht Ihre Hilfe: Unterstützen Sie uns.", "subscription and support"),
        ("Gastbeiträge geben nicht unbedingt die Meinung der Redaktion wieder.", "note of the editors"),
        ("Sendung: Am Morgen, 12.03.2026, 8 Uhr", "note of the editors"),
        ("Über den Autor", "author box"),
        ("… ist Professorin für Völkerrecht in Bonn. Zuvor war sie in Kiew.", "author box"),
        ("Lesedauer: 3 Minuten", "reading time, date and credit lines"),
        ("Stand: 12.03.2026, 18:30 Uhr", "reading time, date and credit lines"),
        ("Foto: dpa/Muster", "reading time, date and credit lines"),
        ("© Musteragentur 2026", "reading time, date and credit lines"),
    ],
)
def test_noise_is_known_with_its_reason(text, reason):
    assert reason_of(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Die Regierung verschickt jetzt einen Newsletter, und 3000 Bürger haben ihn abonniert.",
        "Google wechselt die Suchmaschine seiner Tochter, Bing verliert einen Kunden.",
        "Der Datenschutz bleibt ein Streitpunkt zwischen Brüssel und Washington.",
        "Wer Cookies setzt, braucht nach dem Urteil eine Einwilligung.",
        "Im Stellenangebot der Behörde fehlte der Hinweis auf die Befristung.",
        "Stand der Dinge: 3 Tote, 12 Verletzte und viele Fragen an die Behörden in Kiew",
        "Der Kommentar des Ministers löste Empörung aus.",
        "Mehr als 100 Menschen kamen ums Leben.",
        "Die Anzeige gegen den Abgeordneten wurde eingestellt.",
        "Der Journalismus in Russland wird unterdrückt.",
        "Office is now in the app store, as are some of its rivals.",
        "Open the page and accept the cookie consent, then go on with step two.",
        "All you have to do is leave a comment here on my blog by February.",
        "Facebook folgt uns auf Schritt und Tritt, sagt der Datenschützer.",
    ],
)
def test_news_about_the_same_things_are_no_noise(text):
    assert reason_of(text) is None


def test_a_long_paragraph_is_never_noise_at_first_sight():
    assert reason_of("Lesen Sie auch: " + "x" * LONGEST) is None


@pytest.mark.parametrize(
    ("text", "ends_before"),
    [
        ("WASHINGTON / MÜNCHEN (IT MUSTERWELT) – In einem Schritt", "In"),
        ("BERLIN, 12. März (dpa) – Der Minister", "Der"),
        ("KYIV, Ukraine (AP) — The army", "The"),
        ("NEW YORK, March 3 - Stocks", "Stocks"),
        ("Kiew (AFP) - Die Armee", "Die"),
        ("Moskau/Kiew (dpa/tmn) – Beide", "Beide"),
        ("Hamburg (Musterblatt) – Der Hafen", "Der"),
    ],
)
def test_a_dateline_ends_where_the_text_begins(text, ends_before):
    assert text[dateline(text, ("musterblatt",)) :].startswith(ends_before + " ") or text[dateline(text, ("musterblatt",)) :] == ends_before


@pytest.mark.parametrize(
    "text",
    [
        "Scholz (SPD) - so viel ist sicher - bleibt.",
        "EU – das ist auch eine Hoffnung.",
        "NATO und EU – zwei Bündnisse.",
        "Die Lage in Kiew (Ukraine) – eine Übersicht.",
        "Hamburg (Musterblatt) – Der Hafen",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text):
    assert dateline(text, ()) == 0
