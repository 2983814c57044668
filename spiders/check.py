"""A site tried without storing anything (``talentwatch sites check``)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response

from crawler import clock
from crawler.config import Config
from crawler.fetch.guard import Fence
from crawler.fetch.outcome import of_error, of_status
from crawler.model import Article, Column, Listing, Quarantine, Release, Row, Run, Site
from crawler.monitor import Tally, judge
from pipelines.enrich import understood
from pipelines.read import read_as
from pipelines.validate import check as check_article
from spiders import details, families
from spiders.answers import page_of
from spiders.data_pages import filled, listing_of
from spiders.frontpage import download
from spiders.list_rows import judge_page, sift

#: Articles that are read of the whole site.
SAMPLES = 5
#: From the worst: the site's verdict is its worst column's.
_ORDER = (
    "failed",
    "dead",
    "login",
    "moved",
    "geo_blocked",
    "blocked",
    "drift",
    "suspicious",
    "quiet",
    "unchanged",
    "ok",
)


@dataclass(slots=True)
class Checked:
    """What a check saw."""

    site: Site
    config: Config
    columns: list[tuple[Column, str, list[Row], int | None]] = field(default_factory=list)
    samples: list[Release] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    stopping: bool = False
    troubles: dict[str, str] = field(default_factory=dict)
    #: The answers: of a list by its column's key, of samples in the order of `samples`.
    lists: dict[str, Response] = field(default_factory=dict)
    #: The page around a list that was posted for, by the column's key.
    shells: dict[str, Response] = field(default_factory=dict)
    articles: list[tuple[Column, Row, Response, Article]] = field(default_factory=list)
    #: What stood in the way, for the operator.
    findings: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The worst column's verdict."""
        if self.troubles:
            return "failed"
        return min((run.verdict for run in self.runs), key=_ORDER.index, default="failed")

    @property
    def reasons(self) -> list[str]:
        """Why, column by column."""
        return [f"{r.column}: {reason}" for r in self.runs for reason in r.reasons] + list(self.troubles.values())


class CheckSpider(Spider):
    """Reads the first page of each column and a few articles, in memory."""

    site: ClassVar[Site]
    checked: ClassVar[Checked]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fence = Fence(self.site, proxied=bool(self.checked.config.proxy.url))

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The site's politeness; no pipelines."""
        super().update_settings(settings)
        settings.set("TALENTWATCH_CONFIG", cls.checked.config, priority="spider")
        settings.set("DOWNLOAD_DELAY", cls.site.delay, priority="spider")
        settings.set("ITEM_PIPELINES", {}, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry; everything happens here, nothing is scheduled."""
        tallies = []
        waiting: list[tuple[Tally, Column, Row]] = []
        # A disabled site is checked in full: that is how it gets enabled.
        for column in [c for c in self.site.columns if c.enabled or not self.site.enabled]:
            tally = Tally(self.site.name, column, clock.now())
            tallies.append(tally)
            rows = await self._list(column, tally)
            waiting += [(tally, column, row) for row in rows[:SAMPLES]]
        share = max(1, SAMPLES // max(1, len(tallies)))
        taken: dict[str, int] = {}
        for tally, column, row in waiting:
            if len(self.checked.samples) < SAMPLES and taken.get(column.key, 0) < share:
                taken[column.key] = taken.get(column.key, 0) + 1
                await self._sample(tally, column, row)
        now = clock.now()
        self.checked.runs += [judge(tally, "check", now=now) for tally in tallies]
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one

    async def _list(self, column: Column, tally: Tally) -> list[Row]:
        today = clock.today()
        response: Response | None = None
        for url in families.entries(column, today):
            response = await self._get(families.request_of(self.site, column, url), tally, column)
            if response is None or response.status not in (404, 410):
                break
        if response is None:
            self.checked.columns.append((column, column.url, [], None))
            return []
        self.checked.lists[column.key] = response
        listing = await asyncio.to_thread(listing_of, response, self.site, column, today)
        rows = self._sift(listing, column, tally)
        judge_page(listing, tally, 1)
        self.checked.columns.append((column, response.url, rows, listing.total))
        return rows

    def _sift(self, listing: Listing, column: Column, tally: Tally) -> list[Row]:
        return sift(self.site, listing, column, tally)[0]

    async def _sample(self, tally: Tally, column: Column, row: Row) -> None:
        request = details.request_of(self.site, column, row.url, row.part)
        response = await self._get(request, tally)
        if response is None:
            return
        today = clock.today()
        reading = await asyncio.to_thread(read_as, page_of(response), self.site, column, row=row, today=today)
        trouble = reading.quarantine
        good = [article for article in reading.articles if check_article(article) is None]
        if trouble is not None or not good:
            tally.refuse(trouble or Quarantine("shape_changed", ""), response.status)
            return
        tally.healthy += 1
        tally.read += 1
        tally.selectors.update(reading.drift)
        release, _ = await asyncio.to_thread(understood, good[0], self.site, column, as_of=today)
        self.checked.samples.append(release)
        self.checked.articles.append((column, row, response, good[0]))

    async def _get(self, request: Request, tally: Tally, column: Column | None = None) -> Response | None:
        """The answer: the list of ``column``, or where none is given an article."""
        tally.requests += 1
        try:
            engine = self.crawler.engine
            response: Response
            if column is not None:
                response = await filled(engine, request, await download(engine, request), self.site, column)
            else:
                response = await engine.download_async(request)
            trouble = of_status(response.status)
        except Exception as error:  # noqa: BLE001 - the downloader's errors are many; each is a finding
            trouble = of_error(error)
        if trouble is None:
            return response
        if column is not None:
            tally.trouble = trouble.quarantine
        else:
            tally.failed[trouble.reason] += 1
        return None
