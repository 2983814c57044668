"""The generic list reader: rows of a page that nobody described."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from urllib.parse import urljoin

from crawler.extract import listing_dates as dates
from crawler.extract.listing_groups import main_list
from crawler.extract.listing_links import told_by
from crawler.extract.listing_rows import Draft
from crawler.extract.outline import Box
from crawler.extract.script_openers import opened
from crawler.extract.tree import Tree
from crawler.model import Row

#: Elements of a row that are looked at, and links that any row may hold.
_LOOKED, _FEW = 200, 2


def base_of(tree: Tree) -> str:
    """The address that relative links resolve against: ``<base href>``, else the page's own."""
    for node in tree.select("base[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href and "{" not in href:
            return urljoin(tree.url, href)
    return tree.url


def read_html(tree: Tree, body: Box, today: dt.date) -> tuple[Row, ...]:
    """The rows of the page's main list."""
    base = base_of(tree)
    drafts = opened(_without_blocks(main_list(body, base, tree.url, today)), tree.text, base)
    for draft in drafts:
        if draft.day is None and (told := told_by(draft.link.attrs.get("title", ""))[1]):
            draft.day = dates.inside(told, today)
    return rows_of(drafts, today)


def _without_blocks(drafts: list[Draft]) -> list[Draft]:
    """The rows of a dated list without an undated neighbour that holds more links than any row: a box at its
    side (热点推荐) that is built of the same element."""
    links = [sum(box.tag == "a" for box in islice(draft.box.boxes(), _LOOKED)) for draft in drafts]
    dated = [count for draft, count in zip(drafts, links, strict=True) if draft.day is not None]
    if 2 * len(dated) <= len(drafts):
        return drafts
    most = max(_FEW, *dated)
    return [draft for draft, count in zip(drafts, links, strict=True) if draft.day is not None or count <= most]


def rows_of(drafts: list[Draft], today: dt.date) -> tuple[Row, ...]:
    """Drafts as rows, with years filled in.

    Where the list prints no date at all, an address that states the whole day (``t20240327_1``)
    dates its row.
    """
    urls = [d.target.url for d in drafts]
    days = dates.with_years([d.day for d in drafts], urls, today)
    if not any(days):
        days = [dates.from_url(u, today) for u in urls]
    return tuple(
        Row(d.title, d.target.url, day.isoformat() if day else None, d.target.part)
        for d, day in zip(drafts, days, strict=True)
    )
