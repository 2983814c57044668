"""The truth into the tables that a cluster holds beside releases (`crawler.storage.index.records`).

The embedded index holds none of them: there the database itself is asked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Protocol, TypeGuard, runtime_checkable

import sqlalchemy as sa

from crawler.model import Run, StoredRelease, from_json
from crawler.storage.index import records
from crawler.storage.index.fields import DEADLETTER, RELEASES, RUNS, TABLE, TABLES
from crawler.storage.index.protocol import PutReport, Stamp, Versioned, content_hash
from crawler.storage.index.records import Record
from crawler.storage.index.verification import Compared, Sums, Verification
from crawler.storage.state import outbox
from crawler.storage.state.engine import reading
from crawler.storage.state.stored import revisions_of_many
from crawler.storage.state.tables import runs as runs_table

_PAGE = 500


@runtime_checkable
class Tables(Protocol):
    """What holds more than releases: a cluster, or a generation of it that is being filled."""

    def put(self, given: Sequence[Versioned | Record]) -> PutReport:
        """Write releases and what hangs on them, each unless a later version is there, in few requests: a
        cluster works on its tables side by side. Raises `IndexUnavailable`."""

    def stamps_of(self, alias: str) -> Iterator[Stamp]:
        """What a table holds, by its documents' ids."""


def with_hanging(
    engine: sa.Engine, index: object, stored: Sequence[StoredRelease], told: Sequence[Versioned], as_of: dt.date
) -> list[Versioned | Record]:
    """Releases whose documents are ``told``, each with what hangs on it; an index that holds releases only is
    told of nothing else."""
    if not isinstance(index, Tables) or not told:
        return list(told)
    out: list[Versioned | Record] = []
    for item, made in zip(told, _hanging(engine, stored, told, as_of), strict=True):
        out.append(item)
        out += (Record(r.alias, r.id, r.version, r.document, content_hash(r.document)) for r in made)
    return out


def add_up(sums: Sums, told: Iterable[Versioned | Record]) -> None:
    """Count what was told to a cluster, as far as its aliases show it."""
    for one in told:
        if isinstance(one, Versioned):
            sums.add(RELEASES, str(one.document["release_id"]), one.hash)
        elif _is_shown(one):
            sums.add(one.alias, one.id, one.hash or content_hash(one.document))


def sums_of(index: Tables) -> Sums:
    """The same of what it holds."""
    sums = Sums()
    for table in TABLES:
        if table.alias != DEADLETTER:
            for stamp in index.stamps_of(table.alias):
                sums.add(table.alias, stamp.release_id, stamp.content_hash)
    return sums


def put_runs(engine: sa.Engine, index: object, rows: Mapping[str, int]) -> PutReport:
    """The runs among an outbox's rows (name → sequence)."""
    wanted = {name: seq for name, seq in rows.items() if is_run(name)}
    if not isinstance(index, Tables) or not wanted:
        return PutReport()
    made = [
        records.of_run(run, wanted[records.run_row(run.run_id)])
        for run in _runs(engine, [name.removeprefix(records.run_row("")) for name in wanted])
    ]
    return index.put(made)


def is_run(name: str) -> bool:
    """Whether a row of the outbox tells of a run."""
    return name.startswith(records.run_row(""))


def put_all_runs(engine: sa.Engine, index: object, sums: Sums) -> None:
    """Every run, older than whatever the outbox sends of it; counted in ``sums``."""
    if isinstance(index, Tables):
        for some in _batches(_runs(engine)):
            made = [records.of_run(run, 0) for run in some]
            index.put(made)
            add_up(sums, made)


def put_refusals(engine: sa.Engine, index: object, seqs: Sequence[int], kept: Set[int]) -> None:
    """The dead letters among rows that were just sent: new ones (``kept``), and those that are done. What it
    refuses of a dead letter itself is left out: the row in the database says it."""
    if isinstance(index, Tables) and seqs:
        known = [r for r in outbox.refusals(engine, _PAGE * 20) if seqs[0] <= r.seq <= seqs[-1]]
        if known:
            made = [records.of_refusal(r, _payload(r), current=r.seq in kept) for r in known]
            index.put(made)


