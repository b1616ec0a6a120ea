"""Captured sites over real HTTP, through the program's own poll, to a real HTTP receiver and a real mail server."""

import asyncio
import json
import zipfile
from dataclasses import replace

import pytest
from corpus import body_of, cases
from servers import inbox, mailbox, site

from monitor import app
from monitor.app import composition
from monitor.config import load
from monitor.work.rounds import poll_round

REPLAYS = ["schweiz_feed", "schweiz_veranstaltungen", "schweiz_zeit"]


def write_config(path, feeds, urls, rules):
    blocks = [f'[[feeds]]\nname = "f{number}"\nurl = "{url}"\ninterval = "1s"\n' for number, url in enumerate(feeds)]
    receivers = f"[receivers.desk]\nurls = {json.dumps(urls)}\n" if urls else ""
    path.write_text("[monitor]\nallow_private_networks = true\n" + receivers + rules + "".join(blocks), encoding="utf-8")
    return load(path, {})


async def poll_all(whole):
    reports = await poll_round(whole.store, whole.call, whole.parts.poller, whole.parts.feeds, whole.owner, app.utc_now)
    assert [report.error for report in reports if report.error] == []
    return sum(report.committed.new for report in reports), sum(report.committed.updated for report in reports)


@pytest.mark.parametrize("name", REPLAYS)
def test_after_every_state_of_a_replay_each_item_is_stored_once(shared, tmp_path, name):
    folder = shared / "data" / "feeds" / "replay"
    states = [json.loads(line) for line in (folder / f"{name}.index.jsonl").read_text("utf-8").splitlines()]
    archive = zipfile.ZipFile(folder / f"{name}.zip")

    async def play(pages):
        config = write_config(tmp_path / "config.toml", [pages.base + "/feed"], [], "")
        async with composition.running(config) as whole:
            before = 0
            for file, state in zip(sorted(archive.namelist()), states, strict=True):
                pages.pages["/feed"] = (archive.read(file), "application/rss+xml")
                new, updated = await poll_all(whole)
                assert updated >= state["n_retitled"]
                stored = await whole.call(whole.store.stats, app.utc_now())
                total = state["total_unique_so_far"]
                assert (file, stored.items, new) == (file, total, total - before)
                before = total

    with site() as pages:
        asyncio.run(play(pages))


def test_every_case_is_polled_and_none_hurts_another(shared, tmp_path):
    listed = list(cases(shared))

    async def play(pages):
        config = write_config(tmp_path / "config.toml", [f"{pages.base}/{number}" for number in range(len(listed))], [], "")
        config = replace(config, per_host=50)
        async with composition.running(config) as whole:
            parts, owner = whole.parts, whole.owner
            reports = await poll_round(whole.store, whole.call, parts.poller, parts.feeds, owner, app.utc_now)
            return reports, await whole.call(whole.store.integrity)

    with site() as pages:
        for number, case in enumerate(listed):
            body = body_of(shared, case)
            pages.pages[f"/{number}"] = (body, case.get("content_type") or "text/xml")
        reports, problems = asyncio.run(play(pages))

    assert (len(reports), problems) == (len(listed), [])
    # What plain XML can read, and has items, is never a failed poll.
    whole = {f"f{number}" for number, case in enumerate(listed) if has_items(case)}
    assert [report for report in reports if report.error and report.feed in whole] == []


def has_items(case):
    facts = case.get("xml_facts") or {}
    return bool(facts.get("well_formed") and facts.get("n_entries") and facts.get("version"))


def test_a_wordpress_site_reaches_a_web_receiver_and_a_mailbox(shared, tmp_path):
    archive = zipfile.ZipFile(shared / "data" / "feeds" / "wordpress" / "8none1__old_whizzy_dot_org.zip")
    feeds = [name for name in archive.namelist() if name.endswith("index.xml")]
    rule = '[[rules]]\nname = "ubuntu"\nkeywords = ["Ubuntu"]\nkinds = ["article"]\n'

    async def play(pages, urls):
        config = write_config(tmp_path / "config.toml", [f"{pages.base}/{name}" for name in feeds], urls, rule)
        config = replace(config, alert_first_poll=True, per_host=20)
        async with composition.running(config) as whole:
            first, _ = await poll_all(whole)
            sent = await whole.outbox.drain()
            again, _ = await poll_all(whole)
            rows = await whole.call(whole.store.match_rows)
            return first, sent, again, rows

    with site() as pages, inbox() as box, mailbox() as (mails, mail_url):
        pages.pages = {f"/{name}": (archive.read(name), "application/rss+xml") for name in feeds}
        first, sent, again, rows = asyncio.run(play(pages, [box.url, mail_url]))

    assert first > 100
    assert again == 0
    assert rows
    assert {row.alert for row in rows} == {"sent"}
    assert (len(box.messages), len(mails)) == (len(rows), len(rows))
    assert sent.failed == 0
    assert all("ubuntu" in message["title"] for message in box.messages)
    for row in rows:
        texts = {"title": row.item.item.title, "summary": row.item.item.summary, "content": row.item.item.content}
        assert all(texts[one.field][one.start : one.end] == one.text for one in row.evidence)
