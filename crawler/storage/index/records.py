"""What the cluster holds beside releases: revisions, clauses, runs and dead letters, as documents.

Pure: the same truth gives the same documents. A clause's id is its place in the release; places that
an earlier revision had and this one hasn't are told too, as ``current: false``, because nothing is
ever deleted (after the garbage collection of a deleted version an old replay would come back).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.dedup import compare
from crawler.model import Benefit, Deadline, Release, Revision, Run, StoredRelease, to_json
from crawler.query import bare_document
from crawler.storage.index.fields import (
    BENEFITS,
    DEADLETTER,
    DEADLINES,
    REPEATED,
    REVISIONS,
    RUNS,
    TABLE,
)
from crawler.storage.state.outbox import Refusal

#: Verdicts of a column that is well.
_HEALTHY = frozenset({"ok", "quiet", "unchanged"})
_ERROR_TYPE = re.compile(r"\d{3} (\w{1,80}):")


@dataclass(frozen=True, slots=True)
class Record:
    """A document of one of the tables. ``version`` as `crawler.storage.index.Versioned` has it; in an
    append-only table it only says which row of the outbox a refusal belongs to."""

    alias: str
    id: str
    version: int
    document: Mapping[str, Any]
    #: Its content hash where that is known already.
    hash: str = ""

    @property
    def owner(self) -> str:
        """The release or run that it tells of: what the outbox row names."""
        return str(self.document.get("release_id") or run_row(self.id))


def run_row(run_id: str) -> str:
    """The name of a run in the outbox, where the others are ids of releases."""
    return f"run:{run_id}"


def of_release(
    doc: Mapping[str, Any], release: Release, revisions: Sequence[Revision], version: int, as_of: dt.date
) -> Iterator[Record]:
    """Everything that hangs on a release whose document (`crawler.query.document`) is ``doc``."""
    yield from _clauses(BENEFITS, doc, release.benefits, [len(r.release.benefits) for r in revisions], version)
    yield from _clauses(DEADLINES, doc, release.deadlines, [len(r.release.deadlines) for r in revisions], version)
    before: Release | None = None
    for revision in revisions:
        yield _revision(doc, revision, before, version, as_of)
        before = revision.release


def of_run(run: Run, version: int) -> Record:
    """A column's run."""
    made: dict[str, Any] = to_json(run) | {
        "changed_releases": run.changed,
        "reasons_text": list(run.reasons),
        "dropped": to_json(run.dropped),
        "healthy": run.verdict in _HEALTHY,
        "seconds": _seconds(run.started, run.ended),
    }
    return Record(RUNS, run.run_id, version, _ordered(RUNS, made))


def of_refusal(refusal: Refusal, payload: Mapping[str, Any] | None, *, current: bool = True) -> Record:
    """A dead letter; ``current`` is false once the cluster has taken it."""
    made: dict[str, Any] = to_json(refusal)
    made |= {"error_type": error_type(refusal.error), "payload": payload, "current": current}
    key = f"{refusal.release_id}:{refusal.seq}"
    return Record(DEADLETTER, key, refusal.seq, _ordered(DEADLETTER, made))


def error_type(error: str) -> str:
    """The cluster's name of an error: ``document_parsing_exception``."""
    found = _ERROR_TYPE.match(error)
    if found:
        return found[1]
    return "too_large" if error.startswith("413") else "unknown"


def _clauses(
    alias: str, doc: Mapping[str, Any], clauses: Sequence[Benefit | Deadline], counts: Sequence[int], version: int
) -> Iterator[Record]:
    shared = {name: doc[name] for name in REPEATED}
    path = doc["region_path"]
    shared["province"] = path[1] if len(path) > 1 else None
    names = [one.name for one in TABLE[alias].fields if one.name not in shared]
    for number in range(max([len(clauses), *counts])):
        # What went says nothing any more; what is there says all, or `_ordered` misses it.
        own: dict[str, Any] = dict.fromkeys(names)
        if number < len(clauses):
            clause = clauses[number]
            own = to_json(clause)
            if isinstance(clause, Benefit):
                own["amount_max_cny"] = clause.amount_max if clause.currency == "CNY" else None
        gone = {"current": False} if number >= len(clauses) else {}
        made = shared | own | {"number": number} | gone
        yield Record(alias, f"{doc['release_id']}:{number}", version, _ordered(alias, made))


def _revision(
    doc: Mapping[str, Any], revision: Revision, before: Release | None, version: int, as_of: dt.date
) -> Record:
    stored = StoredRelease(
        release_id=revision.release_id, site=doc["site"], column=doc["column"], url=doc["url"],
        revision=revision.number, first_seen=revision.created_at, last_seen=revision.created_at,
        release=revision.release, story_id="",
    )  # fmt: skip
    said = bare_document(stored, as_of)
    own = {
        "number": revision.number,
        "created_at": revision.created_at,
        "cause": revision.cause,
        "rules_version": revision.rules_version,
        "evidence_id": revision.evidence_id,
        "revision_hash": revision.content_hash,
        "changed": sorted({c.field for c in compare(before, revision.release)}) if before else [],
    }
    key = f"{revision.release_id}:{revision.number}"
    return Record(REVISIONS, key, version, _ordered(REVISIONS, said | own))


def _ordered(alias: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The table's fields of ``values``. Raises `KeyError` where one has no value."""
    return {one.name: values[one.name] for one in TABLE[alias].fields}


def _seconds(started: str, ended: str | None) -> float | None:
    if ended is None:
        return None
    return (dt.datetime.fromisoformat(ended) - dt.datetime.fromisoformat(started)).total_seconds()
