"""E-newspaper listings: a 版面 page (``node_2.htm``) with its articles (``content_1.htm``)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from crawler.extract import listing_dates as dates
from crawler.extract.listing_links import NAVIGATION, absolute, clean_title, title_of, weight
from crawler.extract.outline import Box
from crawler.model import Row
from crawler.text import narrow

_ARTICLE = re.compile(r"/(?:content|con|c|art|article|nw)[_./D-][^/?]*\d[^/?]*(?:$|\?)|/content/\d{4}", re.I)
_PAGE = re.compile(r"/(?:node|nbs|page|edition|layout|index)[_.D-][^/?]*\d[^/]*$|/node_\w+\.s?html?", re.I)
_NEXT = re.compile(r"^\W*(?:下一?版|后一?版|next\s?page)\W*$", re.I)
_PAGE_NAME = re.compile(r"第?\s?[A-Z]?\d{1,3}\s?版|^[A-Z]\d{1,2}\b", re.I)
_URL_DAY = re.compile(r"/((?:19|20)\d{2})-?/?(\d{2})[-/]?(\d{2})/")
#: ``nw.D110000renmrb_20260302_1-01.htm``, ``page.html?date=2026-03-02``.
_URL_STAMP = re.compile(r"[=_.]((?:19|20)\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_STATED = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_WEEKDAY = re.compile(r"星期[一二三四五六日天]")
#: Characters of a line that states the edition's day (``江城日报 2026年11月20日 星期五 第01版``); an
#: article's sentence that speaks of a day is longer.
_STATEMENT = 60


def looks_like_edition(url: str, source: str) -> bool:
    """Whether a page is one 版 of an e-newspaper: by its address and its links to articles."""
    if _PAGE.search(url) and re.search(r"content_\d+|nw\.D\d+|/content/", source):
        return True
    return bool(
        re.search(r"<area\b", source, re.I) and re.search(r"content_\d+\.s?html?", source) and "版" in source
    )


def read_edition(body: Box, url: str, base: str, today: dt.date) -> tuple[tuple[Row, ...], str | None]:
    """The articles of a 版 in page order, and the address of the next 版 (None on the last)."""
    titles: dict[str, str] = {}
    pages: list[str] = []
    following: str | None = None
    here = _plain(url)
    for box in body.boxes():
        if box.tag not in ("a", "area"):
            continue
        address = absolute(box.attrs.get("href", ""), base)
        if address is None or re.search(r"\.(?:pdf|jpe?g|png|gif)$", address, re.I):
            continue
        text = narrow(box.text)
        if _NEXT.match(text):
            following = following or (address if _plain(address) != here else None)
        elif _ARTICLE.search(address):
            title = (
                clean_title(title_of(box))
                if box.tag == "a"
                else clean_title(box.attrs.get("title") or box.attrs.get("alt", ""))
            )
            key = _plain(address)
            if NAVIGATION.match(title) or re.match(r"^(?:上一篇|下一篇|上一期|下一期)", title):
                continue
            if weight(title) > weight(titles.get(key, "")):
                titles[key] = title
            else:
                titles.setdefault(key, "")
        elif _PAGE.search(address) and (_PAGE_NAME.search(text) or _plain(address) == here or "node_" in address):
            pages.append(_plain(address))
    rows = dated((Row(title, address) for address, title in titles.items() if title), body, url, today)
    if following is None and here in pages:
        later = [p for p in dict.fromkeys(pages[pages.index(here) :]) if p != here]
        following = later[0] if later else None
    return rows, following


def dated(rows: Iterable[Row], body: Box, url: str, today: dt.date) -> tuple[Row, ...]:
    """Rows without a date take that of their address, or else that of the edition (address or 版面)."""
    own = _day(url, today) or _stated(body, today)
    return tuple(
        row if row.date or not (day := _day(row.url, today) or own) else replace(row, date=day.isoformat())
        for row in rows
    )


def _plain(url: str) -> str:
    """The address without the part that only marks a place on the page's picture (``?div=-1``)."""
    return re.sub(r"\?div=-?\d+$", "", url.split("#")[0])


def _day(url: str, today: dt.date) -> dt.date | None:
    for pattern in (_URL_DAY, _URL_STAMP):
        if (match := pattern.search(url)) and (
            day := dates.make(int(match[1]), int(match[2]), int(match[3]), today)
        ):
            return day
    return None


def _stated(body: Box, today: dt.date) -> dt.date | None:
    """The day that the page itself states: with its weekday, or the only day outside of links."""
    days: dict[dt.date, None] = {}
    for text, owner in body.texts():
        if len(text) > _STATEMENT or owner.tag == "a" or any(b.tag == "a" for b in owner.above()):
            continue
        line = narrow(text)
        if match := _STATED.search(line):
            day = dates.make(int(match[1]), int(match[2]), int(match[3]), today)
            if day and _WEEKDAY.search(line, match.end()):
                return day
            if day:
                days.setdefault(day)
    return next(iter(days)) if len(days) == 1 else None
