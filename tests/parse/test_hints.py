"""When a document wants to be asked again."""

from datetime import timedelta

import pytest
from builders import NOON

from monitor.core.health import Hints
from monitor.errors import ParseError
from monitor.parse.document import parse
from monitor.parse.wire import from_wire, to_wire

HOUR = timedelta(hours=1)


def hints(head="", tail="", item="<item><title>a</title></item>", encoding="utf-8"):
    space = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    body = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" {space}><channel>{head}{item}{tail}</channel></rss>'
    return parse(body.encode(encoding), "text/xml", "https://news.example/", NOON).hints


@pytest.mark.parametrize(
    ("head", "every"),
    [
        ("", None),
        ("<ttl>60</ttl>", HOUR),
        ("<ttl> 0 </ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>999999</ttl>", 7 * 24 * HOUR),
        ("<sy:updatePeriod>\thourly\n</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6 * HOUR),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 7 * 24 * HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 24 * HOUR),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", HOUR),
    ],
)
def test_how_often(head, every):
    assert hints(head).every == every


HOURS = "<skipHours><hour>0</hour><hour> 1 </hour><hour>23</hour></skipHours>"
DAYS = "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>"


def test_every_hour_and_every_day_is_read():
    assert hints(HOURS + DAYS) == Hints(None, (0, 1, 23), (5, 6))


def test_they_may_stand_behind_the_items():
    assert hints(tail=HOURS).skip_hours == (0, 1, 23)


def test_an_article_about_them_does_not_set_them():
    assert hints(item=f"<item><title>a</title><description><![CDATA[{HOURS}]]></description></item>").skip_hours == ()


@pytest.mark.parametrize(("hour", "read"), [("24", (0,)), ("25", ()), ("x", ()), ("", ())])
def test_odd_hours(hour, read):
    assert hints(f"<skipHours><hour>{hour}</hour></skipHours>").skip_hours == read


def test_who_skips_every_hour_or_every_day_skips_none():
    all_hours = "".join(f"<hour>{number}</hour>" for number in range(24))
    all_days = "".join(f"<day>{name}</day>" for name in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])

    assert hints(f"<skipHours>{all_hours}</skipHours><skipDays>{all_days}</skipDays>") == Hints()


def test_they_are_read_in_utf_16_too():
    assert hints(HOURS, encoding="utf-16").skip_hours == (0, 1, 23)


def test_they_come_out_of_the_child_as_they_were():
    body = f"<rss version='2.0'><channel><ttl>90</ttl>{HOURS}{DAYS}<item><title>a</title></item></channel></rss>".encode()
    parsed = parse(body, "text/xml", "https://news.example/", NOON)

    assert from_wire(list(to_wire(parsed))) == parsed
    assert parsed.hints == Hints(1.5 * HOUR, (0, 1, 23), (5, 6))


@pytest.mark.parametrize(("body", "is_page"), [(b"<!DOCTYPE html><p>", True), (b"  <html lang=de>", True), (b"<x/>", False), (b"", False)])
def test_a_page_is_told_from_other_things_that_are_no_feed(body, is_page):
    with pytest.raises(ParseError) as caught:
        parse(body, "text/html", "https://news.example/", NOON)

    assert caught.value.is_page == is_page
