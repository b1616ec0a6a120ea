"""Messages to real receivers, well-behaved and otherwise."""

import asyncio
import io
import socket
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header

import pytest
from servers import inbox, mailbox

from monitor import resources
from monitor.core.delivery import Message
from monitor.core.model import Target
from monitor.core.rule import Receiver
from monitor.core.sample import sample_alert
from monitor.core.secret import Secret
from monitor.render import Renderer
from monitor.send import sender as module
from monitor.send.outcome import classify
from monitor.send.sender import Sender

MESSAGE = Message("Titel", "Text <b> & *x* _y_ &amp;", "<p>Text &lt;b&gt; &amp; *x* _y_ &amp;amp;</p>")


def send(url, message=MESSAGE, stdout=None):
    target = Target("desk", "id", "desk #1")

    async def act():
        sender = Sender([Receiver("desk", ((target, Secret(url)),))], stdout=stdout or io.StringIO(), services=dict, size=1)
        try:
            return await sender(message, target)
        finally:
            await sender.close()

    return asyncio.run(act())


def test_a_message_arrives_letter_for_letter():
    with inbox() as box:
        receipt = send(box.url)

    assert receipt.outcome == "sent"
    assert (box.messages[0]["title"], box.messages[0]["message"]) == (MESSAGE.title, MESSAGE.text)


def test_a_mail_arrives_with_umlauts_and_no_markup_of_the_feed():
    with mailbox() as (mails, url):
        receipt = send(url, Message("Größe\r\nBcc: x@example.org", "Öl <b>", "<p>Öl &lt;b&gt;</p>"))

    assert receipt.outcome == "sent"
    (mail,) = mails
    assert mail["Bcc"] is None
    parts = [part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()]
    assert any("Öl" in part for part in parts)
    assert not any("Öl <b>" in part and "<p>" in part for part in parts)


def test_a_mail_has_the_html_of_the_template_and_a_text_beside_it():
    with mailbox() as (mails, url):
        send(url, Message("Größe <b>", "Öl <b>", '<p>Öl &lt;b&gt;: <a href="https://a.example/">hier</a></p>'))

    (mail,) = mails
    parts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()}
    assert parts["text/html"].strip() == '<p>Öl &lt;b&gt;: <a href="https://a.example/">hier</a></p>'
    assert "Öl <b>: hier" in parts["text/plain"]
    assert str(make_header(decode_header(mail["Subject"]))) == "Größe <b>"


def test_the_text_beside_the_html_of_an_alert_has_its_address_and_even_lines():
    render = Renderer([resources.templates()], language="de", timezone=UTC)
    with mailbox() as (mails, url):
        send(url, render(sample_alert(datetime(2026, 1, 1, tzinfo=UTC), "de")))

    text = next(part for part in mails[0].walk() if part.get_content_type() == "text/plain").get_payload(decode=True).decode()
    assert "https://news.example/sample" in text
    assert not any(line.startswith(" ") for line in text.splitlines())


def test_a_subject_is_shown_as_the_feed_wrote_it():
    with mailbox() as (mails, url):
        send(url, Message("=?utf-8?q?Von_der_Bank?= x", "t", "t"))

    assert "?q?" in str(make_header(decode_header(mails[0]["Subject"])))


def test_a_mail_that_is_asked_for_as_text_is_only_that():
    with mailbox() as (mails, url):
        send(f"{url}&format=text")

    (mail,) = mails
    assert [part.get_content_type() for part in mail.walk()] == ["text/plain"]
    assert mail.get_payload(decode=True).decode().strip() == MESSAGE.text


@pytest.mark.parametrize(("status", "outcome"), [(404, "rejected"), (429, "not_sent"), (503, "unknown"), (302, "rejected")])
def test_an_answer_has_its_outcome(status, outcome):
    with inbox() as box:
        box.statuses = [status]

        assert send(box.url).outcome == outcome


def test_nobody_at_home_is_not_sent():
    assert send("json://127.0.0.1:1/").outcome == "not_sent"


@pytest.mark.parametrize("words", ["Rund 450 Menschen protestieren", "error=404", "500 Millionen", "Read timed out"])
def test_words_of_the_message_are_no_answer_of_the_service(words):
    receipt = send("json://127.0.0.1:1/", Message(words, words, words))

    assert (receipt.outcome, receipt.detail) == ("not_sent", "no connection to the service")


def test_an_address_that_apprise_does_not_know_is_rejected():
    assert send("bogus://geheim").outcome == "rejected"


def test_a_receiver_that_hangs_is_ended_and_the_outcome_is_unknown(monkeypatch):
    monkeypatch.setattr(module, "WALL", timedelta(seconds=1.5))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        receipt = send(f"json://127.0.0.1:{silent.getsockname()[1]}/")

    assert receipt.outcome == "unknown"


@pytest.mark.parametrize("url", ["json://u:geheim@127.0.0.1:1/geheim?x=geheim", "json://geheim.invalid/", "geheim://x"])
def test_no_word_of_an_address_is_told(url):
    assert "geheim" not in send(url).detail


def test_words_that_wake_a_whole_channel_are_broken():
    with inbox() as box:
        send(box.url, Message("@everyone", "@here <!channel> mail@all.example @all", ""))

    text = box.messages[0]["title"] + box.messages[0]["message"]
    assert not any(word in text for word in ("@everyone", "@here", "<!channel", "@all"))


def test_the_console_prints():
    out = io.StringIO()

    assert send("console:", stdout=out).outcome == "sent"
    assert MESSAGE.text in out.getvalue()


def test_a_closed_console_loses_nothing():
    out = io.StringIO()
    out.close()

    assert send("console:", stdout=out).outcome == "not_sent"


@pytest.mark.parametrize(
    ("logs", "outcome"),
    [
        ("error=400.", "rejected"),
        ("error=408.", "not_sent"),
        ("error=500.", "unknown"),
        ("Read timed out. (read timeout=15)", "unknown"),
        ("Failed to establish a new connection: [Errno 111] Connection refused", "not_sent"),
        ("NameResolutionError", "not_sent"),
        ("RemoteDisconnected", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_apprise_logs_has_its_outcome(logs, outcome):
    assert classify(logs)[0] == outcome


@pytest.mark.parametrize(
    ("logs", "detail"),
    [
        ("Socket Exception: (535, b'5.7.8 Error: authentication failed')", "the service did not accept the name or the password"),
        ("Socket Exception: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "no secure connection to the service"),
        ("Socket Exception: STARTTLS extension not supported by server.", "no secure connection to the service"),
        (
            "sending JSON notification to ssl.example.\nSocket Exception: Read timed out.",
            "the connection ended before the service answered",
        ),
    ],
)
def test_what_went_wrong_is_told_as_that(logs, detail):
    assert classify(logs)[1] == detail
