"""How long commands take to answer, beside a bare interpreter, in one run.

python bench/startup.py [--runs 15]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONFIG = """
[monitor]
database = "bench.db"
[[feeds]]
name = "one"
url = "https://news.example/feed"
[[rules]]
name = "word"
keywords = ["Wort"]
"""


def main() -> None:
    """Run each command in turn, again and again, so that a busy moment hits all of them; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "config.toml").write_text(CONFIG, encoding="utf-8")
        python = sys.executable
        monitor = [python, "-m", "monitor", "--config", str(place / "config.toml")]
        subprocess.run([*monitor, "db", "migrate"], check=True, capture_output=True)
        commands = {
            "python -c pass": [python, "-c", "pass"],
            "monitor --help": [*monitor, "--help"],
            "monitor matches": [*monitor, "matches"],
            "monitor feeds list": [*monitor, "feeds", "list"],
            "monitor feeds list --format json": [*monitor, "feeds", "list", "--format", "json"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(_seconds(command))
    bare = statistics.median(times["python -c pass"])
    print(f"{'command':36}{'median ms':>10}{'above bare':>12}   ({runs} runs, {os.cpu_count()} cores)")
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{name:36}{middle * 1000:10.0f}{(middle - bare) * 1000:12.0f}")


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    # As after an installation: with the compiled modules kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
