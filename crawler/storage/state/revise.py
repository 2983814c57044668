"""Writing the revisions of one release, and the work that each causes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.dedup import content_hash, facts_hash, shingles, text_hash
from crawler.model import Change, Release, Revision, StoredRelease
from crawler.model.values import Cause
from crawler.storage.state import events, stories
from crawler.storage.state.stored import encode, revisions_in
from crawler.storage.state.tables import outbox, releases, revisions


@dataclass(frozen=True, slots=True)
class Submission:
    """One release, as read by today's rules, to be stored. ``origin_rank``: 0 a government source,
    1 the medium that is credited, 2 anybody else. ``silent``: nobody is told."""

    site: str
    column: str
    release: Release
    rules_version: str
    cause: Cause = "site"
    silent: bool = False
    origin_rank: int = 2


class Writer:
    """Writes revisions of one known release."""

    def __init__(
        self, connection: sa.Connection, held: StoredRelease, submission: Submission, now: dt.datetime
    ) -> None:
        self._connection, self._held, self._submission, self._now = connection, held, submission, now
        self._number = held.revision

    def revise(self, release: Release, cause: Cause, evidence_id: int | None) -> int:
        """Add a revision; returns its number."""
        self._number += 1
        insert_revision(
            self._connection, self._held.release_id, self._number, release, cause, self._submission.rules_version,
            evidence_id, self._now,
        )  # fmt: skip
        return self._number

    def tell_changed(self, release: Release, number: int, changes: Sequence[Change]) -> bool:
        """One event per story and content; when a page comes back to a content, that is news again."""
        facts = facts_hash(release)
        before = revisions_in(self._connection, self._held.release_id)
        times = sum(r.number < number and r.cause == "site" and facts_hash(r.release) == facts for r in before)
        silent = self._submission.silent
        told = events.raise_in(
            self._connection, "changed", release_id=self._held.release_id, revision=number,
            story_id=self._held.story_id, key=f"{self._held.story_id}:{facts}:{times}", now=self._now,
            changes=changes, silent=silent,
        )  # fmt: skip
        return told and not silent

    def current(self, release: Release, number: int) -> None:
        """The release row says what its newest revision says; the index hears of it."""
        fingerprint = text_hash(release)
        self._connection.execute(
            sa.update(releases)
            .where(releases.c.release_id == self._held.release_id)
            .values(
                revision=number, title=release.title, published=release.published, doc_no=release.doc_no,
                is_talent_policy=release.is_talent_policy, text_hash=fingerprint,
            )
        )  # fmt: skip
        if self._submission.cause == "site":
            self.seen()
        if release.body != self._held.release.body:
            stories.write_shingles(self._connection, self._held.release_id, shingles(release))
        queue(self._connection, [self._held.release_id], self._now)

    def refresh(self, revision: Revision, release: Release, evidence_id: Callable[[], int | None]) -> bool:
        """The same content: today's reading of what is not compared replaces the old one in place, and
        with it the response that it was read from: each value stands in the revision's evidence.
        Returns whether anything differed, so that the index hears of it."""
        data = encode(release)
        same = data == encode(revision.release)
        if same and revision.rules_version == self._submission.rules_version:
            return False
        fresh = None if same or self._submission.cause != "site" else evidence_id()
        self._connection.execute(
            sa.update(revisions)
            .where(revisions.c.release_id == revision.release_id, revisions.c.number == revision.number)
            .values(
                data=data, rules_version=self._submission.rules_version,
                evidence_id=revision.evidence_id if fresh is None else fresh,
            )
        )  # fmt: skip
        return not same

    def seen(self) -> None:
        """The page was there at this moment."""
        self._connection.execute(
            sa.update(releases)
            .where(releases.c.release_id == self._held.release_id)
            .values(last_seen=iso(self._now))
        )


def queue(connection: sa.Connection, release_ids: Sequence[str], now: dt.datetime) -> None:
    """Work for the index, in the transaction that made it necessary."""
    if release_ids:
        connection.execute(sa.insert(outbox), [{"release_id": r, "created_at": iso(now)} for r in release_ids])


def insert_revision(
    connection: sa.Connection, release_id: str, number: int, release: Release, cause: Cause, rules_version: str,
    evidence_id: int | None, now: dt.datetime,
) -> None:  # fmt: skip
    """Write one revision's row."""
    connection.execute(
        sa.insert(revisions).values(
            release_id=release_id, number=number, created_at=iso(now), cause=cause, rules_version=rules_version,
            content_hash=content_hash(release), data=encode(release), evidence_id=evidence_id,
        )
    )  # fmt: skip
