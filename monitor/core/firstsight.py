"""What is noise at first sight, before a feed has shown what it repeats: a handful of patterns, and the dateline.

The patterns are general: a label that only sites write, or an address to the reader together with what the site wants of
them. None names a site. A paragraph is looked at as a whole; what is longer than ``LONGEST`` is never taken for noise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 700

# What the site wants of its reader, as an address: "Abonnieren Sie", "Jetzt anmelden", "Sign up". News tell of others who do so.
_ASK = (
    r"(?:\b(?:abonnier|bestell|meld|registrier|lad|hol|sicher|test|folg|entdeck|erhalt)(?:e|en|ieren|ern)? (?:sie|dir|uns)\b"
    r"|\b(?:jetzt|hier|gleich|kostenlos|gratis) (?:\w+ ){0,4}?(?:abonnieren|anmelden|bestellen|registrieren|testen|sichern|lesen|entlang)\b"
    r"|\b(?:hier entlang|sign(?:ing)? up|subscribe|register (?:now|here|for)|join us|follow us|get (?:the|our|your))\b)"
)
_NAME_AND_POST = (
    r"\S+(?: \S+){1,3} (?:ist|arbeitet als|schreibt als) (?:\S+ ){0,2}"
    r"\S*(?:reporter|redakteur|korrespondent|volontär|autor)(?:in)?\b.{0,120}$"
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What gives a kind of noise away, in lower case.

    ``labels`` stand at the beginning, after signs. ``anywhere`` is looked for only where one of ``words`` stands: most
    paragraphs have none, and are done with in microseconds.
    """

    reason: str
    labels: re.Pattern[str] | None = None
    words: tuple[str, ...] = ()
    anywhere: re.Pattern[str] | None = None


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


