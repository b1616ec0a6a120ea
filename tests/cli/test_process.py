"""The command line as a process of its own: what it imports, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

HEAVY = {"rich", "aiohttp", "sqlite_utils", "jinja2", "apprise", "feedparser", "simplemma", "apscheduler", "tomlkit"}

SPY = """
import atexit, json, sys
from monitor.cli import main
atexit.register(lambda: print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr))
sys.argv = ["monitor", *sys.argv[1:]]
main()
"""


def spied(home, *words: str) -> set[str]:
    """Call a command in a process of its own and return which packages it has imported."""
    command = [sys.executable, "-c", SPY, "--config", str(home.config), *words]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stderr.splitlines()[-1]))


def test_help_imports_only_click(home):
    assert not spied(home, "--help") & (HEAVY | {"sqlite3", "pysqlite3", "logging", "tomllib"})


@pytest.mark.parametrize("words", [("matches", "--format", "json"), ("feeds", "list", "--format", "csv"), ("matches",), ("items",)])
def test_reading_imports_nothing_heavy(home, publish, words):
    publish(rule="ceasefire")

    assert not spied(home, *words) & HEAVY


def test_a_reader_that_has_enough_ends_the_command_quietly(home, publish):
    publish(rule="ceasefire")
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), "matches", "--format", "jsonl"]
    read, write = os.pipe()
    os.close(read)

    result = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=30)

    os.close(write)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("words", ["matches", "matches --format csv", "status", "poll --format json", "--help"])
@pytest.mark.parametrize(("to", "why"), [("/dev/full", "No space left on device"), ("&-", "Bad file descriptor")])
def test_rows_that_cannot_be_written_are_a_line_and_1(home, publish, words, to, why):
    publish(rule="ceasefire")
    command = f"{sys.executable} -m monitor --config {home.config} {words} >{to}"

    result = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, timeout=30)

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"monitor: standard output cannot be written: {why}"
    assert "Traceback" not in result.stderr


def test_without_standard_error_and_input_rows_are_written_all_the_same(home, publish):
    publish(rule="ceasefire")
    command = f"{sys.executable} -m monitor --config {home.config} matches --format jsonl 2>&- <&-"

    result = subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True, timeout=30)

    assert (result.returncode, json.loads(result.stdout)["rule"]) == (0, "ceasefire")


@pytest.mark.parametrize("words", [("search",), ("matches", "--rule"), ("explain",)])
def test_a_word_that_is_not_utf_8_is_a_line_and_2(home, publish, words):
    publish(rule="ceasefire")

    result = subprocess.run(
        [sys.executable, "-m", "monitor", "--config", str(home.config), *words, b"h\xe4lt"], capture_output=True, text=True, timeout=30
    )

    assert (result.returncode, result.stderr) == (2, "monitor: 'h\\udce4lt' is not UTF-8\n")


def test_a_title_that_the_encoding_lacks_ends_nothing(home, publish):
    publish(rule="ceasefire", title="Waffenruhe – gehört")
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), "matches"]

    result = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, timeout=30)

    assert result.returncode == 0, result.stderr
    assert rb"Waffenruhe \u2013 geh\xf6rt" in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("words", ["matches --format json", "items --format jsonl", "explain 1 --format json"])
def test_json_is_json_whatever_the_encoding(home, publish, encoding, words):
    publish(rule="ceasefire", title="Größe 🎉")
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), *words.split()]

    result = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONIOENCODING": encoding}, timeout=30)

    assert "Größe 🎉" in json.dumps(json.loads(result.stdout.decode("utf-8")), ensure_ascii=False)


def test_ctrl_c_is_a_line_and_130(home):
    home.config.unlink()
    os.mkfifo(home.config)
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), "matches"]

    # The command waits for someone to write its config: that it opened the pipe shows that it runs.
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, home.config.open("w"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)

    assert (process.returncode, said) == (130, "interrupted\n")


def test_an_error_of_ours_is_no_traceback(home):
    command = [sys.executable, "-m", "monitor", "--config", str(home.config), "matches"]

    result = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
