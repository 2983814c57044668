"""One row for each column and round: what it did, and the verdict."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection

import sqlalchemy as sa

from crawler.model import Run, from_json, to_json
from crawler.storage.state import columns, outbox
from crawler.storage.state.columns import Lease, hold_in
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import runs


def add_in(connection: sa.Connection, run: Run) -> None:
    """Write a run down; the same run again replaces it. A cluster hears of it by the outbox."""
    connection.execute(sa.delete(runs).where(runs.c.run_id == run.run_id))
    connection.execute(
        sa.insert(runs).values(
            run_id=run.run_id, round_id=run.round_id, site=run.site, column=run.column, started=run.started,
            ended=run.ended, verdict=run.verdict, data=json.dumps(to_json(run), ensure_ascii=False),
        )
    )  # fmt: skip
    outbox.add_in(connection, [f"run:{run.run_id}"], run.ended or run.started)


def finish(
    engine: sa.Engine, run: Run, *, healthy: bool, every_minutes: int, now: dt.datetime,
    lease: Lease | None = None, whole: bool = True,
) -> None:  # fmt: skip
    """A column's round is over: its run, and the column's health, in one transaction.

    ``whole``: no rows were left out on purpose, so that it can be the baseline. Raises `LeaseLost`.
    """
    with writing(engine) as connection:
        hold_in(connection, lease)
        finish_in(connection, run, healthy=healthy, every_minutes=every_minutes, now=now, whole=whole)


def finish_in(
    connection: sa.Connection, run: Run, *, healthy: bool, every_minutes: int, now: dt.datetime, whole: bool = True
) -> None:
    """`finish` in the caller's transaction."""
    add_in(connection, run)
    columns.finish_in(connection, run, healthy=healthy, every_minutes=every_minutes, now=now, whole=whole)


def recent(
    engine: sa.Engine, site: str | None = None, column: str | None = None, limit: int = 50,
    verdicts: Collection[str] | None = None,
) -> list[Run]:  # fmt: skip
    """The newest runs first; ``verdicts``: only those with one of them."""
    query = sa.select(runs.c.data).order_by(runs.c.started.desc(), runs.c.run_id).limit(limit)
    if verdicts is not None:
        query = query.where(runs.c.verdict.in_(verdicts))
    if site is not None:
        query = query.where(runs.c.site == site)
    if column is not None:
        query = query.where(runs.c.column == column)
    with reading(engine) as connection:
        return [from_json(Run, json.loads(data)) for data in connection.scalars(query)]


def of_round(engine: sa.Engine, round_id: str) -> list[Run]:
    """The runs of one round."""
    with reading(engine) as connection:
        data = connection.scalars(sa.select(runs.c.data).where(runs.c.round_id == round_id).order_by(runs.c.site))
        return [from_json(Run, json.loads(one)) for one in data]


def prune(engine: sa.Engine, before: str) -> int:
    """Remove runs that started before an ISO moment; returns how many."""
    with writing(engine) as connection:
        return connection.execute(sa.delete(runs).where(runs.c.started < before)).rowcount


#: Days that runs are kept.
KEEP_DAYS = 400


def prune_old(engine: sa.Engine, *, now: dt.datetime) -> int:
    """Remove runs older than `KEEP_DAYS`."""
    from crawler.clock import iso

    return prune(engine, iso(now - dt.timedelta(days=KEEP_DAYS)))
