"""A feed's health <-> one column of JSON: read and written as a whole, and small whatever a feed does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from monitor.core.cadence import BUCKETS, Cadence
from monitor.core.health import Health, Hints, Move, Trust
from monitor.store.connection import Row, moment, number


def habits_text(health: Health) -> str:
    """Return what is known of a feed as its column; ``moved_to`` and ``gone`` have columns of their own."""
    trust, move, hints, cadence = health.trust, health.move, health.hints, health.cadence
    values: dict[str, object] = {
        "trust": [int(trust.is_lying), trust.agreed, number(trust.measured)],
        "move": [move.to, move.days, move.day] if move else None,
        "hints": [hints.every.total_seconds() if hints.every else None, hints.skip_hours, hints.skip_days],
        "watch": [health.pace, health.calm, health.pages],
        "cadence": [number(cadence.at), round(cadence.exposure, 4), number(cadence.last)],
        "hours": _short(cadence.hours),
        "days": _short(cadence.days),
        "gaps": _short(cadence.gaps),
    }
    return json.dumps(values, separators=(",", ":"))


def health_of(row: Row) -> Health:
    """Return the health of a feed's row. What another version wrote in another way is as good as nothing: it is soon learned again."""
    moved_to, gone = row["moved_to"], moment(row["gone"])
    try:
        read = _read(json.loads(row["habits"])) if row["habits"] else Health()
    except (ValueError, KeyError, TypeError, IndexError):
        read = Health()
    return Health(moved_to, gone, read.trust, read.move, read.hints, read.cadence, read.pace, read.calm, read.pages)


def _read(values: Any) -> Health:
    is_lying, agreed, measured = values["trust"]
    every, hours, days = values["hints"]
    pace, calm, pages = values["watch"]
    at, exposure, last = values["cadence"]
    return Health(
        trust=Trust(bool(is_lying), agreed, moment(measured)),
        move=Move(*values["move"]) if values["move"] else None,
        hints=Hints(timedelta(seconds=every) if every else None, tuple(hours), tuple(days)),
        cadence=Cadence(
            moment(at), exposure, _long(values["hours"], 24), _long(values["days"], 7), _long(values["gaps"], BUCKETS), moment(last)
        ),
        pace=pace,
        calm=calm,
        pages=pages,
    )


def _short(values: Sequence[float]) -> list[float]:
    return [round(one, 3) for one in values]


def _long(values: Sequence[float], length: int) -> tuple[float, ...]:
    if len(values) != length:
        raise ValueError("another length")
    return tuple(map(float, values))
