"""A right config is read, a wrong one is told with all that is wrong and where."""

import os
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import resources
from monitor.config import load
from monitor.config.lines import Scan
from monitor.config.values import duration, shown_address, size_bytes, substituted
from monitor.errors import ConfigError

FEED = '[[feeds]]\nname = "news"\nurl = "https://news.example/feed"\n'
RULE = '[[rules]]\nname = "r"\nkeywords = ["Wort"]\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text, **environ):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ)

    return read_text


def problems(read, text, **environ):
    with pytest.raises(ConfigError) as caught:
        read(text, **environ)
    return [problem.partition("config.toml:")[2] for problem in caught.value.problems]


def test_the_example_is_right_with_no_variable_set(read):
    config = read(resources.example_config())

    assert config.warnings == ()
    assert [feed.name for feed in config.feeds] == ["boltwise", "gnews-ukraine", "bing-sanktionen"]


def test_the_example_shows_the_defaults(read):
    shown, empty = read(resources.example_config()), read(FEED + RULE)

    for name in ("interval", "max_interval", "concurrency", "per_host", "timeout", "max_body_bytes", "retention", "language", "templates"):
        assert getattr(shown, name) == getattr(empty, name), name
    for name in ("mode", "fields", "kinds", "severity", "template", "receivers", "feeds", "tags"):
        assert getattr(shown.rules[0], name) == getattr(empty.rules[0], name), name


SETTINGS = """
database timezone language interval max_interval concurrency per_host timeout max_body allow_private_networks retention templates receivers
alert_first_poll listen password public_url name url tags full_text comments comments_for strip keep enabled
    headers google_news region bing_news
type label aliases acronyms prefixes weak_aliases context exclude file id keywords entities all none query mode except min_count weights
min_score fields feeds kinds severity template must_match must_not_match urls min_severity digest quiet_hours max_per_hour group
"""


