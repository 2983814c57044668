"""Bare Scrapy over the farm: ``python -m tests.benchmarks.bare FILE CONCURRENCY [lean]``.

The alternative of `tests.benchmarks.round`: a spider per site that asks for the same addresses, in the
same process model (a bounded pool of crawlers in one process), with the same politeness, and throws
the pages away. FILE holds a JSON object per site: address → the ETag to send, or nothing. With ``lean``
it leaves out the components of Scrapy's own lists that ours leaves out.
"""

from __future__ import annotations

import asyncio
import json
import pathlib
import sys
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler import settings as ours

SETTINGS = {
    "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "CONCURRENT_REQUESTS": 4, "DOWNLOAD_DELAY": 0,
    "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "WARNING", "LOGSTATS_INTERVAL": 0,
    "HTTPERROR_ALLOW_ALL": True, "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
}  # fmt: skip


class Bare(scrapy.Spider):
    """Fetches and counts."""

    name = "bare"
    pages: ClassVar[dict[str, str]]
    seen: ClassVar[int] = 0

    async def start(self) -> AsyncIterator[Any]:
        """Every address at once; Scrapy's own politeness orders them."""
        for url, etag in self.pages.items():
            yield scrapy.Request(url, headers={"If-None-Match": etag} if etag else None)

    def parse(self, response: Response) -> None:
        """Count what came."""
        Bare.seen += response.status in (200, 304)


def lean() -> dict[str, Any]:
    """The settings with our lists of components, and Scrapy's own reader of robots.txt."""
    robots = {"scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100}
    return {
        **SETTINGS, "DOWNLOADER_MIDDLEWARES_BASE": ours.DOWNLOADER_MIDDLEWARES_BASE | robots,
        "EXTENSIONS_BASE": ours.EXTENSIONS_BASE,
    }  # fmt: skip


def main(path: str, concurrency: int, *words: str) -> None:
    """Fetch all of the file's sites; prints how many pages came."""
    sites: list[dict[str, str]] = json.loads(pathlib.Path(path).read_text("utf-8"))
    process = AsyncCrawlerProcess(lean() if "lean" in words else SETTINGS)
    gate = asyncio.Semaphore(concurrency)

    async def one(pages: dict[str, str]) -> None:
        async with gate:
            await process.crawl(process.create_crawler(type("BareSite", (Bare,), {"pages": pages})))

    async def everything() -> None:
        try:
            await asyncio.gather(*(one(pages) for pages in sites))
        finally:
            process._stop_reactor()

    task = asyncio.get_event_loop().create_task(everything())
    process.start(stop_after_crawl=False)
    del task
    sys.stdout.write(f"{Bare.seen}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
