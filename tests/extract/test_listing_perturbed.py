"""Real lists made up anew as another site would print them: the same rows, or the page is not understood.

The pages are read from ``../shared``; what is done to them stands in `listing_changes`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.extract import read_listing
from crawler.model import Page
from tests.extract.listing_changes import (
    CHANGES,
    PAGES,
    Listed,
    Rows,
    beside,
    dates_first,
    doubled,
    headed,
    pinned,
    related,
    renamed,
    unnamed,
)

TODAY = dt.date(2026, 11, 23)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (PAGES / "lists.jsonl").is_file(), reason="no ../shared/data/pages beside the project"),
]


def real() -> list[dict[str, Any]]:
    if not (PAGES / "lists.jsonl").is_file():
        return []
    lines = (PAGES / "lists.jsonl").read_text("utf-8").splitlines()
    return [one for one in map(json.loads, filter(str.strip, lines)) if "/gov/" in one["path"]]


def misses(page: Listed) -> list[str]:
    listing = read_listing(Page(page.url, page.text().encode(), "text/html; charset=utf-8"), today=TODAY)
    got: Rows = {row.url: (row.title, row.date) for row in listing.rows}
    found = [f"missing {url}" for url in page.want.keys() - got.keys()]
    found += [f"too many {url} {got[url]}" for url in got.keys() - page.want.keys()]
    for url in got.keys() & page.want.keys():
        (title, day), (want, on) = got[url], page.want[url]
        if re.sub(r"\W", "", title) != re.sub(r"\W", "", want):
            found.append(f"title {title!r} for {want!r}")
        if day != on and (on is not None or day not in (None, *_days_of(url))):
            found.append(f"{url}: {day} for {on}")
    return found


def _days_of(url: str) -> list[str]:
    """A day that an address states may date its row."""
    found = re.search(r"t(\d{4})(\d\d)(\d\d)_", urlsplit(url).path)
    return ["-".join(found.groups())] if found else []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_same_rows_in_another_make_up(change: Callable[[Listed], None]) -> None:
    lost = {}
    for one in real():
        page = Listed(one)
        change(page)
        if found := misses(page):
            lost[page.url] = found
    assert lost == {}


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_three_changes_at_once(number: int) -> None:
    kept = (renamed, unnamed, dates_first, headed, doubled, beside, related, pinned)
    picked = [kept[(number * step + step) % len(kept)] for step in (1, 3, 5)]
    lost = {}
    for one in real():
        page = Listed(one)
        for change in dict.fromkeys(picked):
            change(page)
        if found := misses(page):
            lost[page.url, *(c.__name__ for c in picked)] = found
    assert lost == {}
