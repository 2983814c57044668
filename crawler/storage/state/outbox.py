"""The outbox: releases that the index has to be told of, in the order of their sequence.

A row is written in the release's own transaction and removed only after the index has it; its
sequence number is the document's external version, so that replays and reordering are harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import outbox

#: Refusals after which a row waits for a person (`talentwatch index sync --retry`).
MAX_ATTEMPTS = 10
#: Ids in one statement: SQLite and PostgreSQL both take many more.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Lag:
    """What the index doesn't know yet: rows, the oldest one's moment, rows that it refused for good."""

    rows: int
    oldest: str | None = None
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that the index refused."""

    seq: int
    release_id: str
    created_at: str
    attempts: int
    error: str


def add_in(connection: sa.Connection, release_ids: Iterable[str], now: str, error: str | None = None) -> int:
    """Queue releases within the caller's transaction (``now`` as `crawler.clock.iso` has it). Returns how many."""
    rows = [{"release_id": release_id, "created_at": now, "last_error": error} for release_id in release_ids]
    if rows:
        connection.execute(sa.insert(outbox), rows)
    return len(rows)


def pending(engine: sa.Engine, limit: int, *, after: int = 0) -> list[tuple[int, str]]:
    """The next rows ``(seq, release_id)`` behind ``after``, in sequence order."""
    wanted = (
        sa.select(outbox.c.seq, outbox.c.release_id)
        .where(outbox.c.seq > after, outbox.c.attempts < MAX_ATTEMPTS)
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    with reading(engine) as connection:
        return [(row.seq, row.release_id) for row in connection.execute(wanted)]


def names(engine: sa.Engine) -> set[str]:
    """Everything that a row stands for, given up or not."""
    with reading(engine) as connection:
        return {row.release_id for row in connection.execute(sa.select(outbox.c.release_id).distinct())}


def done(engine: sa.Engine, seqs: Sequence[int]) -> None:
    """Remove rows that the index has."""
    with writing(engine) as connection:
        for at in range(0, len(seqs), _CHUNK):
            connection.execute(sa.delete(outbox).where(outbox.c.seq.in_(seqs[at : at + _CHUNK])))


def failed(engine: sa.Engine, seq: int, error: str) -> None:
    """Note that the index refused a row; it stays, and is tried again up to `MAX_ATTEMPTS`."""
    with writing(engine) as connection:
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.seq == seq)
            .values(attempts=outbox.c.attempts + 1, last_error=error[:2000])
        )


def refusals(engine: sa.Engine, limit: int = 1000) -> list[Refusal]:
    """Rows that the index refused at least once, oldest first."""
    wanted = sa.select(outbox).where(outbox.c.last_error.is_not(None)).order_by(outbox.c.seq).limit(limit)
    with reading(engine) as connection:
        return [
            Refusal(row.seq, row.release_id, row.created_at, row.attempts, row.last_error)
            for row in connection.execute(wanted)
        ]


def retry(engine: sa.Engine, seqs: Sequence[int] | None = None) -> int:
    """Let every refused row, or the named ones, be tried again. Returns how many there were."""
    wanted = sa.update(outbox).where(outbox.c.attempts > 0).values(attempts=0)
    if seqs is not None:
        wanted = wanted.where(outbox.c.seq.in_(seqs))
    with writing(engine) as connection:
        return int(connection.execute(wanted).rowcount)


def lag(engine: sa.Engine) -> Lag:
    """How far the index is behind, in releases: runs wait in the same queue and aren't counted."""
    refused = sa.case((outbox.c.attempts >= MAX_ATTEMPTS, 1), else_=0)
    wanted = sa.select(sa.func.count(), sa.func.min(outbox.c.created_at), sa.func.sum(refused))
    with reading(engine) as connection:
        of_releases = wanted.select_from(outbox).where(outbox.c.release_id.not_like("run:%"))
        rows, oldest, dead = connection.execute(of_releases).one()
    return Lag(int(rows), oldest, int(dead or 0))
