"""What is wrong with a feed, in words for people: a sentence when it begins, one when it is over, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.health import Trouble


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one trouble; ``advice`` is "" if there is nothing to do."""

    began: str
    over: str
    advice: str = ""


_GERMAN: dict[Trouble, Words] = {
    "broken": Words("Feed antwortet nicht mehr", "Feed antwortet wieder"),
    "page": Words(
        "statt des Feeds kommt eine Webseite",
        "Feed kommt wieder",
        "Die Adresse im Browser ansehen: Zustimmungsseite, Anmeldung oder geparkte Domain?",
    ),
    "gone": Words(
        "Feed gibt es nicht mehr (410)",
        "Feed ist wieder da",
        "Er wird nicht mehr abgerufen: eine neue Adresse in die Konfiguration eintragen oder ihn dort entfernen.",
    ),
    "moved": Words(
        "Feed ist umgezogen",
        "Feed ist wieder an der alten Adresse",
        "Er wird schon dort abgerufen; bitte die neue Adresse in die Konfiguration eintragen.",
    ),
    "gap": Words(
        "Lücke: zwischen zwei Abrufen gingen vielleicht Meldungen verloren",
        "Abrufe überlappen sich wieder",
        "Er wird vorerst öfter abgerufen; kommt das wieder vor, ein kürzeres interval eintragen.",
    ),
    "silent": Words("Feed schweigt länger als sonst", "Feed meldet sich wieder"),
    "migrated": Words(
        "Feed hat Kennungen oder Adressen seiner Meldungen auf einmal geändert",
        "Feed behält seine Kennungen wieder",
        "Die Meldungen sind wiedererkannt, keine wird noch einmal gemeldet.",
    ),
    "flood": Words(
        "so viele Meldungen auf einmal, dass sie zurückgehalten werden",
        "Feed bringt wieder so viel wie sonst",
        "Gespeichert sind sie; `monitor backfill --deliver` meldet sie.",
    ),
}
_ENGLISH: dict[Trouble, Words] = {
    "broken": Words("the feed does not answer any more", "the feed answers again"),
    "page": Words(
        "a web page comes instead of the feed",
        "the feed comes again",
        "Look at the address in a browser: a consent page, a login, or a parked domain?",
    ),
    "gone": Words(
        "the feed is gone (410)",
        "the feed is back",
        "It is not polled any more: write a new address into the config, or remove it there.",
    ),
    "moved": Words(
        "the feed has moved",
        "the feed is back at its old address",
        "It is polled there already; please write the new address into the config.",
    ),
    "gap": Words(
        "gap: items may have been lost between two polls",
        "polls overlap again",
        "It is polled more often for now; if that happens again, write a shorter interval.",
    ),
    "silent": Words("the feed is silent for longer than usual", "the feed brings items again"),
    "migrated": Words(
        "the feed changed the ids or addresses of its items all at once",
        "the feed keeps its ids again",
        "The items are known again; none is told twice.",
    ),
    "flood": Words(
        "so many items at once that they are held",
        "the feed brings as much as usual again",
        "They are stored; `monitor backfill --deliver` tells them.",
    ),
}


def words_of(trouble: Trouble, language: str) -> Words:
    """Return the sentences of a trouble, in English for languages that are not there."""
    return (_GERMAN if language.partition("-")[0] == "de" else _ENGLISH)[trouble]
