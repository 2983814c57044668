"""Time passes for what is stored: deadlines come near, policies expire."""

from __future__ import annotations

import datetime as dt
import functools

import sqlalchemy as sa

from crawler.model import Release, StoredRelease
from crawler.storage.state import events
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.revise import queue
from crawler.storage.state.save import OPEN_KINDS
from crawler.storage.state.stored import iterate
from crawler.storage.state.tables import facts

#: Days before its end that an application window is called out, and a policy's validity.
DEADLINE_SOON_DAYS = 7
EXPIRING_DAYS = 90
#: Releases that are worked through in one transaction.
_BATCH = 200
_DAY = "as_of.day"
_AT = "as_of.at"


def requeue_as_of(engine: sa.Engine, day: dt.date) -> int:
    """The daily job: what ``day`` makes of the stored releases that the last day done did not.

    Requeues releases whose values as of a day changed (validity, next open deadline), writes
    ``expiring`` and ``deadline_soon`` events once each. Killed in between, the next call goes on
    where it stopped; called twice for a day, the second does nothing. Returns how many were requeued.
    """
    last, at = _position(engine)
    if last is not None and last >= day:
        return 0
    if at is not None and at[0] != day.isoformat():
        at = None  # a day that was begun and never done: begin anew, events are written once anyway
    requeued = 0
    batch: list[StoredRelease] = []
    for stored in iterate(engine, after=at[1] if at else ""):
        batch.append(stored)
        if len(batch) == _BATCH:
            requeued += _work(engine, batch, last, day)
            batch = []
    requeued += _work(engine, batch, last, day)
    with writing(engine) as connection:
        _remember(connection, _DAY, day.isoformat())
        connection.execute(sa.delete(facts).where(facts.c.key == _AT))
    return requeued


def _position(engine: sa.Engine) -> tuple[dt.date | None, tuple[str, str] | None]:
    with reading(engine) as connection:
        known = {
            row.key: row.value for row in connection.execute(sa.select(facts).where(facts.c.key.in_([_DAY, _AT])))
        }
    last = dt.date.fromisoformat(known[_DAY]) if _DAY in known else None
    begun, _, release_id = known.get(_AT, "").partition(" ")
    return last, (begun, release_id) if release_id else None


def _remember(connection: sa.Connection, key: str, value: str) -> None:
    connection.execute(sa.delete(facts).where(facts.c.key == key))
    connection.execute(sa.insert(facts).values(key=key, value=value))


def _work(engine: sa.Engine, batch: list[StoredRelease], last: dt.date | None, day: dt.date) -> int:
    if not batch:
        return 0
    noon = dt.datetime.combine(day, dt.time(0, 0), dt.timezone(dt.timedelta(hours=8)))
    moved = [
        s.release_id for s in batch if last is None or as_of_values(s.release, last) != as_of_values(s.release, day)
    ]
    with writing(engine) as connection:
        for stored in batch:
            if stored.current and stored.is_original:
                _tell(connection, stored, day, noon)
        queue(connection, moved, noon)
        _remember(connection, _AT, f"{day.isoformat()} {batch[-1].release_id}")
    return len(moved)


def as_of_values(release: Release, day: dt.date) -> tuple[str, str | None]:
    """What the index holds of a release that depends on the day: validity, next open deadline."""
    from crawler.enrich import rejudge

    return rejudge(release, day).validity, next_open(release, day)


def next_open(release: Release, day: dt.date) -> str | None:
    """The end of the open window that closes first, an ISO day; None where none is open."""
    ends = [d.end[:10] for d in release.deadlines if d.end and d.kind in OPEN_KINDS]
    return min((end for end in ends if end >= day.isoformat()), default=None)


def _tell(connection: sa.Connection, stored: StoredRelease, day: dt.date, now: dt.datetime) -> None:
    soon = (day + dt.timedelta(days=DEADLINE_SOON_DAYS)).isoformat()
    late = (day + dt.timedelta(days=EXPIRING_DAYS)).isoformat()
    today = day.isoformat()
    where = functools.partial(
        events.raise_in, connection, release_id=stored.release_id, revision=stored.revision,
        story_id=stored.story_id, now=now,
    )  # fmt: skip
    for deadline in stored.release.deadlines:
        end = (deadline.end or "")[:10]
        if deadline.kind in OPEN_KINDS and today <= end <= soon:
            where("deadline_soon", key=f"{stored.story_id}:{deadline.kind}:{end}")
    end = (stored.release.effective_to or "")[:10]
    if end and today <= end <= late:
        where("expiring", key=f"{stored.story_id}:{end}")
