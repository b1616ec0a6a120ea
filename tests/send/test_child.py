"""An address's service is found by what is known of it, without loading all services; Apprise has the last word."""

import apprise
import pytest

from monitor.send.child import _described, _service, _takes_html, _with_timeouts

ADDRESSES = (
    "json://user:secret@127.0.0.1:8080/path?+X-Key=1",
    "mailto://user:secret@mail.example:2525?from=a@mail.example&to=b@mail.example",
    "mailtos://user:secret@gmail.com",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/12315544/",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "ntfys://news.example/topic",
    "matrix://user:secret@matrix.example/#room",
)


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_service_made_by_its_class_is_the_one_that_apprise_makes(url):
    problem, known_as = _described(url)
    ours, theirs = _service(url, known_as), apprise.Apprise.instantiate(_with_timeouts(url))

    assert problem == ""
    assert (type(ours), ours.url(), ours.tags) == (type(theirs), theirs.url(), theirs.tags)


@pytest.mark.parametrize("known_as", ["apprise.plugins.gone:NotifyGone", "apprise.plugins.slack:NotifySlack", "os:system", "", "nonsense"])
def test_what_is_known_wrongly_does_not_matter(known_as):
    assert type(_service("json://127.0.0.1/", known_as)).__name__ == "NotifyJSON"


@pytest.mark.parametrize(("url", "why"), [("nonsense", "is no Apprise address"), ("nonsense://x", "is no address that Apprise knows")])
def test_an_address_that_is_none_is_told_with_the_reason(url, why):
    problem, known_as = _described(url)

    assert (why in problem, known_as) == (True, "")


@pytest.mark.parametrize(
    ("url", "is_html"),
    [
        ("mailto://mail.example?from=a@mail.example&to=b@mail.example", True),
        ("mailto://mail.example?from=a@mail.example&to=b@mail.example&format=text", False),
        ("json://127.0.0.1/", False),
        ("json://127.0.0.1/?format=html", True),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", False),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/12315544/", False),
    ],
)
def test_html_goes_to_mails_and_to_whom_it_is_asked_for(url, is_html):
    assert _takes_html(_service(url, None), url) is is_html
