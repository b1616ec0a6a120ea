from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.store import Store

RSS = """<rss version="2.0"><channel><title>News</title>
<item><guid>a</guid><title>Die Waffenruhe hält</title><link>https://news.example/a</link></item></channel></rss>"""


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = RSS.encode()
        is_feed = self.path in ("/feed", "/second")
        self.send_response(200 if is_feed else 500)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(home) -> Iterator[str]:
    """A site on loopback whose /feed works, in the config as the feed "news"."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        text = home.config.read_text().replace("https://news.example/feed", f"{url}/feed")
        home.config.write_text(text.replace("[monitor]", "[monitor]\nallow_private_networks = true"))
        yield url
        server.shutdown()


def test_a_poll_prints_the_summary_of_the_contract(home, site):
    result = home("poll", "--no-deliver", "--format", "json")

    assert json.loads(result.stdout) == {
        "feeds": 1,
        "ok": 1,
        "not_modified": 0,
        "failed": [],
        "new": 1,
        "updated": 0,
        "matches": 1,
        "delivered": 0,
        "undelivered": 1,
    }


def test_a_feed_that_another_process_has_claimed_is_named(home, site):
    home("poll", "--no-deliver")
    now = datetime.now(UTC)
    with Store.open(home.database, create=False) as store:
        store.claim_named(["news"], now, now + timedelta(minutes=5), "another")

    result = home("poll", "--no-deliver", "--format", "json")

    assert (json.loads(result.stdout)["feeds"], json.loads(result.stdout)["busy"]) == (0, ["news"])
    assert "news: not polled" in result.stderr


def test_a_poll_delivers_and_says_so(home, site):
    assert "1 delivered, 0 waiting" in home("poll").stdout
    assert json.loads(home("matches", "--format", "json").stdout)[0]["alert"] == "sent"


def test_an_alert_on_the_console_does_not_get_among_the_rows_of_a_script(home, site):
    result = home("poll", "--format", "json")

    assert json.loads(result.stdout)["delivered"] == 1
    assert "Die Waffenruhe hält" in result.stderr


def test_for_people_an_alert_on_the_console_is_on_standard_output(home, site):
    assert "Die Waffenruhe hält" in home("poll").stdout


def test_a_feed_that_fails_is_a_line_and_ends_with_1(home, site):
    home.config.write_text(home.config.read_text().replace("/feed", "/broken"))

    result = home("poll", "--format", "json", code=1)

    assert json.loads(result.stdout)["failed"][0]["feed"] == "news"
    assert [line for line in result.stderr.splitlines() if "news" in line]


def test_a_feed_that_the_config_lacks_is_not_found(home):
    assert "no such feed" in home("poll", "absent", code=1).stderr


def test_backfill_records_what_a_new_rule_finds(home, site):
    home("poll", "--no-deliver")
    home.config.write_text(home.config.read_text() + '\n[[rules]]\nname = "late"\nkeywords = ["hält"]\n')

    result = home("backfill", "--rule", "late", "--format", "json")

    assert json.loads(result.stdout) == {"items": 1, "matches": 1, "alerts": 0}
    assert json.loads(home("matches", "--rule", "late", "--format", "json").stdout)[0]["alert_reason"] == "backfill"


@pytest.fixture
def nobody(home, site) -> None:
    """A receiver whose address nothing listens on."""
    home.config.write_text(home.config.read_text() + '\n[receivers.desk]\nurls = ["json://127.0.0.1:9/"]\n')
    home.config.write_text(home.config.read_text().replace("[monitor]", '[monitor]\nreceivers = ["desk"]'))


def test_a_delivery_that_fails_is_a_line_and_ends_with_1(home, nobody):
    result = home("poll", "--format", "json", code=1)

    assert json.loads(result.stdout)["undelivered"] == 1
    assert "desk #1 (json)" in result.stderr


def test_a_delivery_that_fails_in_a_backfill_is_a_line_and_ends_with_1(home, nobody):
    home("poll", "--no-deliver")
    home.config.write_text(home.config.read_text() + '\n[[rules]]\nname = "late"\nkeywords = ["hält"]\n')

    result = home("backfill", "--rule", "late", "--deliver", "--format", "json", code=1)

    assert json.loads(result.stdout)["alerts"] == 1
    assert "desk #1 (json)" in result.stderr


def test_backfill_over_older_pages_says_what_each_feed_brought(home, site):
    result = home("backfill", "--pages", "3", "--format", "json")

    assert "news: 0 older pages, 0 new items: the site names no older page" in result.stderr


def test_backfill_over_older_pages_of_a_feed_that_fails_ends_with_1(home, site):
    home.config.write_text(home.config.read_text().replace("/feed", "/broken"))

    assert "news: the server answered 500" in home("backfill", "--pages", "3", code=1).stderr


def test_a_feed_is_visited_before_it_is_added(home, site):
    home("feeds", "add", f"{site}/broken", "--name", "other", code=1)
    assert "other" not in home.config.read_text()

    home("feeds", "add", f"{site}/second", "--name", "other")
    assert "other" in home.config.read_text()
