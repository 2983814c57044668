"""A sitemap of sitemaps: the children that changed lately, read as one."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Any
from xml.sax.saxutils import escape

from scrapy import Request
from scrapy.http import Response, XmlResponse

from crawler import clock
from crawler.extract import feeds
from crawler.extract.encoding import decode
from crawler.model import Row
from crawler.urls import host_of
from spiders.frontpage import SENT_ON

#: Children asked for in one look, and days since the last change of one that is.
_CHILDREN, _DAYS = 4, 60
#: Addresses of all children together that are kept, the newest first.
_MOST = 5_000
_NUMBER = re.compile(r"\d+")


async def joined(engine: Any, request: Request, response: Response) -> Response:
    """The answer with the addresses of the sitemap's newest children; itself where none could be had.

    A child without a day counts as new; of many the last numbered come first. Children on other hosts, and
    sitemaps of sitemaps among them, are not followed.
    """
    today = clock.today()
    index = await asyncio.to_thread(_rows, response, today)
    headers = request.headers.copy()
    rows: dict[str, Row] = {}
    for child in chosen(index, today, host_of(response.url)):
        try:
            answer = await engine.download_async(
                Request(child, headers=headers, meta={SENT_ON: True}, dont_filter=True)
            )
        except Exception:  # noqa: BLE001, S112 - the downloader's errors are many; the other children count
            continue
        if answer.status == 200:
            rows |= {row.url: row for row in await asyncio.to_thread(_rows, answer, today, "urlset")}
    if not rows:
        return response
    newest = sorted(rows.values(), key=lambda row: row.date or "", reverse=True)[:_MOST]
    return XmlResponse(
        response.url, body=_urlset(newest).encode(), headers={"Content-Type": "application/xml; charset=utf-8"},
        request=request, encoding="utf-8",
    )  # fmt: skip


def chosen(index: list[Row], today: dt.date, host: str) -> list[str]:
    """The children to ask for: those of the host that changed lately, or say no day; the newest alone where
    all are old."""
    own = [row for row in index if host_of(row.url) == host]
    ordered = sorted(
        own, key=lambda row: (row.date or "9999", [int(n) for n in _NUMBER.findall(row.url)]), reverse=True
    )
    since = (today - dt.timedelta(days=_DAYS)).isoformat()
    lately = [row.url for row in ordered if (row.date or "9999") >= since]
    return (lately or [row.url for row in ordered[:1]])[:_CHILDREN]


def _rows(response: Response, today: dt.date, wanted: str = "sitemapindex") -> list[Row]:
    text = decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"), None)[0]
    if feeds.kind(text) != wanted:
        return []
    try:
        return list(feeds.read_feed(text, response.url, today).rows)
    except feeds.Unsafe:
        return []


def _urlset(rows: list[Row]) -> str:
    lines = [
        f"<url><loc>{escape(row.url)}</loc>" + (f"<lastmod>{row.date}</lastmod>" if row.date else "") + "</url>"
        for row in rows
    ]
    return f'<?xml version="1.0" encoding="utf-8"?><urlset>{"".join(lines)}</urlset>'
