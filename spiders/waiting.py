"""A page that could not be had this time: it waits for the next."""

from __future__ import annotations

import asyncio
from typing import Any

from crawler import clock
from crawler.fetch.outcome import Trouble
from crawler.monitor import Tally
from crawler.storage.state import columns, pending, visits
from crawler.storage.state.engine import writing


async def later(
    spider: Any, tally: Tally, url: str, trouble: Trouble, waiting: pending.Pending | None, status: int | None
) -> None:
    """Count it, and put the row or the visit off. Raises `LeaseLost`."""
    tally.failed[trouble.reason] += 1
    now = clock.now()
    if waiting is not None:
        words = f"{trouble.reason}: {trouble.text}"
        await asyncio.to_thread(
            pending.failed, spider.engine, waiting.id, error=words, now=now, reason=trouble.reason,
            lease=spider.lease,
        )  # fmt: skip
        return

    def put_off() -> None:
        with writing(spider.engine) as connection:
            columns.hold_in(connection, spider.lease)
            visits.later_in(connection, url, now=now, status=status)

    await asyncio.to_thread(put_off)
