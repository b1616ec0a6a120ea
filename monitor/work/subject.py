"""What the rules look at in an item: its texts, where it comes from, its language, and what of it is page noise."""

from __future__ import annotations

from monitor.core.habits import Learned
from monitor.core.language import language_of
from monitor.core.model import Feed, Field, Item, Kind
from monitor.core.noise import Settings
from monitor.core.verdict import Subject
from monitor.work import noise


def subject(item: Item, name: str, kind: Kind, feed: Feed | None, learned: Learned, settings: Settings) -> Subject:
    """Return the subject of an item of the feed ``name``; ``feed`` is None if the config no longer has it."""
    language = _language(item, feed)
    texts: dict[Field, str] = {
        "title": "" if _is_by_name(item, kind) else item.title,
        "summary": item.summary,
        "content": item.content,
        "author": "\n".join(item.authors),
        "category": "\n".join(item.categories),
        "url": item.url or "",
        "feed": name,
        "lang": language,
    }
    return Subject(
        name,
        feed.tags if feed else (),
        kind,
        language,
        texts,
        noise.spans(name, item, Learned() if kind == "comment" else learned, settings),
    )


def _is_by_name(item: Item, kind: Kind) -> bool:
    # A comment's title is its author's name and its first words: a rule is not meant to find the former, nor the latter twice.
    return kind == "comment" and any(author in item.title for author in item.authors)


def _language(item: Item, feed: Feed | None) -> str:
    """Return an item's language: what the config says of its feed; what the text shows; what the feed says; the config's default.

    A text is believed more than its feed, and "en" of a feed least: sites that were never set up say "en-US" of every article.
    """
    default = feed.language if feed else item.language or ""
    if feed is not None and feed.is_language_given:
        return default
    said = "" if (item.language or "en").lower().startswith("en") else item.language
    return language_of(f"{item.title}\n{item.content or item.summary}") or said or default
