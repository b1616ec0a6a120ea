"""feedparser as it is set up for speed reads what feedparser reads."""

import subprocess
import sys
from io import BytesIO
from xml.sax.handler import ContentHandler

from feedparser import html, mixin

from monitor.parse.sax import create_parser, fast_feedparser

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Caf\u0080 \u0094 \u2103 \u4e16 Zoë</title>
<entry><id>a</id><title type="html">one
 &amp;amp; two\u0096</title><summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
 x &lt; y

 <b>z</b> end </div></summary><content><![CDATA[first]]> and <![CDATA[second]]></content></entry></feed>"""
READ = "import sys, feedparser; print(ascii(feedparser.parse(sys.stdin.buffer.read())['entries']))"


def test_what_is_read_is_what_feedparser_alone_reads():
    alone = subprocess.run([sys.executable, "-c", READ], input=DOCUMENT.encode(), capture_output=True, check=True).stdout

    ours = fast_feedparser().parse(BytesIO(DOCUMENT.encode()))

    assert ascii(ours["entries"]) == alone.decode().strip()


def test_feedparser_still_translates_by_the_table_that_was_set():
    fast_feedparser()

    text = "".join(map(chr, range(0x3000)))

    assert mixin._cp1252 is not html._cp1252
    assert text.translate(mixin._cp1252) == text.translate(html._cp1252)


def test_feedparser_gets_a_text_of_many_lines_in_one_piece():
    pieces = []
    parser = create_parser()
    parser.setContentHandler(Listener(pieces))

    parser.parse(BytesIO(b"<a>one\ntwo &amp; three\n<![CDATA[four\n]]></a>"))

    assert pieces == ["one\ntwo & three\nfour\n"]


def test_feedparser_asks_for_our_parser_first():
    assert fast_feedparser().api.PREFERRED_XML_PARSERS == ["monitor.parse.sax"]


class Listener(ContentHandler):
    def __init__(self, pieces):
        super().__init__()
        self.characters = pieces.append
