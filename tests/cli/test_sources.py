"""What the command line says of sources: moved, gone, lying, waiting, in trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOON, feed

from monitor.config import load
from monitor.core.health import Began, Health, HostWait, Trust
from monitor.core.model import Target
from monitor.core.record import PollRecord
from monitor.core.secret import Secret
from monitor.core.state import Validators
from monitor.errors import ConfigError
from monitor.store import Store

DESK = Target("desk", "u1", "desk #1 (json)")
NEW = "https://new.example/feed"


@pytest.fixture
def learn(home):
    """Let a poll learn something of the feed "news"."""

    def learn(at=NOON, outcome="not_modified", **facts):
        with Store.open(home.database, create=True) as store:
            url = "https://news.example/feed"
            store.sync_feeds([feed(address=Secret(url), shown_url=url)], at)
            state = store.claim_named(["news"], at, at + timedelta(minutes=1), "me")[0]
            record = PollRecord(state.id, "me", at, outcome, at + timedelta(hours=1), timedelta(seconds=1), Validators('"1"'))
            store.commit_poll(replace(record, **facts))

    return learn


def row(home):
    return json.loads(home("feeds", "--format", "json").stdout)[0]


def test_a_feed_that_moved_says_what_to_write_and_the_config_stays(home, learn):
    before = home.config.read_text()
    learn(health=Health(moved_to=NEW), turns=(Began("moved", NOON, NEW),))

    assert (row(home)["moved_to"], row(home)["troubles"]) == (NEW, ["moved"])
    assert f'write url = "{NEW}"' in home("feeds").stdout
    assert f'config.toml:9: feeds[0].url: news has moved; write url = "{NEW}"' in home("check").stderr
    assert home.config.read_text() == before


def test_a_feed_that_is_gone_is_shown_so_and_has_no_next_poll(home, learn):
    learn(outcome="failed", status=410, error="410 Gone", health=Health(gone=NOON), turns=(Began("gone", NOON, "410 Gone"),))

    assert (row(home)["gone"], row(home)["next_poll"]) == ("2026-11-24T12:00:00Z", None)
    assert "gone" in home("feeds").stdout
    assert json.loads(home("poll", "--no-deliver", "--format", "json").stdout)["feeds"] == 0


@pytest.mark.parametrize(
    ("trust", "word"), [(Trust(), "untested"), (Trust(agreed=1), "trusted"), (Trust(is_lying=True, measured=NOON), "lying")]
)
def test_how_far_validators_are_trusted_is_shown(home, learn, trust, word):
    learn(health=Health(trust=trust))

    assert row(home)["validators"] == word
    assert ("validators lie" in home("feeds").stdout) == (word == "lying")


def test_a_gap_is_shown_with_what_became_of_its_repair(home, learn):
    learn(turns=(Began("gap", NOON),))
    assert home("feeds").stdout.splitlines()[1].endswith(" gap")

    with Store.open(home.database, create=False) as store:
        store._db.run("UPDATE feeds SET repair_ended = 'there are no more pages'")

    assert "gap, older pages: there are no more pages" in home("feeds").stdout


def test_a_feed_that_only_ever_waited_for_its_host_is_not_called_ok(home, learn):
    now = datetime.now(UTC)
    wait = HostWait("news.example", now + timedelta(hours=2), 429)
    learn(at=now, outcome="failed", is_postponed=True, error="news.example asked to be left alone", wait=wait)

    assert home("feeds").stdout.splitlines()[1].split()[:2] == ["news", "waits"]


def test_a_host_that_waits_is_shown_in_the_status(home, learn):
    now = datetime.now(UTC)
    learn(at=now, outcome="failed", status=429, wait=HostWait("news.example", now + timedelta(hours=2), 429))

    (host,) = json.loads(home("status", "--format", "json", code=1).stdout)["waiting_hosts"]

    assert (host["host"], host["status"], host["feeds"]) == ("news.example", 429, 1)
    assert "news.example" in home("status", code=1).stdout
    assert row(home)["waits_until"] == host["until"]
    assert json.loads(home("poll", "--no-deliver", "--format", "json").stdout)["feeds"] == 0


def test_alerts_of_sources_are_listed_with_the_others(home, learn):
    learn(outcome="failed", turns=(Began("broken", NOON, "500"),), targets=(DESK,))

    (alert,) = json.loads(home("alerts", "--format", "json").stdout)

    assert (alert["feed"], alert["trouble"], alert["rule"], alert["item"]) == ("news", "broken", None, None)
    assert "news: broken" in home("alerts").stdout
    home("db", "check")


def test_check_refuses_a_source_template_that_names_what_is_not_there(home):
    (home.path / "templates").mkdir()
    (home.path / "templates" / "source.txt.j2").write_text("{{ nonsense }}")

    assert "monitor.templates: source.txt.j2" in home("check", code=2).stderr


def test_sites_are_told_a_contact_if_the_config_has_one(home):
    from monitor.app.sources import user_agent

    plain = user_agent(load(home.config, {}))
    home.config.write_text(home.config.read_text() + '[web]\npublic_url = "https://desk.example/monitor"\n')
    named = user_agent(load(home.config, {}))

    assert plain == "feedmonitor/0.1.0 (feed reader)"
    assert named == "feedmonitor/0.1.0 (feed reader; +https://desk.example/monitor)"


@pytest.mark.parametrize("url", ["desk.example", "https://desk.example/\\r\\nX: y", "ftp://desk.example"])
def test_a_contact_that_is_no_address_is_refused(home, url):
    home.config.write_text(home.config.read_text() + f'[web]\npublic_url = "{url}"\n')

    with pytest.raises(ConfigError, match=r"web\.public_url"):
        load(home.config, {})
