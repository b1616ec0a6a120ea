"""Watch over the sources: what is wrong with a feed, and when it is well again. Pure; each trouble has its own threshold.

Each is told once when it begins, and once when it ends. What begins slowly and ends at the first good answer cannot
flutter: after an end the whole threshold has to be passed again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from monitor.core import cadence
from monitor.core.health import Began, Ended, Health, Trouble, Turn

# Sites are down for a night's maintenance, and fail now and then: both at once is neither.
BROKEN_FAILURES = 5
BROKEN_AFTER = timedelta(hours=6)
# A page in the place of a feed does not go away by itself, but some proxies answer a hiccup with one.
PAGE_ANSWERS = 3
PAGE_AFTER = timedelta(hours=1)
# What a publisher does in one document, and is done with.
AT_ONCE: frozenset[Trouble] = frozenset({"migrated", "flood"})
# So many polls with items, each sharing some with the one before, and the interval is right again.
CALM_POLLS = 3
# A hundredth of a feed's gaps is longer than its p99, by definition. Twice that comes by chance once in ten thousand gaps.
SILENT_BEYOND = 2.0
# However busy a feed is: what an editor's lunch or a crash of their system explains is no news.
SILENT_AFTER = timedelta(hours=6)


def after_failure(
    health: Health, open_troubles: Collection[Trouble], failures: int, well_since: datetime, now: datetime, detail: str
) -> tuple[Turn, ...]:
    """Return what begins with a failed visit. ``failures`` in a row counts this one; ``well_since``: the last that went well."""
    lasted = now - well_since
    began: list[Began] = []
    if health.gone is not None:
        began.append(Began("gone", health.gone, detail))
    elif health.pages >= PAGE_ANSWERS and lasted >= PAGE_AFTER:
        began.append(Began("page", well_since, detail))
    elif failures >= BROKEN_FAILURES and lasted >= BROKEN_AFTER and not health.pages:
        began.append(Began("broken", well_since, detail))
    return tuple(one for one in began if one.trouble not in open_troubles)


def after_success(
    before: Health,
    health: Health,
    open_troubles: Collection[Trouble],
    now: datetime,
    *,
    is_gap: bool,
    has_new: bool,
    at_once: Sequence[Began] = (),
) -> tuple[Turn, ...]:
    """Return what begins and ends with a visit that went well; ``before`` and ``health`` are what was and is known.

    ``at_once`` is what the document brought all at once: other ids ("migrated"), or a flood. The next news without it ends
    it, and of that nobody is told: it was over when it was seen.
    """
    over: set[Trouble] = {"broken", "page", "gone"}
    begin: list[Began] = []
    if health.moved_to is None or health.moved_to != before.moved_to:
        over.add("moved")
    if health.moved_to is not None:
        begin.append(Began("moved", now, health.moved_to))
    if is_gap:
        begin.append(Began("gap", now))
    elif health.calm >= CALM_POLLS:
        over.add("gap")
    if has_new:
        over.add("silent")
    elif _is_silent(health, now):
        begin.append(Began("silent", health.cadence.last or now))
    begin += at_once
    if has_new:
        over |= AT_ONCE - {one.trouble for one in at_once}
    still = set(open_troubles) - over
    begin = [one for one in begin if one.trouble not in still]
    untold = {one.trouble for one in begin} | AT_ONCE
    ended = sorted(over & set(open_troubles))
    return (*(Ended(one, is_told=one not in untold) for one in ended), *begin)


def _is_silent(health: Health, now: datetime) -> bool:
    last = health.cadence.last
    return last is not None and now - last >= SILENT_AFTER and cadence.silence(health.cadence, now) >= SILENT_BEYOND
