"""Listings of every kind to rows: HTML, TRS, feeds, JSON, 大汉 datastore, e-newspaper pages."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urljoin

from crawler.extract import listing_generic as generic
from crawler.extract.encoding import decode
from crawler.extract.outline import outline
from crawler.extract.tree import Refused, Tree, parse
from crawler.model import Listing, ListRules, Page, Quarantine


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
    """
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, charset)[0]
    try:
        tree = parse(text, page.url)
    except Refused as error:
        return Listing(quarantine=Quarantine(error.reason, error.evidence))
    body, known = outline(tree)
    rows = generic.read_html(tree, body, today)
    return Listing(rows)
