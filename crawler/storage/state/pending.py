"""Rows that a listing showed, until their article is stored or quarantined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.model import Quarantine, Row
from crawler.model.values import QuarantineReason
from crawler.storage.state import quarantine as quarantines
from crawler.storage.state.columns import Lease, hold_in
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import pending, quarantine, releases

#: Minutes until a page that could not be had is tried again, after the first, second, … attempt.
BACKOFF_MINUTES = (5, 30, 120, 720, 1440)
#: After so many attempts the row goes to quarantine, where it is tried seldom but not forgotten.
MAX_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Pending:
    """One row that waits for its article."""

    id: int
    site: str
    column: str
    url: str
    part: str
    title: str
    date: str | None
    silent: bool
    discovered_at: str
    attempts: int
    next_at: str
    last_error: str | None = None

    @property
    def row(self) -> Row:
        """What the listing said."""
        return Row(title=self.title, url=self.url, date=self.date, part=self.part)


def add_in(
    connection: sa.Connection, site: str, column: str, rows: Sequence[tuple[Row, bool]], *, now: dt.datetime
) -> int:
    """Queue rows that are new to us: neither stored, nor waiting, nor in quarantine.

    Each comes with its ``silent`` flag; URLs are canonical. Returns how many were queued.
    """
    added = 0
    for row, silent in rows:
        if _known(connection, row.url, row.part):
            continue
        connection.execute(
            sa.insert(pending).values(
                site=site, column=column, url=row.url, part=row.part, title=row.title, date=row.date,
                silent=silent, discovered_at=iso(now), next_at=iso(now),
            )
        )  # fmt: skip
        added += 1
    return added


def add(engine: sa.Engine, site: str, column: str, rows: Sequence[tuple[Row, bool]], *, now: dt.datetime) -> int:
    """`add_in` in a transaction of its own."""
    with writing(engine) as connection:
        return add_in(connection, site, column, rows, now=now)


def due(engine: sa.Engine, site: str, *, now: dt.datetime, limit: int = 1000) -> list[Pending]:
    """What is to be fetched now, oldest first; quarantined pages whose time has come are put back."""
    quarantines.reopen_due(engine, site, now=now)
    with reading(engine) as connection:
        query = (
            sa.select(pending)
            .where(pending.c.site == site, pending.c.next_at <= iso(now))
            .order_by(pending.c.next_at, pending.c.id)
            .limit(limit)
        )
        return [_pending(row) for row in connection.execute(query)]


def get(engine: sa.Engine, pending_id: int) -> Pending | None:
    """One waiting row, or None once it is done."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(pending).where(pending.c.id == pending_id)).first()
        return _pending(row) if row else None


def count(engine: sa.Engine, site: str | None = None) -> int:
    """How many rows wait."""
    query = sa.select(sa.func.count()).select_from(pending)
    with reading(engine) as connection:
        return int(connection.scalar(query.where(pending.c.site == site) if site else query) or 0)


def close_in(connection: sa.Connection, pending_id: int | None) -> None:
    """The row's article is stored or quarantined: it waits no longer."""
    if pending_id is not None:
        connection.execute(sa.delete(pending).where(pending.c.id == pending_id))


def failed(
    engine: sa.Engine, pending_id: int, *, error: str, now: dt.datetime, reason: QuarantineReason = "unreachable",
    lease: Lease | None = None,
) -> bool:  # fmt: skip
    """The page could not be had: try again later; after `MAX_ATTEMPTS` it goes to quarantine.

    Returns whether the row still waits. Raises `LeaseLost`.
    """
    with writing(engine) as connection:
        hold_in(connection, lease)
        found = connection.execute(sa.select(pending).where(pending.c.id == pending_id)).first()
        if found is None:
            return False
        row = _pending(found)
        if row.attempts + 1 >= MAX_ATTEMPTS:
            trouble = Quarantine(reason, error, "Open the address in a browser; is the page gone or the host down?")
            quarantines.put_in(
                connection, row.site, row.column, row.url, trouble, part=row.part, title=row.title,
                date=row.date, silent=row.silent, now=now,
            )  # fmt: skip
            close_in(connection, pending_id)
            return False
        wait = BACKOFF_MINUTES[min(row.attempts, len(BACKOFF_MINUTES) - 1)]
        connection.execute(
            sa.update(pending)
            .where(pending.c.id == pending_id)
            .values(
                attempts=row.attempts + 1, last_error=error[:500], next_at=iso(now + dt.timedelta(minutes=wait))
            )
        )
        return True


def known(engine: sa.Engine, rows: Sequence[Row]) -> frozenset[tuple[str, str]]:
    """Which of the rows (canonical URLs) are known to us, as URL and part."""
    with reading(engine) as connection:
        return frozenset((row.url, row.part) for row in rows if _known(connection, row.url, row.part))


def _known(connection: sa.Connection, url: str, part: str) -> bool:
    """A page is known by its address; rows that share one address, by address and part key."""
    if connection.scalar(sa.select(pending.c.id).where(pending.c.url == url, pending.c.part == part)) is not None:
        return True
    held = sa.select(quarantine.c.id).where(
        quarantine.c.url == url, quarantine.c.part == part, quarantine.c.resolved_at.is_(None)
    )
    if connection.scalar(held) is not None:
        return True
    stored = sa.select(releases.c.release_id).where(releases.c.url == url)
    if part:
        stored = stored.where(releases.c.part == part)
    return connection.scalar(stored.limit(1)) is not None


def _pending(row: sa.Row[tuple[object, ...]]) -> Pending:
    return Pending(**row._mapping)
