"""Known pages whose turn it is again in this round."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crawler import clock
from crawler.storage.state import visits
from crawler.storage.state.files import behind
from crawler.storage.state.visits import Visited


def due(spider: Any, *, now: dt.datetime, limit: int) -> list[Visited]:
    """At most ``limit`` of the site's pages; the spider notes which of them have files."""
    pages = visits.due(spider.engine, spider.site.name, now=now, limit=limit, others=_by_night(spider, now))
    spider.with_files = behind(spider.engine, [one.url for one in pages])
    return pages


def _by_night(spider: Any, now: dt.datetime) -> dt.datetime:
    """By when a visit that nothing urges must be due: by day (``crawl.night``) only what missed a night."""
    night = spider.room.config.crawl.night
    return now if not night or clock.within(now, night) else now - dt.timedelta(days=1)
