"""The HTTP client: conditional GET, redirects by hand, one deadline, own slots."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.document import Fetched, NotModified
from monitor.core.model import Feed
from monitor.core.moves import host_of
from monitor.core.schedule import ADAPTS_FROM, DAY
from monitor.core.state import Validators
from monitor.errors import Blocked, FetchError, HostWaits
from monitor.fetch import headers as said
from monitor.fetch.body import STEP, Body
from monitor.fetch.guard import Forbidden, guarded_socket
from monitor.fetch.slots import SPACING_S, Hosts, Slots

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from yarl import URL

MAX_REDIRECTS = 5
CONNECT_S = 10.0
# Long enough for the next feed of the same host. Idle connections are closed all at once: with thousands of them,
# fifteen seconds' worth held up the event loop for 200 ms.
KEEP_S = 1.0
HEADER_BYTES = 16 * 1024
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.5"
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, how long, how large, and where."""

    concurrency: int
    per_host: int
    timeout: timedelta
    max_body_bytes: int
    allow_private_networks: bool
    spacing_s: float = SPACING_S


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of a visit: where to, with what, after how many redirects.

    ``is_permanent``: all of them were, and the address that was asked holds no secret that the new one might hold too.
    """

    url: URL
    headers: dict[str, str]
    is_permanent: bool
    redirects: int = 0

    @property
    def permanent_url(self) -> str | None:
        return str(self.url.with_user(None)) if self.redirects and self.is_permanent else None


class Client:
    """Fetch feeds. Lives in one event loop; ``close`` it there."""

    def __init__(self, limits: Limits, *, user_agent: str, now: Callable[[], datetime]) -> None:
        # Loading it takes a tenth of a second: now, and not in the middle of the first visit.
        import aiohttp  # noqa: F401

        self._limits = limits
        self._user_agent = user_agent
        self._now = now
        self._slots = Slots(limits.concurrency)
        self._hosts = Hosts(limits.per_host, limits.spacing_s)
        # Hosts that asked to be left alone: what was claimed before they did must not ask them either.
        self._waits: dict[str, datetime] = {}
        self._session: ClientSession | None = None

    async def __call__(self, feed: Feed, validators: Validators, *, is_suspect: bool = False) -> Fetched | NotModified:
        """Visit a feed. Raises ``FetchError``; its message never holds the address, which may be secret.

        The deadline begins when there is a slot: waiting behind others is not the feed's fault. Suspects, which
        failed before or were never seen to answer, get at most three quarters of the slots: those that hang do
        not keep the others waiting.
        """
        hop = self._first_hop(feed, validators)
        # The host first: those who wait for a busy host keep nobody else waiting.
        async with self._hosts.slot(hop.url.host or "", is_suspect=is_suspect), self._slots.taken(is_suspect=is_suspect):
            if self._waits and feed.interval >= ADAPTS_FROM:
                self._respect(host_of(str(hop.url)))
            try:
                async with asyncio.timeout(self._limits.timeout.total_seconds()):
                    return await self._visit(hop, validators)
            except TimeoutError as error:
                raise FetchError("timeout", f"no complete answer within {self._limits.timeout.total_seconds():g} s") from error
            except (OSError, ValueError) as error:
                raise _translate(error) from error

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def _respect(self, host: str) -> None:
        until, now = self._waits.get(host), self._now()
        if until is None:
            return
        if until <= now or until - now > DAY:
            del self._waits[host]
            return
        raise HostWaits(host, (until - now).total_seconds())

    async def _visit(self, hop: _Hop, validators: Validators) -> Fetched | NotModified:
        import aiohttp

        try:
            for _ in range(MAX_REDIRECTS + 1):
                async with self._open_session().get(hop.url, headers=hop.headers, allow_redirects=False) as response:
                    if response.status not in _REDIRECTS or "Location" not in response.headers:
                        return await self._answer(response, hop, validators)
                    hop = _next_hop(hop, response)
        except aiohttp.ClientError as error:
            raise _translate(error) from error
        raise FetchError("redirect", f"more than {MAX_REDIRECTS} redirects")

    async def _answer(self, response: ClientResponse, hop: _Hop, validators: Validators) -> Fetched | NotModified:
        sent = Validators(hop.headers.get("If-None-Match"), hop.headers.get("If-Modified-Since"))
        given = said.validators(response.headers)
        fresh_for = said.fresh_for(response.headers, self._now())
        if response.status == 304:
            if sent == Validators():
                raise FetchError("protocol", "304 though nothing was asked to compare with", status=304)
            kept = Validators(given.etag or validators.etag, given.last_modified or validators.last_modified)
            return NotModified(kept, hop.permanent_url, fresh_for)
        if response.status not in (200, 203):
            raise self._refusal(response)
        body = await self._read(response)
        if not body:
            raise FetchError("empty", "the answer has no body", status=response.status)
        url = str(hop.url.with_user(None))
        content_type = response.headers.get("Content-Type", "")[:200]
        return Fetched(url, response.status, body, content_type, given, hop.permanent_url, fresh_for)

    async def _read(self, response: ClientResponse) -> bytes:
        cap = self._limits.max_body_bytes
        if (response.content_length or 0) > cap:
            raise FetchError("too_big", f"the body is larger than {cap} bytes", status=response.status)
        body = Body(response.headers.get("Content-Encoding", ""), cap)
        async for chunk in response.content.iter_chunked(STEP):
            body.add(chunk)
            # Unpacking holds the loop; others get their turn between two steps.
            await asyncio.sleep(0)
        return body.finish()

    def _refusal(self, response: ClientResponse) -> FetchError:
        now, host = self._now(), host_of(str(response.url))
        wait = said.retry_after(response.headers.get("Retry-After", ""), now)
        if wait and response.status in (429, 503):
            self._waits[host] = now + min(timedelta(seconds=min(wait, 1e9)), DAY)
        reason = f"the server answered {response.status} {(response.reason or '')[:60]}".strip()
        return FetchError("status", reason, status=response.status, retry_after_s=wait, host=host)

    def _first_hop(self, feed: Feed, validators: Validators) -> _Hop:
        from yarl import URL

        try:
            # An address that is percent-encoded already may be signed: not a byte of it is changed.
            text = feed.address.reveal()
            url = URL(text, encoded="%" in text and text.isascii())
        except ValueError as error:
            raise FetchError("scheme", "the address cannot be read") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise FetchError("scheme", "only http and https addresses are visited")
        headers = {name: secret.reveal() for name, secret in feed.headers}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return _Hop(url, headers, is_permanent=text == feed.shown_url)

    def _open_session(self) -> ClientSession:
        if self._session is None:
            import aiohttp

            guard = None if self._limits.allow_private_networks else guarded_socket()
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_S, ttl_dns_cache=300, socket_factory=guard)
            self._session = aiohttp.ClientSession(
                connector=connector,
                trust_env=False,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
                max_line_size=HEADER_BYTES,
                max_field_size=HEADER_BYTES,
                headers={"User-Agent": self._user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"},
            )
        return self._session


def _next_hop(hop: _Hop, response: ClientResponse) -> _Hop:
    from yarl import URL

    try:
        target = hop.url.join(URL(response.headers["Location"]))
        if target.scheme not in ("http", "https") or not target.host:
            raise FetchError("redirect", "redirected to something else than http or https")
        is_other_origin = target.origin() != hop.url.origin()
    except ValueError as error:
        raise FetchError("redirect", "redirected to an address that cannot be read") from error
    if hop.url.scheme == "https" and target.scheme == "http":
        raise FetchError("redirect", "redirected from https to http, where anybody could change the news")
    # What was meant for one site is not told another: no token, no password, no validator.
    headers = {} if is_other_origin else hop.headers
    is_permanent = hop.is_permanent and response.status in _PERMANENT
    return _Hop(target.with_user(None) if target.user else target, headers, is_permanent, hop.redirects + 1)


def _translate(error: Exception) -> FetchError:
    """Turn an error of the library or the system into ours. Its message names hosts at most, never an address."""
    import aiohttp

    if isinstance(error, FetchError):
        return error
    cause = getattr(error, "os_error", None) or error.__cause__ or error
    for one in (error, cause, getattr(cause, "__cause__", None)):
        if isinstance(one, Forbidden):
            return Blocked(f"{one}; set allow_private_networks to visit such addresses")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError("dns", f"the host name {error.host} cannot be looked up")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(
            "tls", f"no secure connection: {getattr(cause, 'reason', None) or getattr(cause, 'verify_message', None) or cause}"
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("connect", f"no connection: {getattr(cause, 'strerror', None) or cause}")
    if isinstance(error, aiohttp.ServerTimeoutError):
        return FetchError("timeout", "no connection in time")
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError("cut", "the connection ended before the body did")
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError("scheme", "the address cannot be read")
    if isinstance(error, OSError) and not isinstance(error, aiohttp.ClientError):
        return FetchError("connect", f"the connection broke: {error.strerror or type(error).__name__}")
    return FetchError("protocol", f"not proper HTTP: {type(error).__name__}")
