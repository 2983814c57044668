"""Outbox → index, and the index made again from the truth."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from crawler.model import StoredRelease
from crawler.query import document
from crawler.storage.index import tables
from crawler.storage.index.ahead import sent_in_turn
from crawler.storage.index.ownership import claim, is_foreign, only_one
from crawler.storage.index.protocol import (
    IndexDiffers,
    PolicyIndex,
    PutReport,
    Refused,
    Versioned,
    content_hash,
    whole,
)
from crawler.storage.index.records import Record
from crawler.storage.index.verification import Compared, Sums, Verification
from crawler.storage.state import outbox
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.releases import iterate, many
from crawler.storage.state.tables import facts

#: Outbox rows or releases in one call of the index.
BATCH = 200
#: Characters of text after which a call is full: some 3 MB as JSON, with token strings and revisions.
BATCH_CHARACTERS = 300_000
#: Documents of all tables after which it is full: with what `_PART` adds it still is one request of a cluster's.
BATCH_DOCUMENTS = 450
#: Releases that are read and made at once: how far beyond these a call can go.
_PART = 10
#: The fact that names the index which was filled from this truth.
_TARGET = "index.identity"
#: The fact that says how far an interrupted rebuild came: generation and last release.
_MIGRATING = "index.migrating"
#: Differences that a verification names one by one.
MAX_NAMED = 20

Progress = Callable[[int], object]
T = TypeVar("T")


@dataclass(slots=True)
class _Batch:
    """Outbox rows, and what the index is told because of them: each release, then what hangs on it."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    told: list[Versioned | Record] = field(default_factory=list)
    releases: int = 0
    characters: int = 0
    #: The id of the last release.
    last: str = ""

    @property
    def is_full(self) -> bool:
        """Whether it is time to send it."""
        if max(len(self.rows), self.releases) >= BATCH or self.characters >= BATCH_CHARACTERS:
            return True
        return len(self.told) >= BATCH_DOCUMENTS


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
        # A release's newest row tells all that its older ones would have.
        refused = _note(engine, report)
        kept = {seq for name, seq in batch.newest.items() if name in refused}
        tables.put_refusals(engine, index, [seq for seq, _ in batch.rows], kept)
        # Rows of a release that is not there (any more) have nothing to tell.
        outbox.done(engine, [seq for seq, _ in batch.rows if seq not in kept])
        finished += sum(not tables.is_run(name) for _, name in batch.rows)
        if progress:
            progress(finished)
    index.refresh()
    return finished


def _queued(engine: sa.Engine, index: PolicyIndex, as_of: dt.date, limit: int | None) -> Iterator[_Batch]:
    """The outbox in its order, batch by batch; rows that stay are met once."""
    taken = after = 0
    batch = _Batch()
    while limit is None or taken < limit:
        rows = outbox.pending(engine, BATCH if limit is None else min(BATCH, limit - taken), after=after)
        if not rows:
            break
        taken, after = taken + len(rows), rows[-1][0]
        for some in _parts(rows, _PART):
            newest = {name: seq for seq, name in some}
            batch.rows += some
            batch.newest |= newest
            _tell(engine, index, batch, _stored(engine, list(newest)), newest, as_of)
            if batch.is_full:
                yield batch
                batch = _Batch()
    if batch.rows:
        yield batch


def _every(
    engine: sa.Engine, index: object, versions: Mapping[str, int], as_of: dt.date, after: str
) -> Iterator[_Batch]:
    """All releases behind ``after``, batch by batch."""
    batch = _Batch()
    for some in _parts(iterate(engine, after=after), _PART):
        _tell(engine, index, batch, some, versions, as_of)
        if batch.is_full:
            yield batch
            batch = _Batch()
    if batch.told:
        yield batch


def _tell(
    engine: sa.Engine, index: object, batch: _Batch, stored: Sequence[StoredRelease], versions: Mapping[str, int],
    as_of: dt.date,
) -> None:  # fmt: skip
    """Add releases to a batch."""
    docs = [project(one, as_of) for one in stored]
    told = [Versioned(versions.get(doc["release_id"], 0), doc, content_hash(doc)) for doc in docs]
    batch.told += tables.with_hanging(engine, index, stored, told, as_of)
    batch.releases += len(docs)
    batch.characters += sum(len(doc["body"]) + len(doc["attachments"]) for doc in docs)
    batch.last = docs[-1]["release_id"] if docs else batch.last


