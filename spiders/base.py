"""A site's spider: lists, then the articles that wait, then the visits of known pages.

It collects; requests are the middlewares' business, reading and storing the pipelines'.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import DropItem
from scrapy.http import Response

from crawler import clock
from crawler.errors import TalentWatchError
from crawler.fetch.guard import Fence
from crawler.fetch.middlewares import VISIT
from crawler.fetch.outcome import of_error, of_status
from crawler.fetch.patience import AskedToWait
from crawler.model import Column, Quarantine, Reading, Row, Site
from crawler.monitor import Tally
from crawler.storage.state import pending, visits
from crawler.storage.state.columns import Lease, LeaseLost
from crawler.storage.state.engine import OURS
from crawler.urls import host_of
from pipelines import PageItem
from pipelines.files import any_due
from spiders import details, ending, holding, revisits, room
from spiders.after import conclude
from spiders.answers import item_of
from spiders.files import Ended, gather
from spiders.lists import ListReader
from spiders.waiting import later

#: The delay is the shortest wait: Scrapy varies it by a fifth, so its middle is a quarter longer.
_JITTER, _MIDDLE = 0.2, 1.25


class SiteSpider(Spider):
    """Crawls one site of the catalogue; `spiders.loader` makes a class of each."""

    site: ClassVar[Site]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room.current()
        self.fence = Fence(self.site, proxied=bool(self.room.config.proxy.url))
        self.tallies: dict[str, Tally] = {}
        #: Kept when it is lost: whatever is written with it is refused then.
        self.lease: Lease | None = None
        self.lost = False
        self.first_pages: dict[str, list[str]] = {}
        #: Rows of first pages whose items are opened by their key: column → rows.
        self.shown: dict[str, list[Row]] = {}
        #: Known pages that were gone: address → status, and whether its host answered for others.
        self.gone: dict[str, int] = {}
        #: Known pages that answered 304 and are not written down yet: a kill only visits them again.
        self.present: list[str] = []
        #: Pages that are visited again and have files.
        self.with_files: set[str] = set()
        self.answering: set[str] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._requests = 0

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The site's own politeness, and the process's database."""
        super().update_settings(settings)
        shared = room.current()
        settings.set("TALENTWATCH_CONFIG", shared.config, priority="spider")
        settings.set("TALENTWATCH_CONTEXT", shared.context, priority="spider")
        settings.set("DOWNLOAD_DELAY", cls.site.delay * _MIDDLE, priority="spider")
        settings.set("DOWNLOAD_DELAY_JITTER", _JITTER, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> SiteSpider:
        """Scrapy's way to make one."""
        spider: SiteSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._scraped, signals.item_scraped)
        crawler.signals.connect(spider._dropped, signals.item_dropped)
        crawler.signals.connect(spider._failed_item, signals.item_error)
        crawler.signals.connect(spider._broke, signals.spider_error)
        crawler.signals.connect(spider._closed, signals.spider_closed)
        crawler.signals.connect(spider._sent, signals.request_reached_downloader)
        return spider

    @property
    def engine(self) -> Any:
        """The database."""
        return self.room.context.engine

    def tally(self, key: str) -> Tally:
        """The counters of a column; one that has left the file counts too."""
        if key not in self.tallies:
            column = self._column(key) or Column(key=key, name=key, url=self.site.home)
            self.tallies[key] = Tally(self.site.name, column, clock.now())
        return self.tallies[key]

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry."""
        try:
            async for request in self._work():
                yield request
        except TalentWatchError as error:
            self.room.troubles[self.site.name] = str(error)

    async def _work(self) -> AsyncIterator[Request]:
        self.lease = await asyncio.to_thread(holding.take, self)
        if self.lease is None:
            self.room.troubles[self.site.name] = "another process crawls it at this moment"
            return
        self._renewing = asyncio.create_task(holding.keep(self))
        reader = ListReader(self)
        for column in self.wanted_columns():
            await reader.read(column)
        now = clock.now()
        waiting = await asyncio.to_thread(pending.due, self.engine, self.site.name, now=now)
        for one in waiting[: self.budget()]:
            yield self._article(one.url, one.column, waiting=one)
        limit = max(0, min(self.site.revisit_budget, self.budget() - len(waiting)))
        again = await asyncio.to_thread(revisits.due, self, now=now, limit=limit)
        queued = {one.url for one in waiting}
        for visit in again:
            if details.by_key(self._column(visit.column)):
                continue  # its address alone names no item
            if visit.url not in queued and (visit.fetched_at or "") <= self.started_iso():
                yield self._article(visit.url, visit.column, visit=visit)
        keys = {(one.url, one.part) for one in waiting}
        shown = [(key, row) for key, rows in self.shown.items() for row in rows if (row.url, row.part) not in keys]
        for key, row in shown[: max(0, limit - len(again))]:
            yield self._article(row.url, key, row=row)

    def started_iso(self) -> str:
        """Pages that were fetched after this second are of this round."""
        return min((clock.iso(t.started) for t in self.tallies.values()), default=clock.iso(clock.now()))

    def wanted_columns(self) -> list[Column]:
        """The columns of this round."""
        wanted = self.room.wanted.get(self.site.name)
        return [c for c in self.site.columns if (c.key in wanted if wanted is not None else c.enabled)]

    def budget(self) -> int:
        """Pages that this round may still ask for."""
        return max(0, self.room.config.crawl.max_pages_per_site - self._requests)

    def _article(
        self, url: str, key: str, *, waiting: pending.Pending | None = None, visit: visits.Visited | None = None,
        row: Row | None = None,
    ) -> Request:  # fmt: skip
        row = waiting.row if waiting is not None else row
        return details.request_of(
            self.site, self._column(key), url, row.part if row is not None else "", callback=self.parse_article,
            errback=self.article_failed, meta={VISIT: visit},
            cb_kwargs={"key": key, "waiting": waiting, "visit": visit, "row": row},
        )  # fmt: skip

    def _column(self, key: str) -> Column | None:
        return next((c for c in self.site.columns if c.key == key), None)

    async def parse_article(
        self, response: Response, key: str, waiting: pending.Pending | None, visit: visits.Visited | None,
        row: Row | None,
    ) -> AsyncIterator[Any]:  # fmt: skip
        """An article's page: unchanged, in trouble, or a `PageItem` for the pipelines."""
        tally, url = self.tally(key), visit.url if visit else waiting.url if waiting else response.url
        if response.status == 304 and visit is not None:
            tally.not_modified += 1
            self._answered(url, tally)
            if url in self.with_files and await asyncio.to_thread(any_due, self.room.context, url):
                # The page is the same; whether its files are says only reading it with them.
                yield self._article(url, key, visit=dataclasses.replace(visit, etag=None, last_modified=None))
                return
            tally.unchanged += 1
            self.present.append(url)
            if len(self.present) >= ending.PRESENT:
                await asyncio.to_thread(ending.write_present, self)
            return
        trouble = of_status(response.status)
        if trouble is not None:
            await later(self, tally, url, trouble, waiting, response.status)
            return
        item = item_of(
            self.site, self._column(key), response, waiting=waiting, known=visit, settings=self.settings,
            lease=self.lease,
        )  # fmt: skip
        item.row = row or item.row
        with contextlib.suppress(Ended):  # its row waits: nothing is lost
            yield await gather(self, item, budget=self.budget())

    async def article_failed(self, failure: Any) -> AsyncIterator[Any]:
        """The page could not be had: it waits, or it is quarantined with the reason."""
        request: Request = failure.request
        kwargs = request.cb_kwargs
        waiting, visit, tally = kwargs["waiting"], kwargs["visit"], self.tally(kwargs["key"])
        if isinstance(failure.value, AskedToWait):
            return  # nobody was asked: it stays due
        trouble, url = of_error(failure.value), visit.url if visit else kwargs["row"].url
        if trouble.passing or waiting is None:
            await later(self, tally, url, trouble, waiting, None)
            return
        item = item_of(
            self.site, self._column(kwargs["key"]), Response(request.url, status=0), waiting=waiting, known=None,
            settings=None, lease=self.lease,
        )  # fmt: skip
        item.reading = Reading(quarantine=trouble.quarantine)
        yield item

    def _answered(self, url: str, tally: Tally) -> None:
        tally.healthy += 1
        self.answering.add(host_of(url))

    def _sent(self, request: Request) -> None:
        self._requests += 1
        key = request.cb_kwargs.get("key")
        if key is not None:
            self.tally(key).requests += 1

    def _scraped(self, item: Any) -> None:
        if not isinstance(item, PageItem):
            return
        tally = self.tally(item.column.key if item.column else "")
        if item.missing:
            # Where items share an address, one that is gone says nothing of the address.
            if item.row is None or not item.row.part:
                self.gone[item.url] = item.page.status
        elif item.quarantine is not None:
            tally.refuse(item.quarantine, item.page.status)
        else:
            self._answered(item.url, tally)
            tally.read += 1
            tally.selectors.update(item.reading.drift if item.reading else ())
            outcomes = [saved.outcome for saved in item.saved]
            tally.new += sum(o in ("new", "repost") for o in outcomes)
            tally.changed += outcomes.count("changed")
            tally.unchanged += outcomes.count("unchanged") + outcomes.count("reread")

    def _dropped(self, item: Any, exception: DropItem) -> None:
        if isinstance(item, PageItem):
            tally = self.tally(item.column.key if item.column else "")
            tally.refuse(item.quarantine or Quarantine("unreadable", str(exception)), item.page.status)

    def _broke(self, failure: Any, response: Any) -> None:
        """A callback failed: the visit of a known page could not be written down."""
        tally = self.tally(response.request.cb_kwargs["key"])
        tally.crash = tally.crash or f"{type(failure.value).__name__}: {failure.value}"

    async def _failed_item(self, item: Any, failure: Any) -> None:
        """A stage failed. A full disk or a locked database is no fault of the page: the row stays due."""
        if not isinstance(item, PageItem):
            return
        tally = self.tally(item.column.key if item.column else "")
        words = f"{type(failure.value).__name__}: {failure.value}"
        tally.crash = tally.crash or words
        if isinstance(failure.value, LeaseLost):
            holding.lose(self)
        if isinstance(failure.value, OURS):
            return
        tally.failed["unreadable"] += 1
        if item.pending_id is not None:
            with contextlib.suppress(TalentWatchError):
                await asyncio.to_thread(
                    pending.failed, self.engine, item.pending_id, error=words, now=clock.now(), reason="unreadable",
                    lease=item.lease,
                )  # fmt: skip

    async def _closed(self, reason: str) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
        if self.lease is None or self.lost:
            return
        for key in (c.key for c in self.wanted_columns()):
            if key not in self.tallies and not self.room.stopping:  # a signal says nothing of what it left out
                self.tally(key).trouble = Quarantine("timeout", f"the round ended before its turn: {reason}")
        try:
            await asyncio.to_thread(ending.write_down, self)
            if self.room.standalone:
                after = await asyncio.to_thread(conclude, self.room.config, self.engine)
                for words in filter(None, (after.warning, after.error)):
                    self.logger.warning(words)
        except TalentWatchError as error:
            # The lease is another's, the disk is full: nothing is lost, and the report says so.
            self.room.troubles[self.site.name] = str(error)
