"""One row for each response that we keep, in the transaction of what rests on it."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import NotFound
from crawler.storage.evidence.blobs import Blobs
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import evidence, quarantine, release_files, releases, revisions

#: Response headers that are kept: they say what the bytes are and when they were made. Cookies are not.
KEPT_HEADERS = frozenset({
    "content-type", "content-length", "content-encoding", "content-language", "content-disposition",
    "date", "last-modified", "etag", "server", "location", "via", "age", "x-cache",
})  # fmt: skip
#: In the text of an irrelevant revision, and of no other: inside a value its quotes would be escaped.
_IRRELEVANT = '%"is_talent_policy":false%'
#: Seconds that a blob without a row is left alone: its transaction may still be under way.
_GRACE = 3600.0


@dataclass(frozen=True, slots=True)
class Response:
    """What was received, as it is kept."""

    url: str
    body: bytes
    fetched_at: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    tls: str | None = None


def keep(
    archive_path: pathlib.Path, connection: sa.Connection, *, url: str, status: int, headers: Mapping[str, str],
    body: bytes, fetched_at: str, tls: str | None = None,
) -> int:  # fmt: skip
    """Keep a response: its bytes on disk at once, its row with the connection's transaction.

    A kill in between leaves a blob without a row, which `prune` removes. Returns the row's id.
    """
    name = Blobs(archive_path).put(body)
    kept = {k.lower(): str(v) for k, v in headers.items() if k.lower() in KEPT_HEADERS}
    done = connection.execute(
        sa.insert(evidence).values(
            url=url, fetched_at=fetched_at, status=status, headers=json.dumps(kept, ensure_ascii=False),
            sha256=name, size=len(body), tls=tls,
        )
    )  # fmt: skip
    key = done.inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted
    return int(key[0])


def describe(engine: sa.Engine, evidence_id: int) -> dict[str, Any]:
    """A kept response without its bytes. Raises `NotFound`."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(evidence).where(evidence.c.id == evidence_id)).first()
    if row is None:
        raise NotFound(f"there is no evidence {evidence_id}", "It was pruned: archive.keep_days says when.")
    return {**row._mapping, "headers": json.loads(row.headers)}


def load(archive_path: pathlib.Path, engine: sa.Engine, evidence_id: int) -> Response:
    """A kept response. Raises `NotFound` where it was pruned, `EvidenceMissing` where its file is gone,
    `EvidenceDamaged` where it holds anything else."""
    row = describe(engine, evidence_id)
    return Response(
        url=row["url"], body=Blobs(archive_path).get(row["sha256"]), fetched_at=row["fetched_at"],
        status=row["status"], headers=row["headers"], tls=row["tls"],
    )  # fmt: skip


def prune(archive_path: pathlib.Path, engine: sa.Engine, *, keep_days: int, now: dt.datetime) -> tuple[int, int]:
    """Remove responses older than ``keep_days``, but none that a relevant or unsure release's
    revision or file rests on, nor an open quarantine row. Returns rows removed and bytes freed."""
    before = iso(now - dt.timedelta(days=keep_days))
    blobs = Blobs(archive_path)
    relevant = (
        sa.select(revisions.c.evidence_id)
        .join(releases, releases.c.release_id == revisions.c.release_id)
        .where(
            revisions.c.evidence_id.is_not(None),
            sa.or_(
                releases.c.is_talent_policy.is_(None), releases.c.is_talent_policy,
                # It was relevant when it was read, whatever it became: subscribers may have heard of it.
                revisions.c.data.not_like(_IRRELEVANT),
            ),
        )
    )  # fmt: skip
    filed = (
        sa.select(release_files.c.evidence_id)
        .join(releases, releases.c.release_id == release_files.c.release_id)
        .where(sa.or_(releases.c.is_talent_policy.is_(None), releases.c.is_talent_policy))
    )
    quarantined = sa.select(quarantine.c.evidence_id).where(
        quarantine.c.evidence_id.is_not(None), quarantine.c.resolved_at.is_(None)
    )
    needed = (relevant, filed, quarantined)
    old = sa.and_(evidence.c.fetched_at < before, *(evidence.c.id.not_in(query) for query in needed))
    freed = 0
    with writing(engine) as connection:
        ids = list(connection.scalars(sa.select(evidence.c.id).where(old)))
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            connection.execute(
                sa.update(revisions).where(revisions.c.evidence_id.in_(part)).values(evidence_id=None)
            )
            connection.execute(
                sa.update(quarantine).where(quarantine.c.evidence_id.in_(part)).values(evidence_id=None)
            )
            connection.execute(sa.delete(release_files).where(release_files.c.evidence_id.in_(part)))
            connection.execute(sa.delete(evidence).where(evidence.c.id.in_(part)))
    # Rows first, then bytes: a kill in between leaves a blob without a row, never a row without one.
    # The write lock is held while blobs go, so that no other process counts on one at this moment.
    young = now.timestamp() - _GRACE
    with writing(engine) as connection:
        used = set(connection.scalars(sa.select(evidence.c.sha256)))
        for name in blobs.names():
            if name not in used and blobs.age(name) < young:
                freed += blobs.drop(name)
    blobs.sweep(young)
    return len(ids), freed
