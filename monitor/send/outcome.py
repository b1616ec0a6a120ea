"""What became of an attempt, read from what Apprise logs: its answer alone is only yes or no.

The logs hold tokens and addresses; nothing of them leaves this file but a fixed word and a status.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.core.delivery import Outcome

_STATUS = re.compile(r"error=(\d{3})\b|\b([245]\d\d)[ -](?:\d\.\d\.\d|[A-Z])")
_UNKNOWN = ("read timed out", "timed out", "remotedisconnected", "connection aborted", "connection reset", "incompleteread", "broken pipe")
_NOT_SENT = (
    *("newconnectionerror", "nameresolutionerror", "connection refused", "failed to establish", "name or service not known"),
    *("temporary failure in name resolution", "no route to host", "network is unreachable", "connecttimeout", "connect timeout"),
)
# "ssl" alone may stand in the name of a host.
_NOT_SECURE = ("certificate verify failed", "certificate_verify_failed", "sslerror", "[ssl", "ssl:", "starttls")
_NOT_LET_IN = ("authentication", "b'5.7.8", "auth extension not supported")
_SIGNS: tuple[tuple[tuple[str, ...], Outcome, str], ...] = (
    (_NOT_LET_IN, "not_sent", "the service did not accept the name or the password"),
    (_NOT_SECURE, "not_sent", "no secure connection to the service"),
    (_NOT_SENT, "not_sent", "no connection to the service"),
    (_UNKNOWN, "unknown", "the connection ended before the service answered"),
)
# Told to wait, or asked too fast: the message itself is fine.
_TRY_AGAIN = (408, 425, 429)


def classify(logs: str) -> tuple[Outcome, str]:
    """Return the outcome of a failed attempt, and words for people that hold no secret."""
    low = logs.lower()
    status = _status(logs)
    if status is not None and 400 <= status < 500:
        return ("not_sent" if status in _TRY_AGAIN else "rejected"), f"the service answered {status}"
    if status is not None and status >= 500:
        # It may have taken the message and failed afterwards.
        return "unknown", f"the service answered {status}"
    if status is not None and 300 <= status < 400:
        return "rejected", f"the service answered {status}: a redirect, which would lose the message"
    for signs, outcome, detail in _SIGNS:
        if any(sign in low for sign in signs):
            return outcome, detail
    return "unknown", "the service did not take the message"


def _status(logs: str) -> int | None:
    codes = [found[1] or found[2] for found in _STATUS.finditer(logs)]
    return int(codes[-1]) if codes else None
