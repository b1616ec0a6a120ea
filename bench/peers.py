"""Our side of a comparison with other feed programs, which a harness runs in turn: the config, and the count of what was stored.

    H=../shared/harness; M=$PWD/.venv/bin
    python $H/bench_peers.py CORPUS --rounds 5 --hosts 1 \
        --ours "monitor=$M/monitor --config {dir}/config.toml poll" \
        --ours-init "monitor=$M/python $PWD/bench/peers.py write {urls} {dir}/config.toml" \
        --ours-items "monitor=$M/python $PWD/bench/peers.py count {dir}/monitor.db"

The whole product is timed: start, fetch, parse, store with durable commits, match, alert (on standard output).
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

HEAD = """
[monitor]
database = "monitor.db"
allow_private_networks = true
concurrency = 64
[receivers.here]
urls = ["console:"]
[entities.ukraine]
label = "Ukraine"
type = "place"
[[rules]]
name = "waffenstillstand"
keywords = ["Waffenstillstand", "Waffenruhe", "Feuerpause"]
[[rules]]
name = "sanktionen"
keywords = ["Sanktion"]
[[rules]]
name = "ukraine"
entities = ["ukraine"]
"""


def write(addresses: Path, config: Path) -> None:
    """Write a config for a list of addresses, one a line."""
    feeds = (f"[[feeds]]\nname = 'f{number}'\nurl = {json.dumps(url)}\n" for number, url in enumerate(addresses.read_text("utf-8").split()))
    config.write_text(HEAD + "".join(feeds), encoding="utf-8")


def count(database: Path) -> None:
    """Print how many items are stored."""
    print(sqlite3.connect(database).execute("SELECT count(*) FROM items").fetchone()[0])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", addresses, config]:
            write(Path(addresses), Path(config))
        case ["count", database]:
            count(Path(database))
        case _:
            sys.exit(__doc__)
