"""The files of releases: which are due, what was fetched of them, where their bytes are kept.

An address has its row in ``visits`` (kind ``file``) with validators and the next date, as pages have; the
bytes are evidence; ``release_files`` says which release rests on which of them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import pathlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import StorageError
from crawler.storage import evidence as kept
from crawler.storage.state import visits
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import evidence, release_files, releases, revisions
from crawler.storage.state.tables import visits as visits_table

KIND = "file"
#: Days until a file that could not be had for a passing reason is asked for again.
RETRY_DAYS = 1


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What one request for a file said. ``body`` None: nothing to keep (304, trouble, personal data)."""

    url: str
    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: str = ""
    tls: str | None = None
    #: The trouble may go by itself: it is asked for again soon.
    passing: bool = False

    @property
    def etag(self) -> str | None:
        """The validator of an answer that was 200."""
        return self._header("etag")

    @property
    def last_modified(self) -> str | None:
        """As `etag`."""
        return self._header("last-modified")

    def _header(self, wanted: str) -> str | None:
        if self.status != 200:
            return None
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)


def due(engine: sa.Engine, urls: Collection[str], *, now: dt.datetime) -> dict[str, visits.Visited | None]:
    """The addresses to ask for now, with what is known of each; those whose day has not come are left out."""
    found: dict[str, visits.Visited | None] = {}
    for url in urls:
        known = visits.get(engine, url)
        if known is None or known.kind != KIND or (known.next_at or "") <= iso(now):
            found[url] = known if known is not None and known.kind == KIND else None
    return found


def behind(engine: sa.Engine, urls: Collection[str]) -> set[str]:
    """Those pages whose present releases name files, were read from a frame or are pictures; the others have
    nothing to ask for. One statement for many pages, and nothing of them is decoded."""
    # As `stored.encode` writes it; a text that holds the same characters has its quotes escaped.
    named = sa.or_(
        sa.not_(revisions.c.data.contains('"attachments":[]', autoescape=True)),
        revisions.c.data.contains(':"frame:', autoescape=True),
        revisions.c.data.contains('"body_in_image":true', autoescape=True),
    )
    current = sa.and_(revisions.c.release_id == releases.c.release_id, revisions.c.number == releases.c.revision)
    query = sa.select(releases.c.url).join(revisions, current)
    found: set[str] = set()
    with reading(engine) as connection:
        for part in visits.parts(urls):
            found |= set(connection.scalars(query.where(releases.c.url.in_(part), named)))
    return found


def record_in(
    connection: sa.Connection, archive_path: pathlib.Path, answers: Sequence[FileAnswer],
    release_ids: Collection[str], *, site: str, column: str, now: dt.datetime,
) -> None:  # fmt: skip
    """Keep what came, in the transaction of the releases that rest on it. The same answers again change
    nothing but the dates."""
    for answer in answers:
        moved_on = False
        if answer.body is not None and release_ids:
            moved_on = _keep(connection, archive_path, answer, release_ids, now)
        _visit(connection, answer, site, column, moved_on, now)


def _keep(
    connection: sa.Connection, archive_path: pathlib.Path, answer: FileAnswer, release_ids: Collection[str],
    now: dt.datetime,
) -> bool:  # fmt: skip
    assert answer.body is not None  # noqa: S101 - the caller looked
    digest = hashlib.sha256(answer.body).hexdigest()
    query = sa.select(release_files.c.release_id, release_files.c.evidence_id).where(
        release_files.c.url == answer.url, release_files.c.sha256 == digest
    )
    held = {row.release_id: row.evidence_id for row in connection.execute(query)}
    fresh = sorted(set(release_ids) - held.keys())
    if not fresh:
        return False
    evidence_id = next(iter(held.values()), None)
    if evidence_id is None:
        evidence_id = kept.keep(
            archive_path, connection, url=answer.url, status=answer.status or 200, headers=answer.headers,
            body=answer.body, fetched_at=answer.fetched_at or iso(now), tls=answer.tls,
        )  # fmt: skip
    rows = [
        {"release_id": r, "url": answer.url, "sha256": digest, "evidence_id": evidence_id, "created_at": iso(now)}
        for r in fresh
    ]
    connection.execute(sa.insert(release_files), rows)
    return True


