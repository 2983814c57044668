"""E-newspaper listings: a 版面 page (``node_2.htm``) with its articles (``content_1.htm``)."""

from __future__ import annotations

import datetime as dt
import re

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
    rows = tuple(
        Row(title, address, day.isoformat() if (day := _day(address, today) or _day(url, today)) else None)
        for address, title in titles.items()
        if title
    )
    if following is None and here in pages:
        later = [p for p in dict.fromkeys(pages[pages.index(here) :]) if p != here]
        following = later[0] if later else None
    return rows, following


def _plain(url: str) -> str:
    """The address without the part that only marks a place on the page's picture (``?div=-1``)."""
    return re.sub(r"\?div=-?\d+$", "", url.split("#")[0])


def _day(url: str, today: dt.date) -> dt.date | None:
    if match := _URL_DAY.search(url):
        return dates.make(int(match[1]), int(match[2]), int(match[3]), today)
    return None
