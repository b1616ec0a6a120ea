"""The dictionary's answers, kept in a file: a word is looked up once a machine, not once a start."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

log = logging.getLogger(__name__)

# Changes with the way forms are found, so that answers found the old way are not used.
FORMAT = 2
LOOKUP_S = 120


@dataclass(frozen=True, slots=True)
class Inflection:
    """The forms of a word, itself first. ``is_noun``: in German it is written with a capital letter."""

    forms: tuple[str, ...]
    is_noun: bool


Answers = dict[str, tuple[list[str], bool]]


def ask_dictionary(language: str, words: Collection[str]) -> Answers:
    """Look words up in a child process, whose memory is given back when it ends."""
    program = (
        f"import sys; sys.path.append({str(Path(__file__).resolve().parents[2])!r}); from monitor.match.dictionary import main; main()"
    )
    question = json.dumps({"language": language, "words": sorted(words)})
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], input=question, capture_output=True, text=True, timeout=LOOKUP_S, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        log.error("the dictionary cannot be read, terms match as they are written", extra={"language": language, "reason": last})
        return {}
    answers: Answers = json.loads(done.stdout)
    return answers


class Lexicon:
    """Inflected forms by language. A language without a dictionary has none: its terms match as they are written."""

    def __init__(self, directory: Path, ask: Callable[[str, Collection[str]], Answers] = ask_dictionary) -> None:
        self._directory = directory
        self._ask = ask
        self._known: dict[str, dict[str, Inflection]] = {}

    @classmethod
    def open(cls, directory: Path) -> Lexicon:
        """Use the answers that are kept in a directory, which need not exist yet."""
        return cls(directory)

    def inflections(self, words: Collection[str], language: str) -> dict[str, Inflection]:
        """Return the forms of these words; a word that the dictionary cannot help with has itself only."""
        known = self._known.setdefault(language, {}) or self._read(language)
        self._known[language] = known
        if missing := set(words) - known.keys():
            answers = self._ask(language, missing)
            known |= {word: Inflection(tuple(forms), is_noun) for word, (forms, is_noun) in answers.items()}
            known |= {word: Inflection((word,), word[:1].isupper()) for word in missing - known.keys()}
            if answers:
                self._write(language, known)
        return {word: known[word] for word in words}

    def _path(self, language: str) -> Path:
        return self._directory / f"forms-{language}-{version('simplemma')}-{FORMAT}.json"

    def _read(self, language: str) -> dict[str, Inflection]:
        try:
            stored: Answers = json.loads(self._path(language).read_text(encoding="utf-8"))
            return {word: Inflection(tuple(forms), bool(is_noun)) for word, (forms, is_noun) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            # Not there, or spoilt: the dictionary is asked again.
            return {}

    def _write(self, language: str, known: dict[str, Inflection]) -> None:
        text = json.dumps({word: [one.forms, one.is_noun] for word, one in sorted(known.items())}, ensure_ascii=False)
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._directory)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._path(language))
        except OSError as error:
            log.info("the forms of words cannot be kept, they are looked up at every start", extra={"reason": str(error)})
            with contextlib.suppress(OSError, UnboundLocalError):
                Path(name).unlink(missing_ok=True)
