"""Bodies are decoded in steps, and known to be whole."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FetchError
from monitor.fetch.body import Body

MB = 1_000_000


def decoded(encoding, *chunks, cap=MB):
    body = Body(encoding, cap)
    for chunk in chunks:
        body.add(chunk)
    return body.finish()


def raw_deflate(data):
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


def reason(encoding, *chunks, cap=MB):
    with pytest.raises(FetchError) as caught:
        decoded(encoding, *chunks, cap=cap)
    return caught.value.reason


@given(st.binary(max_size=5000), st.integers(1, 700))
def test_what_was_packed_comes_out_whatever_the_chunks(data, step):
    packed = gzip.compress(data)

    assert decoded("gzip", *(packed[start : start + step] for start in range(0, len(packed), step))) == data


@pytest.mark.parametrize(
    ("encoding", "packed"),
    # The time in the head of a gzip stream would give each worker tests of other names.
    [
        ("", b"news"),
        ("identity", b"news"),
        ("UTF-8", b"news"),
        ("8bit", b"news"),
        ("gzip, utf-8", gzip.compress(b"news", mtime=0)),
        ("x-gzip", gzip.compress(b"news", mtime=0)),
        ("GZIP", gzip.compress(b"ne", mtime=0) + gzip.compress(b"ws", mtime=0)),
        ("gzip", gzip.compress(b"news", mtime=0) + b"\0\0"),
        ("deflate", zlib.compress(b"news")),
        ("deflate", raw_deflate(b"news")),
    ],
)
def test_every_usual_encoding_is_read(encoding, packed):
    assert decoded(encoding, packed) == b"news"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_cut_stream_is_no_body(encoding):
    packed = gzip.compress(b"news" * 999) if encoding == "gzip" else zlib.compress(b"news" * 999)

    assert reason(encoding, packed[:-9]) == "cut"


def test_a_bomb_ends_at_the_cap():
    assert reason("gzip", gzip.compress(bytes(50 * MB))) == "too_big"


def test_a_long_plain_body_ends_at_the_cap():
    assert reason("", b"x" * MB, b"x") == "too_big"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding):
    assert reason(encoding, b"x") == "encoding"


def test_what_is_not_what_the_server_says_is_refused():
    assert reason("gzip", b"<rss/>") == "encoding"


def test_no_body_is_empty():
    assert decoded("gzip") == b""
