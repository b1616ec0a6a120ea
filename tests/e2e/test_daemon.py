"""The daemon as a user runs it: a process, a site, a receiver; killed, stopped, reloaded."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager

import pytest
from servers import answering, inbox, site

CONFIG = """
[monitor]
allow_private_networks = true
receivers = ["desk"]

[[feeds]]
name = "news"
url = "{feed}"
interval = "{every}"

[[rules]]
name = "{rule}"
keywords = ["{word}"]

[receivers.desk]
urls = ["{url}"]
"""


@pytest.fixture
def place(tmp_path):
    """A directory with a config for a site and a receiver that are up."""
    with site() as pages, inbox() as box:
        home = Place(tmp_path, pages, box)
        home.publish()
        home.configure()
        yield home


class Place:
    def __init__(self, path, pages, box):
        self.path, self.pages, self.box = path, pages, box
        self.environ = dict(os.environ)
        self.titles = []

    def configure(self, rule="ceasefire", word="Waffenstillstand", more="", every="0.2s"):
        text = CONFIG.format(every=every, feed=self.pages.base + "/feed", rule=rule, word=word, url=self.box.url)
        (self.path / "config.toml").write_text(text + more, encoding="utf-8")

    def publish(self, *titles):
        self.titles += titles
        items = "".join(f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title></item>" for title in ("alt", *self.titles))
        body = f"<rss version='2.0'><channel><title>Bote</title>{items}</channel></rss>"
        self.pages.pages["/feed"] = (body.encode(), "application/rss+xml")

    def command(self, *words, **settings):
        command = [sys.executable, "-m", "monitor", *words]
        return subprocess.run(command, cwd=self.path, env=self.environ, capture_output=True, text=True, check=False, timeout=60, **settings)

    @contextmanager
    def daemon(self):
        with (self.path / "daemon.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run"], cwd=self.path, env=self.environ, stderr=log, start_new_session=True
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def log(self):
        return (self.path / "daemon.log").read_text("utf-8")

    def deliveries(self, state):
        with closing(sqlite3.connect(self.path / "monitor.db")) as db:
            return db.execute("SELECT count(*) FROM deliveries WHERE state = ?", (state,)).fetchone()[0]

    def heard(self):
        return [title for message in self.box.messages for title in self.titles if title in message["title"]]


def wait_until(claim, seconds=30):
    """Ask again and again until something holds."""
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.02)


def started(place):
    return lambda: "started" in place.log() and any(path == "/feed" for path, _ in place.pages.seen)


def test_news_is_told_once_and_a_stop_ends_in_order(place):
    with place.daemon() as process:
        wait_until(started(place))
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.publish("Waffenstillstand vereinbart", "Wetter bleibt schlecht")
        wait_until(place.heard)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        status = process.wait(timeout=20)

    assert (status, place.heard()) == (0, ["Waffenstillstand vereinbart"])
    assert time.monotonic() - begun < 10
    assert "Traceback" not in place.log()


def test_what_a_kill_interrupts_is_told_after_the_next_start(place):
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.box.statuses = [503] * 3
        place.publish("Waffenstillstand eins", "Waffenstillstand zwei")
        wait_until(lambda: len(place.box.statuses) < 3)
        process.kill()
        process.wait()
    place.box.statuses = []

    with place.daemon():
        wait_until(lambda: len(set(place.heard())) == 2)

    assert place.command("db", "check").returncode == 0


def test_what_is_wrong_with_a_feed_reaches_the_receiver_although_a_kill_came_between(place):
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.box.statuses = [503] * 3
        place.pages.gone = {"/feed"}
        wait_until(lambda: len(place.box.statuses) < 3)
        process.kill()
        process.wait()
    place.box.statuses = []

    with place.daemon():
        wait_until(lambda: any("news: Feed gibt es nicht mehr" in message["title"] for message in place.box.messages))
        asked = len(place.pages.seen)
        place.pages.gone = set()
        place.command("poll", "news")
        wait_until(lambda: any("news: Feed ist wieder da" in message["title"] for message in place.box.messages))
        wait_until(lambda: len(place.pages.seen) > asked + 3)

    assert place.command("db", "check").returncode == 0


def wordpress(*titles):
    items = "".join(f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title></item>" for title in titles)
    head = "<title>Bote</title><generator>https://wordpress.org/?v=6.8</generator>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode(), "application/rss+xml"


def test_a_gap_whose_repair_is_killed_is_repaired_after_the_next_start_from_where_it_was(place):
    older = [f"/feed?paged={number}" for number in (2, 3)]
    place.configure(every="2s")
    place.pages.pages["/feed"] = wordpress("alt")
    place.titles = ["Waffenstillstand drei", "Waffenstillstand zwei", "Waffenstillstand eins"]
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.pages.pages |= {path: wordpress(title) for path, title in zip(older, place.titles[1:], strict=True)}
        place.pages.pages[older[1]] = wordpress(place.titles[2], "alt")
        place.pages.pages["/feed"] = wordpress(place.titles[0])
        wait_until(lambda: "Waffenstillstand zwei" in place.heard())
        # Killed between an answer and its note, the daemon would rightly tell that alert again.
        wait_until(lambda: place.deliveries("sending") == 0)
        process.kill()
        process.wait()
    was_asked = [path for path, _ in place.pages.seen if path in older]

    with place.daemon():
        wait_until(lambda: set(place.heard()) == set(place.titles))

    assert was_asked == older[:1]
    assert [path for path, _ in place.pages.seen if path in older] == older
    assert sorted(place.heard()) == sorted(place.titles)


def test_a_second_daemon_is_refused(place):
    with place.daemon():
        wait_until(started(place))

        second = place.command("run")

    assert second.returncode == 1
    assert "another daemon" in second.stderr


def test_a_bad_config_keeps_the_old_one_and_a_good_one_is_used(place):
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.configure(more="nonsense = 1\n")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "the old one stays" in place.log())
        place.publish("Waffenstillstand bleibt")
        wait_until(place.heard)

        place.configure(rule="weather", word="Wetter")
        wait_until(lambda: "config read again" in place.log())
        place.publish("Wetter wird besser")
        wait_until(lambda: "Wetter wird besser" in place.heard())

        assert process.poll() is None


def test_a_stop_while_a_new_config_waits_for_the_old_ones_polls_leaves_nothing_open(place):
    answers = threading.Event()

    def respond(*_):
        answers.wait(30)
        return 503, {}, b""

    with answering(respond) as (base, seen), place.daemon() as process:
        slow = f'[[feeds]]\nname = "slow"\nurl = "{base}/feed"\n'
        place.configure(more=slow)
        wait_until(lambda: seen)
        place.pages.pages["/other"] = place.pages.pages["/feed"]
        place.configure(more=f'{slow}[[feeds]]\nname = "other"\nurl = "{place.pages.base}/other"\n')
        wait_until(lambda: any(path == "/other" for path, _ in place.pages.seen))
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=20)
        answers.set()

    assert (status, [line for line in place.log().splitlines() if "ERROR" in line]) == (0, [])


def test_a_shorter_interval_is_kept_from_the_reload_on(place):
    place.configure(every="1h")
    with place.daemon():
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        place.publish("Waffenstillstand bleibt")
        place.configure(every="0.2s")

        wait_until(place.heard)


def test_a_wrong_config_is_refused_with_its_line(place):
    place.configure(word="")

    refused = place.command("run")

    assert refused.returncode == 2
    assert "config.toml:13: rules[0].keywords[0]" in refused.stderr


def test_a_database_that_is_replaced_ends_the_daemon(place):
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        (place.path / "monitor.db").rename(place.path / "moved.db")

        assert process.wait(timeout=20) == 1

    assert "replaced" in place.log()


def test_the_status_says_whether_the_daemon_is_well(place):
    with place.daemon():
        wait_until(lambda: place.command("status").returncode == 0)

    wait_until(lambda: place.command("poll", "--no-deliver").returncode == 0)


def test_the_demo_shows_an_alert_and_ends_on_ctrl_c(place, tmp_path):
    out = tmp_path / "demo.txt"
    with out.open("wb") as stdout:
        process = subprocess.Popen([sys.executable, "-m", "monitor", "demo"], env=place.environ, stdout=stdout, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: "· waffenstillstand" in out.read_text("utf-8"), seconds=60)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
            process.wait()

    # In whatever form: how many articles are there before the first poll depends on how fast the machine is.
    assert "»Waffenstillstand" in out.read_text("utf-8")
    assert "Traceback" not in out.read_text("utf-8")


def test_warnings_of_the_config_are_logged_once_at_the_start(place):
    place.configure(more='[entities.koch]\nlabel = "Koch"\n')

    with place.daemon():
        wait_until(lambda: "is a common word" in place.log())
        place.publish("Waffenstillstand in Sicht")
        wait_until(place.heard)

    assert place.log().count("is a common word") == 1


BLOG = """<rss version='2.0' xmlns:wfw='http://wellformedweb.org/CommentAPI/'><channel><title>Bote</title>
<item><guid>alt</guid><title>alt</title></item>{items}</channel></rss>"""
ARTICLE = "<item><guid>neu</guid><title>Einigung</title><link>{base}/neu/</link><wfw:commentRss>{base}/neu/feed/</wfw:commentRss></item>"
COMMENT = "<item><guid>neu#comment-1</guid><title>Von: Ada</title><author>Ada</author><description>{text}</description></item>"
COMMENT_RULE = """
[[rules]]
name = "kommentar"
keywords = ["Augenzeugin"]
kinds = ["comment"]
"""
SAID = "Am Ende stand ein Waffenstillstand im Talland, sagten die Unterhändler aller Seiten am Morgen. "
PAGE = f"<html><body><article><h1>Einigung</h1>{f'<p>{SAID * 3}</p>' * 3}</article></body></html>"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_does_not_wait_for_the_dictionary_that_the_first_start_on_a_machine_makes(place, number):
    place.environ["XDG_CACHE_HOME"] = str(place.path)

    with place.daemon() as process:
        wait_until(lambda: "making the dictionary" in place.log())
        # As Ctrl-C at a terminal does it, which reaches the child, too.
        os.killpg(process.pid, number)
        status = process.wait(timeout=10)

    assert status == 0
    assert "stopped" in place.log()
    assert not any(word in place.log() for word in ("Traceback", "cannot be kept", "cannot be made"))


def test_the_daemon_reads_pages_and_follows_comments(place):
    pages, box = place.pages, place.box

    def publish(items, text):
        pages.pages["/feed"] = (BLOG.format(items=items).encode(), "application/rss+xml")
        pages.pages["/neu/feed/"] = (BLOG.format(items=COMMENT.format(text=text)).encode(), "application/rss+xml")

    publish("", "")
    place.configure(every='0.2s"\nfull_text = true\ncomments = "all', more=COMMENT_RULE)
    with place.daemon() as process:
        wait_until(lambda: "alt" in place.command("items", "--format", "json").stdout)
        publish(ARTICLE.format(base=pages.base), "Nichts.")
        # Its page comes later than the article.
        wait_until(lambda: any(path == "/neu/" for path, _ in pages.seen))
        pages.pages["/neu/"] = (PAGE.encode(), "text/html")
        wait_until(lambda: any("Einigung" in message["title"] for message in box.messages))
        publish(ARTICLE.format(base=pages.base), "Ich war Augenzeugin.")
        pages.pages["/neu/feed/"] = (BLOG.format(items=COMMENT.format(text="Ich war Augenzeugin.")).encode(), "application/rss+xml")
        wait_until(lambda: any("Augenzeugin" in message["message"] for message in box.messages))
        process.terminate()
        status = process.wait(timeout=20)
    listed = place.command("feeds", "list", "--comments").stdout

    assert status == 0
    assert "Traceback" not in place.log()
    assert "followed" in listed