@pytest.mark.parametrize("setting", SETTINGS.split())
def test_the_example_has_every_setting(setting):
    assert re.search(rf"(^|# ?){setting} = ", resources.example_config(), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[monitor]\nintervall = '1m'", '2: monitor.intervall: is not a known setting; did you mean "interval"?'),
        ("[monitor]\ntimeout = 30", "2: monitor.timeout: must be a duration in quotes"),
        ("[monitor]\ntimeout = 'soon'", '2: monitor.timeout: "soon" is no duration'),
        ("[monitor]\nconcurrency = 0", "2: monitor.concurrency: must be a whole number"),
        ("[monitor]\ntimezone = 'Mars'", "2: monitor.timezone"),
        ("[monitor]\ndatabase = 'postgresql://x/y'", "2: monitor.database: PostgreSQL is not available yet"),
        ("[monitor]\nreceivers = ['nobody']", "2: monitor.receivers[0]: there is no receiver"),
        ("[web]\nlisten = '127.0.0.1:1'", "2: web.listen: not available yet"),
        (FEED + FEED, "5: feeds[1].name: this name stands twice, the first time on line 2"),
        (FEED + "interval = '10s'", "4: feeds[0].interval: under a minute only for private"),
        (FEED + "full_text = 1", "4: feeds[0].full_text: must be true or false"),
        (FEED + "comments = 'some'", '4: feeds[0].comments: "some" is not known; use "none"'),
        (FEED + "strip = ['(']", '4: feeds[0].strip[0]: "(" does not compile: missing )'),
        (FEED + "keep = ['x*']", '4: feeds[0].keep[0]: "x*" matches the empty text'),
        ("[[feeds]]\nname = 'g'\ngoogle_news = ' '", "3: feeds[0].google_news: is empty"),
        ("[[feeds]]\nname = 'g'\ngoogle_news = 'x'\nbing_news = 'x'", "4: feeds[0].bing_news: a feed has one source, and `google_news`"),
        (FEED + "region = 'DE'", "4: feeds[0].region: is for search feeds"),
        ("[[feeds]]\nname = 'g'\ngoogle_news = 'x'\nregion = 'Mars'", '4: feeds[0].region: "Mars" is no region'),
        ("[[feeds]]\nname = 'a b'\nurl = 'https://x.example'", '2: feeds[0].name: "a b" is no name'),
        ("[[feeds]]\nname = 'a'\nurl = 'ftp://x'", "3: feeds[0].url: must begin with https"),
        ("[[feeds]]\nname = 'a'\nurl = 'https://${HOST}/'", "3: feeds[0].url: the environment variable HOST is not set"),
        ("[[rules]]\nname = 'r'", "1: rules[0]: asks for nothing"),
        ("[[rules]]\nname = 'r'\nkeywords = [\n'a',\n'---']", "5: rules[0].keywords[1]: “---” has no letter"),
        (RULE + "entities = ['who']", '4: rules[0].entities[0]: there is no entity "who"'),
        (RULE + "feeds = ['newz']\n" + FEED, '4: rules[0].feeds[0]: there is no feed "newz"; did you mean "news"?'),
        ("[receivers.desk]\nurls = ['file:none']", "2: receivers.desk.urls[0]: the file"),
        ("[receivers.desk]\nurls = ['json://x']\ngroup = 'story'", "3: receivers.desk.group: not available yet"),
        ("[monitor\n", "1: not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read, text, problem):
    first, *_ = problems(read, text)

    assert first.startswith(problem)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(read):
    found = problems(read, "[monitor]\nnonsense = 1\ntimeout = 1\n" + FEED + "nonsense = 1\n" + RULE + "nonsense = 1\n")

    assert [one.partition(":")[0] for one in found] == ["2", "3", "7", "11"]


def test_variables_are_replaced_and_never_shown(read):
    text = '[[feeds]]\nname = "a"\nurl = "https://u:${PASSWORD}@news.example/${PLACE:-feed}?token=abc&page=1"\n'

    (feed,) = read(text, PASSWORD="geheim").feeds

    assert feed.address.reveal() == "https://u:geheim@news.example/feed?token=abc&page=1"
    assert "geheim" not in repr(feed)
    assert "abc" not in repr(feed)
    assert feed.shown_url == "https://***@news.example/***?token=***&page=1"


def test_a_receivers_address_may_stand_in_a_file(read, tmp_path):
    (tmp_path / "slack.secret").write_text("json://geheim.example/\n")

    receiver = read('[receivers.desk]\nurls = ["file:slack.secret"]').receivers[0]

    assert receiver.urls[0][1].reveal() == "json://geheim.example/"
    assert "geheim" not in repr(receiver)


def test_without_receivers_alerts_go_to_the_console(read):
    config = read(FEED + RULE)

    assert (config.default_receivers, config.rules[0].receivers) == (("console",), ("console",))


def test_the_template_of_the_kill_harness_is_read(shared, read):
    text = (shared / "harness" / "monitor.toml").read_text("utf-8")
    for name, value in {"db": "m.db", "feeds_toml": FEED, "keyword": "KEY", "sink_urls_json": '["json://127.0.0.1:1/"]'}.items():
        text = text.replace("{" + name + "}", value)

    assert read(text).alert_first_poll


@pytest.mark.parametrize(("text", "seconds"), [("15m", 900), ("0.3s", 0.3), ("1h 30m", 5400), ("7d", 604800), ("250ms", 0.25)])
def test_durations_are_read(text, seconds):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "m", "1 year", "-5m", "1h foo"])
def test_other_texts_are_no_durations(text):
    assert duration(text) is None


def test_sizes_are_read():
    assert [size_bytes(text) for text in ("10MB", "500kB", "1KiB", "x")] == [10_000_000, 500_000, 1024, None]


