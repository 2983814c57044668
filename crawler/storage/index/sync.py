"""Outbox → index, and the index made again from the truth."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.model import StoredRelease
from crawler.query import document
from crawler.storage.index.protocol import PolicyIndex, PutReport, Refused, Versioned, content_hash
from crawler.storage.state import outbox
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.releases import iterate, many
from crawler.storage.state.tables import facts

#: Outbox rows and documents in one call of the index.
BATCH = 200
#: The fact that names the index which was filled from this truth.
_TARGET = "index.identity"
#: Differences that a verification names one by one.
MAX_NAMED = 20

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Verification:
    """Truth against index. ``pending``: differences that the outbox already knows of."""

    truth: int
    index: int
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    pending: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the index holds what the truth does."""
        return not (self.missing or self.different or self.surplus)


def drain(
    engine: sa.Engine,
    index: PolicyIndex,
    *,
    as_of: dt.date,
    limit: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Tell the index of every queued release, in sequence order. Returns how many rows are done.

    Idempotent: rows leave the outbox only after the index has them, so that a kill in between sends
    them again, with the same version. An index that isn't the one which was filled from this truth
    (lost, emptied, another server) is rebuilt first. Raises `IndexUnavailable`; the rows stay.
    """
    if not is_filled(engine, index):
        rebuild(engine, index, as_of=as_of, progress=progress)
    finished = after = 0
    while limit is None or finished < limit:
        rows = outbox.pending(engine, BATCH if limit is None else min(BATCH, limit - finished), after=after)
        if not rows:
            break
        after = rows[-1][0]
        newest = {release_id: seq for seq, release_id in rows}
        stored = _stored(engine, list(newest))
        report = index.put([Versioned(newest[s.release_id], project(s, as_of)) for s in stored])
        refused = _note(engine, report)
        # Rows of a release that is not there (any more) have nothing to tell.
        outbox.done(engine, [seq for seq, release_id in rows if release_id not in refused])
        finished += len(rows)
        if progress:
            progress(finished)
    index.refresh()
    return finished


def rebuild(engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date, progress: Progress | None = None) -> int:
    """Make the index again from the truth, beside the live one, and swap. Returns how many releases.

    Each document keeps the version that the live index has of it (0: none), so that what the outbox
    sends meanwhile or later always wins and an old replay never does.
    """
    with index.rebuilding() as target:
        versions = {stamp.release_id: stamp.version for stamp in index.stamps()}
        done = 0
        for batch in _batches(iterate(engine)):
            report = target.put([Versioned(versions.get(s.release_id, 0), project(s, as_of)) for s in batch])
            _queue_refused(engine, report.refused, as_of)
            done += len(batch)
            if progress:
                progress(done)
    identity = index.identity() or ""
    with writing(engine) as connection:
        connection.execute(sa.delete(facts).where(facts.c.key == _TARGET))
        connection.execute(sa.insert(facts).values(key=_TARGET, value=identity))
    index.refresh()
    return done


def is_filled(engine: sa.Engine, index: PolicyIndex) -> bool:
    """Whether this index is the one that was filled from this truth."""
    identity = index.identity()
    return identity is not None and identity == _fact(engine)


def verify(engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date) -> Verification:
    """Compare every document's content hash with what the truth would give on ``as_of``."""
    index.refresh()
    held = {stamp.release_id: stamp.content_hash for stamp in index.stamps()}
    queued = {release_id for _, release_id in outbox.pending(engine, 1_000_000)}
    total, count = 0, len(held)
    missing: list[str] = []
    different: list[str] = []
    pending = 0
    for stored in iterate(engine):
        total += 1
        there = held.pop(stored.release_id, None)
        if there == content_hash(project(stored, as_of)):
            continue
        if stored.release_id in queued:
            pending += 1
        else:
            (missing if there is None else different).append(stored.release_id)
    return Verification(total, count, tuple(missing), tuple(different), tuple(sorted(held)), pending)


def project(stored: StoredRelease, as_of: dt.date) -> dict[str, Any]:
    """The document of a release with its as-of values judged anew."""
    # Imported where it is used: enrich brings its word lists, which a search never needs.
    from crawler.enrich import rejudge

    return document(dataclasses.replace(stored, release=rejudge(stored.release, as_of)), as_of)


def _note(engine: sa.Engine, report: PutReport) -> set[str]:
    for refusal in report.refused:
        outbox.failed(engine, refusal.version, refusal.reason)
    return {refusal.release_id for refusal in report.refused}


def _queue_refused(engine: sa.Engine, refused: Iterable[Refused], as_of: dt.date) -> None:
    """Keep what a rebuild's index refused where people look for it."""
    for refusal in refused:
        with writing(engine) as connection:
            outbox.add_in(connection, [refusal.release_id], f"{as_of.isoformat()}T00:00:00+08:00", refusal.reason)


def _fact(engine: sa.Engine) -> str | None:
    with reading(engine) as connection:
        found = connection.execute(sa.select(facts.c.value).where(facts.c.key == _TARGET)).scalar()
    return None if found is None else str(found)


def _stored(engine: sa.Engine, ids: list[str]) -> list[StoredRelease]:
    found = many(engine, ids)
    return [found[release_id] for release_id in ids if release_id in found]


def _batches(items: Iterable[StoredRelease]) -> Iterator[list[StoredRelease]]:
    batch: list[StoredRelease] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
