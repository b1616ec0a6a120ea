"""Match what is new or changed, and decide who is told. One way for polls, older pages and articles' pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from monitor.core import changes
from monitor.core.habits import Learned
from monitor.core.ids import FeedId
from monitor.core.model import Feed, Match
from monitor.core.noise import Settings, learn
from monitor.core.record import Change, Finding, New, Recorded, Unchanged, Updated
from monitor.core.state import Known
from monitor.core.verdict import Subject
from monitor.work import searched
from monitor.work.ports import Judged, JudgeStore, Lateness, NoiseSettings, Route, Rules, Silence
from monitor.work.subject import subject


class Judging:
    """The rules, and what is asked of the store to apply them. Called in the store's thread."""

    def __init__(self, *, rules: Rules, noise: NoiseSettings, route: Route, store: JudgeStore, now: Callable[[], datetime]) -> None:
        self._rules = rules
        self._noise = noise
        self._route = route
        self._store = store
        self._now = now

    def __call__(self, feed: Feed, number: FeedId, seen: Sequence[Change], silence: Silence, late: Lateness, title: str) -> Judged:
        """Return what the rules find in each new or changed item, who is told, and what is known of the feed's noise by now.

        ``silence`` gives the reason why nobody is told of an item, or None; ``late`` how late a new one came. ``title`` is the
        feed's own.
        """
        changed = [change for change in seen if not isinstance(change, Unchanged)]
        if not changed:
            return Judged()
        learned, settings = None, self._noise(feed)
        if feed.kind == "article":
            # All that is listed is learned from before anything is matched. Feeds list the newest first.
            learned = learn(self._store.learned(number), [change.identified for change in reversed(changed)])

        def recorded(change: New | Updated) -> Recorded:
            lateness = late(change.identified.item) if isinstance(change, New) else None
            return Recorded(change, self.findings(feed, change, learned or Learned(), settings, silence(change)), late=lateness)

        return Judged(self.joined(feed, number, tuple(map(recorded, changed)), title), learned)

    def joined(self, feed: Feed, number: FeedId, recorded: tuple[Recorded, ...], title: str) -> tuple[Recorded, ...]:
        """Return what was found, without alerts of articles that were told when another feed listed them."""
        return searched.joined(self._store, feed, number, recorded, title, self._now())

    def findings(self, feed: Feed, change: New | Updated, learned: Learned, settings: Settings, silence: str | None) -> tuple[Finding, ...]:
        """Return what the rules find in an item, and who is told of each match."""
        # A comment feed is named for the feed of its articles: "boltwise/12".
        source = feed.name.partition("/")[0]
        looked_at: Subject = subject(change.identified.item, source, feed.kind, feed, learned, settings)
        known = None
        if isinstance(change, Updated) and not changes.is_another_story(change.identified.item, change.known):
            known = change.known
        return tuple(self._finding(match, known, silence) for match in self._rules.match(looked_at))

    def _finding(self, match: Match, known: Known | None, silence: str | None) -> Finding:
        if silence:
            return Finding(match, reason=silence)
        if known and match.rule in known.told:
            return Finding(match, reason="already alerted")
        if known and match.rule in known.rules:
            # It matched when it was baseline, held or brought in by hand, and nobody was told then.
            return Finding(match, reason="matched before")
        return self._route(match)
