"""Alert -> Message, with Jinja. The operator's templates before the shipped ones; feed text is data, never a template."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.delivery import Alert, Message
from monitor.core.diff import Edit, changes_of
from monitor.core.excerpt import Piece, excerpt
from monitor.core.health import SourceAlert
from monitor.core.model import FIELDS, Field
from monitor.core.sample import sample_alert, sample_source_alert
from monitor.core.schedule import in_hours
from monitor.core.trouble_words import words_of
from monitor.errors import TemplateError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

MAX_TITLE = 200
MAX_BODY = 200_000
_BLANK_LINES = re.compile(r"\n{3,}")
_TAGS = re.compile(r"<[^<>]*>")

_FORMS = ("txt", "html")
_FACTS = ("url", "guid", "authors", "categories", "language", "publisher", "publisher_url")

_WORDS = {
    "de": {
        "info": "Hinweis",
        "warning": "Warnung",
        "critical": "Dringend",
        "new": "neu",
        "updated": "geändert",
        "published": "veröffentlicht",
        "by": "von",
        "why": "Treffer",
        "changed": "Geändert",
        "late": "verspätet um",
        "inflected": "gebeugt",
        "genitive": "Genitiv",
        "alias": "Name",
        "acronym": "Kürzel",
        "source": "Quelle",
        "since": "Seit",
        "via": "über",
        "comment_on": "Kommentar zu",
    },
    "en": {
        "info": "Note",
        "warning": "Warning",
        "critical": "Urgent",
        "new": "new",
        "updated": "updated",
        "published": "published",
        "by": "by",
        "why": "Found",
        "changed": "Changed",
        "late": "late by",
        "inflected": "inflected",
        "genitive": "genitive",
        "alias": "alias",
        "acronym": "acronym",
        "source": "Source",
        "since": "Since",
        "via": "via",
        "comment_on": "Comment on",
    },
}


class Renderer:
    """Renders alerts with the templates of some directories, of which the first that has a template wins."""

    def __init__(self, directories: Sequence[Path], *, language: str, timezone: tzinfo) -> None:
        self._words = _WORDS.get(language.partition("-")[0], _WORDS["en"])
        self._language = language
        self._timezone = timezone
        self._directories = tuple(directories)

    def __call__(self, alert: Alert | SourceAlert) -> Message:
        """Return the message of an alert. Raises ``TemplateError``."""
        values = self._values_of(alert)
        forms = self._forms(alert.template)
        plain = self._rendered(self._text, f"{alert.template}.txt.j2", values) if "txt" in forms else None
        marked = self._rendered(self._html, f"{alert.template}.html.j2", values) if "html" in forms else None
        if plain is None and marked is None:
            raise TemplateError(f"there is no template {alert.template}.txt.j2 and no {alert.template}.html.j2")
        title, text = plain or (html.unescape(marked[0]), _text_of(marked[1])) if marked else plain or ("", "")
        body = marked[1] if marked else html.escape(text).replace("\n", "<br>")
        return Message(_one_line(title) or _plain_title(alert), text, body, alert.severity)

    def check(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what is wrong with the named templates: they are rendered with a sample, and no part may name what is not there."""
        problems = []
        for name in names:
            now = datetime(2026, 1, 1, tzinfo=UTC)
            sample = sample_source_alert(now) if name == "source" else _with_template(sample_alert(now, self._language), name)
            try:
                self(sample)
            except TemplateError as error:
                problems.append(str(error))
            else:
                problems += self._unknown(name, self._values_of(sample))
        return tuple(problems)

    def _forms(self, name: str) -> tuple[str, ...]:
        """Return the forms of a template where it is found first: the other half of a shipped one does not fit to one's own."""
        found = (tuple(form for form in _FORMS if (directory / f"{name}.{form}.j2").is_file()) for directory in self._directories)
        return next(filter(None, found), ())

    def _unknown(self, name: str, values: dict[str, object]) -> list[str]:
        """Return the unknown variables of a template's parts that a sample does not show, such as what an edit changed."""
        from jinja2 import TemplateNotFound
        from jinja2.meta import find_undeclared_variables

        problems = []
        for environment, file in ((self._text, f"{name}.txt.j2"), (self._html, f"{name}.html.j2")):
            with suppress(TemplateNotFound):
                source, _, _ = environment.loader.get_source(environment, file) if environment.loader else ("", None, None)
                unknown = find_undeclared_variables(environment.parse(source)) - values.keys() - environment.globals.keys()
                problems += [f"{file}: '{variable}' is undefined" for variable in sorted(unknown)]
        return problems

    def _values_of(self, alert: Alert | SourceAlert) -> dict[str, object]:
        return self._source_values(alert) if isinstance(alert, SourceAlert) else self._values(alert)

    def _values(self, alert: Alert) -> dict[str, object]:
        stored = alert.item
        item = stored.item
        texts: dict[Field, str] = {"title": item.title, "summary": item.summary, "content": item.content}
        return {
            "alert": {
                "rule": alert.rule,
                "severity": alert.severity,
                "matched_at": alert.matched_at,
                "revision": alert.revision,
                "is_update": alert.revision > 1,
            },
            "item": {
                **{field: getattr(item, field) for field in (*FIELDS, *_FACTS)},
                "published": item.published,
                "updated": item.updated,
                "dated": item.dated,
                "first_seen": stored.first_seen,
                "id": stored.id,
                "kind": stored.kind,
            },
            "rule": alert.rule,
            "feed": {"name": stored.feed, "title": alert.feed_title, "tags": alert.tags},
            "matches": alert.evidence,
            "excerpt": _best_excerpt(alert, texts),
            "why": self._why(alert),
            "story": None,
            "url_back": "",
            "word": self._words,
            "diff": _diff(alert),
            "late": _late(alert),
            "article": alert.article,
        }

    def _source_values(self, alert: SourceAlert) -> dict[str, object]:
        words = words_of(alert.trouble, self._language)
        return {
            "alert": {
                **{name: getattr(alert, name) for name in ("trouble", "severity", "since", "began", "ended", "detail")},
                "is_over": alert.ended is not None,
            },
            "feed": {"name": alert.feed, "title": alert.feed_title, "tags": alert.tags, "url": alert.url},
            "says": words.over if alert.ended else words.began,
            "advice": words.advice,
            "url_back": "",
            "word": self._words,
        }

    def _why(self, alert: Alert) -> list[str]:
        """Return each found word once, with its term if that is written otherwise."""
        found = {}
        for one in alert.evidence:
            same = one.entity is not None or one.text.casefold() == one.term.casefold()
            listed = f"{one.text} [{one.entity_id}]" if one.entity_id else one.text
            found[listed] = listed if same else f"{one.text} ({one.term})"
        return list(found.values())

    def _rendered(self, environment: Environment, name: str, values: dict[str, object]) -> tuple[str, str] | None:
        import jinja2

        try:
            template = environment.get_template(name)
            title = _block(template, "title", values) if "title" in template.blocks else ""
            body = _block(template, "body", values) if "body" in template.blocks else template.render(values)
        except jinja2.TemplateNotFound as error:
            if error.name == name:
                return None
            raise TemplateError(f"{name}: there is no template {error.name}") from error
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{error.filename or name}:{error.lineno}: {error.message}") from error
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise TemplateError(f"{name}: {error}") from error
        return title, _tidy(body)[:MAX_BODY]

    def _when(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(self._timezone)
        return local.strftime("%d.%m.%Y %H:%M") if self._words is _WORDS["de"] else local.strftime("%Y-%m-%d %H:%M")

    @cached_property
    def _text(self) -> Environment:
        return self._environment(is_html=False)

    @cached_property
    def _html(self) -> Environment:
        return self._environment(is_html=True)

    def _environment(self, *, is_html: bool) -> Environment:
        # Loaded with the first alert: most polls have none.
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        # Said outright: by the end of its name, "alert.html.j2" would not count as HTML.
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self._directories),
            undefined=StrictUndefined,
            autoescape=is_html,
            finalize=lambda value: "" if value is None else value,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["when"] = self._when
        return environment


