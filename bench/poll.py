"""A first pass and a pass of 304s over many feeds, through the program's own poll, on a server on loopback.

    python bench/poll.py --server ../shared/harness/feedserver.py --corpus DIR [--feeds 10000]

DIR is what make_corpus.py, beside the server, writes. Prints feeds/s, CPU per feed of this process and of its children,
the peak memory of both, and the longest time that the event loop was held up.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from monitor import app
from monitor.app import composition
from monitor.config import Config, load
from monitor.work.poll import PollReport
from monitor.work.rounds import poll_round

RULES = """
[[rules]]
name = "waffenstillstand"
keywords = ["Waffenstillstand", "Waffenruhe", "Feuerpause"]
[[rules]]
name = "sanktionen"
keywords = ["Sanktion"]
"""
BEAT_S = 0.005


@dataclass(slots=True)
class Stalls:
    """The longest time between two beats of the loop, beyond the beat itself."""

    longest_s: float = 0.0

    async def watch(self) -> None:
        """Beat until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.perf_counter()
            self.longest_s = max(self.longest_s, now - last - BEAT_S)
            last = now


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds of this process and of its ended children, and the peak memory of both in MB."""

    own_s: float
    children_s: float
    own_mb: float
    child_mb: float

    @classmethod
    def now(cls) -> Usage:
        """Return the usage so far."""
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = [one.ru_utime + one.ru_stime for one in (own, children)]
        return cls(cpu[0], cpu[1], own.ru_maxrss / 1024, children.ru_maxrss / 1024)


def main() -> None:
    """Start the server, make a config for its feeds, run the passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=Path, default=Path("../shared/harness/feedserver.py"))
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=100)
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(given.server), str(given.corpus), "--port", str(port), "--feeds", str(given.feeds)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as directory:
            config = _config(Path(directory), _urls(port, given.feeds), given.concurrency)
            asyncio.run(_passes(config))
    finally:
        server.kill()
        server.wait()


def _urls(port: int, feeds: int) -> list[str]:
    base = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{base}/ctl/urls?n={feeds}&hosts=1&base={base}", timeout=10) as answer:
                return [line for line in answer.read().decode().splitlines() if line.startswith("http")]
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _config(directory: Path, urls: list[str], concurrency: int) -> Config:
    feeds = "".join(f'[[feeds]]\nname = "f{number}"\nurl = "{url}"\n' for number, url in enumerate(urls))
    path = directory / "config.toml"
    path.write_text(f"[monitor]\nallow_private_networks = true\nconcurrency = {concurrency}\n{RULES}{feeds}", encoding="utf-8")
    return replace(load(path, {}), interval=timedelta(hours=1))


async def _passes(config: Config) -> None:
    print(f"{'pass':10}{'feeds/s':>9}{'ok':>8}{'304':>8}{'new':>9}{'CPU ms/feed':>13}{'… children':>12}{'longest stall ms':>18}")
    async with composition.running(config) as whole:
        for name in ("first", "304s"):
            stalls = Stalls()
            watch = asyncio.create_task(stalls.watch())
            before, started = Usage.now(), time.perf_counter()
            reports = await poll_round(whole.store, whole.call, whole.parts.poller, whole.parts.feeds, whole.owner, app.utc_now)
            took, after = time.perf_counter() - started, Usage.now()
            watch.cancel()
            _print(name, reports, took, after.own_s - before.own_s, stalls)
    end = Usage.now()
    print(f"peak memory: {end.own_mb:.0f} MB, the largest child {end.child_mb:.0f} MB")
    print(f"CPU of all children: {end.children_s:.1f} s, {end.children_s / len(config.feeds) * 1000:.2f} ms a feed of the first pass")


def _print(name: str, reports: list[PollReport], took_s: float, cpu_s: float, stalls: Stalls) -> None:
    ok = sum(report.error is None for report in reports)
    same = sum(report.outcome == "not_modified" for report in reports)
    new = sum(report.committed.new for report in reports)
    rate, cpu = len(reports) / took_s, cpu_s / len(reports) * 1000
    print(f"{name:10}{rate:9.0f}{ok:8}{same:8}{new:9}{cpu:13.2f}{'see below':>12}{stalls.longest_s * 1000:18.0f}")
    for report in [one for one in reports if one.error][:3]:
        print(f"  {report.feed}: {report.error}", file=sys.stderr)


if __name__ == "__main__":
    main()
