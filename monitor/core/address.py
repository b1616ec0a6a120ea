"""Addresses, for comparing only: what of an address says which page it is.

Two addresses that differ only in how the visitor came are one page; two that might be two pages stay two: an item too
many is a nuisance, an item too few is lost news. So parameters are left out by how their names are built, and only where
nobody names content so: ``sid``, ``cid`` and ``id`` stay, though some sites mean a session or a campaign by them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Families of names: "utm_source", "mtm_campaign", "hsa_cam", "at_medium", "_hsenc", "mc_cid" …
_PREFIXES = "utm_ mtm_ pk_ piwik_ matomo_ wt_ at_ ns_ hsa_ itm_ oly_ vero_ trk_ gad_ fb_ mc_ mkt_ tw_ sms_ gdf _hs __hs _ga _gl _k _b sc_"
# Identifiers of a click: fbclid, gclid, msclkid, irclickid, gbraid …
_SUFFIXES = "clid clkid clickid kwcid braid _cid"
_NAMES = """
    igshid gclsrc srsltid ncid icid cmpid cmp campid campaignid campaign_id wtmc wt.mc_id xtor ito ref_src ref_url referrer referer
    ef_id epik
    partnerid affiliate phpsessid jsessionid aspsessionid sessionid session_id
"""
_STARTS = tuple(_PREFIXES.split())
_ENDS = tuple(_SUFFIXES.split())
_EXACT = frozenset(_NAMES.split())
# Where "ref" names the page it is on, or a channel, it says how the visitor came; any other value may name content.
_CHANNELS = frozenset(["rss", "feed", "atom", "newsletter", "mail", "email", "twitter", "facebook", "telegram"])

_ESCAPED_AND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_BROKEN = re.compile(r"[\t\r\n]")
_BEFORE_QUERY = re.compile(r"^[^?#]*")
_DOTS = re.compile(r"/\.{1,2}(?:/|$)")
_SLASHES = re.compile(r"(?<!:)//+")
_IS_EVEN = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@-]*")
# A browser's own mark in the fragment, "#:~:text=…": which words to show (WICG scroll-to-text-fragment).
_SHOWN = re.compile(r":~:.*", re.DOTALL)


# Most guids are the address once more, and a document that is read whole lists what it listed before.
@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the address without what does not identify: scheme, ``www.``, default port, tracking parameters, a final slash.

    Percent-encoding is made even, the order of parameters is that of their names. Only for comparing, never for visiting.
    Never raises; what cannot be read is returned as it is. Source: RFC 3986, 6.2.2 and 6.2.3; WHATWG URL, 4.4 for line
    breaks and backslashes in addresses; the parameters are those that publishers were seen to add and change from poll to poll.
    """
    try:
        parts = urlsplit(_with_slashes(_ESCAPED_AND.sub("&", _BROKEN.sub("", url)).strip()))
        host = _host(parts.hostname or "")
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return url.strip()
    path = _SESSION.sub("", _SLASHES.sub("/", _without_dots(_even(parts.path)))).rstrip("/ ")
    # The fragment stays: comments differ by nothing but "#comment-12". Tracking in it does not.
    shown = _SHOWN.sub("", parts.fragment)
    fragment = "" if _is_only_tracking(shown) else _encoded(shown)
    return urlunsplit(("", host + port, path, _query(parts.query, host), fragment)).strip()


def path_of(url: str) -> str:
    """Return the canonical address without its host: what stays when a whole site moves. "" if there is no path to speak of."""
    _, _, rest = canonical_url(url).removeprefix("//").partition("/")
    return rest


def _with_slashes(url: str) -> str:
    # To browsers a backslash is a slash, up to the parameters; some sites on Windows write it.
    return _BEFORE_QUERY.sub(lambda part: part[0].replace("\\", "/"), url, count=1)


def _host(name: str) -> str:
    plain = unquote(name).rstrip(".").removeprefix("www.")
    if ":" in plain:
        return str(ip_address(plain.partition("%")[0]))
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def _query(query: str, host: str) -> str:
    if "=" not in query:
        # "?crop/1420x708/format/webp" is no list of parameters.
        return _encoded(query.strip("&"))
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if not _is_tracking(name, value, host)]
    return urlencode(sorted(kept, key=lambda pair: pair[0]), errors="surrogateescape")


def _is_tracking(name: str, value: str, host: str) -> bool:
    lower = name.lower().removeprefix("amp;")
    if lower in ("ref", "source", "src", "from"):
        return value.lower() in _CHANNELS or _is_host(value, host)
    return lower in _EXACT or lower.startswith(_STARTS) or lower.endswith(_ENDS)


def _is_host(value: str, host: str) -> bool:
    named = value.lower().rstrip("/").rpartition("//")[2].removeprefix("www.")
    return "." in named and (host == named or host.endswith("." + named) or named.endswith("." + host))


def _is_only_tracking(fragment: str) -> bool:
    pairs = parse_qsl(fragment, keep_blank_values=True, errors="surrogateescape") if "=" in fragment else []
    return bool(pairs) and all(_is_tracking(name, value, "") for name, value in pairs)


def _encoded(text: str) -> str:
    # What is encoded stays so: in parameters "%26" is not "&".
    return quote(text, safe="%!$&()*+,/:;=?@[]^{|}~", errors="surrogateescape")


def _even(path: str) -> str:
    # What is encoded without need is decoded, what needs it is encoded, in capitals: "%7Efoo" is "~foo", "ü" is "%C3%BC".
    if _IS_EVEN.fullmatch(path):
        return path
    return "%2F".join(_segment(part) for part in re.split("%2[fF]", path))


def _segment(text: str) -> str:
    return quote(unquote(text, errors="surrogateescape"), safe="/~!$&'()*+,;=:@", errors="surrogateescape")


def _without_dots(path: str) -> str:
    if not _DOTS.search(path):
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            # The first part is the empty one before the first slash: above it there is nothing.
            del kept[max(len(kept) - 1, 1) :]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)
