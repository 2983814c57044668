"""Listings of every kind to rows: HTML, TRS, feeds, JSON, 大汉 datastore, e-newspaper pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from crawler.extract import (
    edition,
    feeds,
    listing_data,
    listing_inline,
    listing_written,
    nocontent,
    pager,
    script_calls,
)
from crawler.extract import listing_generic as generic
from crawler.extract.blocks import Blocks
from crawler.extract.encoding import decode
from crawler.extract.listing_links import weight
from crawler.extract.listing_rules import by_rules, next_by_rule
from crawler.extract.outline import Box, outline
from crawler.extract.platforms import hanweb
from crawler.extract.tree import Refused, Tree, parse
from crawler.extract.walk import walk
from crawler.model import Listing, ListRules, Page, Quarantine, Row

#: A page with so many dated rows is a listing, whatever words such as 登录 stand on it.
_ENOUGH_ROWS = 3
#: So many dated rows in markup that a page holds as text are its list, where the page shows none with a date.
_LEAST_WRITTEN = 2
#: What a page says whose script appends further rows; and how many rows it shows at least.
_MORE, _LEAST_SHOWN = re.compile(r"加载更多|点击加载|查看更多|load-?more", re.I), 5
#: The mean length of titles in (Han) characters from which data in a script is a list of articles.
_TITLED = 8


def read_listing(
    page: Page,
    rules: ListRules | None = None,
    *,
    family: str = "generic",
    charset: str | None = None,
    today: dt.date,
) -> Listing:
    """The rows, the next page and the stated total of a listing.

    URLs are absolute, as the page has them otherwise. A selector of ``rules`` that finds nothing
    gives no rows and the drift code ``selector_lost``: the generic reader never steps in silently.
    ``total`` is the stated number of items. A page that is no content has ``quarantine`` set.
    """
    if found := nocontent.of_response(page):
        return Listing(quarantine=found)
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, charset)[0]
    rules = rules if rules and any(getattr(rules, f.name) for f in dataclasses.fields(rules)) else None
    if kind := feeds.kind(text):
        return _feed(page, text, kind, rules, today)
    value = listing_data.parse_json(text)
    if value is not None:
        return _data(page, value, rules, today)
    try:
        tree = parse(text, page.url)
    except Refused as error:
        return Listing(quarantine=Quarantine(error.reason, error.evidence))
    return _html(page, tree, rules, family, today)


def _feed(page: Page, text: str, kind: str, rules: ListRules | None, today: dt.date) -> Listing:
    if kind == "datastore":
        store = feeds.read_datastore(text, page.url)
        inner = _fragment(page, store.fragment, rules, today)
        return dataclasses.replace(inner, next=store.next or inner.next, total=store.total or inner.total)
    try:
        feed = feeds.read_feed(text, page.url, today)
    except feeds.Unsafe as error:
        return Listing(quarantine=Quarantine("unreadable", str(error), "Feeds need no entities: tell the site."))
    if page.status >= 400 and (found := nocontent.of_status(page, text[:200])):
        return Listing(quarantine=found)
    if kind == "sitemapindex" and feed.rows:
        named = ", ".join(row.url for row in feed.rows[:5])
        return Listing(quarantine=Quarantine("moved", f"a sitemap of sitemaps: {named}", "Watch one of them."))
    return Listing(feed.rows, feed.next, feed.total, drift=() if feed.rows else ("no_rows",))


def _data(page: Page, value: object, rules: ListRules | None, today: dt.date) -> Listing:
    data = listing_data.read_data(value, page.url, rules, today)
    if (
        not data.rows
        and not data.fragment
        and page.status >= 400
        and (found := nocontent.of_status(page, str(value)[:200]))
    ):
        return Listing(quarantine=found)
    if data.fragment:
        inner = _fragment(page, data.fragment, rules if rules and rules.rows else None, today)
        return dataclasses.replace(inner, total=data.total or inner.total)
    following = pager.next_query(page.url, rows=len(data.rows), total=data.total)
    drift = ("selector_lost",) if data.lost else () if data.rows else ("no_rows",)
    return Listing(data.rows, following, data.total, drift=drift)


def _fragment(page: Page, markup: str, rules: ListRules | None, today: dt.date) -> Listing:
    """HTML that an answer wraps, read as a page of its own."""
    if not markup:
        return Listing(drift=("no_rows",))
    try:
        tree = parse(f"<body>{markup}</body>", page.url)
    except Refused as error:
        return Listing(quarantine=Quarantine(error.reason, error.evidence))
    body, known = outline(tree)
    rows, drift = _rows(tree, body, known, rules, today)
    return Listing(rows, drift=drift or (() if rows else ("no_rows",)))


def _rows(
    tree: Tree, body: Box, known: dict[int, Box], rules: ListRules | None, today: dt.date
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    base = generic.base_of(tree)
    if rules is not None and (rules.rows or rules.link):
        drafts, drift = by_rules(tree, known, rules, base, today)
        return generic.rows_of(drafts, today), drift
    return generic.read_html(tree, body, today), ()


def _html(page: Page, tree: Tree, rules: ListRules | None, family: str, today: dt.date) -> Listing:
    body, known = outline(tree)
    base = generic.base_of(tree)
    following: str | None = None
    drift: tuple[str, ...] = ()
    total: int | None = None
    selected = rules is not None and bool(rules.rows or rules.link)
    if (
        family == "epaper" or (family == "generic" and edition.looks_like_edition(page.url, tree.text))
    ) and not selected:
        rows, following = edition.read_edition(body, page.url, base, today)
        if not rows:
            rows, drift = _rows(tree, body, known, rules, today)
    else:
        rows, drift = _rows(tree, body, known, rules, today)
        if not selected:
            rows, total, following = _held(page, tree, rows, base, today)
    if family == "epaper":
        rows = edition.dated(rows, body, page.url, today)
    if (page.status >= 400 or sum(r.date is not None for r in rows) < _ENOUGH_ROWS) and (
        found := nocontent.of_page(page, tree, walk(tree.root) if tree.root else Blocks())
    ):
        return Listing(quarantine=found)
    found_next = pager.paging(body, tree.text, page.url, base)
    if rules is not None and rules.next:
        following = next_by_rule(tree, rules.next, known, base)
    elif following is None and family != "epaper":
        following = found_next.next or (_appended(page, tree) if len(rows) >= _LEAST_SHOWN else None)
    return Listing(rows, following, total or found_next.total, drift=drift or (() if rows else ("no_rows",)))


def _appended(page: Page, tree: Tree) -> str | None:
    """Where the page's script gets the rows that it appends (加载更多): the interface that it counts pages for."""
    if not _MORE.search(tree.text):
        return None
    asked = (call.url for call in script_calls.calls(tree.text, page.url) if call.method == "GET")
    return next((after for url in asked if (after := pager.next_query(url, rows=1, total=None))), None)


def _held(
    page: Page, tree: Tree, rows: tuple[Row, ...], base: str, today: dt.date
) -> tuple[tuple[Row, ...], int | None, str | None]:
    """Rows that the page holds as data for its scripts, where they say more than its visible links; how many
    there are in all, and where the next ones are asked for."""
    source = tree.text
    if "<datastore" in source or "<recordset" in source:
        store = feeds.read_datastore(source, base)
        held = _fragment(page, store.fragment, None, today).rows
        if len(held) >= min(2, len(rows) or 1):
            following, stated = hanweb.next_group(source, page.url, len(held))
            return held, store.total or stated, store.next or following
    data = listing_inline.inline(source, base, today)
    dated = sum(r.date is not None for r in data.rows)
    titled = sum(weight(r.title) for r in data.rows) >= _TITLED * len(data.rows)
    if (
        len(data.rows) >= 2
        and titled
        and (len(data.rows) > len(rows) or dated > sum(r.date is not None for r in rows))
    ):
        return data.rows, data.total, None
    if not any(r.date for r in rows):
        for markup in listing_written.pieces(source):
            written = _fragment(page, markup, None, today).rows
            if sum(r.date is not None for r in written) >= _LEAST_WRITTEN:
                return written, None, None
    return rows, None, None
