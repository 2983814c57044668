"""Rows whose only link says 查看 or 详情: the title stands beside the link, not in it."""

from __future__ import annotations

import datetime as dt
import re
from itertools import islice

from crawler.extract import listing_dates as dates
from crawler.extract.listing_links import LONGEST_TITLE, NAVIGATION, clean_title, weight
from crawler.extract.listing_rows import header_cells, tokens
from crawler.extract.outline import Box
from crawler.text import one_line

_VIEW = re.compile(
    r"^[\[【(（<]?\s*(?:点击)?(?:查\s?看|详\s?情|详\s?细|阅\s?读|浏览|进入|打开)(?:全文|原文|详情|详细|更多|内容|正文|信息)?"
    r"\s*[\]】)）>»›…]{0,3}$"
)
#: How far above the link its row may begin.
_CLIMB = 4
#: The least weight (Han characters) of a title; less is a number or a column's name.
_LEAST = 6
#: Elements of one row; what holds more is a list.
_LARGEST = 60
_ABOVE_ROWS = frozenset(["table", "tbody", "ul", "ol", "body", "html"])
_TITLED = re.compile(r"标\s*题|名\s*称|事\s*项|内\s*容")
#: Any day does: only the form of a text is asked for.
_SOME_DAY = dt.date(2100, 1, 1)


#: The column heads of the tables seen, by ``id`` of the table.
Heads = dict[int, dict[int, str]]


def titled_by_row(link: Box, known: Heads) -> str:
    """The title of the row around a link that says no more than 查看; empty where there is none.

    ``known`` keeps what was found out about the page's tables from one call to the next.
    """
    if not _VIEW.match(one_line(link.text)):
        return ""
    for _, row in zip(range(_CLIMB), link.above(), strict=False):
        if row.tag in _ABOVE_ROWS:
            return ""
        if len(row.kids) > _LARGEST:
            return ""
        inside = list(islice(row.boxes(), _LARGEST + 1))
        if len(inside) > _LARGEST or any(b.tag == "a" and b is not link and _named(b) for b in inside):
            return ""
        heads = _heads(row, known)
        best, most = "", 0.0
        for token in tokens((row,), row, link):
            text = clean_title(token.text)
            if token.in_link or token.hidden or not _LEAST <= weight(text) <= LONGEST_TITLE:
                continue
            if dates.standalone(text, _SOME_DAY) is not None or text.endswith(("：", ":")):
                continue
            named = token.column is not None and bool(_TITLED.search(heads.get(token.column, "")))
            # The first of equals: what follows a title is its summary or its office.
            worth = weight(text) + (LONGEST_TITLE if named else 0)
            if worth > most:
                best, most = text, worth
        if best:
            return best
    return ""


def _heads(row: Box, known: Heads) -> dict[int, str]:
    table = next((b for b in row.above() if b.tag == "table"), None) if row.tag == "tr" else None
    if table is None:
        return {}
    if id(table) not in known:
        known[id(table)] = header_cells(row)
    return known[id(table)]


def _named(link: Box) -> bool:
    text = one_line(link.text)
    return weight(text) >= _LEAST and not NAVIGATION.match(text) and not _VIEW.match(text)
