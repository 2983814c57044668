"""Incidents in the truth: columns that went blind together, and whether their operator was told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from crawler.clock import iso
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import incidents

Kind = Literal["host", "domain", "family", "all"]


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble of one group. Moments are ISO text; ``members`` are sites with their columns' keys.

    ``id`` 0: not written down yet. ``cause`` of its end: ``recovered``, or ``merged`` into a wider one.
    """

    kind: Kind
    key: str
    verdict: str
    members: tuple[tuple[str, str], ...]
    since: str
    opened_at: str
    closed_at: str | None = None
    cause: str | None = None
    told_at: str | None = None
    recovery_told_at: str | None = None
    id: int = 0

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return {"all": "the whole watch", "family": f"platform {self.key}", "domain": f"*.{self.key}"}.get(
            self.kind, self.key
        )


def open_ones(engine: sa.Engine) -> list[Incident]:
    """Those that have not ended, the oldest first."""
    with reading(engine) as connection:
        return _open_in(connection)


def recovered(engine: sa.Engine, *, since: str) -> list[Incident]:
    """Those that ended well since an ISO moment, the oldest first."""
    query = sa.select(incidents).where(incidents.c.closed_at >= since, incidents.c.cause == "recovered")
    with reading(engine) as connection:
        return [_incident(row) for row in connection.execute(query.order_by(incidents.c.id))]


def change(engine: sa.Engine, decide: Callable[[list[Incident]], Sequence[Incident]]) -> list[Incident]:
    """Let ``decide`` make the new state of those that are open, in one transaction; what it returns is written.

    An incident with an id replaces the held one, one without is new. Two processes never open the
    same incident twice. Returns what was written. Raises `StorageError`.
    """
    done = []
    with writing(engine) as connection:
        for one in decide(_open_in(connection)):
            if one.id:
                connection.execute(sa.update(incidents).where(incidents.c.id == one.id).values(**_values(one)))
                done.append(one)
            else:
                made = connection.execute(sa.insert(incidents).values(**_values(one)))
                done.append(replace(one, id=(made.inserted_primary_key or (0,))[0]))
    return done


def untold(engine: sa.Engine) -> list[Incident]:
    """Open ones nobody was told of, and ended ones that were told but not their end; the oldest first."""
    opening = sa.and_(incidents.c.told_at.is_(None), incidents.c.closed_at.is_(None))
    ending = sa.and_(
        incidents.c.told_at.is_not(None), incidents.c.recovery_told_at.is_(None), incidents.c.cause == "recovered"
    )
    query = sa.select(incidents).where(sa.or_(opening, ending)).order_by(incidents.c.id)
    with reading(engine) as connection:
        return [_incident(row) for row in connection.execute(query)]


def told(engine: sa.Engine, some: Sequence[Incident], *, now: dt.datetime) -> None:
    """Their operator knows: of the opening of those that are open, of the end of the others."""
    with writing(engine) as connection:
        for one in some:
            name = "told_at" if one.closed_at is None else "recovery_told_at"
            connection.execute(sa.update(incidents).where(incidents.c.id == one.id).values(**{name: iso(now)}))


def prune(engine: sa.Engine, *, before: dt.datetime) -> int:
    """Remove those that ended before a moment; returns how many."""
    with writing(engine) as connection:
        return connection.execute(sa.delete(incidents).where(incidents.c.closed_at < iso(before))).rowcount


def _open_in(connection: sa.Connection) -> list[Incident]:
    query = sa.select(incidents).where(incidents.c.closed_at.is_(None)).order_by(incidents.c.id)
    return [_incident(row) for row in connection.execute(query)]


def _incident(row: sa.Row[Any]) -> Incident:
    members = tuple((site, key) for site, key in json.loads(row.members))
    return Incident(**{**row._mapping, "members": members})


def _values(one: Incident) -> dict[str, object]:
    return {
        "kind": one.kind, "key": one.key, "verdict": one.verdict, "members": json.dumps(one.members),
        "since": one.since, "opened_at": one.opened_at, "closed_at": one.closed_at, "cause": one.cause,
        "told_at": one.told_at, "recovery_told_at": one.recovery_told_at,
    }  # fmt: skip
