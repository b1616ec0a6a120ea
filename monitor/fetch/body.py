"""Decode a body in small steps, with a cap on what comes in and on what comes out, and see whether it is whole.

HTTP libraries return half a gzip stream as a whole body, and unpack a bomb before anyone can look.
"""

from __future__ import annotations

import zlib

from monitor.errors import FetchError

STEP = 64 * 1024
# The registered ones (RFC 9110, 16.6.1); "identity" among them is none.
_CODINGS = frozenset(
    ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm"]
)
_GZIP = 31
_ZLIB = 15
_RAW = -15


class Body:
    """Takes chunks as they come from the wire; ``finish`` gives the decoded whole.

    Raises ``FetchError``: "too_big", "encoding", "cut".
    """

    def __init__(self, encoding: str, cap_bytes: int) -> None:
        self._cap = cap_bytes
        self._wire = 0
        self._out = bytearray()
        self._encoding = _coding(encoding)
        self._decoder = _decoder(self._encoding)
        self._is_ended = False

    def add(self, chunk: bytes) -> None:
        """Take the next chunk, of at most ``STEP`` bytes or so."""
        self._wire += len(chunk)
        if self._wire > self._cap:
            raise FetchError("too_big", f"the body is larger than {self._cap} bytes")
        if self._decoder is None:
            self._out += chunk
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise FetchError("encoding", f"the body is not {self._encoding}, though the server says so: {error}") from error

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._decoder is not None and self._wire and not self._is_ended:
            raise FetchError("cut", f"the {self._encoding} stream ends before its end mark")
        return bytes(self._out)

    def _inflate(self, chunk: bytes) -> None:
        while chunk:
            if self._is_ended:
                # gzip: another member follows (RFC 1952, 2.2), or padding, which is ignored.
                if self._encoding == "deflate" or not chunk.startswith(b"\x1f\x8b"):
                    return
                self._decoder, self._is_ended = zlib.decompressobj(_GZIP), False
            assert self._decoder is not None
            chunk = self._step(chunk)

    def _step(self, chunk: bytes) -> bytes:
        assert self._decoder is not None
        try:
            self._out += self._decoder.decompress(chunk, STEP)
        except zlib.error:
            # "deflate" is zlib (RFC 9110, 8.4.1.2), but some servers send the bare stream.
            if self._encoding != "deflate" or self._out or self._wire > len(chunk):
                raise
            self._decoder = zlib.decompressobj(_RAW)
            self._out += self._decoder.decompress(chunk, STEP)
        if len(self._out) > self._cap:
            raise FetchError("too_big", f"the body is larger than {self._cap} bytes when unpacked")
        self._is_ended = self._decoder.eof
        return self._decoder.unused_data if self._is_ended else self._decoder.unconsumed_tail


def _coding(header: str) -> str:
    """Return how a body is packed, by its Content-Encoding. What is no coding at all ("UTF-8", "8bit") packs nothing."""
    named = [name for one in header.lower().split(",") if (name := one.strip())]
    return ", ".join(name for name in named if name in _CODINGS)


def _decoder(encoding: str) -> zlib._Decompress | None:
    if not encoding:
        return None
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(_GZIP)
    if encoding == "deflate":
        return zlib.decompressobj(_ZLIB)
    raise FetchError("encoding", f"the server sent an encoding that was not asked for: {encoding[:40]!r}")
