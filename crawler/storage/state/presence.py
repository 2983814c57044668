"""Whether a release's page is still on its site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.storage.state import events, stories, visits
from crawler.storage.state.columns import Lease, hold_in
from crawler.storage.state.engine import writing
from crawler.storage.state.revise import queue
from crawler.storage.state.tables import releases

#: Rounds in which a page must be missing on a healthy host before it is called withdrawn.
ROUNDS = 2


def note_missing(
    engine: sa.Engine, url: str, *, healthy: bool, now: dt.datetime, status: int | None = 404,
    lease: Lease | None = None,
) -> list[str]:  # fmt: skip
    """A visit found the page gone. Call it once per page and round.

    Only where the host is ``healthy`` (other pages of it were read in this round) it counts; after
    `ROUNDS` the page's releases are withdrawn and subscribers hear of it once. Returns the ids of the
    releases that were withdrawn by this call. Raises `LeaseLost`.
    """
    withdrawn: list[str] = []
    with writing(engine) as connection:
        hold_in(connection, lease)
        visits.later_in(connection, url, now=now, status=status, days=0)  # looked for again next round
        if not healthy:
            return withdrawn
        held = connection.execute(sa.select(releases).where(releases.c.url == url, releases.c.current)).all()
        for row in held:
            rounds = row.missing_rounds + 1
            values: dict[str, object] = {"missing_rounds": rounds}
            if rounds >= ROUNDS:
                values |= {"current": False, "withdrawn_at": iso(now)}
                _tell(connection, row, now)
                withdrawn.append(row.release_id)
            connection.execute(sa.update(releases).where(releases.c.release_id == row.release_id).values(**values))
            remarked = stories.choose_original(connection, row.story_id) if rounds >= ROUNDS else set()
            queue(connection, [row.release_id, *sorted(remarked - {row.release_id})], now)
    return withdrawn


def _tell(connection: sa.Connection, row: sa.Row[Any], now: dt.datetime) -> None:
    """One event per story: a repost that goes is no news, nor is one that follows its original."""
    gone = sa.select(sa.func.count()).where(releases.c.story_id == row.story_id, releases.c.current.is_(False))
    if row.is_original and not connection.scalar(gone):
        events.raise_in(
            connection, "withdrawn", release_id=row.release_id, revision=row.revision, story_id=row.story_id,
            key=f"{row.release_id}:{iso(now)}", now=now,
        )  # fmt: skip


def note_present(engine: sa.Engine, url: str, *, now: dt.datetime, lease: Lease | None = None) -> bool:
    """A conditional visit found the page as it was (304). Returns whether it had been withdrawn.
    Raises `LeaseLost`."""
    with writing(engine) as connection:
        hold_in(connection, lease)
        return note_present_in(connection, [url], now=now)


def note_present_in(connection: sa.Connection, urls: Collection[str], *, now: dt.datetime) -> bool:
    """As `note_present`, for many pages in the caller's transaction; whether any had been withdrawn."""
    visits.many_not_modified_in(connection, urls, now=now)
    known = sa.select(releases.c.release_id, releases.c.story_id).where(releases.c.current.is_(False))
    back: list[Any] = []
    for part in visits.parts(urls):
        back += connection.execute(known.where(releases.c.url.in_(part))).all()
        connection.execute(
            sa.update(releases)
            .where(releases.c.url.in_(part))
            .values(last_seen=iso(now), current=True, withdrawn_at=None, missing_rounds=0)
        )
    changed = {row.release_id for row in back}
    for story_id in sorted({row.story_id for row in back}):
        changed |= stories.choose_original(connection, story_id)
    queue(connection, sorted(changed), now)
    return bool(back)