def _diff(alert: Alert) -> tuple[Edit, ...]:
    """Return what the edit changed, or nothing for a new item and where the revision before is forgotten."""
    item = alert.item.item
    return changes_of(alert.before, item.title, item.summary, item.content) if alert.before else ()


def _late(alert: Alert) -> str:
    late = alert.item.late
    return in_hours(late) if late and alert.revision == 1 else ""


def _block(template: Template, name: str, values: dict[str, object]) -> str:
    return "".join(template.blocks[name](template.new_context(values)))


def _best_excerpt(alert: Alert, texts: Mapping[Field, str]) -> tuple[Piece, ...]:
    # A hit in the title is seen there; what stands in the text says more.
    order: tuple[Field, ...] = ("content", "summary")
    for field in order:
        if any(one.field == field for one in alert.evidence):
            return excerpt(texts[field], field, alert.evidence)
    return excerpt(texts["summary"] or texts["content"], "summary", ())


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MAX_TITLE]


def _text_of(markup: str) -> str:
    return html.unescape(_TAGS.sub("", markup.replace("<br>", "\n").replace("</p>", "\n")))


def _plain_title(alert: Alert | SourceAlert) -> str:
    about = f"{alert.feed}: {alert.trouble}" if isinstance(alert, SourceAlert) else f"{alert.rule}: {alert.item.item.title}"
    return about[:MAX_TITLE]


def _with_template(alert: Alert, name: str) -> Alert:
    from dataclasses import replace

    return replace(alert, template=name)
