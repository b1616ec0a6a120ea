"""One event is one line, whatever a feed puts into it."""

import io
import logging
import re

import pytest

from monitor import log


@pytest.fixture
def logged():
    """Configure the log for one test; return what it wrote."""
    root, names = logging.getLogger(), ("monitor", "apscheduler")
    handlers, level, levels = root.handlers[:], root.level, [logging.getLogger(name).level for name in names]
    stream = io.StringIO()
    log.configure("debug", stream)
    yield lambda: stream.getvalue().splitlines()
    root.handlers[:], root.level = handlers, level
    for name, old in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(old)
    root.setLevel(level)


def test_a_line_has_the_time_the_level_the_module_the_event_and_its_facts(logged):
    logging.getLogger("monitor.work.poll").info("polled", extra={"feed": "x", "new": 3, "took_ms": 412})

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO work\.poll polled feed=x new=3 took_ms=412", logged()[0])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a b", '"a b"'),
        ("", '""'),
        ('say "x"', '"say \\"x\\""'),
        ("a=b", '"a=b"'),
        ("a\n2026 ERROR forged", '"a\\n2026 ERROR forged"'),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202eevil", "\\u202eevil"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
        ("Zürich", "Zürich"),
        (None, "None"),
    ],
)
def test_a_fact_stays_on_its_line_and_is_told_from_the_next(logged, value, shown):
    logging.getLogger("monitor.x").warning("seen", extra={"title": value, "n": 1})

    assert [line.partition("Z ")[2] for line in logged()] == [f"WARNING x seen title={shown} n=1"]


def test_an_event_stays_on_its_line(logged):
    logging.getLogger("monitor.x").error("bad %s", "a\r\nb\x07")

    assert logged()[0].endswith("ERROR x bad a\\r\\nb\\x07")


def test_the_trace_of_an_error_passes_for_no_event(logged):
    try:
        raise ValueError("x\n2026-01-01T00:00:00Z ERROR forged \x1b[0m")
    except ValueError:
        logging.getLogger("monitor.x").exception("failed")

    first, *rest = logged()
    assert first.endswith("ERROR x failed")
    assert [line for line in rest if not line.startswith("    ")] == []
    assert [line for line in rest if not line.isprintable()] == []


def test_libraries_speak_up_from_warning_on(logged):
    logging.getLogger("aiohttp").info("chatter with https://user:password@x.example")
    logging.getLogger("apscheduler.scheduler").warning("maximum number of running instances")
    logging.getLogger("aiohttp").warning("trouble")

    assert [line.partition("Z ")[2] for line in logged()] == ["WARNING aiohttp trouble"]


def test_to_configure_twice_does_not_double_the_lines(logged):
    again = io.StringIO()
    log.configure("WARNING", again)

    logging.getLogger("monitor.x").info("quiet")
    logging.getLogger("monitor.x").warning("loud")

    assert (logged(), len(again.getvalue().splitlines())) == ([], 1)