def test_an_ordinary_query_is_shown():
    assert shown_address("https://x.example/?s=a&paged=2", "https://x.example/?s=a&paged=2") == "https://x.example/?s=a&paged=2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FEED.replace("https://news.example/feed", "${URL}"),
            ["3: feeds[0].url: the environment variable URL is not set; set it, or write ${URL:-default}"],
        ),
        (
            "[monitor]\ntemplates = '${A}${B}'",
            ["2: monitor.templates: the environment variables A, B are not set; set them, or write ${A:-default}"],
        ),
        (
            "[monitor]\ntemplates = '${A:-x}${A}'",
            ["2: monitor.templates: the environment variable A is not set; set it, or write ${A:-default}"],
        ),
        ("[monitor]\ntemplates = '${A-x}'", ["2: monitor.templates: ${ begins a variable; write ${NAME} or ${NAME:-default}"]),
        ("[monitor]\ntimeout = 3", ['2: monitor.timeout: must be a duration in quotes such as "15m", is a number']),
        ("[monitor]\nretention = '999999d'", ['2: monitor.retention: "999999d" is too long; the most is "36500d"']),
        ("monitor = 1", ["1: monitor: must be a table, is a number"]),
        ("feeds = [1]", ["1: feeds[0]: must be a table, is a number"]),
        ("[feeds]\na = 1", ["1: feeds: must be tables such as [[feeds]]"]),
        ("[[receivers]]\na = 1", ["1: receivers: must be tables such as [receivers.name]"]),
        (
            "[[feeds]]\nname = 'a'\n" + RULE + "feeds = ['a']",
            ["1: feeds[0].url: is missing; write the address of the feed, or a search as `google_news`"],
        ),
        (
            FEED.replace("https://", "https://u:p@") + "headers = { authorization = 'x' }",
            ["4: feeds[0].headers.authorization: url has a name and a password already, a site takes one of the two; remove one"],
        ),
        (FEED + "headers = { 'a b' = 'x' }", ['4: feeds[0].headers."a b": is no name of an HTTP header']),
        (
            "[monitor]\ninterval = '10s'\n" + FEED,
            ["2: monitor.interval: under a minute only for private addresses: be polite to the sites you read"],
        ),
        (RULE + "none = ['ok', ' ']", ["4: rules[0].none[1]: is empty; write a word or a phrase, or leave it out"]),
        ("[[rules]]\nname = 'r'\nnone = ['x']", ["1: rules[0]: asks for nothing; give it `keywords`, `entities`, `all` or `query`"]),
        ("[receivers.desk]\nurls = ['${NONE:-}']", ["2: receivers.desk.urls[0]: is empty; write an Apprise address, or leave it out"]),
        ("[entities.x]\nlabel = '--'", ["2: entities.x.label: has no letter and no digit, so it can never be found"]),
    ],
)
def test_a_problem_is_told_once_and_nothing_that_only_follows_from_it(read, text, expected):
    assert problems(read, text) == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = 1\nb = 'caf\xe9'\n", "2: the file is not UTF-8"),
        ("[monitor]\n".encode("utf-16"), "1: the file is not UTF-8"),
        (b"a = [" + b"[" * 5000, "1: not TOML that can be read: its lists or tables are nested too deep"),
        (b"a = " + b"9" * 5000, "1: not TOML: a number is too long"),
        (b"a = 1\r\nb = \r\n", "2: not TOML: invalid value"),
        (b"a = 1\n\nb = [\n1,\n", "4: not TOML"),
        (b"a = 1\na = 2\n", "2: not TOML: cannot overwrite a value"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path, content, problem):
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load(path, {})

    assert caught.value.problems[0].startswith(f"{path}:{problem}")


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no such file; `monitor init` writes one"):
        load(tmp_path / "config.toml", {})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path, {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    path = tmp_path / "config.toml"
    path.touch(mode=0)

    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        load(path, {})


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(("\ufeff" + (FEED + RULE).replace("\n", "\r\n")).encode())

    assert len(load(path, {}).feeds) == 1


@pytest.mark.parametrize("text", ["a$b", "a$$b", "$", "a$$", "{x}", "$x"])
def test_a_plain_dollar_stays(text):
    assert substituted(text, {"x": "no"}) == (text, text, None)


def test_a_default_stands_for_a_variable_that_is_empty_or_not_set():
    assert [substituted("${A:-x}", environ)[0] for environ in ({}, {"A": ""}, {"A": "y"})] == ["x", "x", "y"]


def test_paths_are_relative_to_the_config_file(read, tmp_path):
    config = read("[monitor]\ndatabase = 'data/m.db'\ntemplates = '../own'")

    assert (config.database, config.templates) == (tmp_path / "data" / "m.db", tmp_path / ".." / "own")


@pytest.mark.parametrize(
    ("one", "other"),
    [("https://x.example/f", "https://X.example:443/f#top"), ("http://x.example", "http://x.example/")],
)
def test_two_feeds_of_one_address_are_a_problem(read, one, other):
    text = f"[[feeds]]\nname = 'a'\nurl = '{one}'\n[[feeds]]\nname = 'b'\nurl = '{other}'\n"

    assert problems(read, text) == ["6: feeds[1].url: this address stands twice, the first time on line 3"]


@pytest.mark.parametrize(
    "url", ["x.example/f", "http://", "https:///f", "file:///etc/passwd", "https://x.example:0/", "https://a b/", "http://[::1/"]
)
def test_an_address_that_cannot_be_visited_is_a_problem(read, url):
    assert problems(read, f"[[feeds]]\nname = 'a'\nurl = '{url}'\n")[0].startswith("3: feeds[0].url: ")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "10.1.2.3", "192.168.0.9", "[fd00::1]"])