_SIGNS = (
    _Sign(
        # Links to other articles: the words after the label are their headlines.
        "related articles",
        _any(
            r"(?:lesen sie|lies|lest) (?:hier|auch|dazu|mehr|ausserdem|außerdem|weiter|zum thema|jetzt)\b",
            r"(?:auch interessant|mehr zum thema|mehr zu diesem thema|zum thema|passend dazu"
            r"|das könnte (?:sie|dich) (?:auch )?interessieren"
            r"|siehe auch|weiterlesen|weiterführende links?|meistgelesen)\b[^.]{0,250}$",
            r"(?:mehr (?:aus|von|über|lesen|dazu)|weitere (?:artikel|themen|nachrichten|meldungen))\b[^.]{0,60}$",
            r"ähnliche(?: artikel)?\s*:?$",
            r"(?:read (?:more|also|next)|more|related(?: articles| stories)?|see also|also read|you (?:may|might) also like) ?:",
            r"(?:read (?:more|also|next)|more (?:stories|news|from)\b.{0,60}|recommended|most read)\W*$",
            r"related (?:articles|stories|content)\W*$",
        ),
        ("for more stories", "liveblog"),
        # "… lesen Sie in unserem Liveblog": what stands before it sums up another story.
        _any(r"\bfor more stories like this\b", r"\b(?:entwicklungen|meldungen|in unserem|lesen sie)\b.{0,80}\bliveblog\W*$"),
    ),
    _Sign(
        "newsletter",
        _any(r"newsletters?\b[^.!?]{0,80}$", r"(?:hier|jetzt) newsletter \w+\W*$"),
        ("newsletter", "inbox", "updates"),
        _any(
            rf"{_ASK}.{{0,200}}newsletter",
            rf"newsletter.{{0,200}}{_ASK}",
            r"\bsign up (?:for|to|here)\b.{0,120}\b(?:alerts?|updates?|inbox)\b",
        ),
    ),
    _Sign(
        "app and channels",
        None,
        ("store", "google play", "folge", "folgst", "follow", "join us", "whatsapp", "telegram", "google news", "youtube"),
        _any(
            r"\b(?:die|unsere|kostenlose|our|the) (?:\S+[ -]){0,3}app\b[^.]{0,80}\b(?:app store|google play|play store)\b",
            r"\b(?:folge?n? (?:sie )?uns|folgst du (?:uns|schon)|follow us|join us on)\b",
            r"\bfollow \S{1,40} on (?:twitter|facebook|x|instagram|whatsapp)\b",
            r"\b(?:abonniere?n?|folge)\b.{0,80}\b(?:whatsapp|telegram|google news|youtube)\b",
            r"\bwhatsapp-?(?:kanal|channel)\b.{0,150}\b(?:abonnier|folg|update)",
        ),
    ),
    _Sign(
        # A site sends its readers to search engines for the item's title.
        "search hint",
        None,
        ("google", "bing"),
        _any(
            r"\b(?:nutzen?|nutzen sie|suchen? sie|suche|finden? sie|finde)\b.{0,60}\b(?:google|bing)\b.{0,300}\b(?:google|bing)\b",
            r"\b(?:bei|in|auf|mit) (?:google|bing)(?: \w+)? suchen\b",
        ),
    ),
    _Sign(
        "job advertisement",
        _any(r"(?:(?:aktuelle|unsere|weitere) |top-?)?stellenangebote\b[^.]{0,100}$"),
        ("/d)", "/x)", "/w)", "|d)", "/gn)"),
        _any(r"\((?:m|w|f|d|x|gn)[/|](?:m|w|f|d|x)(?:[/|](?:m|w|f|d|x|gn))?\)"),
    ),
    _Sign(
        "comment rules",
        _any(r"(?:schreib(?:e|en sie)?|hinterlasse?n?)\b.{0,30}\bkommentar\b", r"leave a (?:comment|reply)\W*$"),
        ("netiquette", "kommentarr", "community", "kommentar", "comment", "conversation", "e-mail-adresse"),
        _any(
            r"\b(?:netiquette|kommentarregeln|kommentarrichtlinien|community[- ]?(?:guidelines|richtlinien))\b.{0,200}$",
            r"\bkommentar(?:e|funktion)\b.{0,60}\b(?:moderiert|freigeschaltet|geschlossen|deaktiviert)\b",
            r"\be-mail-adresse wird nicht veröffentlicht\b",
            r"\b(?:comments are (?:closed|moderated)|join the conversation)\b",
        ),
    ),
    _Sign(
        "consent and advertising labels",
        _any(r"(?:anzeige|werbung|advertisement|sponsored|advertorial)\W*$"),
        ("extern", "drittplattformen", "cookie", "datenschutz", "privacy policy", "affiliate", "provision", "commission"),
        _any(
            r"\bexterne[rn]? inhalt|\bexternal content\b|\bexterne server\b|\bdrittplattformen\b",
            r"\b(?:verwende[nt]|nutz(?:en|t)|use|uses)\b.{0,40}\bcookies\b.{0,250}\b(?:akzeptier|zustimm|stimmen sie|accept|consent|agree)",
            r"\b(?:unsere|in den|mehr (?:dazu|informationen)|lesen sie)\b.{0,80}\bdatenschutz(?:erklärung|-?einstellungen|hinweise?)\b",
            r"\bklick für den datenschutz\b|\b(?:our|see the) privacy policy\b",
            r"\baffiliate-?links?\b|\berhalten wir (?:\w+ ){1,3}provision\b|\bwe may earn (?:a )?commission\b",
        ),
    ),
    _Sign(
        "subscription and support",
        _any(
            r"(?:(?:jetzt|\d+ \w+) ){1,2}(?:kostenlos|gratis|abonnieren|testen)\b[^.]{0,60}$",
            r"kostenlos (?:testen|registrieren)\b[^.]{0,60}$",
            r"(?:testen|informieren) sie (?:sich )?.{0,120}\b(?:kostenlos|gratis|abonnement|wochen)\b",
        ),
        ("journalismus", "unterstütz", "journalism", "abonnieren für"),
        _any(
            r"\bjournalismus braucht (?:ihre|deine)\b|\bunterstützen sie (?:uns|unsere|unabhängigen)\b|\bunterstütze (?:uns|unsere)\b",
            r"\bsupport (?:our|independent) journalism\b|\bsie können das unterstützen\b|\babonnieren für\b",
        ),
    ),
    _Sign(
        "note of the editors",
        _any(
            r"dieser (?:artikel|beitrag|text) (?:ist|erschien|wurde)\b.{0,40}\b(?:zuerst|ursprünglich)\b.{0,60}$",
            r"(?:dieses thema im programm|sendung):.{0,200}$",
        ),
        (
            "meinung",
            "artikel gefallen",
            "bewertung",
            "melden sie",
            "melden den fehler",
            "senden sie",
            "schreiben sie uns",
            "got a story",
            "get in touch",
        ),
        _any(
            r"\b(?:gastkommentare|gastbeiträge|namentlich gekennzeichnete)\b.{0,200}\bmeinung\b",
            r"\b(?:ihre|deine) meinung ist uns wichtig\b|\bhat ihnen dieser artikel gefallen\b|\bdurchschnittliche bewertung\b",
            r"\b(?:melden|senden|schreiben) sie uns\b|\bmelden sie den fehler\b|\bmelden sie vertraulich\b",
            r"\bgot a story\b|\bget in touch with our\b",
        ),
    ),
    _Sign(
        "author box",
        _any(
            r"(?:zur person|zum autor|zur autorin|über (?:den autor|die autorin)|d(?:er|ie) autor(?:in)?|about the author)\W*$",
            # "... ist Professor in Bonn": a box under the portrait, whose heading is the name.
            r"(?<=\.\.\. )(?:ist|war|arbeitet|lehrt|leitet|forscht|studierte|is|was|works|teaches)\b",
            _NAME_AND_POST,
        ),
    ),
    _Sign(
        "reading time, date and credit lines",
        _any(
            r"(?:lesedauer|lesezeit|reading time)\b.{0,30}$|\d+ (?:minuten?|min\.?) ?(?:lesezeit|lesedauer|read)\W*$",
            r"(?:stand|veröffentlicht|aktualisiert|(?:first )?published|(?:last )?updated)"
            r"(?: am| vom| on)?:? ?(?:\w+,? )?\d{1,4}[.:/ -].{0,40}$",
            r"(?:fotos?|bild(?:er|quelle)?|symbolbild|photo|picture|image|credit|quelle) ?:.{1,80}$",
            r"(?:(?<=©)|(?<=© )).{1,120}$|copyright\b.{1,160}$",
            r"(?:artikel )?(?:teilen|drucken|merken|kommentieren|share|print|embed|kommentare|comments)\W*$",
        ),
    ),
)
_SIGNS_BEFORE = re.compile(r"[\W_]*")
# Nearly all paragraphs show none of them: asked once, and not sign by sign.
_ANY_LABEL = _any(*(sign.labels.pattern for sign in _SIGNS if sign.labels is not None))
_ALL_WORDS = {word for sign in _SIGNS for word in sign.words}
# Where "kommentar" is not, "kommentarregeln" need not be looked for.
_ANY_WORD = tuple(word for word in sorted(_ALL_WORDS) if not any(other in word for other in _ALL_WORDS - {word}))


