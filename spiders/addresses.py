"""Given article addresses through the same way as a crawl's (``talentwatch ingest URL…``)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.http import Response

from crawler import clock
from crawler.fetch.guard import Fence
from crawler.fetch.middlewares import VISIT
from crawler.fetch.outcome import of_error, of_status
from crawler.model import Reading, Site
from crawler.storage.state import visits
from crawler.storage.state.releases import note_present
from crawler.urls import canonical
from pipelines import PageItem
from spiders import room
from spiders.answers import item_of
from spiders.files import Ended, gather


class AddressSpider(Spider):
    """Fetches ``urls`` of one site, or of any host."""

    site: ClassVar[Site]
    urls: ClassVar[tuple[str, ...]]
    any_host: ClassVar[bool] = False
    silent: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room.current()
        self.fence = Fence(self.site, any_host=self.any_host, proxied=bool(self.room.config.proxy.url))
        #: Address → outcome and detail.
        self.results: dict[str, tuple[str, str]] = {}

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The same politeness as the site's crawl."""
        super().update_settings(settings)
        shared = room.current()
        settings.set("TALENTWATCH_CONFIG", shared.config, priority="spider")
        settings.set("TALENTWATCH_CONTEXT", shared.context, priority="spider")
        settings.set("DOWNLOAD_DELAY", cls.site.delay, priority="spider")
        # A given list of addresses is finished, however long it takes; each page has its own limit.
        settings.set("CLOSESPIDER_TIMEOUT", 0, priority="cmdline")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> AddressSpider:
        """Scrapy's way to make one."""
        spider: AddressSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._scraped, signals.item_scraped)
        crawler.signals.connect(spider._failed_item, signals.item_error)
        crawler.signals.connect(spider._broke, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry."""
        for url in self.urls:
            known = await asyncio.to_thread(visits.get, self.room.context.engine, url)
            known = known if known is not None and known.kind == "article" else None
            yield Request(
                url, callback=self.parse, errback=self.failed, dont_filter=True, headers=dict(self.site.headers),
                meta={VISIT: known}, cb_kwargs={"url": url, "known": known},
            )  # fmt: skip

    async def parse(self, response: Response, url: str, known: visits.Visited | None) -> AsyncIterator[Any]:
        """Unchanged, in trouble, or a page."""
        if response.status == 304 and known is not None:
            await asyncio.to_thread(note_present, self.room.context.engine, url, now=clock.now())
            self._result(url, "unchanged", "304")
            return
        if trouble := of_status(response.status):
            self._result(url, "failed", f"{trouble.text}: {trouble.mend}")
            return
        try:
            yield await gather(self, self._item(response, url))
        except Ended:
            self._result(url, "failed", "the round ended before its files were fetched")

    async def failed(self, failure: Any) -> AsyncIterator[Any]:
        """The page could not be had."""
        url = failure.request.cb_kwargs["url"]
        trouble = of_error(failure.value)
        if trouble.passing:
            self._result(url, "failed", f"{trouble.reason}: {trouble.text}")
            return
        item = self._item(Response(failure.request.url, status=0), url)
        item.reading = Reading(quarantine=trouble.quarantine)
        yield item

    def _item(self, response: Response, url: str) -> PageItem:
        from crawler.model import Row

        item = item_of(
            self.site, None, response, waiting=None, known=None, settings=self.settings, silent=self.silent
        )
        if canonical(response.url) != url:
            item.row = Row("", url)
        return item

    def _scraped(self, item: Any) -> None:
        if not isinstance(item, PageItem):
            return
        if item.missing:
            self._result(item.url, "missing", f"HTTP {item.page.status}: the release is known, its page is gone")
        elif item.quarantine is not None:
            q = item.quarantine
            self._result(item.url, "quarantined", f"{q.reason}: {q.evidence[:200]}")
        else:
            outcomes = {saved.outcome for saved in item.saved}
            best = next((o for o in ("new", "repost", "changed", "reread") if o in outcomes), "unchanged")
            ids = " ".join(saved.release_id[:12] for saved in item.saved)
            self._result(item.url, best, ids)

    def _broke(self, failure: Any, response: Any) -> None:
        self._result(
            response.request.cb_kwargs["url"], "failed", f"{type(failure.value).__name__}: {failure.value}"
        )

    def _failed_item(self, item: Any, failure: Any) -> None:
        if isinstance(item, PageItem):
            self._result(item.url, "failed", f"{type(failure.value).__name__}: {failure.value}")

    def _result(self, url: str, outcome: str, detail: str) -> None:
        name = canonical(url) or url
        self.results[name] = (outcome, detail)
        self.room.tell(f"{outcome}\t{url}")