def put_all_refusals(engine: sa.Engine, index: object) -> None:
    """Every dead letter."""
    if isinstance(index, Tables):
        made = [records.of_refusal(refusal, _payload(refusal)) for refusal in outbox.refusals(engine, _PAGE * 20)]
        if made:
            index.put(made)


def has_tables(index: object) -> TypeGuard[Tables]:
    """Whether it holds more than releases."""
    return isinstance(index, Tables)


class Comparison:
    """Every table against the truth. ``queued``: names in the outbox, whose differences are known."""

    def __init__(self, index: Any, queued: Set[str]) -> None:
        self._index, self.queued = index, queued
        self._tables = {
            table.alias: Compared({s.release_id: s.content_hash for s in index.stamps_of(table.alias)}, queued)
            for table in TABLES
            if isinstance(index, Tables) and table.alias not in (RELEASES, DEADLETTER)
        }

    def releases(self) -> Iterator[Stamp]:
        """The stamps of the releases themselves."""
        found: Iterator[Stamp] = (
            self._index.stamps_of(RELEASES) if isinstance(self._index, Tables) else self._index.stamps()
        )
        return found

    def take(
        self, engine: sa.Engine, stored: Sequence[StoredRelease], docs: Sequence[Mapping[str, Any]], as_of: dt.date
    ) -> None:
        """Releases of the truth with their documents."""
        if self._tables:
            made = _hanging(engine, stored, [Versioned(0, doc) for doc in docs], as_of)
            for record in itertools.chain.from_iterable(made):
                if _is_shown(record):
                    self._tables[record.alias].take(record.id, content_hash(record.document), record.owner)

    def found(self, engine: sa.Engine) -> dict[str, Verification]:
        """What came out, by alias; empty for an index that holds releases only."""
        if not self._tables:
            return {}
        for run in _runs(engine):
            made = records.of_run(run, 0)
            self._tables[RUNS].take(made.id, content_hash(made.document), made.owner)
        found = {alias: compared.found() for alias, compared in self._tables.items()}
        # The database forgets runs after a while, the cluster doesn't.
        return found | {RUNS: dataclasses.replace(found[RUNS], surplus=())}


def _hanging(
    engine: sa.Engine, stored: Sequence[StoredRelease], told: Sequence[Versioned], as_of: dt.date
) -> Iterator[Iterator[Record]]:
    """What hangs on each of them."""
    revisions = revisions_of_many(engine, stored)
    for one, item in zip(stored, told, strict=True):
        known = revisions.get(one.release_id, [])
        yield records.of_release(item.document, one.release, known, item.version, as_of)


def _is_shown(record: Record) -> bool:
    """Whether its alias shows it: those of clauses show only what is current, and nothing else to compare."""
    return not TABLE[record.alias].only_current or bool(record.document["current"])


def _payload(refusal: outbox.Refusal) -> dict[str, Any]:
    """Enough to find it: the text itself may be what was refused."""
    return {"release_id": refusal.release_id, "seq": refusal.seq}


def _runs(engine: sa.Engine, ids: Sequence[str] | None = None) -> Iterator[Run]:
    """Runs by their ids, or all of them, page by page."""
    after = ""
    while True:
        query = sa.select(runs_table.c.run_id, runs_table.c.data).order_by(runs_table.c.run_id).limit(_PAGE)
        query = query.where(runs_table.c.run_id > after)
        if ids is not None:
            query = query.where(runs_table.c.run_id.in_(ids))
        with reading(engine) as connection:
            rows = connection.execute(query).all()
        yield from (from_json(Run, json.loads(row.data)) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1].run_id


def _batches(items: Iterable[Run]) -> Iterator[list[Run]]:
    batch: list[Run] = []
    for item in items:
        batch.append(item)
        if len(batch) == _PAGE:
            yield batch
            batch = []
    if batch:
        yield batch
