"""Generated releases in a real database: what indexing, searching and matching are measured on."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

import sqlalchemy as sa

from crawler.config import Config
from crawler.model import StoredRelease
from crawler.storage.state import outbox
from crawler.storage.state.engine import writing
from crawler.storage.state.schema import open_state
from crawler.storage.state.stored import encode
from crawler.storage.state.tables import events, releases, revisions

MOMENT = "2026-11-20T10:00:00+08:00"


def fill(folder: pathlib.Path, stored: Sequence[StoredRelease], *, queue: bool = True) -> tuple[Config, sa.Engine]:
    """A migrated database that holds these releases; ``queue``: each in the outbox too."""
    config = Config(var=str(folder / "var"))
    engine = open_state(config)
    with writing(engine) as connection:
        connection.execute(sa.insert(releases), [
            {
                "release_id": s.release_id, "site": s.site, "column": s.column, "url": s.url, "revision": 1,
                "first_seen": s.first_seen, "last_seen": s.last_seen, "title": s.release.title,
                "published": s.release.published, "is_talent_policy": s.release.is_talent_policy,
                "doc_no": s.release.doc_no, "story_id": s.story_id, "text_hash": s.release_id,
            }
            for s in stored
        ])  # fmt: skip
        connection.execute(sa.insert(revisions), [
            {
                "release_id": s.release_id, "number": 1, "created_at": s.first_seen, "cause": "site",
                "rules_version": "1", "content_hash": s.release_id, "data": encode(s.release),
            }
            for s in stored
        ])  # fmt: skip
        if queue:
            outbox.add_in(connection, [s.release_id for s in stored], MOMENT)
    return config, engine


def tell(engine: sa.Engine, stored: Sequence[StoredRelease]) -> None:
    """An event of each: it is new."""
    with writing(engine) as connection:
        connection.execute(sa.insert(events), [
            {
                "kind": "new", "release_id": s.release_id, "revision": 1, "story_id": s.story_id,
                "dedup_key": f"new:{s.release_id}", "changes": "[]", "silent": False, "created_at": MOMENT,
            }
            for s in stored
        ])  # fmt: skip
