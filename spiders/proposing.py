"""A new site looked at (``talentwatch sites new``): its lists found from one address, a few articles read."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import JsonResponse, Response, TextResponse

from crawler import clock
from crawler.extract import script_calls
from crawler.extract.listing_links import detail_like
from crawler.fetch.guard import Fence, Refused
from crawler.model import Column, Listing, Row, Site
from crawler.monitor import Tally
from crawler.sites import allowed_host
from crawler.text import one_line
from crawler.urls import canonical, host_of
from spiders.check import SAMPLES, CheckSpider
from spiders.frontpage import SENT_ON
from spiders.list_rows import sift

#: Rows, of which half are dated, from which a page is a list worth watching.
_LEAST = 4
#: Pages of the site that are tried where the address itself is no list, and how many are kept.
_TRIED, _KEPT = 8, 3
#: Other hosts that rows may lead to and that join the site's: a province's list names those of its offices.
_HOSTS = 20
#: Words of links that lead to a list of releases, and what each is worth.
_WORDS = (
    (re.compile(r"人才"), 4), (re.compile(r"政策(?:文件|法规|发布)?|规范性文件|最新文件"), 3),
    (re.compile(r"通知公告|公示公告|公告公示|通知通告"), 3), (re.compile(r"政策解读|解读"), 2),
    (re.compile(r"通知|公告|公示|文件"), 1),
)  # fmt: skip
#: Longer link texts are titles of articles.
_SHORT = 12


class Exploring:
    """The fence of a first look: a public host that the given address leads to joins the site's own."""

    def __init__(self, site: Site, *, proxied: bool) -> None:
        self.site, self._proxied = site, proxied

    def check(self, url: str, *, redirected: bool = False) -> None:
        """Raises `Refused`, as `Fence.check` does; a redirect to another public host is followed."""
        if redirected:
            self.join(url)
        Fence(self.site, proxied=self._proxied).check(url, redirected=redirected)

    def join(self, url: str) -> bool:
        """Let the address's host be one of the site's; False where no site may have it."""
        if allowed_host(self.site, url):
            return True
        parts = urlsplit(url)
        host = host_of(url) if parts.port in (None, 80, 443) else parts.netloc.rpartition("@")[2].lower()
        wider = dataclasses.replace(self.site, hosts=(*self.site.hosts, host))
        try:
            Fence(wider, proxied=self._proxied).check(url)
        except Refused:
            return False
        self.site = wider
        return True


