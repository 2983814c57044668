"""Outbox → index, and the index made again from the truth."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from crawler.model import StoredRelease
from crawler.query import document
from crawler.storage.index import tables
from crawler.storage.index.ahead import sent_in_turn
from crawler.storage.index.protocol import (
    IndexDiffers,
    PolicyIndex,
    PutReport,
    Refused,
    Target,
    Versioned,
    content_hash,
)
from crawler.storage.index.records import Record
from crawler.storage.index.verification import Compared, Verification
from crawler.storage.state import outbox
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.releases import iterate, many
from crawler.storage.state.tables import facts

#: Outbox rows and documents in one call of the index.
BATCH = 200
#: The fact that names the index which was filled from this truth.
_TARGET = "index.identity"
#: The fact that says how far an interrupted rebuild came: generation and last release.
_MIGRATING = "index.migrating"
#: Differences that a verification names one by one.
MAX_NAMED = 20

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Outbox rows, and what the index is told because of them."""

    rows: Sequence[tuple[int, str]]
    newest: Mapping[str, int]
    told: Sequence[Versioned]
    hanging: Sequence[Record]


def drain(
    engine: sa.Engine,
    index: PolicyIndex,
    *,
    as_of: dt.date,
    limit: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Tell the index of every queued release, in sequence order. Returns how many rows of releases
    are done; runs, which a cluster is told of too, aren't counted.

    Idempotent: rows leave the outbox only after the index has them, so that a kill in between sends
    them again, with the same version. An index that isn't the one which was filled from this truth
    (lost, emptied, another server) is rebuilt first. Raises `IndexUnavailable`; the rows stay.
    """
    if not is_filled(engine, index):
        rebuild(engine, index, as_of=as_of, progress=progress)
    finished = 0
    for batch, report in sent_in_turn(_queued(engine, index, as_of, limit), partial(_send, index)):
        report = report.plus(tables.put_runs(engine, index, batch.newest))
        refused = _note(engine, report)
        tables.put_refusals(engine, index, [seq for seq, _ in batch.rows], refused)
        # Rows of a release that is not there (any more) have nothing to tell.
        outbox.done(engine, [seq for seq, name in batch.rows if name not in refused])
        finished += sum(not tables.is_run(name) for _, name in batch.rows)
        if progress:
            progress(finished)
    index.refresh()
    return finished


def _queued(engine: sa.Engine, index: PolicyIndex, as_of: dt.date, limit: int | None) -> Iterator[_Batch]:
    """The outbox in its order, batch by batch; rows that stay are met once."""
    taken = after = 0
    while limit is None or taken < limit:
        rows = outbox.pending(engine, BATCH if limit is None else min(BATCH, limit - taken), after=after)
        if not rows:
            return
        taken, after = taken + len(rows), rows[-1][0]
        newest = {name: seq for seq, name in rows}
        yield _made(engine, index, rows, _stored(engine, list(newest)), newest, as_of)


def _made(
    engine: sa.Engine, index: object, rows: Sequence[tuple[int, str]], stored: Sequence[StoredRelease],
    versions: Mapping[str, int], as_of: dt.date,
) -> _Batch:  # fmt: skip
    told = [Versioned(versions.get(s.release_id, 0), project(s, as_of)) for s in stored]
    return _Batch(rows, versions, told, tables.hanging(engine, index, stored, told, as_of))


def _send(index: Target, batch: _Batch) -> PutReport:
    return index.put(batch.told).plus(tables.put(index, batch.hanging))


def rebuild(engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date, progress: Progress | None = None) -> int:
    """Make the index again from the truth, beside the live one, and swap. Returns how many releases.

    Each document keeps the version that the live index has of it (0: none), so that what the outbox
    sends meanwhile or later always wins and an old replay never does.
    """
    with index.rebuilding() as target:
        name = getattr(target, "generation", None)
        after = _resumed(engine, name)
        versions = {stamp.release_id: stamp.version for stamp in index.stamps()}
        done = 0
        made = (
            _made(engine, target, [], batch, versions, as_of) for batch in _batches(iterate(engine, after=after))
        )
        for batch, report in sent_in_turn(made, partial(_send, target)):
            _queue_refused(engine, report.refused, as_of)
            if name is not None:
                _remember(engine, _MIGRATING, f"{name} {batch.told[-1].document['release_id']}")
            done += len(batch.told)
            if progress:
                progress(done)
        tables.put_all_runs(engine, target)
        tables.put_all_refusals(engine, target)
        check(engine, index, target, as_of=as_of)
    _remember(engine, _TARGET, index.identity() or "")
    index.refresh()
    return done


def check(engine: sa.Engine, index: PolicyIndex, target: object, *, as_of: dt.date) -> None:
    """Raise `IndexDiffers` where what was filled is not what the truth says; the live index stays.

    What was written while we looked is looked at again. An index without generations of its own kind
    of proof (the local file swaps inside one transaction) has nothing to check.
    """
    if not tables.has_tables(target):
        return
    for attempt in (1, 2, 3):
        found = verify_held(engine, target, as_of=as_of)
        if found.agrees:
            return
        wrong = [*found.missing, *found.different, *found.surplus]
        for alias, table in found.tables.items():
            wrong += [f"{alias}/{one}" for one in (*table.missing, *table.different, *table.surplus)]
        if attempt == 3:
            raise IndexDiffers(
                f"the new index is not what the database says ({len(wrong)} differ, as {', '.join(wrong[:3])}); "
                f"the old {index.kind} one stays",
                "Run `talentwatch index migrate` again; `talentwatch db check` looks at the database.",
            )


def _resumed(engine: sa.Engine, generation: str | None) -> str:
    """The release behind which an interrupted rebuild of this generation goes on."""
    mark = _fact(engine, _MIGRATING) or ""
    name, _, after = mark.partition(" ")
    return after if generation is not None and name == generation else ""


def _remember(engine: sa.Engine, key: str, value: str) -> None:
    with writing(engine) as connection:
        connection.execute(sa.delete(facts).where(facts.c.key == key))
        connection.execute(sa.insert(facts).values(key=key, value=value))


def is_filled(engine: sa.Engine, index: PolicyIndex) -> bool:
    """Whether this index is the one that was filled from this truth."""
    identity = index.identity()
    return identity is not None and identity == _fact(engine, _TARGET)


def verify(engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date) -> Verification:
    """Compare every document's content hash with what the truth would give on ``as_of``."""
    index.refresh()
    return verify_held(engine, index, as_of=as_of)


def verify_held(engine: sa.Engine, held: object, *, as_of: dt.date) -> Verification:
    """As `verify`, of an index or of a generation that is being filled."""
    more = tables.Comparison(held, {name for _, name in outbox.pending(engine, 1_000_000)})
    compared = Compared({stamp.release_id: stamp.content_hash for stamp in more.releases()}, more.queued)
    for batch in _batches(iterate(engine)):
        docs = [project(stored, as_of) for stored in batch]
        for doc in docs:
            compared.take(doc["release_id"], content_hash(doc), doc["release_id"])
        more.take(engine, batch, docs, as_of)
    return dataclasses.replace(compared.found(), tables=more.found(engine))


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


def _fact(engine: sa.Engine, key: str) -> str | None:
    with reading(engine) as connection:
        found = connection.execute(sa.select(facts.c.value).where(facts.c.key == key)).scalar()
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
