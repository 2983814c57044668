"""Looking for kept responses whose bytes are no longer what was kept."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.errors import EvidenceDamaged, EvidenceMissing
from crawler.storage.evidence.blobs import Blobs
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import evidence, release_files, revisions

#: Rows of one read.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Damage:
    """One file that is missing or holds something else. ``urls``: what was kept in it; ``releases``:
    those whose revisions or files rest on it."""

    sha256: str
    kind: str
    path: str
    urls: tuple[str, ...]
    evidence_ids: tuple[int, ...]
    releases: tuple[str, ...]
    mend: str


def check(archive_path: pathlib.Path, engine: sa.Engine, *, quick: bool = False) -> Iterator[Damage]:
    """Every kept file that can't be read back, in the order of their hashes. ``quick`` reads no file:
    it sees those that are missing or cut short."""
    blobs = Blobs(archive_path)
    after = ""
    while True:
        page = (
            sa.select(evidence.c.sha256, sa.func.max(evidence.c.size).label("size"))
            .where(evidence.c.sha256 > after)
            .group_by(evidence.c.sha256)
            .order_by(evidence.c.sha256)
            .limit(_PAGE)
        )
        with reading(engine) as connection:
            rows = connection.execute(page).all()
        for row in rows:
            if quick and blobs.has(row.sha256, row.size):
                continue
            try:
                blobs.get(row.sha256)
            except EvidenceDamaged as error:
                found = _damage(blobs, engine, row.sha256, error)
                if found is not None:
                    yield found
        if len(rows) < _PAGE:
            return
        after = rows[-1].sha256


def count(engine: sa.Engine) -> int:
    """How many responses are kept."""
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(evidence)) or 0)


def _damage(blobs: Blobs, engine: sa.Engine, name: str, error: EvidenceDamaged) -> Damage | None:
    """None where its rows are gone by now: it was pruned meanwhile."""
    with reading(engine) as connection:
        rows = connection.execute(
            sa.select(evidence.c.id, evidence.c.url).where(evidence.c.sha256 == name).order_by(evidence.c.id)
        ).all()
        ids = [row.id for row in rows]
        rests = connection.scalars(
            sa.select(revisions.c.release_id).where(revisions.c.evidence_id.in_(ids)).distinct()
        ).all()
        files = connection.scalars(
            sa.select(release_files.c.release_id).where(release_files.c.evidence_id.in_(ids)).distinct()
        ).all()
    if not rows:
        return None
    kind = "missing" if isinstance(error, EvidenceMissing) else "damaged"
    return Damage(
        name, kind, str(blobs.path(name)), tuple(dict.fromkeys(row.url for row in rows)), tuple(ids),
        tuple(sorted({*rests, *files})), error.mend,
    )  # fmt: skip