def test_a_private_feed_may_be_polled_often(read, host):
    assert read(f"[[feeds]]\nname = 'a'\nurl = 'http://{host}/'\ninterval = '0.3s'").feeds[0].interval == timedelta(seconds=0.3)


@pytest.mark.parametrize("host", ["news.example", "8.8.8.8", "localhost.example", "2130706433"])
def test_a_public_feed_may_not_be_polled_often(read, host):
    assert "be polite" in problems(read, f"[[feeds]]\nname = 'a'\nurl = 'http://{host}/'\ninterval = '59s'")[0]


@pytest.mark.parametrize(
    ("text", "receivers"),
    [
        ("", ("console",)),
        ("receivers = []", ("console",)),
        ("[receivers.a]\nurls = ['json://a']", ("a",)),
        ("receivers = ['b', 'console']\n[receivers.a]\nurls = ['json://a']\n[receivers.b]\nurls = ['json://b']", ("b", "console")),
        ("receivers = []\n[receivers.a]\nurls = ['json://a']", ()),
    ],
)
@pytest.mark.parametrize("own", ["", "receivers = []\n"])
def test_a_rule_that_names_no_receivers_has_the_default_ones(read, text, receivers, own):
    config = read("[monitor]\n" + text + "\n" + RULE + own)

    assert (config.rules[0].receivers, config.default_receivers) == (receivers, receivers)


def test_a_rule_that_could_tell_nobody_by_oversight_is_a_problem(read):
    text = RULE + "[receivers.a]\nurls = ['json://a']\n[receivers.b]\nurls = ['json://b']\n"

    assert problems(read, text)[0].startswith("1: rules[0].receivers: nobody is told: there are several receivers")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (RULE, ":1: feeds: there are no feeds"),
        (FEED, ":1: rules: there are no rules"),
        (FEED + "enabled = false\n" + RULE, ":1: feeds: all feeds are switched off"),
        (FEED + "enabled = false\n" + RULE + "feeds = ['news']", ":8: rules[0].feeds: all of these feeds are switched off"),
        ("[monitor]\nreceivers = []\n" + FEED + RULE + "[receivers.a]\nurls = ['json://a']", ":6: rules[0]: has no receivers"),
        (FEED + RULE + "[receivers.a]\nurls = []", ":8: receivers.a.urls: there is no address"),
    ],
)
def test_what_is_allowed_and_probably_not_meant_is_warned_of(read, text, warning):
    assert any(warning in one for one in read(text).warnings)


VALUES = st.recursive(
    st.booleans() | st.integers(0, 9) | st.just('a "#[{') | st.just("x\ny"), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["[t]", "[[a]]", "[t.u]", "# c"]), st.dictionaries(st.sampled_from("klm"), VALUES, max_size=3)),
        max_size=5,
    )
)
def test_every_key_is_found_on_its_line(tables):
    import json

    rows, wanted, seen = [], [], set()
    for header, pairs in tables:
        if header in ("[t]", "[t.u]"):
            if header in seen or (header == "[t]" and "[t.u]" in seen):
                continue
            seen.add(header)
        rows.append(header)
        for key, value in pairs.items() if header != "# c" else ():
            rows.append(f"{key} = {json.dumps(value)}")
            wanted.append((f".{key}", len(rows)))

    found = Scan("\n".join(rows)).starts

    lines = sorted((path[path.rfind(".") :], line) for path, line in found.items() if re.search(r"\.[klm]$", path))
    assert lines == sorted(wanted)
