"""A new site looked at (``talentwatch sites new``): its lists found from one address, a few articles read."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from crawler import clock
from crawler.model import Column, Row
from crawler.monitor import Tally
from crawler.text import one_line
from crawler.urls import canonical, host_of
from spiders.check import SAMPLES, CheckSpider

#: Rows, of which half are dated, from which a page is a list worth watching.
_LEAST = 4
#: Pages of the site that are tried where the address itself is no list, and how many are kept.
_TRIED, _KEPT = 8, 3
#: Words of links that lead to a list of releases, and what each is worth.
_WORDS = (
    (re.compile(r"人才"), 4), (re.compile(r"政策(?:文件|法规|发布)?|规范性文件|最新文件"), 3),
    (re.compile(r"通知公告|公示公告|公告公示|通知通告"), 3), (re.compile(r"政策解读|解读"), 2),
    (re.compile(r"通知|公告|公示|文件"), 1),
)  # fmt: skip
#: Longer link texts are titles of articles.
_SHORT = 12


class ProposeSpider(CheckSpider):
    """Looks at one address; where it is no list, at the pages that its links call lists of releases."""

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry; everything happens here, nothing is scheduled."""
        asked = self.site.columns[0]
        rows = await self._look(asked)
        page = self.checked.lists.get(asked.key)
        if not worth_watching(rows):
            links = _links(page) if page is not None else []
            self.checked.columns.clear()
            found: list[tuple[int, Column, list[Row]]] = []
            for number, (text, url) in enumerate(links[:_TRIED], 1):
                column = dataclasses.replace(asked, key=f"{asked.key}-{number}", name=text, url=url)
                listed = await self._look(column)
                if worth_watching(listed):
                    found.append((number, column, listed))
            keep = {column.key for _, column, _ in found[:_KEPT]}
            self.checked.columns[:] = [one for one in self.checked.columns if one[0].key in keep]
        share = max(1, SAMPLES // max(1, len(self.checked.columns)))
        for column, _, listed, _ in self.checked.columns:
            tally = Tally(self.site.name, column, clock.now())
            for row in listed[:share]:
                await self._sample(tally, column, row)
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one

    async def _look(self, column: Column) -> list[Row]:
        tally = Tally(self.site.name, column, clock.now())
        rows = await self._list(column, tally)
        if tally.trouble is not None:
            self.checked.findings.append(f"{column.url}: {tally.trouble.reason}: {tally.trouble.evidence}")
        if tally.foreign:
            hosts = ", ".join(host for host, _ in tally.foreign.most_common(5))
            self.checked.findings.append(f"{column.url}: rows lead to other hosts: {hosts}")
        return await asyncio.to_thread(_usable, rows, column.url)


def worth_watching(rows: list[Row]) -> bool:
    """Whether rows make a list of releases: enough of them, half of them dated."""
    return len(rows) >= _LEAST and 2 * sum(row.date is not None for row in rows) >= len(rows)


def _usable(rows: list[Row], url: str) -> list[Row]:
    return [row for row in rows if row.url != canonical(url)]


def _links(page: Response) -> list[tuple[str, str]]:
    """Links on the page's own host whose words promise a list of releases, the most promising first."""
    if not isinstance(page, TextResponse):
        return []
    found: dict[str, tuple[int, str]] = {}
    for link in page.css("a[href]")[:3000]:
        text = one_line(" ".join(link.css("::text").getall()) or link.attrib.get("title", ""))
        worth = max((score for pattern, score in _WORDS if pattern.search(text)), default=0)
        url = canonical(urljoin(page.url, link.attrib["href"]))
        if not worth or not 2 <= len(text) <= _SHORT or url is None or host_of(url) != host_of(page.url):
            continue
        if urlsplit(url).path not in ("", "/") and worth > found.get(url, (0, ""))[0]:
            found[url] = (worth, text)
    ordered = sorted(found.items(), key=lambda item: -item[1][0])
    return [(text, url) for url, (_, text) in ordered]
