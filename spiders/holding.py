"""A spider's lease on its site: signs of life, and what happens when another process took it over."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from crawler import clock
from crawler.errors import TalentWatchError
from crawler.storage.state import columns

#: Seconds between two signs of life of a lease; a third of its span.
_RENEW_SECONDS = columns.LEASE_SECONDS / 3


def take(spider: Any) -> columns.Lease | None:
    """The lease on the spider's site; None while another living process holds it. Raises `StorageError`."""
    now, room = clock.now(), spider.room
    if not room.synced:  # plain ``scrapy crawl NAME``
        columns.sync(spider.engine, [spider.site], now=now)
    return columns.acquire(spider.engine, spider.site.name, room.owner, now=now)


async def keep(spider: Any) -> None:
    """Renew the spider's lease until it is lost."""
    while not spider.lost:
        await asyncio.sleep(_RENEW_SECONDS)
        # A database that is busy or away for a while: the next sign of life may come through.
        with contextlib.suppress(TalentWatchError):
            if not await asyncio.to_thread(columns.renew, spider.engine, spider.lease, now=clock.now()):
                lose(spider)


def lose(spider: Any) -> None:
    """End the spider. It keeps the lost lease: whatever is still written with it is refused."""
    if not spider.lost:
        spider.lost = True
        spider.room.troubles[spider.site.name] = "another process took it over"
        spider.crawler.engine.close_spider(spider, "lease lost")
