"""Visits of real servers, most of them odd."""

import asyncio
import gzip
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from builders import NOON, feed

from monitor.core.document import Fetched, NotModified
from monitor.core.secret import Secret
from monitor.core.state import Validators
from monitor.errors import Blocked, FetchError
from monitor.fetch.client import Client, Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
BODY = b"<rss/>"


def answer(body=BODY, head=OK, **headers):
    lines = {"Content-Length": len(body), "Connection": "close", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return head + b"".join(f"{name}: {value}\r\n".encode() for name, value in lines.items() if value is not None) + b"\r\n" + body


def status(line, **headers):
    return answer(b"", f"HTTP/1.1 {line}\r\n".encode(), **headers)


@asynccontextmanager
async def server(respond):
    """Answers each request with ``respond(path, headers)``: bytes, or a coroutine function that gets the writer."""
    seen = []

    async def serve(reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
            seen.append((head[0].split()[1], headers))
            reply = respond(head[0].split()[1], headers)
            if callable(reply):
                await reply(writer)
            else:
                writer.write(reply)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1], seen
    finally:
        running.close()


def visit(respond, *, path="/feed", validators=Validators(), host="127.0.0.1", headers=(), shown=None, **limits):  # noqa: B008
    plain = {"concurrency": 10, "per_host": 2, "timeout": timedelta(seconds=5), "max_body_bytes": 100_000, "allow_private_networks": True}

    async def act():
        async with server(respond) as (port, seen):
            client = Client(Limits(**plain | limits), user_agent="test", now=lambda: NOON)
            try:
                address = f"http://{host}:{port}{path}"
                asked = feed(address=Secret(address), shown_url=shown or address, headers=headers)
                return await client(asked, validators), seen
            finally:
                await client.close()

    return asyncio.run(act())


def refusal(respond, **settings):
    with pytest.raises(FetchError) as caught:
        visit(respond, **settings)
    return caught.value


def test_a_body_comes_with_its_type_and_validators():
    fetched, seen = visit(lambda *_: answer(ETag='"1"', Last_Modified="yesterday"))

    assert isinstance(fetched, Fetched)
    assert (fetched.body, fetched.content_type, fetched.validators) == (BODY, "text/xml", Validators('"1"', "yesterday"))
    assert seen[0][1]["User-Agent"] == "test"
    assert "If-None-Match" not in seen[0][1]


def test_validators_are_sent_as_they_were_given():
    unchanged, seen = visit(lambda *_: status("304 Not Modified"), validators=Validators('W/"1"', "then"))

    assert unchanged == NotModified(Validators('W/"1"', "then"))
    assert (seen[0][1]["If-None-Match"], seen[0][1]["If-Modified-Since"]) == ('W/"1"', "then")


def test_an_unasked_304_is_an_error():
    assert refusal(lambda *_: status("304 Not Modified")).reason == "protocol"


def test_a_packed_body_is_unpacked():
    assert visit(lambda *_: answer(gzip.compress(BODY), Content_Encoding="gzip"))[0].body == BODY


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(b""), "empty"),
        (answer(Content_Length=999), "cut"),
        (answer(b"5\r\n<rss", Content_Length=None, Transfer_Encoding="chunked"), "cut"),
        (answer(b"x", Content_Length=200_000), "too_big"),
        (answer(b"x" * 200_000, Content_Length=None), "too_big"),
        (answer(gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"), "too_big"),
        (answer(Content_Encoding="br"), "encoding"),
        (status("404 Not Found"), "status"),
        (status("206 Partial Content"), "status"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
        (answer(X_Long="x" * 100_000), "protocol"),
        (b"", "connect"),
    ],
)
def test_an_odd_answer_has_its_reason(reply, reason):
    assert refusal(lambda *_: reply).reason in (reason, "protocol" if reason == "connect" else reason)


@pytest.mark.parametrize(("value", "seconds"), [("120", 120), ("Tue, 24 Nov 2026 12:01:00 GMT", 60), ("soon", None), ("-5", None)])
def test_a_wait_that_the_server_asks_for_is_told(value, seconds):
    error = refusal(lambda *_: status("503 Busy", Retry_After=value))

    assert (error.status, error.retry_after_s) == (503, seconds)


@pytest.mark.parametrize("value", [f"Tue, 24 Nov {'9' * 20} 12:01:00 GMT", f"Tue, 24 Nov 2026 12:01:00 +{'9' * 20}"])
def test_a_wait_until_a_date_of_twenty_digits_is_none(value):
    error = refusal(lambda *_: status("503 Busy", Retry_After=value))

    assert (error.reason, error.retry_after_s) == ("status", None)


def test_a_server_that_drips_is_ended_by_the_deadline():
    async def drip(writer):
        writer.write(answer(b"", Content_Length=1000))
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert refusal(lambda *_: drip, timeout=timedelta(seconds=0.3)).reason == "timeout"


def test_redirects_are_followed_and_a_permanent_one_is_told():
    def respond(path, _):
        return answer() if path == "/new" else status("301 Moved", Location="/new")

    fetched, _ = visit(respond)

    assert (fetched.body, fetched.permanent_url) == (BODY, fetched.url)


def test_a_permanent_redirect_of_an_address_with_a_secret_is_not_told():
    def respond(path, _):
        return answer() if path.startswith("/new") else status("301 Moved", Location="/new?token=geheim")

    assert visit(respond, path="/feed?token=geheim", shown="http://127.0.0.1/feed?token=***")[0].permanent_url is None


def test_an_unchanged_body_behind_a_permanent_redirect_tells_of_it():
    def respond(path, _):
        return status("304 Not Modified") if path == "/new" else status("308 Moved", Location="/new")

    unchanged, _ = visit(respond, validators=Validators('"1"'))

    assert unchanged.permanent_url.endswith("/new")


def test_a_temporary_redirect_is_not_permanent():
    assert visit(lambda path, _: answer() if path == "/new" else status("302 Found", Location="/new"))[0].permanent_url is None


@pytest.mark.parametrize("location", ["/feed", "ftp://x.example/", "http://[", "javascript:1", "http://"])
def test_a_redirect_that_leads_nowhere_is_refused(location):
    assert refusal(lambda *_: status("302 Found", Location=location)).reason in ("redirect", "scheme", "protocol")


def test_what_is_meant_for_one_site_is_not_told_another():
    def respond(path, headers):
        return (
            answer()
            if "localhost" in headers["Host"]
            else status("302 Found", Location=f"http://localhost:{headers['Host'].split(':')[1]}/")
        )

    _, seen = visit(respond, validators=Validators('"1"'), headers=(("Authorization", Secret("geheim")),))

    assert [headers.get("Authorization") for _, headers in seen] == ["geheim", None]
    assert "If-None-Match" not in seen[1][1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_ones_own_network_is_not_visited(host):
    error = refusal(lambda *_: answer(), host=host, allow_private_networks=False)

    assert isinstance(error, Blocked)
    assert "allow_private_networks" in str(error)


def test_an_address_that_holds_a_token_is_not_told():
    assert "geheim" not in str(refusal(lambda *_: status("500 Oh"), path="/feed?token=geheim"))


def test_a_host_that_does_not_answer_is_told():
    async def act():
        client = Client(Limits(1, 1, timedelta(seconds=5), 1000, True), user_agent="test", now=lambda: NOON)
        try:
            await client(feed(address=Secret("http://127.0.0.1:1/")), Validators())
        finally:
            await client.close()

    with pytest.raises(FetchError, match="no connection"):
        asyncio.run(act())


def test_suspects_that_hang_leave_slots_to_the_others():
    async def hang(writer):
        await asyncio.sleep(30)

    async def act():
        async with server(lambda path, _: hang if path == "/hang" else answer()) as (port, _):
            limits = Limits(4, 2, timedelta(seconds=20), 1000, True)
            client = Client(limits, user_agent="test", now=lambda: NOON)
            address = f"http://127.0.0.1:{port}"
            hanging = [
                asyncio.create_task(client(feed(address=Secret(f"{address}/hang")), Validators(), is_suspect=True)) for _ in range(5)
            ]
            async with asyncio.timeout(5):
                fetched = await client(feed(address=Secret(f"{address}/feed")), Validators())
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
            await client.close()
            return fetched

    assert asyncio.run(act()).body == BODY


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"Cache_Control": "public, max-age=600"}, 10),
        ({"Cache_Control": "max-age=600", "Age": "300"}, 5),
        ({"Cache_Control": "max-age=31536000"}, 24 * 60),
        ({"Cache_Control": "no-cache, max-age=600"}, None),
        ({"Cache_Control": "max-age=soon"}, None),
        ({"Cache_Control": "max-age=600", "Expires": "Tue, 24 Nov 2026 13:00:00 GMT"}, 10),
        ({"Expires": "Tue, 24 Nov 2026 12:20:00 GMT"}, 20),
        ({"Expires": "Tue, 24 Nov 2026 12:20:00 GMT", "Date": "Tue, 24 Nov 2026 12:10:00 GMT"}, 10),
        ({"Expires": "Tue, 24 Nov 2020 12:20:00 GMT"}, None),
        ({"Expires": "0"}, None),
        ({"Expires": f"Tue, 24 Nov {'9' * 20} 12:20:00 GMT"}, None),
        ({"Expires": f"Tue, 24 Nov 2026 12:20:00 +{'9' * 20}"}, None),
        ({}, None),
    ],
)
def test_a_cache_hint_is_told(headers, minutes):
    fetched, _ = visit(lambda *_: answer(**headers))

    assert fetched.fresh_for == (None if minutes is None else timedelta(minutes=minutes))


def test_a_host_that_asked_to_wait_is_left_alone_but_by_ones_own_fast_feeds():
    async def act():
        async with server(lambda *_: status("429 Slow", Retry_After="60")) as (port, seen):
            client = Client(Limits(4, 2, timedelta(seconds=5), 1000, True), user_agent="test", now=lambda: NOON)
            address = Secret(f"http://127.0.0.1:{port}/feed")
            reasons = []
            for interval in (timedelta(minutes=1), timedelta(minutes=1), timedelta(seconds=1)):
                with pytest.raises(FetchError) as caught:
                    await client(feed(address=address, interval=interval), Validators())
                reasons.append(caught.value.reason)
            await client.close()
            return reasons, len(seen)

    assert asyncio.run(act()) == (["status", "postponed", "status"], 2)