class ProposeSpider(CheckSpider):
    """Looks at one address; where it is no list, at the pages that its links call lists of releases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._exploring = Exploring(self.site, proxied=bool(self.checked.config.proxy.url))
        self.fence: Any = self._exploring

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry; everything happens here, nothing is scheduled."""
        asked = self.site.columns[0]
        rows = await self._look(asked)
        page = self.checked.lists.get(asked.key)
        rows = await self._posted(asked, page, rows)
        own = list(self.checked.columns)
        below = _given(page, asked)
        # A front page shows the beginning of several lists: the lists themselves are watched.
        if not (below and (worth_watching(rows) or _titled(rows))):
            await self._look_further(asked, page)
            if not self.checked.columns and (worth_watching(rows) or _titled(rows, dated=True)):
                self.checked.columns[:] = own
        self.checked.columns[:] = [self._settled(*one) for one in self.checked.columns]
        self._settle_hosts()
        share = max(1, SAMPLES // max(1, len(self.checked.columns)))
        for column, _, listed, _ in self.checked.columns:
            tally = Tally(self.site.name, column, clock.now())
            for row in listed[:share]:
                await self._sample(tally, column, row)
            if tally.absent:
                self.checked.findings.append(
                    f"{column.url}: {tally.absent} of the first {share} pages are not there"
                )
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one

    async def _posted(self, asked: Column, page: Response | None, rows: list[Row]) -> list[Row]:
        """The rows, of the list interface that the page's scripts post to where the page itself is no list; or
        of the form that turns its pages, where that shows the same list."""
        if not isinstance(page, TextResponse) or isinstance(page, JsonResponse):
            return rows
        found = worth_watching(rows)
        reader = script_calls.forms if found else script_calls.calls
        for call in await asyncio.to_thread(reader, page.text, page.url):
            if call.method != "POST":
                continue
            column = dataclasses.replace(
                asked, key=f"{asked.key}-post", url=call.url, method="POST", body=call.body
            )
            before = len(self.checked.findings)
            posted = await self._look(column)
            same = {row.url for row in rows} & {row.url for row in posted}
            if worth_watching(posted) and (not found or 2 * len(same) >= len(rows)):
                # The page names the publisher and the column, its answers don't.
                self.checked.shells[column.key] = page
                self.checked.columns[:] = [one for one in self.checked.columns if one[0].key == column.key]
                return posted
            del self.checked.findings[before:]
            self.checked.columns[:] = [one for one in self.checked.columns if one[0].key != column.key]
        return rows

    async def _look_further(self, asked: Column, page: Response | None) -> None:
        links = [*(_above(asked.url) if page is not None else []), *(_links(page) if page is not None else [])]
        self.checked.columns.clear()
        found: list[str] = []
        for number, (text, url) in enumerate(links[:_TRIED], 1):
            column = dataclasses.replace(asked, key=f"{asked.key}-{number}", name=text, url=url)
            if worth_watching(await self._look(column)):
                found.append(column.key)
        keep = found[:_KEPT]
        self.checked.columns[:] = [one for one in self.checked.columns if one[0].key in keep]

    async def _look(self, column: Column) -> list[Row]:
        tally = Tally(self.site.name, column, clock.now())
        rows = await self._list(column, tally)
        if tally.trouble is not None:
            self.checked.findings.append(f"{column.url}: {tally.trouble.reason}: {tally.trouble.evidence}")
        return await asyncio.to_thread(_usable, rows, column.url)

    def _sift(self, listing: Listing, column: Column, tally: Tally) -> list[Row]:
        """Where a list's rows lead joins its hosts: an operator sees them before anything is written."""
        for row in listing.rows:
            if canonical(row.url) and len(self._exploring.site.hosts) < _HOSTS:
                self._exploring.join(row.url)
        return sift(self._exploring.site, listing, column, tally)[0]

    def _settled(
        self, column: Column, url: str, rows: list[Row], total: int | None
    ) -> tuple[Column, str, list[Row], int | None]:
        """The column at the address that the given one redirects to for good."""
        answer = self.checked.lists[column.key]
        if not answer.meta.get("redirect_urls") or answer.meta.get(SENT_ON):
            return column, url, rows, total
        self.checked.findings.append(f"{column.url} redirects to {answer.url}: that is watched")
        return dataclasses.replace(column, url=answer.url), url, rows, total

    def _settle_hosts(self) -> None:
        """The site's hosts are those of its lists and of what their rows lead to."""
        first = next((column.url for column, *_ in self.checked.columns), self.site.home)
        parts = urlsplit(first)
        self._exploring.site = dataclasses.replace(
            self.site, home=f"{parts.scheme}://{parts.netloc}/", hosts=(), title=host_of(first)
        )
        for column, _, rows, _ in self.checked.columns:
            self._exploring.join(column.url)
            own = set(self._exploring.site.hosts)
            for row in rows:
                self._exploring.join(row.url)
            others = [host for host in self._exploring.site.hosts if host not in own]
            if others:
                self.checked.findings.append(
                    f"{column.url}: rows lead to other hosts, which join: {', '.join(others)}"
                )
        if self._exploring.site.hosts:
            self.checked.site = self._exploring.site


def worth_watching(rows: list[Row]) -> bool:
    """Whether rows make a list of releases: enough of them, half of them dated, and no links to other sites' front
    pages."""
    dated = sum(row.date is not None for row in rows)
    return len(rows) >= _LEAST and 2 * dated >= len(rows) and not _front_pages(rows)


def _front_pages(rows: list[Row]) -> bool:
    """Whether rows are links to sites (友情链接): most lead to a front page."""
    places = [urlsplit(row.url) for row in rows]
    return 2 * sum(place.path in ("", "/") and not place.query for place in places) >= len(rows)


def _titled(rows: list[Row], *, dated: bool = False) -> bool:
    """Whether rows are titles of articles, though few or without a date."""
    if not rows or _front_pages(rows) or (dated and not any(row.date for row in rows)):
        return False
    return sum(len(row.title) for row in rows) > _SHORT * len(rows) and (
        len(rows) >= _LEAST or all(row.date for row in rows)
    )


def _given(page: Response | None, asked: Column) -> bool:
    """Whether the operator named a page below the site's front page."""
    return any(urlsplit(url).path.strip("/") for url in (asked.url, page.url if page is not None else ""))


def _above(url: str) -> list[tuple[str, str]]:
    """The folders above an article's page: static lists stand there."""
    parts = urlsplit(url)
    if detail_like(url) < 1.0 or parts.query:
        return []
    folders = [folder for folder in parts.path.split("/")[1:-1] if folder]
    # A folder of a month or a day is no column.
    while folders and re.fullmatch(r"(?:19|20)\d{2}[-\d]*|\d{1,2}", folders[-1]):
        folders.pop()
    return [("", f"{parts.scheme}://{parts.netloc}/{'/'.join(folders)}/")] if folders else []


def _usable(rows: list[Row], url: str) -> list[Row]:
    return [row for row in rows if row.url != canonical(url)]


def _links(page: Response) -> list[tuple[str, str]]:
    """Links on the page's own host whose words promise a list of releases, the most promising first."""
    if not isinstance(page, TextResponse) or isinstance(page, JsonResponse):
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
