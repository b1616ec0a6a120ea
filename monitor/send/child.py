"""What runs in a sender's child: Apprise, with one fresh object and one address a call.

A reused object sleeps between mails; a pool of threads is wedged by a few slow receivers; neither can happen here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from monitor.children.serving import serve
from monitor.send.outcome import classify

CONNECT_S = 10
READ_S = 15
MAX_SUBJECT_BYTES = 240
# Below what the services take, for what Apprise and the service add; in characters.
_LIMITS = {"tgram": 3500, "discord": 1900, "slack": 3000}
_LOUD = re.compile(r"@(?=(?:everyone|here|channel|all)\b)|<(?=!)", re.IGNORECASE)
_ZERO_WIDTH = "\u200b"
# Of what Apprise logs below WARNING only this tells of the service; the rest shows the message.
_FAILURE = re.compile(r"[\w/ !]+ (?:Exception|connect failed): ")


def answer(question: dict[str, Any], _: bytes) -> Iterable[object]:
    """Yield [outcome, detail] of a message; or [why an address is none ("" if it is one), the class of its service]."""
    match question["do"]:
        case "load":
            yield [_plugin(service) is not None for service in question["services"]]
        case "describe":
            yield list(_described(question["url"]))
        case _:
            yield list(_send(question))


def _send(question: dict[str, Any]) -> tuple[str, str]:
    import apprise

    service = _service(question["url"], question["service"])
    if service is None:
        return "rejected", "not an address that Apprise knows"
    # Never Markdown, and never no format: both let feed text through as markup.
    is_html = _takes_html(service, question["url"]) and not question["prefer_text"]
    body = question["html"] if is_html else question["text"]
    title = question["title"]
    if service.title_maxlen <= 0:
        # Apprise would paste the title into the body, unescaped; ours stands in the body already.
        title = ""
    limit = min(_LIMITS.get(_scheme(question["url"]), service.body_maxlen), service.body_maxlen)
    body = _quiet(body)
    if len(body) > limit:
        # Cut HTML would end in the middle of a tag.
        is_html, body = False, _cut(_quiet(question["text"]), limit)
    # A feed must not write encoded words, which a mail's reader would decode.
    title = _cut_bytes(_quiet(title).replace("=?", f"={_ZERO_WIDTH}?"), min(MAX_SUBJECT_BYTES, max(service.title_maxlen, 1)))
    kinds = {"info": apprise.NotifyType.INFO, "warning": apprise.NotifyType.WARNING, "critical": apprise.NotifyType.FAILURE}
    logs = _Capture()
    with logs:
        notifier = apprise.Apprise(asset=_asset())
        notifier.add(service)
        form = apprise.NotifyFormat.HTML if is_html else apprise.NotifyFormat.TEXT
        is_sent = notifier.notify(body=body, title=title, notify_type=kinds[question["severity"]], body_format=form)
    return ("sent", "") if is_sent else classify(logs.text)


def _takes_html(service: Any, url: str) -> bool:
    """Say whether a service shows HTML: by itself, as mails do, or because its address asks for it."""
    import apprise

    # With HTML, Telegram reads the title as HTML as well, which a feed wrote. Of a text Apprise escapes both.
    return service.resolve_format() == apprise.NotifyFormat.HTML and _scheme(url) != "tgram"


def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(
        app_id="feedmonitor",
        app_desc="feedmonitor",
        service_timeout=0,
        http_redirects=False,
        async_mode=False,
        secure_logging=True,
        interpret_escapes=False,
        interpret_emojis=False,
        allow_templates=False,
        payload_max_size=32768,
    )


def _service(url: str, known_as: str | None) -> Any:
    import apprise

    return _known_service(_with_timeouts(url), known_as) or apprise.Apprise.instantiate(_with_timeouts(url), asset=_asset())


def _known_service(url: str, known_as: str | None) -> Any:
    """Return the service of an address by its class, as Apprise makes it; None if that does not work, and Apprise is to find it.

    Apprise loads all its services, 130 modules, to find one.
    """
    plugin = _plugin(known_as) if known_as else None
    try:
        parsed = plugin.parse_url(url.replace("/#", "/%23")) if plugin else None
        return plugin(**parsed | {"asset": _asset(), "tag": set()}) if plugin and parsed else None
    except Exception:  # noqa: BLE001  # whatever a plugin raises: Apprise takes every kind for "no address", and is asked next
        return None


def _plugin(known_as: str) -> Any:
    module, _, name = known_as.partition(":")
    # The words come from a file: only Apprise's own services may be loaded by them.
    if not module.startswith("apprise.plugins."):
        return None
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None


def _described(url: str) -> tuple[str, str]:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
        return "is no Apprise address; expected service://…", ""
    service = _service(url, None)
    if service is None:
        return f"is no address that Apprise knows ({_scheme(url)}://…); see https://appriseit.com/services/", ""
    return "", f"{type(service).__module__}:{type(service).__qualname__}"


def _with_timeouts(url: str) -> str:
    if re.search(r"[?&](rto|cto)=", url):
        return url
    return f"{url}{'&' if '?' in url else '?'}rto={READ_S}&cto={CONNECT_S}"


def _scheme(url: str) -> str:
    return urlsplit(url).scheme.lower()


def _quiet(text: str) -> str:
    """Break the words that would wake a whole channel: feeds must not."""
    return _LOUD.sub(lambda found: found[0] + _ZERO_WIDTH, text)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 2, 0)].rstrip() + " …"


def _cut_bytes(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - 4].decode("utf-8", "ignore").rstrip() + "…"


class _Capture(logging.Handler):
    """Keeps in memory what Apprise logs of the service during one call.

    What it logs of the message is left out: a title with "450 Menschen" in it must not pass for the answer 450.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.levelno >= logging.WARNING or _FAILURE.match(line):
            self.text = (self.text + "\n" + line)[-20_000:]

    def __enter__(self) -> _Capture:
        for name in ("apprise",):
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG)
            logger.propagate = False
            logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)


def main() -> None:
    """Serve the parent. Apprise is loaded before the first question, so that no message pays for it."""
    import_module("apprise")
    serve(answer)
