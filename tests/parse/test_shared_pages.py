"""The W3C's pages for autodiscovery: each page's feed is found, and none of its distractions.

The pages were archived without their ``.ok`` files; the feed of ``html4-NNN.html`` is ``html4-NNN.xml``, beneath the address
that its sentence names. One disagreement: html4-052 wants a <base> that stands after a link ignored; the HTML Standard, 4.2.3,
lets the first <base> of a page hold for all of it, as browsers do.
"""

import re
import zipfile

from monitor.parse.discover import feed_links

# Where the pages were archived, not where they are read from: relative links are meant relative to the site itself.
SITE = "http://diveintomark.org/tests/client/autodiscovery/"
ARCHIVED = "https://web.archive.org/web/20110926231958/"


def test_the_feed_of_every_page_is_found_and_no_other(shared):
    archive = zipfile.ZipFile(shared / "data" / "feeds" / "suites" / "feedfinder.zip")
    pages = [name for name in archive.namelist() if re.search(r"html4-\d+\.html$", name)]
    other = []
    for name in pages:
        body = archive.read(name).replace(ARCHIVED.encode(), b"")
        number = re.search(r"html4-\d+", name)[0]
        is_elsewhere = b"another server" in body and number != "html4-051"
        site = "http://www.ragingplatypus.com/tests/client/autodiscovery/" if is_elsewhere else SITE
        found = [link.url for link in feed_links(body, "text/html", f"{SITE}{number}.html")]
        other += [] if found == [f"{site}{number}.xml"] else [number]

    assert len(pages) == 40
    assert other == ["html4-052"]
