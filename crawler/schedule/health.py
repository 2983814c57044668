"""What the slots say: which job ran, which is late, which slots nobody ran."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso, parse
from crawler.config import Config
from crawler.schedule.jobs import Job, jobs
from crawler.storage.state import slots

#: A job is late when its newest slot is older than this many of its intervals, and than the grace.
_LATE_INTERVALS = 3
#: Seconds that a start may be late and still count as that slot's; a shorter gap is no missed slot.
GRACE = 3600


@dataclass(frozen=True, slots=True)
class JobHealth:
    """One job: its last run, and what went wrong during the last day."""

    job: str
    last_started: str | None
    last_ended: str | None
    last_outcome: str | None
    last_detail: str | None
    #: The moment of the last run that came to its end.
    last_ok: str | None
    running: bool
    #: No slot was begun for too long (or never).
    late: bool
    #: Runs of the last 24 hours that failed, were killed or lost.
    failures: int
    #: Stretches of missed slots of the last 24 hours, in words.
    missed: tuple[str, ...]


def health(
    engine: sa.Engine, now: dt.datetime, config: Config | None = None, chosen: Sequence[Job] | None = None
) -> list[JobHealth]:
    """How each job fares; ``chosen`` defaults to all jobs."""
    out = []
    day_ago = iso(now - dt.timedelta(days=1))
    for job in jobs(config or Config()) if chosen is None else chosen:
        # What a clock that ran ahead wrote is no sign of life of today.
        soon = iso(now + dt.timedelta(seconds=GRACE))
        rows = slots.recent(engine, job=job.name, until=soon, limit=3000)
        ran = [row for row in rows if row.started]
        last = ran[0] if ran else None
        fresh = [row for row in rows if (row.ended or row.started or "") >= day_ago]
        allowed = dt.timedelta(seconds=max(GRACE, _LATE_INTERVALS * job.trigger.seconds))
        out.append(
            JobHealth(
                job=job.name,
                last_started=last.started if last else None,
                last_ended=last.ended if last else None,
                last_outcome=last.outcome if last else None,
                last_detail=last.detail if last else None,
                last_ok=next((row.ended for row in ran if row.outcome in ("ok", "partial")), None),
                running=bool(last and last.ended is None and (last.lease_until or "") > iso(now)),
                late=last is None or now - parse(last.slot) > allowed,
                failures=sum(row.outcome in ("failed", "killed", "lost") for row in fresh),
                missed=tuple(row.detail or row.slot for row in fresh if row.outcome == "missed"),
            )
        )
    return out
