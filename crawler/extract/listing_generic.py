"""The generic list reader: rows of a page that nobody described."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urljoin

from crawler.extract import listing_dates as dates
from crawler.extract.listing_groups import main_list
from crawler.extract.listing_rows import Draft
from crawler.extract.outline import Box
from crawler.extract.tree import Tree
from crawler.model import Row


def base_of(tree: Tree) -> str:
    """The address that relative links resolve against: ``<base href>``, else the page's own."""
    for node in tree.select("base[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href and "{" not in href:
            return urljoin(tree.url, href)
    return tree.url


def read_html(tree: Tree, body: Box, today: dt.date) -> tuple[Row, ...]:
    """The rows of the page's main list."""
    return rows_of(main_list(body, base_of(tree), tree.url, today), today)


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