def _send(index: Any, batch: _Batch) -> PutReport:
    report: PutReport = index.put(batch.told) if batch.told else PutReport()
    return report


def rebuild(
    engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date, progress: Progress | None = None,
    take_over: bool = False,
) -> int:  # fmt: skip
    """Make the index again from the truth, beside the live one, and swap. Returns how many releases.

    Each document keeps the version that the live index has of it (0: none), so that what the outbox
    sends meanwhile or later always wins and an old replay never does. Raises `IndexForeign` where another
    database filled the index, unless it is to ``take_over``, and `IndexUnavailable` where another process is at it.
    """
    claim(engine, index, take_over=take_over)
    with only_one(engine) as renew, index.rebuilding() as target:
        name = getattr(target, "generation", None)
        after = _resumed(engine, name)
        versions = {stamp.release_id: stamp.version for stamp in index.stamps()}
        done, sums = 0, Sums()
        for batch, report in sent_in_turn(_every(engine, target, versions, as_of, after), partial(_send, target)):
            _queue_refused(engine, report.refused, as_of)
            if name is not None:
                tables.add_up(sums, batch.told)
                _remember(engine, _MIGRATING, f"{name} {batch.last}")
            done += batch.releases
            renew()
            if progress:
                progress(done)
        tables.put_all_runs(engine, target, sums)
        tables.put_all_refusals(engine, target)
        check(engine, index, target, as_of=as_of, told=None if after else sums)
    _remember(engine, _TARGET, index.identity() or "")
    index.refresh()
    return done


def check(
    engine: sa.Engine, index: PolicyIndex, target: object, *, as_of: dt.date, told: Sums | None = None
) -> None:
    """Raise `IndexDiffers` where what was filled is not what the truth says; the live index stays.

    Where it holds exactly what was ``told`` to it, that is known without making every document a second
    time. Else something was written meanwhile, or lost: then each is compared, and what was written
    while we looked is looked at again. An index without generations of its own kind of proof (the local
    file swaps inside one transaction) has nothing to check.
    """
    if not tables.has_tables(target) or (told is not None and told == tables.sums_of(target)):
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
    return identity is not None and identity == _fact(engine, _TARGET) and not is_foreign(engine, index)


def verify(engine: sa.Engine, index: PolicyIndex, *, as_of: dt.date) -> Verification:
    """Compare every document's content hash with what the truth would give on ``as_of``."""
    index.refresh()
    return verify_held(engine, index, as_of=as_of)


def verify_held(engine: sa.Engine, held: object, *, as_of: dt.date) -> Verification:
    """As `verify`, of an index or of a generation that is being filled."""
    # What was given up waits for the operator, and is known as well as what waits for its turn.
    more = tables.Comparison(held, outbox.names(engine))
    compared = Compared({stamp.release_id: stamp.content_hash for stamp in more.releases()}, more.queued)
    for batch in _parts(iterate(engine), BATCH):
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
    """Count one try of each release of which anything was refused. Returns their ids."""
    whys = whole(report.refused)
    for one in whys:
        outbox.failed(engine, one.version, one.reason)
    return {one.release_id for one in whys}


def _queue_refused(engine: sa.Engine, refused: Iterable[Refused], as_of: dt.date) -> None:
    """Keep what a rebuild's index refused where people look for it."""
    for one in whole(refused):
        with writing(engine) as connection:
            outbox.add_in(connection, [one.release_id], f"{as_of.isoformat()}T00:00:00+08:00", one.reason)


def _fact(engine: sa.Engine, key: str) -> str | None:
    with reading(engine) as connection:
        found = connection.execute(sa.select(facts.c.value).where(facts.c.key == key)).scalar()
    return None if found is None else str(found)


def _stored(engine: sa.Engine, ids: list[str]) -> list[StoredRelease]:
    found = many(engine, ids)
    return [found[release_id] for release_id in ids if release_id in found]


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(itertools.islice(rest, min(size, BATCH))):
        yield part
