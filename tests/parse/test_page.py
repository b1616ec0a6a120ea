"""An article's page becomes its text, without what leads elsewhere."""

import asyncio
from datetime import timedelta

import pytest

from monitor.core.document import Fetched, Page
from monitor.core.state import Validators
from monitor.errors import NoArticle, ParseError
from monitor.parse import pool
from monitor.parse.limits import PAGE_BYTES
from monitor.parse.page import read_page
from monitor.parse.pool import PageReader
from monitor.parse.wire import page_from_wire, page_to_wire

FIRST = "Am Abend einigten sich beide Seiten nach langen Gesprächen auf eine Waffenruhe, die um Mitternacht beginnen soll."
SECOND = "Die Beobachter sollen schon am Morgen anreisen, sagte eine Sprecherin, und ihre Zahl werde in den nächsten Tagen steigen."
PAGE = f"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Waffenruhe beginnt</title>
<meta name="description" content="Beide Seiten wollen reden."></head><body>
<nav><a href="/sport">Fussball</a> <a href="/geld">Boerse</a></nav>
<article><h1>Waffenruhe beginnt</h1><p>{FIRST}</p>
<p><a href="/x">Minister besucht Truppen im Norden</a></p>
<h2><a href="#a">Wer anreist</a></h2><p>{SECOND} Das berichtete <a href="https://a.example">eine Agentur</a> vorab.</p>
<ul><li><a href="/y"><div><span>Krise:</span> Preise steigen weiter</div></a></li>
<li>Erstens der Abzug</li><li>Zweitens die Grenze</li></ul>
<p>{SECOND.replace("Morgen", "Abend")}</p></article>
<footer>Impressum Datenschutz</footer></body></html>"""


def read(markup=PAGE, content_type="text/html; charset=utf-8"):
    return read_page(markup.encode(), content_type, "https://news.example/a")


def test_the_text_is_there_with_its_title_teaser_and_language():
    page = read()

    assert (page.title, page.summary, page.language) == ("Waffenruhe beginnt", "Beide Seiten wollen reden.", "de")
    assert [line for line in page.text.split("\n") if line.startswith(FIRST[:20])] == [FIRST]
    assert "Wer anreist" in page.text.split("\n")
    assert f"{SECOND} Das berichtete eine Agentur vorab." in page.text.split("\n")
    assert "Erstens der Abzug" in page.text


@pytest.mark.parametrize("elsewhere", ["Fussball", "Minister besucht", "Krise", "Preise steigen", "Impressum"])
def test_what_leads_elsewhere_is_not(elsewhere):
    assert elsewhere not in read().text


def test_the_charset_of_the_server_outranks_that_of_the_page():
    body = PAGE.replace("utf-8", "ascii").encode("utf-16-le")

    assert "Gesprächen" in read_page(body, "text/html; charset=utf-16-le", "").text


def test_an_unknown_charset_is_found_in_the_page():
    assert "Gesprächen" in read(content_type="text/html; charset=nonsense").text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\r\n\0\0\0",
        b"<html><body><form><input name=q></form></body></html>",
        b"<html><body><p>Nur ein Satz.</p></body></html>",
    ],
)
def test_a_page_without_an_article_is_told_from_one_that_failed(body):
    with pytest.raises(NoArticle):
        read_page(body, "text/html", "https://news.example/a")


def test_a_page_that_is_too_large_is_refused():
    with pytest.raises(ParseError, match="more than"):
        read_page(b" " * (PAGE_BYTES + 1), "text/html", "")


def test_a_page_goes_over_the_wire_whole():
    page = Page("Text\nmehr", "Titel", "", None)

    assert page_from_wire(page_to_wire(page)) == page


def ask(*bodies):
    async def act():
        reader = PageReader()
        try:
            fetched = [Fetched("https://news.example/a", 200, body, "text/html", Validators()) for body in bodies]
            return await asyncio.gather(*(reader(one) for one in fetched), return_exceptions=True)
        finally:
            await reader.close()

    return asyncio.run(act())


def test_a_child_reads_pages_one_after_the_other():
    good, none, large = ask(PAGE.encode(), b"<html><body>hm</body></html>", b"x" * (PAGE_BYTES + 1))

    assert good == read()
    assert isinstance(none, NoArticle)
    assert isinstance(large, ParseError)


def test_a_page_that_takes_too_long_ends_as_an_error(monkeypatch):
    monkeypatch.setattr(pool, "PAGE", timedelta(seconds=0.5))
    siblings = b"<html><body>" + b"<div><p>Ein Satz, der lang genug ist, um zu zaehlen.</p></div>" * 60_000 + b"</body></html>"

    (failed,) = ask(siblings)

    assert isinstance(failed, ParseError)
    assert "took longer" in str(failed)
