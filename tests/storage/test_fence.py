"""A process that was fenced off writes nothing: every write of a crawl asks for the site's lease."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.model import Column, Page, Proof, Quarantine, Row, Run, Site
from crawler.storage.state import columns, listings, pending, presence, releases, runs
from crawler.storage.state.tables import metadata
from pipelines import Context, PageItem, store
from tests.storage.world import NOW, release, submission

COLUMN = Column("rc", "人才", "http://www.town.gov.cn/rc/")
SITE = Site(
    "town", "示范市人民政府", "http://www.town.gov.cn/", ("www.town.gov.cn",), "generic", "government", None,
    "city", (COLUMN,), Proof("a test", "C"),
)  # fmt: skip
RUN = Run(
    run_id="r1", round_id="r", site="town", column="rc", started="2026-11-22T09:00:00+08:00", ended=None,
    verdict="ok",
)  # fmt: skip
PAGE = Page(release(2).url, b"<h1>403</h1>", "text/html", 403)
Write = Callable[[sa.Engine, columns.Lease, pathlib.Path], object]


def _take(trouble: Quarantine | None, url: str) -> Write:
    def write(engine: sa.Engine, lease: columns.Lease, folder: pathlib.Path) -> object:
        item = PageItem(SITE, COLUMN, dataclasses.replace(PAGE, url=url), lease=lease, pending_id=1)
        item.quarantine, item.releases = trouble, (() if trouble else (release(3, url=url),))
        return store(item, Context(engine, folder, now=lambda: NOW))

    return write


WRITES: dict[str, Write] = {
    "save": lambda e, held, _: releases.save(e, [submission(release(2))], now=NOW, lease=held),
    "missing": lambda e, held, _: presence.note_missing(e, release(1).url, healthy=True, now=NOW, lease=held),
    "present": lambda e, held, _: presence.note_present(e, release(1).url, now=NOW, lease=held),
    "run": lambda e, held, _: runs.finish(e, RUN, healthy=True, every_minutes=60, now=NOW, lease=held),
    "failed": lambda e, held, _: pending.failed(e, 1, error="x", now=NOW, lease=held),
    "listing": lambda e, held, _: listings.record_listing(
        e, "town", "rc", [(Row("t", "http://www.town.gov.cn/9.html"), False)], now=NOW, lease=held
    ),
    "unchanged list": lambda e, held, _: listings.not_modified(e, release(1).url, now=NOW, lease=held),
    "stage": _take(None, release(3).url),
    "stage, refused": _take(Quarantine("blocked", "403"), release(2).url),
    "stage, gone": _take(Quarantine("removed", "404"), release(1).url),
}


@pytest.mark.parametrize("name", list(WRITES))
def test_every_write_of_a_crawl_asks_for_the_lease(engine: sa.Engine, tmp_path: pathlib.Path, name: str) -> None:
    def everything() -> dict[str, list[Any]]:
        with engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
                for table in metadata.tables.values()
            }

    columns.sync(engine, [SITE], now=NOW)
    releases.save(engine, [submission(release(1))], now=NOW)
    pending.add(engine, "town", "rc", [(Row("t", "http://www.town.gov.cn/8.html"), False)], now=NOW)
    old = columns.acquire(engine, "town", "elsewhere:1:1", now=NOW)
    assert old is not None
    after = NOW + dt.timedelta(seconds=columns.LEASE_SECONDS + 1)
    mine = columns.acquire(engine, "town", columns.owner_name(), now=after)
    assert mine is not None
    before = everything()
    with pytest.raises(columns.LeaseLost) as caught:
        WRITES[name](engine, old, tmp_path)
    assert caught.value.mend
    assert everything() == before
    WRITES[name](engine, mine, tmp_path)
