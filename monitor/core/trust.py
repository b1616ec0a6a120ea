"""Which validators can be relied on: found by measurement.

A sample is a body that is asked for without validators. If it shows other items, the server is asked once more, with the
validators of the body before: one that says "not modified" now lies, for the body was seen to change in between. There is
no race in it: what changed before the question had changed already.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.health import Health, Sight, Trust
from monitor.core.state import FeedState, Validators

# A server whose validators never change would hide its news for ever. A new feed shows soon whether it does; after that
# the body is asked for without validators once a day (if only 304s came in between: any body serves as well).
SAMPLE_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
# Validators that lied are measured once a day, on a body that changed; a week of right answers, and they are used again.
MEASURE_EVERY = timedelta(days=1)
AGREED_TO_TRUST = 7


def validators_to_send(state: FeedState, now: datetime) -> Validators:
    """Return the validators to ask with: none if they lie, or if a body is due that no validator hides."""
    return Validators() if state.health.trust.is_lying or is_sample_due(state, now) else state.validators


def is_sample_due(state: FeedState, now: datetime) -> bool:
    """Say whether the body is to be asked for without validators."""
    since = state.validated_since
    if state.baseline != "done" or since is None:
        return True
    due = SAMPLE_AFTER[min(state.health.trust.agreed, len(SAMPLE_AFTER) - 1)]
    return not timedelta() <= now - since < due


def is_measurable(state: FeedState, now: datetime) -> bool:
    """Say whether another body than the last one is to be followed by the question whether the server knows that it is."""
    trust = state.health.trust
    if state.validators == Validators() or state.baseline != "done" or state.body_hash is None:
        return False
    if trust.is_lying:
        return trust.measured is None or not timedelta() <= now - trust.measured < MEASURE_EVERY
    return is_sample_due(state, now)


def measured(health: Health, sight: Sight, now: datetime, *, has_other_items: bool) -> Health:
    """Return what a visit says of the validators. A body that differs in nothing but its own date proves nothing against them."""
    trust = health.trust
    if has_other_items and sight.says_unchanged:
        return replace(health, trust=Trust(is_lying=True, measured=now))
    if trust.is_lying and has_other_items and sight.says_unchanged is False:
        agreed = trust.agreed + 1
        return replace(health, trust=Trust(agreed < AGREED_TO_TRUST, agreed, now))
    is_open = has_other_items and sight.says_unchanged is None
    if not trust.is_lying and sight.is_sample and not is_open:
        return replace(health, trust=replace(trust, agreed=min(trust.agreed + 1, AGREED_TO_TRUST)))
    return health
