"""Who is at work on this database: the leases that living processes hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.storage.state.columns import alive
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import deliveries, sites, slots
from crawler.text import counted

#: No lease is longer: what ends later was written by a clock that ran ahead, and says nothing.
_LONGEST = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process and what it does: ``owner`` is ``host:process number:…``; ``until`` in ISO."""

    work: str
    owner: str
    until: str

    def __str__(self) -> str:
        host, _, rest = self.owner.partition(":")
        return f"process {rest.partition(':')[0]} on {host}: {self.work} (its lease lasts until {self.until})"


def holders(engine: sa.Engine, *, now: dt.datetime) -> list[Holder]:
    """Jobs that run, sites that are crawled, deliveries that are being sent; one line for each process and
    kind of work. A crawler of this machine that is known to be dead is none."""

    def living(until: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return (until > iso(now)) & (until <= iso(now + _LONGEST))

    running = sa.select(slots.c.job, slots.c.owner, slots.c.lease_until).where(
        slots.c.ended.is_(None), slots.c.owner.is_not(None), living(slots.c.lease_until)
    )
    crawled = sa.select(sites.c.name, sites.c.lease_owner, sites.c.lease_until).where(
        sites.c.lease_owner.is_not(None), living(sites.c.lease_until)
    )
    sent = (
        sa.select(sa.func.count(), deliveries.c.lease_owner, sa.func.max(deliveries.c.lease_until))
        .where(
            deliveries.c.state == "leased", deliveries.c.lease_owner.is_not(None), living(deliveries.c.lease_until)
        )
        .group_by(deliveries.c.lease_owner)
    )
    with reading(engine) as connection:
        found = [Holder(f"job {job}", owner, until) for job, owner, until in connection.execute(running)]
        found += [
            Holder(f"crawls {site}", owner, until)
            for site, owner, until in connection.execute(crawled)
            if alive(owner)
        ]
        leased = connection.execute(sent)
        found += [Holder(f"sends {counted(count, 'alert')}", owner, until) for count, owner, until in leased]
    return found
