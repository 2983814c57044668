"""A list page that its own scripts fill, or a frame: the answers that they would ask for hold the rows."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler import clock
from crawler.extract import frames, read_listing, script_calls
from crawler.extract.platforms import data_addresses
from crawler.model import Column, Listing, ListRules, Quarantine, Site
from spiders import sitemaps, steps
from spiders.answers import page_of
from spiders.frontpage import SENT_ON

_FRAME = re.compile(r"<i?frame\b[^>]{0,500}\bsrc\s*=", re.I)
#: What a page has whose scripts ask for something: the pure reader looks closer.
_SCRIPTED = re.compile(r"ajax|getJSON|fetch\s?\(|axios|\$\s?\.\s?(?:get|post)|\.open\s?\(|callback=", re.I)
_ABSENT = re.compile(r"404|not found|不存在|找不到|走丢|丢失|飞走|(?:没有|未|无法)找到", re.I)
_CHILDREN = re.compile(r"<(?:\w{1,20}:)?sitemapindex\b", re.I)
#: Answers asked for at most: a page has its list, and perhaps a menu and a hot list.
_ANSWERS = 4


def listing_of(response: Response, site: Site, column: Column, today: dt.date) -> Listing:
    """What a response says as a page of the column's list."""
    listing: Listing = read_listing(
        page_of(response), column.rules, family=column.family, charset=site.charset, today=today
    )
    return _gone(listing, response.status)


def _gone(listing: Listing, status: int) -> Listing:
    """A list whose page is not there (404, or a page that says so) is gone, not only in trouble."""
    found = listing.quarantine
    if (
        found is None
        or found.reason != "error"
        or not (status == 404 or (status == 200 and _ABSENT.search(found.evidence)))
    ):
        return listing
    mend = "Find the list's new address on the site's home page."
    return dataclasses.replace(listing, quarantine=Quarantine("removed", found.evidence, mend))


async def filled(engine: Any, request: Request, response: Response, site: Site, column: Column) -> Response:
    """The answer with the rows, where the page's scripts or its frames would ask for it; else the page itself.

    A page in which the column's own selectors find rows is the list. Of the others, the answer with the
    most dated rows is taken if it has more than the page. The fence and the limits judge each request.
    """
    if column.steps:
        return await steps.joined(engine, site, column, response)
    if request.method != "GET" or response.status != 200 or not isinstance(response, TextResponse):
        return response
    if _CHILDREN.search(response.text[:4000]):
        return await sitemaps.joined(engine, request, response)
    addresses = data_addresses(response.text, request.url)
    framed = _FRAME.search(response.text) is not None
    scripted = _SCRIPTED.search(response.text) is not None
    if not addresses and not framed and not scripted:
        return response
    today = clock.today()
    listing = await asyncio.to_thread(listing_of, response, site, column, today)
    if column.rules != ListRules() and listing.rows and not listing.drift:
        return response
    best, worth = response, _worth(listing)
    if not worth[0]:  # a page with dated rows is the list, whatever else it frames or its scripts ask for
        if scripted:
            asked = await asyncio.to_thread(script_calls.calls, response.text, response.url)
            addresses += tuple(call.url for call in asked if call.method == "GET" and call.url not in addresses)
        if framed:
            addresses += (await asyncio.to_thread(frames.of_page, page_of(response)))[0]
    headers = request.headers.copy()
    headers["Referer"] = response.url
    for address in addresses[:_ANSWERS]:
        # One answer that fails is no reason to lose the list: another may hold it, and none is told as no rows.
        try:
            answer = await engine.download_async(
                Request(address, headers=headers, meta={SENT_ON: True}, dont_filter=True)
            )
        except Exception:  # noqa: BLE001, S112 - the downloader's errors are many
            continue
        if answer.status != 200:
            continue
        if (found := _worth(await asyncio.to_thread(listing_of, answer, site, column, today))) > worth:
            best, worth = answer, found
    return best


def _worth(listing: Listing) -> tuple[int, int]:
    return sum(row.date is not None for row in listing.rows), len(listing.rows)
