"""The first item in a language waits for its dictionary, and nobody else does."""

import asyncio
import threading

import pytest
from servers import site

from monitor.app import passes
from monitor.app.dictionaries import WithDictionaries
from monitor.app.store_thread import StoreThread
from monitor.config import load
from monitor.errors import DictionaryMissing


class Closed:
    """A store that is only closed."""

    def close(self):
        """Be closed."""


def test_others_go_on_while_a_dictionary_is_made_and_it_is_made_once():
    made, may_end, asked = set(), threading.Event(), []

    def make(language):
        asked.append(language)
        may_end.wait(10)
        made.add(language)

    def look(number):
        if "fr" not in made:
            raise DictionaryMissing("fr")
        return number

    async def act():
        thread = StoreThread(Closed())
        call = WithDictionaries(thread, make)
        waiting = [asyncio.create_task(call(look, number)) for number in (1, 2)]
        meanwhile = await call(lambda: "polled")
        is_waiting = not any(task.done() for task in waiting)
        may_end.set()
        answers = await asyncio.gather(*waiting)
        thread.close()
        return meanwhile, is_waiting, answers

    assert (asyncio.run(act()), asked) == (("polled", True, [1, 2]), ["fr"])


def test_another_error_is_the_callers():
    async def act():
        thread = StoreThread(Closed())
        with pytest.raises(ZeroDivisionError):
            await WithDictionaries(thread, print)(lambda: 1 / 0)
        thread.close()

    asyncio.run(act())


def test_an_item_in_a_language_whose_dictionary_is_not_made_yet_is_matched_by_its_forms(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with site() as pages:
        # Malay: the smallest dictionary there is. The config's own language needs none for these rules.
        item = '<item><guid>1</guid><title xml:lang="ms">Pengarahnya hadir</title></item>'
        pages.pages["/feed"] = (f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>'.encode(), "application/rss+xml")
        (tmp_path / "config.toml").write_text(
            '[monitor]\nlanguage = "xx"\nallow_private_networks = true\n[[feeds]]\nname = "news"\n'
            f'url = "{pages.base}/feed"\n[[rules]]\nname = "director"\nkeywords = ["pengarah"]\nmode = "inflected"\n',
            encoding="utf-8",
        )
        config = load(tmp_path / "config.toml", {})
        summary = passes.poll_once(config, [], deliver=False)

    assert (summary.failed, summary.matches, len(list(tmp_path.glob("feedmonitor/forms-ms-*")))) == ((), 1, 1)
