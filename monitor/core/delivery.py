"""The values that flow from the commit to the receivers, all frozen.

COMMIT -> Delivery(Alert) -> Message -> Receipt
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.diff import Revision
from monitor.core.health import SourceAlert
from monitor.core.ids import DeliveryId
from monitor.core.model import Evidence, Severity, StoredItem, Target

DeliveryState = Literal["pending", "sending", "failed", "unknown", "sent", "dead"]
Outcome = Literal["sent", "rejected", "not_sent", "unknown"]


@dataclass(frozen=True, slots=True)
class Alert:
    """All that a template may show of one alert. ``before`` is the revision before the alerted one, if it is still known.

    ``article`` is the title of the article that a comment is on, "" of anything else.
    """

    id: int
    rule: str
    severity: Severity
    matched_at: datetime
    revision: int
    template: str
    item: StoredItem
    feed_title: str
    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    before: Revision | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message to one address. ``attempts`` counts this one too."""

    id: DeliveryId
    target: Target
    attempts: int
    created: datetime
    alert: Alert | SourceAlert
    last_outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered alert: a plain title, the same body as plain text and as HTML whose every feed text is escaped."""

    title: str
    text: str
    html: str
    severity: Severity = "info"
    prefer_text: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt.

    "sent": answered OK. "rejected": the service said no to this message. "not_sent": it never got it.
    "unknown": it may have got it (time-out, connection lost, child ended). ``detail`` holds no secret.
    """

    outcome: Outcome
    detail: str = ""
    retry_after: timedelta | None = None
