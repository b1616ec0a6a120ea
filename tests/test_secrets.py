"""A planted secret is never shown: not in a value, not in a problem, not in a log."""

import copy
import io
import logging
import pickle
import re

import pytest

from monitor import log, resources
from monitor.config.load import Config, parse
from monitor.config.table import Report, Text
from monitor.config.values import shown_address
from monitor.core.secret import Secret
from monitor.errors import ConfigError

PLANTED = "PLANTED-7f3a"
SECRETS = f"""
[web]
password = "${{SECRET}}"
[[feeds]]
name = "a"
url = "https://user:${{SECRET}}@news.example/${{SECRET}}?page=2&q=${{SECRET}}"
headers = {{ X-Token = "Bearer ${{SECRET}}" }}
[[feeds]]
name = "b"
url = "https://user:{PLANTED}@news.example/?token={PLANTED}&a=1;api_key={PLANTED}&p%61ss={PLANTED}"
[[feeds]]
name = "c"
url = "${{SECRET_URL}}"
[receivers.desk]
urls = ["json://user:${{SECRET}}@x.example/", "file:desk.secret", "{PLANTED}:x", "${{SECRET}}"]
"""


def read(text, tmp_path) -> Config:
    (tmp_path / "desk.secret").write_text(f"slack://{PLANTED}/")
    return parse(tmp_path / "config.toml", text, {"SECRET": PLANTED, "SECRET_URL": f"https://x.example/{PLANTED}"})


@pytest.fixture
def config(tmp_path):
    return read(SECRETS, tmp_path)


@pytest.mark.parametrize("show", [repr, str, lambda value: f"{value}", lambda value: str([value])])
def test_no_value_of_the_config_shows_a_secret(config, show):
    values = [config, *config.feeds, *config.receivers, *(part for one in config.receivers for pair in one.urls for part in pair)]

    assert [show(value) for value in values if PLANTED in show(value)] == []


def test_the_secrets_themselves_are_read(config):
    assert PLANTED in config.feeds[0].address.reveal()
    assert config.feeds[0].headers[0][1].reveal() == f"Bearer {PLANTED}"
    assert [PLANTED in url.reveal() for _, url in config.receivers[0].urls] == [True] * 4


def test_addresses_are_shown_without_their_secrets(config):
    assert [feed.shown_url for feed in config.feeds] == [
        "https://***@news.example/***?page=2&q=***",
        "https://***@news.example/?token=***&a=1;api_key=***&p%61ss=***",
        "***",
    ]


@pytest.mark.parametrize("query", ["s=a&paged=2", "keyword=Zoll", "q=a%20b&author=x", "", "flag", "a=1;b=2"])
def test_an_ordinary_query_is_shown_as_it_is(query):
    assert shown_address(f"https://x.example/?{query}", "") == (f"https://x.example/?{query}" if query else "https://x.example/")


EXAMPLE = resources.example_config() + '\n[receivers.desk]\nurls = ["json://x"]\nmin_severity = "info"\ndigest = ""\n'
TEXTS = [found.span(1) for found in re.finditer(r'^[^#\n]*?("[^"\n]*")', EXAMPLE, re.MULTILINE)]


@pytest.mark.parametrize("span", TEXTS, ids=lambda span: str(EXAMPLE.count("\n", 0, span[0]) + 1))
@pytest.mark.parametrize("planted", ["${SECRET}", "x ${SECRET} \\n y", "file:${SECRET}", "${SECRET}://${ABSENT}", "ftp://${SECRET}"])
def test_no_problem_or_warning_shows_what_a_variable_holds(span, planted, tmp_path):
    text = EXAMPLE[: span[0]] + f'"{planted}"' + EXAMPLE[span[1] :]

    try:
        told = read(text, tmp_path).warnings
    except ConfigError as error:
        told = (*error.problems, str(error), repr(error))

    assert [one for one in told if PLANTED in one] == []


def test_what_the_reading_passes_around_does_not_show_it(config):
    assert PLANTED not in repr(Text(PLANTED, "***", "monitor.x"))
    assert PLANTED not in repr(Report(config.lines, {"SECRET": PLANTED}))
    assert PLANTED not in repr(config.lines)


def test_a_file_of_a_secret_that_cannot_be_read_does_not_show_it(tmp_path):
    (tmp_path / "desk.secret").write_text(f"{PLANTED}\n{PLANTED}\n")

    with pytest.raises(ConfigError) as caught:
        parse(tmp_path / "config.toml", '[receivers.desk]\nurls = ["file:desk.secret"]', {})

    assert PLANTED not in str(caught.value)


def test_a_log_line_does_not_show_a_secret(config):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log._Lines())
    logger = logging.Logger("monitor.test")
    logger.addHandler(handler)

    try:
        raise ValueError(config.feeds[0].address)
    except ValueError:
        logger.exception("read %s", config.feeds[0], extra={"feed": config.feeds[0], "url": config.receivers[0].urls[0][1]})

    assert PLANTED not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_a_secret_is_not_pickled_and_keeps_its_silence_in_a_copy():
    with pytest.raises(TypeError):
        pickle.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        copy.deepcopy(Secret(PLANTED))
    assert (Secret("a") == Secret("a"), Secret("a") == "a", bool(Secret(""))) == (True, False, False)
