"""Children that can be ended."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.children import pool as pool_module
from monitor.children.pool import ChildPool
from monitor.children.process import spawn
from monitor.errors import ChildError

SECOND = timedelta(seconds=1)


def with_pool(act, **settings):
    async def run():
        pool = ChildPool("child_for_tests", **{"size": 1, "memory_bytes": None} | settings)
        try:
            return await act(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


def ended(pid, within_s):
    """Say whether a process ends in time; one that nobody has waited for yet counts as ended."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(autouse=True)
def find_the_test_child(monkeypatch):
    """Children are isolated from PYTHONPATH, so the module for tests is put where the package is looked for."""
    import monitor.children.process

    monkeypatch.setattr(monitor.children.process, "_ROOT", Path(__file__).parent)


def test_a_question_is_answered_by_its_frames_in_order():
    assert with_pool(lambda pool: pool.ask({"say": [1, "zwei"]}, b"", wall=SECOND)) == [1, "zwei"]


def test_what_a_library_prints_does_not_disturb_the_answer():
    assert with_pool(lambda pool: pool.ask({"print": "noise", "say": [1]}, b"", wall=SECOND)) == [1]


def test_a_large_body_arrives_whole():
    assert with_pool(lambda pool: pool.ask({"length": True}, b"x" * 5_000_000, wall=5 * SECOND)) == [5_000_000]


def test_a_child_that_takes_too_long_is_ended_and_the_next_question_is_answered():
    async def act(pool):
        with pytest.raises(ChildError) as caught:
            await pool.ask({"sleep": 60}, wall=SECOND / 5)
        return caught.value.timed_out, await pool.ask({"say": [1]}, wall=SECOND)

    assert with_pool(act) == (True, [1])


def test_a_child_that_dies_says_why():
    async def act(pool):
        with pytest.raises(ChildError, match="boom") as caught:
            await pool.ask({"raise": "boom"}, wall=SECOND)
        return caught.value.timed_out, await pool.ask({"say": [2]}, wall=SECOND)

    assert with_pool(act) == (False, [2])


def test_a_child_that_wants_too_much_memory_is_refused_it():
    async def act(pool):
        with pytest.raises(ChildError, match="MemoryError"):
            await pool.ask({"allocate": 400_000_000}, wall=5 * SECOND)

    with_pool(act, memory_bytes=200_000_000)


def test_a_question_that_is_given_up_ends_its_child():
    async def act(pool):
        (pid,) = await pool.ask({"pid": True}, wall=SECOND)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await pool.ask({"sleep": 60}, wall=60 * SECOND)
        (other,) = await pool.ask({"pid": True}, wall=SECOND)
        return pid, other

    pid, other = with_pool(act)

    assert pid != other


def test_a_stop_that_reaches_every_process_leaves_its_work_to_a_child():
    async def act(pool):
        (pid,) = await pool.ask({"pid": True}, wall=5 * SECOND)
        os.kill(pid, signal.SIGTERM)
        return pid, *await pool.ask({"pid": True}, wall=5 * SECOND)

    first, second = with_pool(act)

    assert first == second


def test_children_are_replaced_when_they_grow_old():
    async def act(pool):
        return [(await pool.ask({"pid": True}, wall=SECOND))[0] for _ in range(4)]

    pids = with_pool(act, recycle_after=2)

    assert [pids[0] == pids[1], pids[1] == pids[2], pids[2] == pids[3]] == [True, False, True]


def test_small_questions_do_not_wait_behind_large_ones():
    async def act(pool):
        order = []

        async def ask(name, size):
            await pool.ask({"say": []}, b"x" * size, wall=5 * SECOND)
            order.append(name)

        first = asyncio.create_task(ask("first", 1))
        await asyncio.sleep(0)
        await asyncio.gather(first, ask("large", 100_000), ask("small", 10))
        return order

    assert with_pool(act) == ["first", "small", "large"]


def test_a_warm_child_answers_the_first_question(monkeypatch):
    started = []

    async def counted(*args):
        started.append(args)
        return await spawn(*args)

    monkeypatch.setattr(pool_module, "spawn", counted)

    async def act(pool):
        await pool.warm({"say": []})
        return await pool.ask({"say": [1]}, wall=SECOND)

    assert (with_pool(act, size=2), len(started)) == ([1], 1)


def test_a_question_takes_the_child_that_is_free_first():
    async def act(pool):
        await pool.ask({"say": []}, wall=SECOND)
        return await asyncio.gather(pool.ask({"pid": True}, wall=SECOND), pool.ask({"pid": True}, wall=SECOND))

    first, second = with_pool(act, size=2)

    assert first == second


def test_a_question_that_takes_long_does_not_hold_up_the_next():
    async def act(pool):
        slow = asyncio.create_task(pool.ask({"sleep": 60}, wall=60 * SECOND))
        await asyncio.sleep(0)
        answers = [await pool.ask({"say": [number]}, wall=SECOND) for number in range(3)]
        slow.cancel()
        return answers

    assert with_pool(act, size=2) == [[0], [1], [2]]


def test_no_question_waits_for_a_pool_that_is_closed():
    async def act(pool):
        asked = [asyncio.create_task(pool.ask({"sleep": 60}, wall=60 * SECOND)) for _ in range(3)]
        await asyncio.sleep(0.2)
        await pool.close()
        done = await asyncio.gather(*asked, return_exceptions=True)
        return [type(one) for one in done], len(pool._starting)

    assert with_pool(act) == ([ChildError] * 3, 0)


def test_a_child_that_does_not_get_warm_is_told_by_the_first_question():
    async def act():
        pool = ChildPool("no_such_module", size=1, memory_bytes=None)
        await pool.warm()
        try:
            with pytest.raises(ChildError, match="did not start"):
                await pool.ask({"say": [1]}, wall=SECOND)
        finally:
            await pool.close()

    asyncio.run(act())


def test_closing_ends_a_child_in_the_middle_of_its_work():
    async def act(pool):
        task = asyncio.create_task(pool.ask({"sleep": 60}, wall=60 * SECOND))
        (started,) = [time.monotonic()]
        await asyncio.sleep(0.5)
        await pool.close()
        with pytest.raises(ChildError):
            await task
        return time.monotonic() - started

    assert with_pool(act) < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_that_is_still_loading_ends_with_its_killed_parent(tmp_path):
    marker = tmp_path / "marker"
    (tmp_path / "loading.py").write_text(f"import time\nopen({str(marker)!r}, 'w').close()\ntime.sleep(60)\n")
    program = (
        "import asyncio\nfrom pathlib import Path\nimport monitor.children.process as process\n"
        f"process._ROOT = Path({str(tmp_path)!r})\n"
        "async def main():\n"
        "    child = await process.spawn('loading', None)\n"
        f"    while not Path({str(marker)!r}).exists():\n"
        "        await asyncio.sleep(0.01)\n"
        "    print(child._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        parent.kill()

    assert ended(child, within_s=5)


def test_a_child_does_not_see_our_environment(monkeypatch):
    monkeypatch.setenv("MONITOR_WEB_PASSWORD", "geheim")

    assert with_pool(lambda pool: pool.ask({"environ": "MONITOR_WEB_PASSWORD"}, wall=SECOND)) == [None]
    assert os.environ["MONITOR_WEB_PASSWORD"] == "geheim"
