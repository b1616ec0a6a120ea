"""Sample alerts: for trying a receiver, and for checking that templates render."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.delivery import Alert
from monitor.core.health import SourceAlert
from monitor.core.ids import ItemId
from monitor.core.model import Evidence, Item, Key, StoredItem

_TITLES = {"de": "Probemeldung: so sieht ein Alarm aus", "en": "Sample: this is what an alert looks like"}
_TEXTS = {
    "de": "Dies ist eine Probe. Käme sie aus einem Feed, stünde hier der Satz mit dem gesuchten Wort.",
    "en": "This is a sample. If it came from a feed, the sentence with the wanted word would stand here.",
}
_WORDS = {"de": "Probe", "en": "sample"}
_FEEDS = {"de": "Probefeed", "en": "Sample feed"}


def sample_alert(now: datetime, language: str) -> Alert:
    """Return an alert that no feed caused, with every variable of a template filled."""
    speech = language.partition("-")[0] if language.partition("-")[0] in _TITLES else "en"
    text, word, feed = _TEXTS[speech], _WORDS[speech], _FEEDS[speech]
    start = text.index(word)
    evidence = Evidence(word, None, "content", word, start, start + len(word), "exact")
    item = Item(
        guid="sample",
        url="https://news.example/sample",
        title=_TITLES[speech],
        summary=text,
        content=text,
        authors=("Feed Monitor",),
        published=now - timedelta(minutes=2),
    )
    stored = StoredItem(ItemId(0), "sample", Key("g:sample"), "article", item, first_seen=now, revision=1)
    return Alert(0, word.lower(), "info", now, 1, "alert", stored, feed, (word.lower(),), (evidence,))


def sample_source_alert(now: datetime) -> SourceAlert:
    """Return an alert of a trouble that no feed has, with every variable of the template filled."""
    since = now - timedelta(hours=7)
    url = "https://news.example/feed"
    return SourceAlert(0, "sample", "Sample feed", url, ("sample",), "broken", since, now, None, "the server answered 500")
