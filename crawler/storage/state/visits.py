"""When a known address is fetched again, and with which validators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import visits

#: Days until an article is visited again: after the first reading, and after each visit that found
#: it unchanged. A change starts the ladder anew.
LADDER_DAYS = (1, 3, 7, 30, 90)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one fetch of an address said; the store turns it into the next date."""

    url: str
    site: str
    column: str = ""
    kind: str = "article"
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    status: int | None = 200
    on_first_page: bool | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """One address that we fetch again."""

    url: str
    site: str
    column: str
    kind: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    status: int | None
    fetched_at: str | None
    next_at: str | None
    step: int
    missing_rounds: int
    on_first_page: bool
    open_until: str | None


def record_in(
    connection: sa.Connection, visit: Visit, *, now: dt.datetime, moved_on: bool, open_until: str | None = None
) -> None:
    """Write a visit down. ``moved_on``: the page was new or changed, the ladder starts anew.
    ``open_until``: the last day of an open deadline; the page is visited every round until then."""
    held = connection.execute(sa.select(visits).where(visits.c.url == visit.url)).first()
    step = 0 if moved_on or held is None else min(held.step + 1, len(LADDER_DAYS) - 1)
    values = {
        "site": visit.site, "column": visit.column, "kind": visit.kind, "etag": visit.etag,
        "last_modified": visit.last_modified, "body_hash": visit.body_hash, "status": visit.status,
        "fetched_at": iso(now), "step": step, "missing_rounds": 0, "open_until": open_until,
        "next_at": iso(now + dt.timedelta(days=LADDER_DAYS[step])),
    }  # fmt: skip
    if visit.on_first_page is not None:
        values["on_first_page"] = visit.on_first_page
    if held is None:
        connection.execute(sa.insert(visits).values(url=visit.url, **values))
    else:
        connection.execute(sa.update(visits).where(visits.c.url == visit.url).values(**values))


def not_modified_in(connection: sa.Connection, url: str, *, now: dt.datetime) -> bool:
    """The server answered 304: one step up the ladder. False where the address is unknown."""
    return bool(many_not_modified_in(connection, [url], now=now))


def many_not_modified_in(connection: sa.Connection, urls: Collection[str], *, now: dt.datetime) -> int:
    """As `not_modified_in`; how many of the addresses are known."""
    last = len(LADDER_DAYS) - 1
    step = sa.case((visits.c.step < last, visits.c.step + 1), else_=last)
    days = {place: iso(now + dt.timedelta(days=LADDER_DAYS[min(place + 1, last)])) for place in range(last)}
    values = {
        "fetched_at": iso(now), "step": step, "missing_rounds": 0, "status": 304,
        "next_at": sa.case(days, value=visits.c.step, else_=iso(now + dt.timedelta(days=LADDER_DAYS[last]))),
    }  # fmt: skip
    done = 0
    for part in parts(urls):
        done += connection.execute(sa.update(visits).where(visits.c.url.in_(part)).values(**values)).rowcount
    return done


def parts(urls: Collection[str]) -> Iterator[list[str]]:
    """Addresses in as many as one statement takes."""
    wanted = list(urls)
    for start in range(0, len(wanted), 500):
        yield wanted[start : start + 500]


def later_in(connection: sa.Connection, url: str, *, now: dt.datetime, status: int | None, days: int = 1) -> None:
    """The page could not be read this time: validators stay, it is tried again in ``days``."""
    connection.execute(
        sa.update(visits)
        .where(visits.c.url == url)
        .values(fetched_at=iso(now), status=status, next_at=iso(now + dt.timedelta(days=days)))
    )


def get(engine: sa.Engine, url: str) -> Visited | None:
    """What we know of an address: validators for a conditional request."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(visits).where(visits.c.url == url)).first()
        return Visited(**row._mapping) if row else None


def due(
    engine: sa.Engine, site: str, *, now: dt.datetime, limit: int, others: dt.datetime | None = None
) -> list[Visited]:
    """Articles to visit again this round: those on a first list page and those with an open deadline
    always, others when their day has come (by ``others``, else by now); those that waited longest first."""
    day = iso(now)[:10]
    query = (
        sa.select(visits)
        .where(
            visits.c.site == site,
            visits.c.kind == "article",
            sa.or_(visits.c.on_first_page, visits.c.open_until >= day, visits.c.next_at <= iso(others or now)),
        )
        .order_by(
            sa.case((visits.c.open_until >= day, 0), (visits.c.on_first_page, 1), else_=2), visits.c.fetched_at
        )
        .limit(limit)
    )
    with reading(engine) as connection:
        return [Visited(**row._mapping) for row in connection.execute(query)]


def mark_first_page_in(connection: sa.Connection, site: str, column: str, urls: Collection[str]) -> None:
    """These articles stand on the column's first list page now, and no others."""
    mine = sa.and_(visits.c.site == site, visits.c.column == column, visits.c.kind == "article")
    connection.execute(sa.update(visits).where(mine, visits.c.on_first_page).values(on_first_page=False))
    for part in parts(urls):
        connection.execute(
            sa.update(visits).where(visits.c.kind == "article", visits.c.url.in_(part)).values(on_first_page=True)
        )


def record(engine: sa.Engine, visit: Visit, *, now: dt.datetime, moved_on: bool) -> None:
    """`record_in` in a transaction of its own."""
    with writing(engine) as connection:
        record_in(connection, visit, now=now, moved_on=moved_on)
