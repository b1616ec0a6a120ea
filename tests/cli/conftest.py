"""A config, a database with something in it, and a way to call the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, feed, item, match
from click.testing import CliRunner, Result

from monitor.cli.root import monitor
from monitor.core.changes import compare
from monitor.core.identity import candidates
from monitor.core.model import Target
from monitor.core.record import Finding, PollRecord, Recorded
from monitor.store import Store

CONFIG = """
[monitor]
timezone = "Europe/Berlin"
language = "de"
alert_first_poll = true

[[feeds]]
name = "news"
url = "https://news.example/feed"

[[rules]]
name = "ceasefire"
keywords = ["Waffenruhe"]
must_match = ["Die Waffenruhe hält"]
"""


@dataclass(frozen=True)
class Home:
    """A directory with a config, and the command line called on it."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "config.toml"

    @property
    def database(self) -> Path:
        return self.path / "monitor.db"

    def __call__(self, *words: str, code: int = 0) -> Result:
        """Call a command in this process; an exit status other than ``code`` fails the test."""
        result = CliRunner().invoke(monitor, ["--config", str(self.config), *words], prog_name="monitor")
        assert result.exit_code == code, (result.exit_code, result.output, result.exception)
        return result


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose config has one feed and one rule, and no database yet."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def publish(home: Home) -> Callable[..., None]:
    """Let the feed list one more item; ``rule``: which a rule matches; ``targets``: to whom it is told."""

    def publish(guid: str = "a", *, rule: str | None = None, targets: tuple[Target, ...] = (), minutes: int = 0, **facts) -> None:
        with Store.open(home.database, create=True) as store:
            at = NOON + timedelta(minutes=minutes)
            store.sync_feeds([feed()], at)
            state = store.claim_named(["news"], at, at + timedelta(minutes=1), "me")[0]
            reason = None if targets else "baseline"
            findings = (Finding(match(rule), targets, reason),) if rule else ()
            changes = compare(candidates([item(guid, **facts)]), {}, {})
            recorded = tuple(Recorded(change, findings) for change in changes)
            store.commit_poll(
                PollRecord(state.id, "me", at, "changed", at + timedelta(minutes=15), timedelta(seconds=1), status=200, recorded=recorded)
            )

    return publish
