"""What subscribers hear of: written once, in the transaction that makes it true."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import sqlalchemy as sa

from crawler.clock import iso
from crawler.model import Change, Event, from_json, to_json
from crawler.model.values import EventKind
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import events


def raise_in(
    connection: sa.Connection, kind: EventKind, *, release_id: str, revision: int, story_id: str, key: str,
    now: dt.datetime, changes: Sequence[Change] = (), silent: bool = False,
) -> bool:  # fmt: skip
    """Write an event, unless one with the same key was written before. ``key`` says what is the
    same news: kind, story and content. Returns whether it is news."""
    key = f"{kind}:{key}"
    if connection.scalar(sa.select(events.c.seq).where(events.c.dedup_key == key)) is not None:
        return False
    connection.execute(
        sa.insert(events).values(
            kind=kind, release_id=release_id, revision=revision, story_id=story_id, dedup_key=key,
            changes=json.dumps(to_json(changes), ensure_ascii=False), silent=silent, created_at=iso(now),
        )
    )  # fmt: skip
    return True


def after(engine: sa.Engine, seq: int, *, limit: int = 500, silent: bool = False) -> list[Event]:
    """Events after a sequence number, in order; silent ones only where asked for."""
    query = sa.select(events).where(events.c.seq > seq).order_by(events.c.seq).limit(limit)
    if not silent:
        query = query.where(events.c.silent.is_(False))
    with reading(engine) as connection:
        return [_event(row) for row in connection.execute(query)]


def get(engine: sa.Engine, seq: int) -> Event | None:
    """One event."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(events).where(events.c.seq == seq)).first()
        return _event(row) if row else None


def of_release(engine: sa.Engine, release_id: str) -> list[Event]:
    """A release's events in order, silent ones included."""
    query = sa.select(events).where(events.c.release_id == release_id).order_by(events.c.seq)
    with reading(engine) as connection:
        return [_event(row) for row in connection.execute(query)]


def last_seq(engine: sa.Engine) -> int:
    """The newest event's sequence number; 0 where there is none. A subscription starts after it."""
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.max(events.c.seq))) or 0)


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    return Event(
        seq=row.seq, kind=row.kind, release_id=row.release_id, revision=row.revision, story_id=row.story_id,
        created_at=row.created_at, silent=bool(row.silent),
        changes=tuple(from_json(Change, change) for change in json.loads(row.changes)),
    )  # fmt: skip
