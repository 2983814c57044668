"""Reading releases and their revisions."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa

from crawler.errors import NotFound
from crawler.model import Release, Revision, StoredRelease, from_json, to_json
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import releases, revisions
from crawler.urls import canonical

#: Characters of an id that name a release on the command line.
SHORTEST_PREFIX = 6
#: Rows of one read; a bound on memory, and short enough that no reader holds up a checkpoint.
_PAGE = 200
_PREFIX = re.compile(r"[0-9a-f]{6,64}")

_CURRENT = sa.select(releases, revisions.c.data).join(
    revisions,
    sa.and_(revisions.c.release_id == releases.c.release_id, revisions.c.number == releases.c.revision),
)


def get(engine: sa.Engine, name: str) -> StoredRelease:
    """One release by its id, a unique prefix of it (6 characters or more), or its URL.

    Raises `NotFound` where there is none, or where the name fits several.
    """
    text = name.strip()
    with reading(engine) as connection:
        if "://" in text:
            found = [_stored(row) for row in connection.execute(_CURRENT.where(releases.c.url == canonical(text)))]
        elif _PREFIX.fullmatch(text.lower()):
            low = text.lower()
            query = _CURRENT.where(releases.c.release_id >= low, releases.c.release_id <= low + "g").limit(3)
            found = [_stored(row) for row in connection.execute(query)]
        else:
            raise NotFound(
                f"{name!r} names no release",
                f"Give an id, {SHORTEST_PREFIX} or more of its characters, or a URL.",
                code="no_release",
            )
    if not found:
        raise NotFound(f"there is no release {name}", "Find it with `talentwatch search`.", code="no_release")
    if len(found) > 1:
        ids = ", ".join(stored.release_id[:12] for stored in found[:5])
        raise NotFound(
            f"{name} names several releases: {ids}",
            "Give more characters of the id you mean.",
            code="ambiguous_release",
        )
    return found[0]


def find_in(connection: sa.Connection, release_id: str) -> StoredRelease | None:
    """One release by its full id."""
    row = connection.execute(_CURRENT.where(releases.c.release_id == release_id)).first()
    return _stored(row) if row else None


def many(engine: sa.Engine, ids: Collection[str]) -> dict[str, StoredRelease]:
    """The releases of these ids; unknown ids are left out."""
    wanted = list(ids)
    found: dict[str, StoredRelease] = {}
    with reading(engine) as connection:
        for start in range(0, len(wanted), _PAGE):
            query = _CURRENT.where(releases.c.release_id.in_(wanted[start : start + _PAGE]))
            found |= {row.release_id: _stored(row) for row in connection.execute(query)}
    return found


def iterate(
    engine: sa.Engine, *, site: str | None = None, since: str | None = None, after: str = ""
) -> Iterator[StoredRelease]:
    """Every release in the order of ids, page by page: what is written meanwhile may or may not be
    among them. ``since``: first seen on that day or later."""
    while True:
        query = _CURRENT.where(releases.c.release_id > after).order_by(releases.c.release_id).limit(_PAGE)
        if site:
            query = query.where(releases.c.site == site)
        if since:
            query = query.where(releases.c.first_seen >= since)
        with reading(engine) as connection:
            page = [_stored(row) for row in connection.execute(query)]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].release_id


def story(engine: sa.Engine, story_id: str) -> list[StoredRelease]:
    """A story's releases, the original first."""
    query = _CURRENT.where(releases.c.story_id == story_id)
    with reading(engine) as connection:
        return [
            _stored(row)
            for row in connection.execute(query.order_by(releases.c.is_original.desc(), releases.c.first_seen))
        ]


def revisions_of(engine: sa.Engine, release_id: str) -> list[Revision]:
    """A release's revisions, the first one first."""
    with reading(engine) as connection:
        return revisions_in(connection, release_id)


def revisions_of_many(engine: sa.Engine, held: Iterable[StoredRelease]) -> dict[str, list[Revision]]:
    """The revisions of several releases, each the first one first; unknown releases are left out. What a
    release in hand holds of its own revision isn't read again."""
    current = {stored.release_id: stored for stored in held}
    wanted = list(current)
    found: dict[str, list[Revision]] = {}
    with reading(engine) as connection:
        for start in range(0, len(wanted), _PAGE):
            query = sa.select(revisions).where(revisions.c.release_id.in_(wanted[start : start + _PAGE]))
            for row in connection.execute(query.order_by(revisions.c.release_id, revisions.c.number)):
                stored = current[row.release_id]
                release = stored.release if stored.revision == row.number else decode(row.data)
                found.setdefault(row.release_id, []).append(_revision(row, release))
    return found


def revisions_in(connection: sa.Connection, release_id: str) -> list[Revision]:
    """As `revisions_of`, in the caller's transaction."""
    query = sa.select(revisions).where(revisions.c.release_id == release_id).order_by(revisions.c.number)
    return [_revision(row) for row in connection.execute(query)]


def revision_in(connection: sa.Connection, release_id: str, number: int) -> Revision | None:
    """One revision."""
    row = connection.execute(
        sa.select(revisions).where(revisions.c.release_id == release_id, revisions.c.number == number)
    ).first()
    return _revision(row) if row else None


def encode(release: Release) -> str:
    """A release as it is stored."""
    return json.dumps(to_json(release), ensure_ascii=False, separators=(",", ":"))


def decode(data: str) -> Release:
    """The release of `encode`'s answer."""
    return from_json(Release, json.loads(data))


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredRelease:
    return StoredRelease(
        release_id=row.release_id, site=row.site, column=row.column, url=row.url, revision=row.revision,
        first_seen=row.first_seen, last_seen=row.last_seen, release=decode(row.data), story_id=row.story_id,
        is_original=bool(row.is_original), current=bool(row.current), withdrawn_at=row.withdrawn_at,
        missing_rounds=row.missing_rounds,
    )  # fmt: skip


def _revision(row: sa.Row[tuple[object, ...]], release: Release | None = None) -> Revision:
    return Revision(
        release_id=row.release_id, number=row.number, created_at=row.created_at, cause=row.cause,
        rules_version=row.rules_version, content_hash=row.content_hash, release=release or decode(row.data),
        evidence_id=row.evidence_id,
    )  # fmt: skip
