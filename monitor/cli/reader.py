"""The open database with the config beside it: what every command that reads needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from monitor.cli import times
from monitor.cli.options import Session
from monitor.errors import NotFound

if TYPE_CHECKING:
    from monitor.app import Archive, Store
    from monitor.config import Config

# Of thousands of names some are told.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """A database that is open, the config, and the moment that "ago" counts from."""

    config: Config
    store: Archive
    now: datetime

    @property
    def zone(self) -> tzinfo:
        """Return the timezone that people read times in."""
        return self.config.timezone

    def since(self, when: times.When | None) -> datetime | None:
        """Return the first moment of what was typed."""
        return times.since(when, self.now, self.zone) if when else None

    def until(self, when: times.When | None) -> datetime | None:
        """Return the moment before which what was typed ends."""
        return times.until(when, self.now, self.zone) if when else None

    def must_know(self, *, rule: str | None = None, feed: str | None = None, entity: str | None = None) -> None:
        """Raise ``NotFound`` for a name that the config does not have: asked only when nothing was found under it."""
        entities = self.config.entities
        for word, name, names in (
            ("rule", rule, [one.name for one in self.config.rules]),
            ("feed", feed, [one.name for one in self.config.feeds]),
            ("entity", entity, list(dict.fromkeys([one.source for one in entities if one.source] + [one.name for one in entities]))),
        ):
            if name is not None and name not in names:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                raise NotFound(f"no such {word}: {name}; the config has {', '.join(names[:MOST_NAMED]) or 'none'}{more}")


@dataclass(frozen=True, slots=True)
class Manager(Reader):
    """The same, of a database that may be written into."""

    store: Store


@contextmanager
def reading(session: Session) -> Iterator[Reader]:
    """Open the database that the config names, for what is read of it. Raises ``ConfigError``, ``StoreError``."""
    from monitor import app

    config = session.config()
    with app.open_archive(config) as archive:
        yield Reader(config, archive, app.utc_now())


@contextmanager
def managing(session: Session) -> Iterator[Manager]:
    """Open the database that the config names, to write into it too. Raises ``ConfigError``, ``StoreError``."""
    from monitor import app

    config = session.config()
    with app.open_store(config, create=False) as store:
        yield Manager(config, store, app.utc_now())