def _visit(
    connection: sa.Connection, answer: FileAnswer, site: str, column: str, moved_on: bool, now: dt.datetime
) -> None:
    kind = connection.scalar(sa.select(visits_table.c.kind).where(visits_table.c.url == answer.url))
    if kind not in (None, KIND):
        return  # a listing leads to the file itself: it is visited as an article
    if answer.status == 304 and visits.not_modified_in(connection, answer.url, now=now):
        return
    if answer.passing and kind is not None:
        visits.later_in(connection, answer.url, now=now, status=answer.status, days=RETRY_DAYS)
        return
    visit = visits.Visit(
        answer.url, site, column, KIND, answer.etag, answer.last_modified, status=answer.status,
        body_hash=hashlib.sha256(answer.body).hexdigest() if answer.body is not None else None,
    )  # fmt: skip
    visits.record_in(connection, visit, now=now, moved_on=moved_on)
    if answer.passing:
        visits.later_in(connection, answer.url, now=now, status=answer.status, days=RETRY_DAYS)


def contents(
    archive_path: pathlib.Path, engine: sa.Engine, release_id: str, wanted: Mapping[str, str | None]
) -> dict[str, bytes]:
    """The kept bytes of a release's files: address → content. ``wanted`` maps an address to the SHA-256 of
    the content, or to None for the newest of the address. What was pruned or damaged is left out."""
    found: dict[str, bytes] = {}
    for url, digest in wanted.items():
        mine = sa.case((release_files.c.release_id == release_id, 0), else_=1)
        query = sa.select(release_files.c.evidence_id).where(release_files.c.url == url)
        if digest is not None:
            query = query.where(release_files.c.sha256 == digest)
        query = query.order_by(mine, release_files.c.created_at.desc(), release_files.c.evidence_id.desc()).limit(1)
        with reading(engine) as connection:
            evidence_id = connection.scalar(query)
        if evidence_id is None:
            continue
        try:
            found[url] = kept.load(archive_path, engine, evidence_id).body
        except StorageError:
            continue  # the text that was read from it is still in the revision
    return found


def pages(archive_path: pathlib.Path, engine: sa.Engine, release_id: str, until: str) -> dict[str, kept.Response]:
    """The kept pages in frames of a release (what the server called HTML): address → the newest response of
    that moment (``until``, ISO). What was pruned or damaged is left out."""
    query = (
        sa.select(release_files.c.url, release_files.c.evidence_id)
        .join(evidence, evidence.c.id == release_files.c.evidence_id)
        .where(
            release_files.c.release_id == release_id, release_files.c.created_at <= until,
            evidence.c.headers.like("%text/html%"),
        )
        .order_by(release_files.c.created_at, release_files.c.evidence_id)
    )  # fmt: skip
    with reading(engine) as connection:
        newest = {row.url: row.evidence_id for row in connection.execute(query)}
    found = {}
    for url, evidence_id in newest.items():
        with contextlib.suppress(StorageError):
            found[url] = kept.load(archive_path, engine, evidence_id)
    return found


def describe(engine: sa.Engine, release_id: str) -> list[dict[str, object]]:
    """The kept files of a release, oldest first: url, sha256, evidence_id, size, fetched_at."""
    query = (
        sa.select(release_files.c.url, release_files.c.sha256, release_files.c.evidence_id, evidence.c.size,
                  evidence.c.fetched_at)
        .join(evidence, evidence.c.id == release_files.c.evidence_id)
        .where(release_files.c.release_id == release_id)
        .order_by(release_files.c.created_at, release_files.c.evidence_id)
    )  # fmt: skip
    with reading(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(query)]
