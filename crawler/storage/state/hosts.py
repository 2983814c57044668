"""Hosts that are left alone for a while, told to every process on this database.

They are rows of ``facts``: ``host.asks NETLOC`` or ``host.fails NETLOC`` → moment, gone once it has passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from crawler.clock import iso, parse
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import facts

_ASKS, _FAILS = "host.asks ", "host.fails "
_OURS = sa.or_(facts.c.key.startswith(_ASKS, autoescape=True), facts.c.key.startswith(_FAILS, autoescape=True))


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Hosts (network locations, lower case), and the moment before which they are not asked."""

    #: They said so themselves (``Retry-After``).
    asks: Mapping[str, dt.datetime] = field(default_factory=dict)
    #: They failed again and again: a round that an operator starts by hand may try them all the same.
    fails: Mapping[str, dt.datetime] = field(default_factory=dict)

    def until(self, host: str) -> dt.datetime | None:
        """The later moment of both kinds."""
        return max((kind[host] for kind in (self.asks, self.fails) if host in kind), default=None)


def leave_alone(engine: sa.Engine, told: LeftAlone, *, now: dt.datetime) -> None:
    """Write down who is to be left alone; a later moment that was told already stays. Raises `StorageError`."""
    with writing(engine) as connection:
        connection.execute(sa.delete(facts).where(_OURS, facts.c.value <= iso(now)))
        for kind, wishes in ((_ASKS, told.asks), (_FAILS, told.fails)):
            for host, until in wishes.items():
                here = facts.c.key == kind + host
                held = connection.scalar(sa.select(facts.c.value).where(here))
                if held is None:
                    connection.execute(sa.insert(facts).values(key=kind + host, value=iso(until)))
                elif held < iso(until):
                    connection.execute(sa.update(facts).where(here).values(value=iso(until)))


def left_alone(engine: sa.Engine, *, now: dt.datetime) -> LeftAlone:
    """The hosts that nobody asks now. Raises `StorageError`."""
    with reading(engine) as connection:
        found = connection.execute(sa.select(facts.c.key, facts.c.value).where(_OURS, facts.c.value > iso(now)))
        held = {row.key: parse(row.value) for row in found}
    return LeftAlone(*(
        {key.removeprefix(kind): until for key, until in held.items() if key.startswith(kind)}
        for kind in (_ASKS, _FAILS)
    ))  # fmt: skip
