"""What is open at which moment of a start."""

import asyncio
import json

import pytest
from servers import inbox, site

from monitor.app import composition, passes
from monitor.config import load
from monitor.errors import ConfigError


def feed(*guids):
    items = "".join(f"<item><guid>{guid}</guid><title>Waffenruhe {guid}</title></item>" for guid in guids)
    return f'<rss version="2.0"><channel><title>Bote</title>{items}</channel></rss>'.encode()


def with_a_message_left_over(path, pages, box):
    path.write_text(
        f'[monitor]\nallow_private_networks = true\n[receivers.desk]\nurls = {json.dumps([box.url])}\n[[feeds]]\nname = "bote"\n'
        f'url = "{pages.base}/feed"\n[[rules]]\nname = "ceasefire"\nkeywords = ["Waffenruhe"]\n',
        encoding="utf-8",
    )
    config = load(path, {})
    for guids in (["before"], ["before", "after"]):
        pages.pages["/feed"] = (feed(*guids), "application/rss+xml")
        passes.poll_once(config, [], deliver=False)
    return config


def test_what_was_left_over_is_sent_before_anything_that_polls_need_is_loaded(tmp_path, monkeypatch):
    with site() as pages, inbox() as box:
        config = with_a_message_left_over(tmp_path / "config.toml", pages, box)
        monkeypatch.setattr(composition, "Parts", None)

        async def prepare(*_):
            pass

        async def begin():
            async with composition.opened(config, prepare) as whole:
                return await whole.outbox.drain()

        delivered = asyncio.run(begin())

    assert (delivered.sent, ["Waffenruhe after" in message["message"] for message in box.messages]) == (1, [True])


def test_a_pass_over_feeds_that_did_not_change_compiles_no_rule_and_starts_no_child(tmp_path, monkeypatch):
    with site() as pages, inbox() as box:
        config = with_a_message_left_over(tmp_path / "config.toml", pages, box)
        monkeypatch.setattr(composition, "rules_of", None)
        monkeypatch.setattr("monitor.children.pool.spawn", None)

        summary = passes.poll_once(config, [], deliver=False)

    assert (summary.failed, summary.not_modified, summary.undelivered) == ((), 1, 1)


def test_a_config_that_is_refused_leaves_no_database(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[[rules]]\nname = "ceasefire"\nkeywords = ["Waffenruhe"]\nmust_match = ["etwas anderes"]\n', encoding="utf-8")

    async def begin():
        async with composition.running(load(path, {})):
            raise AssertionError("was not refused")

    with pytest.raises(ConfigError, match="must_match"):
        asyncio.run(begin())

    assert list(tmp_path.glob("*.db")) == []
