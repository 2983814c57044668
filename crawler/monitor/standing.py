"""How the system stands: what came, what waits, what is blind, and when a round last ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso, parse
from crawler.monitor.verdict import HEALTHY
from crawler.storage.state import alerts, columns, outbox
from crawler.storage.state.columns import ColumnState
from crawler.storage.state.engine import reading
from crawler.storage.state.outbox import Lag
from crawler.storage.state.tables import events, pending, quarantine, releases, runs, slots

#: Outcomes of a slot whose job came to its end.
ENDED = ("ok", "partial")


#: Clocks of two machines may differ by this much.
_AHEAD = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of the present moment; moments are ISO text."""

    releases: Mapping[str, int]
    events: Mapping[str, int]
    columns: Mapping[str, int]
    deliveries: Mapping[str, int]
    #: Ended rows of the slots: (job, outcome) → how many are kept.
    jobs: Mapping[tuple[str, str], int]
    rounds: int
    last_round: str | None
    lag: Lag
    pending: int
    quarantined: int


def standing(engine: sa.Engine) -> Standing:
    """Everything counted. Raises `StorageError` where the database can't be read."""
    open_ = quarantine.c.resolved_at.is_(None)
    with reading(engine) as connection:
        talent = {_truth(value): 0 for value in (True, False, None)}
        for value, number in connection.execute(
            sa.select(releases.c.is_talent_policy, sa.func.count()).group_by(releases.c.is_talent_policy)
        ):
            talent[_truth(value)] = number
        counted = sa.select(events.c.kind, sa.func.count()).group_by(events.c.kind)
        told = {kind: number for kind, number in connection.execute(counted)}  # noqa: C416 - rows are no pairs to mypy
        ran = {
            (job, outcome): number
            for job, outcome, number in connection.execute(
                sa.select(slots.c.job, slots.c.outcome, sa.func.count())
                .where(slots.c.outcome.is_not(None))
                .group_by(slots.c.job, slots.c.outcome)
            )
        }
        rounds = connection.scalar(sa.select(sa.func.count(runs.c.round_id.distinct()))) or 0
        waiting = connection.scalar(sa.select(sa.func.count()).select_from(pending)) or 0
        held = connection.scalar(sa.select(sa.func.count()).select_from(quarantine).where(open_)) or 0
    verdicts: dict[str, int] = {}
    for state in columns.states(engine).values():
        if state.enabled:
            verdict = state.verdict or "never"
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
    return Standing(
        releases=talent, events=told, columns=verdicts, deliveries=alerts.counts(engine), jobs=ran, rounds=rounds,
        last_round=last_round(engine), lag=outbox.lag(engine), pending=waiting, quarantined=held,
    )  # fmt: skip


def last_round(engine: sa.Engine, *, until: dt.datetime | None = None) -> str | None:
    """The moment at which a round last came to its end: as a job, or by hand. ``until``: what a clock
    that ran ahead wrote is left out."""
    job = sa.select(sa.func.max(slots.c.ended)).where(slots.c.job == "crawl", slots.c.outcome.in_(ENDED))
    hand = sa.select(sa.func.max(runs.c.ended))
    if until is not None:
        job, hand = job.where(slots.c.ended <= iso(until)), hand.where(runs.c.ended <= iso(until))
    with reading(engine) as connection:
        found = [moment for moment in (connection.scalar(job), connection.scalar(hand)) if moment]
    return max(found, key=parse, default=None)


def overdue(engine: sa.Engine, *, now: dt.datetime, minutes: int) -> str | None:
    """Why the system isn't ready (no round ended for so long), or None."""
    moment = last_round(engine, until=now + _AHEAD)
    if moment is None:
        return "no round has ended yet"
    passed = now - parse(moment)
    if passed <= dt.timedelta(minutes=minutes):
        return None
    return f"the last round ended {moment}, {passed.total_seconds() / 60:.0f} minutes ago; {minutes} are allowed"


def blind(engine: sa.Engine) -> list[ColumnState]:
    """Enabled columns that aren't seen as they are, the longest blind first."""
    known = [c for c in columns.states(engine).values() if c.enabled and c.verdict not in (None, *HEALTHY)]
    return sorted(known, key=lambda c: (c.last_ok or "", c.site, c.key))


def came(engine: sa.Engine, *, since: dt.datetime) -> Mapping[str, int]:
    """Events by kind since a moment; silent ones left out."""
    query = (
        sa.select(events.c.kind, sa.func.count())
        .where(events.c.created_at >= iso(since), events.c.silent.is_(False))
        .group_by(events.c.kind)
    )
    with reading(engine) as connection:
        return {kind: number for kind, number in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def _truth(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "unsure"}[value]
