"""方正翔宇 (Founder) e-newspapers: ``node_2.htm`` (版), ``content_123.htm``, ``#ozoom``, ``<founder-content>``."""

from __future__ import annotations

import html
import re

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules
from crawler.text import one_line

_DAY = re.compile(r"/((?:19|20)\d{2})-(\d{2})/(\d{2})/|/((?:19|20)\d{2})(\d{2})/(\d{2})/")


def edition_of(url: str, day: str) -> str | None:
    """The same 版 on another ISO day; None where the address names no day."""
    year, month, date = day.split("-")
    if (match := _DAY.search(url)) is None:
        return None
    shape = f"/{year}-{month}/{date}/" if match[1] else f"/{year}{month}/{date}/"
    return url[: match.start()] + shape + url[match.end() :]


#: Characters of the comment in which the system keeps an article's facts.
_PROPERTIES = 6_000
_FIELD = re.compile(r"<(title|subtitle|introtitle|date|author)>([^<>]{1,500})</", re.I)
_NAMES = {
    "title": "articletitle", "subtitle": "enp:subtitle", "introtitle": "enp:introtitle", "date": "pubdate",
    "author": "author",
}  # fmt: skip


def properties(source: str) -> dict[str, str]:
    """What ``<!--enpproperty …-->`` states of the one article of a page, under the names of meta tags: the
    headline, 副题 and 引题, the day, the author. Nothing where there are several articles or no such comment."""
    start = source.find("<!--enpproperty")
    if start < 0:
        return {}
    found: dict[str, str] = {}
    end = source.find("-->", start, start + _PROPERTIES)
    for name, value in _FIELD.findall(source, start, end if end > 0 else start + _PROPERTIES):
        # The day of an edition has no hour.
        text = one_line(html.unescape(value)).partition(" 00:00:00")[0]
        if text and text.lower() != "null":
            found.setdefault(_NAMES[name.lower()], text)
    return {} if source.find("<!--enpproperty", start + 1) >= 0 else found


FAMILY = Family(
    name="founder",
    address=((r"/node_\w+\.s?html?", 0.6), (r"/(?:19|20)\d{2}-?\d{2}/\d{2}/content_\d+\.s?html?", 0.7)),
    source=(
        ("founder-content", 0.8),
        ("founder-title", 0.5),
        ("enpcontent", 0.8),
        ("enpproperty", 0.6),
        ('id="ozoom"', 0.7),
        ("id=ozoom", 0.7),
        ("paperdatediv", 0.5),
        ("main-ed-articlenav", 0.6),
    ),
    detail=DetailRules(title="founder-title", body="founder-content, #ozoom"),
    family="epaper",
)
