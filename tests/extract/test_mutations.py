"""Real pages, broken in the ways in which pages break: read or refused, never an exception, never invented."""

from __future__ import annotations

import datetime as dt
import hashlib
import pathlib
import random

import pytest

from crawler.extract import read_listing, read_page
from crawler.model import Page
from crawler.text import squeeze

PAGES = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "pages"
TODAY = dt.date(2026, 11, 22)
#: Pages of the development half (see docs/quality.md); the smaller ones, so that the test stays short.
LARGEST, PICKED, EACH = 60_000, 16, 6
SNIPPETS = (
    b"<div>", b"</div>", b"<table>", b"<tr>", b"</table>", b"<!--", b"-->", b"<script>", b"</script>",
    b"<textarea>", b"<a href='", b"'>", b"\0", b"<svg>", b"<template>", b"<select>", b"<noscript>", b"<plaintext>",
    b"<b>",
    "来源：".encode(), "上一篇：".encode(), b"<![CDATA[", b"]]>", b"<datastore>", b"&#x0;",
    b"document.write('<li>')",
)  # fmt: skip


def _pages() -> list[pathlib.Path]:
    found = []
    for path in sorted(PAGES.glob("html/*/**/*.html")):
        name = str(path.relative_to(PAGES))
        digest = int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16)
        if digest % 2 == 0 and 2000 < path.stat().st_size < LARGEST:
            found.append((digest, path))
    return [path for _, path in sorted(found)[:PICKED]]


def _broken(page: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(page))
    until = min(len(page), at + chance.randrange(1, 3000))
    kind = chance.randrange(7)
    if kind == 0:
        return page[: max(1, at)]
    if kind == 1:
        return page[:until] + page[at:until] * chance.choice([1, 20]) + page[until:]
    if kind == 2:
        return page[:at] + page[until:]
    if kind == 3:
        return page[:at] + chance.choice(SNIPPETS) * chance.choice([1, 50, 2000]) + page[at:]
    if kind == 4:
        return page[:at] + b"".join(chance.choices(SNIPPETS, k=100)) + page[at:]
    if kind == 5:
        return page.replace(b"</", b"<", chance.randrange(1, 300))
    return page.replace(chance.choice(SNIPPETS), chance.choice(SNIPPETS))


@pytest.mark.shared
@pytest.mark.skipif(not PAGES.exists(), reason="no labelled pages beside the project")
@pytest.mark.parametrize("seed", range(PICKED))
def test_a_broken_page_is_read_or_refused(seed: int) -> None:
    pages = _pages()
    page, chance = pages[seed % len(pages)].read_bytes(), random.Random(seed)  # noqa: S311 - repeatable, no secret
    for _ in range(EACH):
        broken = page
        for _ in range(chance.randint(1, 4)):
            broken = _broken(broken, chance)[:400_000] or b" "
        reading = read_page(Page("http://a.example.cn/art/1.html", broken), today=TODAY)
        assert reading.articles or reading.quarantine
        for article in reading.articles:
            assert all(p == p.strip() and p for p in article.paragraphs)
            assert article.published is None or article.published[:10] <= TODAY.isoformat()
        listing = read_listing(Page("http://a.example.cn/list/", broken), today=TODAY)
        assert all(row.url.startswith("http") and squeeze(row.title) for row in listing.rows)
