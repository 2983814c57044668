"""A listing as it was read: its validators and the rows that it showed, in ONE transaction.

A kill after it can't lose an article behind a 304: the row waits until its article is stored or
quarantined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from crawler.clock import iso
from crawler.model import Quarantine, Row
from crawler.storage.state import pending, quarantine, visits
from crawler.storage.state.columns import Lease, hold_in
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import quarantine as quarantine_table
from crawler.storage.state.tables import visits as visits_table


class Recorded(NamedTuple):
    """How many rows of a page were new to us: queued, and quarantined."""

    added: int
    refused: int


def record_listing(
    engine: sa.Engine, site: str, column: str, rows: Sequence[tuple[Row, bool]], *, now: dt.datetime,
    visit: visits.Visit | None = None, first_page: Collection[str] | None = None, lease: Lease | None = None,
    refused: Sequence[tuple[Row, Quarantine]] = (),
) -> Recorded:  # fmt: skip
    """Store what one page of a listing showed; returns how many rows were new to us.

    ``rows`` come with their ``silent`` flag; URLs are canonical. ``visit`` holds the validators: give
    it only where everything that they vouch for is in this call or stored already. ``first_page``:
    the addresses on the column's first page. ``refused`` rows (another host, no address) are
    quarantined once. Raises `LeaseLost`.
    """
    with writing(engine) as connection:
        hold_in(connection, lease)
        added = pending.add_in(connection, site, column, rows, now=now)
        set_aside = 0
        for row, trouble in refused:
            same = sa.and_(quarantine_table.c.url == row.url, quarantine_table.c.part == row.part)
            if connection.scalar(sa.select(quarantine_table.c.id).where(same)) is None:
                set_aside += 1
                quarantine.put_in(
                    connection,
                    site,
                    column,
                    row.url,
                    trouble,
                    now=now,
                    part=row.part,
                    title=row.title,
                    date=row.date,
                )
        if visit is not None:
            visits.record_in(connection, visit, now=now, moved_on=True)
        if first_page is not None:
            _look_after_leavers(connection, site, column, first_page, now)
            visits.mark_first_page_in(connection, site, column, first_page)
    return Recorded(added, set_aside)


def _look_after_leavers(
    connection: sa.Connection, site: str, column: str, first_page: Collection[str], now: dt.datetime
) -> None:
    """Articles that left the first page are visited once more now: pushed down, or taken away?"""
    table = visits_table
    mine = sa.and_(table.c.site == site, table.c.column == column, table.c.kind == "article", table.c.on_first_page)
    left = set(connection.scalars(sa.select(table.c.url).where(mine))) - set(first_page)
    for url in left:
        connection.execute(sa.update(table).where(table.c.url == url).values(next_at=iso(now)))


def not_modified(engine: sa.Engine, url: str, *, now: dt.datetime, lease: Lease | None = None) -> None:
    """The listing answered 304."""
    with writing(engine) as connection:
        hold_in(connection, lease)
        connection.execute(
            sa.update(visits_table).where(visits_table.c.url == url).values(fetched_at=iso(now), status=304)
        )


def forget_validators(engine: sa.Engine, url: str) -> None:
    """Read the listing anew next time: what it showed wasn't taken in full."""
    with writing(engine) as connection:
        connection.execute(
            sa.update(visits_table).where(visits_table.c.url == url).values(etag=None, last_modified=None)
        )