def reason_of(text: str) -> str | None:
    """Return why a paragraph is noise at first sight, or None."""
    if len(text) > LONGEST:
        return None
    low = " ".join(text.lower().replace("…", "... ").split())
    start = _SIGNS_BEFORE.match(low).end()  # type: ignore[union-attr]  # it matches nothing too
    if not _ANY_LABEL.match(low, start) and not any(map(low.__contains__, _ANY_WORD)):
        return None
    return next((sign.reason for sign in _SIGNS if _shows(sign, low, start)), None)


def _shows(sign: _Sign, low: str, start: int) -> bool:
    if sign.labels is not None and sign.labels.match(low, start):
        return True
    return sign.anywhere is not None and any(map(low.__contains__, sign.words)) and sign.anywhere.search(low) is not None


# News agencies sign datelines with these; a closed list, for places that are not written in capitals.
_AGENCY_NAMES = """
    dpa afp ap rtr reuters epd kna sid apa sda ats awp ots dts dapd ddp dj dpa-afx dpa-infocom tass efe ansa pap ritzau tt ntb belga anp cna
    bloomberg xinhua kyodo interfax ukrinform unian upi pti ani keystone-sda
"""
AGENCIES = frozenset(_AGENCY_NAMES.split())
_CAPITALS = r"[A-ZÄÖÜÀ-ÖØ-Þ][A-ZÄÖÜÀ-ÖØ-Þ.'’-]*(?:\s[A-ZÄÖÜÀ-ÖØ-Þ][A-ZÄÖÜÀ-ÖØ-Þ.'’-]+){0,3}"
_NAME = r"[A-ZÄÖÜÀ-ÖØ-Þ][\w.'’-]*(?:\s[\w.'’-]+){0,3}"
_REGION = r"[A-ZÄÖÜÀ-ÖØ-Þ][^\W\d]+(?:\s[^\W\d]+){0,2}"
_DATE = (
    r"\d{1,2}\.\s?(?:\d{1,2}\.|Jan\w*\.?|Feb\w*\.?|März|Mär\.|Apr\w*\.?|Mai|Jun\w*\.?|Jul\w*\.?|Aug\w*\.?|Sept?\w*\.?|Okt\w*\.?|Nov\w*\.?|Dez\w*\.?)(?:\s?\d{4})?"
    r"|(?:Jan|Feb|March|Apr|May|June|July|Aug|Sept?|Oct|Nov|Dec)\w*\.?\s\d{1,2}"
)
_END = r"\s*[–—―-]{1,2}\s+"
_DATELINE = re.compile(
    rf"^\s*(?:(?P<capitals>{_CAPITALS}(?:\s?[/,]\s?{_CAPITALS})*)|(?P<names>{_NAME}(?:\s?[/,]\s?{_NAME}){{0,3}}))"
    rf"(?:,\s(?:{_REGION}))?(?:,?\s(?P<date>{_DATE}))?(?:\s?\((?P<source>[^()\n]{{2,60}})\)|\s?/(?P<agency>[a-z]{{2,8}}))?{_END}"
)
_LETTERS = re.compile(r"[^\W\d_]+")


def dateline(text: str, names: Sequence[str]) -> int:
    """Return where the dateline at the beginning of a paragraph ends; 0 if there is none.

    "WASHINGTON / MÜNCHEN (IT MUSTERWELT) – ", "BERLIN, 12. März (dpa) – ", "Kiew (AFP) - ". Places in capitals need a source
    or a date; others a source that is an agency or one of ``names`` (of the feed): "Scholz (SPD) – " is none.
    """
    found = _DATELINE.match(text[:200])
    if found is None:
        return 0
    source = found["source"] or found["agency"] or ""
    if found["capitals"] and (source or found["date"]) and len(_plain(found["capitals"])) > 2:
        return found.end()
    return found.end() if source and (_is_agency(source) or _is_name(source, names)) else 0


def _is_agency(source: str) -> bool:
    return any(part.strip().lower() in AGENCIES or part.split()[0].lower() in AGENCIES for part in source.split("/") if part.strip())


def _is_name(source: str, names: Sequence[str]) -> bool:
    plain = _plain(source)
    return len(plain) > 3 and any(plain in _plain(name) or (len(_plain(name)) > 3 and _plain(name) in plain) for name in names)


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()
