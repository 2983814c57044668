"""Slots: the only record of what a scheduler ran, missed, or is running.

A slot is one planned start of one job, named by its moment. Whoever writes it first runs it; a
lease says how long the owner is believed to live, a fence that only grows tells a late owner that
another one has taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import slots

#: Characters of a slot's detail; it is a line for people, not a log.
_LONGEST_DETAIL = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one slot."""

    job: str
    slot: str
    owner: str
    fence: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One row: moments in ISO; ``outcome`` is ``ok``, ``partial`` (it came to its end, parts of it
    failed), ``failed``, ``killed``, ``stopped``, ``lost``, ``missed``, or None while it runs."""

    job: str
    slot: str
    owner: str | None
    lease_until: str | None
    started: str | None
    ended: str | None
    outcome: str | None
    detail: str | None


def claim(
    engine: sa.Engine,
    job: str,
    slot: str,
    *,
    owner: str,
    now: dt.datetime,
    until: dt.datetime,
    instead_of: str | None = None,
) -> Claim | None:
    """The right to run this slot, or None: it was run, it is running, or an earlier slot of the job
    still is. What a dead owner left open is closed as ``lost`` on the way.

    ``instead_of``: only where that slot is still the job's newest of those until ``slot``, so that what
    a dead owner left undone is made good once, however many find it.
    """
    moment = iso(now)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"slots {job}"))))
        mine = slots.c.job == job
        connection.execute(
            slots.update()
            .where(mine, slots.c.ended.is_(None), slots.c.lease_until <= moment)
            .values(ended=moment, outcome="lost", detail="its scheduler ended without closing it")
        )
        # An owner whose clock runs ahead, or a lost slot taken up again, must not run twice.
        busy = sa.select(slots.c.slot).where(mine, (slots.c.slot == slot) | slots.c.ended.is_(None))
        if connection.execute(busy.limit(1)).first() is not None:
            return None
        if instead_of is not None:
            begun = sa.and_(mine, slots.c.started.is_not(None), slots.c.slot <= slot)
            if connection.scalar(sa.select(sa.func.max(slots.c.slot)).where(begun)) != instead_of:
                return None
        fence = (
            int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(slots.c.fence), 0)).where(mine)) or 0) + 1
        )
        connection.execute(
            slots.insert().values(
                job=job, slot=slot, owner=owner, fence=fence, lease_until=iso(until), started=moment
            )
        )
        return Claim(job, slot, owner, fence)


def renew(engine: sa.Engine, held: Claim, *, until: dt.datetime) -> bool:
    """Live on until then; False where the slot is no longer ours."""
    return _update(engine, held, lease_until=iso(until))


def close(engine: sa.Engine, held: Claim, *, outcome: str, detail: str, now: dt.datetime) -> bool:
    """Write how it ended; False where the slot is no longer ours."""
    return _update(engine, held, ended=iso(now), outcome=outcome, detail=detail[-_LONGEST_DETAIL:])


def _update(engine: sa.Engine, held: Claim, **values: object) -> bool:
    with writing(engine) as connection:
        done = connection.execute(
            slots.update()
            .where(
                slots.c.job == held.job,
                slots.c.slot == held.slot,
                slots.c.owner == held.owner,
                slots.c.fence == held.fence,
                slots.c.ended.is_(None),
            )
            .values(**values)
        )
        return done.rowcount == 1


def missed(engine: sa.Engine, job: str, first: str, *, detail: str, now: dt.datetime) -> None:
    """Note a stretch of slots that nobody ran, under the first of them; once."""
    with writing(engine) as connection:
        known = sa.select(slots.c.slot).where(slots.c.job == job, slots.c.slot == first)
        if connection.execute(known).first() is None:
            connection.execute(
                slots.insert().values(job=job, slot=first, ended=iso(now), outcome="missed", detail=detail)
            )


def last(engine: sa.Engine, job: str, *, until: str | None = None) -> Slot | None:
    """The newest slot of a job that was begun; ``until``: none later than that ISO moment."""
    query = sa.select(slots).where(slots.c.job == job, slots.c.started.is_not(None))
    if until is not None:
        query = query.where(slots.c.slot <= until)
    with reading(engine) as connection:
        row = connection.execute(query.order_by(slots.c.slot.desc()).limit(1)).mappings().first()
    return _model(row) if row is not None else None


def recent(
    engine: sa.Engine, *, job: str | None = None, since: str = "", until: str | None = None, limit: int = 200
) -> list[Slot]:
    """Slots, the newest first; ``since`` and ``until`` are ISO moments."""
    query = sa.select(slots).where(slots.c.slot >= since).order_by(slots.c.slot.desc(), slots.c.job).limit(limit)
    if until is not None:
        query = query.where(slots.c.slot <= until)
    if job is not None:
        query = query.where(slots.c.job == job)
    with reading(engine) as connection:
        return [_model(row) for row in connection.execute(query).mappings()]


def prune(engine: sa.Engine, *, before: dt.datetime, quiet_before: dt.datetime | None = None) -> int:
    """Drop ended slots from before that moment; how many. Those that ended well, which nobody asks for
    and of which a month has a hundred thousand, go where they are older than ``quiet_before``. The
    newest of each job stays."""
    newest = sa.select(sa.func.max(slots.c.slot)).group_by(slots.c.job).scalar_subquery()
    old = slots.c.slot < iso(before)
    if quiet_before is not None:
        old |= (slots.c.slot < iso(quiet_before)) & (slots.c.outcome == "ok")
    with writing(engine) as connection:
        done = connection.execute(
            slots.delete().where(old, slots.c.ended.is_not(None), slots.c.slot.not_in(newest))
        )
        return int(done.rowcount)


def _model(row: Mapping[Any, Any]) -> Slot:
    return Slot(*(row[name] for name in Slot.__dataclass_fields__))
