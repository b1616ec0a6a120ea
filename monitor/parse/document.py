"""Which format is it? And whatever happens while reading it: one kind of error."""

from __future__ import annotations

import logging
from datetime import datetime

from monitor.core.document import Parsed
from monitor.errors import ParseError
from monitor.parse.jsonfeed import looks_like_json, parse_json
from monitor.parse.xml import parse_xml

log = logging.getLogger(__name__)


def parse(body: bytes, content_type: str, url: str, now: datetime) -> Parsed:
    """Read a body as RSS, Atom, RDF or JSON Feed, whatever its type says.

    ``url`` is where the body came from, ``now`` tells dates that cannot be. Raises ``ParseError``.
    """
    try:
        if looks_like_json(body):
            return parse_json(body, url, now)
        return parse_xml(body, content_type, url, now)
    except ParseError:
        raise
    except MemoryError as error:
        raise ParseError("reading it took more memory than a feed may") from error
    except Exception as error:
        # Feeds have raised Unicode, recursion, key and attribute errors out of the parser: the data's fault, one feed's failure.
        log.debug("the parser raised", exc_info=error)
        raise ParseError(f"the parser gave up: {type(error).__name__}: {error}"[:200]) from error
