"""Storing what was read: one transaction with all the work that it causes."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from crawler.clock import iso
from crawler.dedup import compare, shingles, text_hash
from crawler.model import Change, Release, Revision, StoredRelease
from crawler.model.values import Cause
from crawler.storage import evidence
from crawler.storage.state import columns, corrections, events, files, pending, quarantine, stories, visits
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.revise import Submission, Writer, insert_revision, queue
from crawler.storage.state.stored import find_in, revision_in
from crawler.storage.state.tables import releases
from crawler.urls import release_id as id_of

#: Deadlines of these kinds keep a page interesting until their last day.
OPEN_KINDS = frozenset({"apply", "comment", "publicity", "event"})

Outcome = Literal["new", "repost", "changed", "reread", "unchanged"]
#: Reads a stored revision's text again with today's rules; None where that can't be done.
Reread = Callable[[StoredRelease, Revision], "Release | None"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a submission. ``repost``: new to us, but its content was known."""

    release_id: str
    outcome: Outcome
    revision: int
    story_id: str
    changes: tuple[Change, ...] = ()
    #: Whether subscribers may hear of it: an event was written and is not silent.
    told: bool = False


def save(
    engine: sa.Engine, submissions: Sequence[Submission], *, pending_id: int | None = None,
    visit: visits.Visit | None = None, now: dt.datetime, response: evidence.Response | None = None,
    archive_path: pathlib.Path | None = None, reread: Reread | None = None, lease: columns.Lease | None = None,
    answers: Sequence[files.FileAnswer] = (),
) -> tuple[Saved, ...]:  # fmt: skip
    """Store the releases of one page in ONE transaction: revisions, stories, events, outbox; the
    pending row is closed, the visit written down, a quarantine row resolved.

    Saving the same again changes nothing but ``last_seen``. ``response`` and the files in ``answers``
    are kept as evidence (in ``archive_path``) where something was new. ``reread`` is asked before
    comparing, where the stored revision was made by other rules: only what the site changed is a change.
    Raises `LeaseLost` where another process has taken the site over: nothing is written then.
    """
    prepared = _reread_old(engine, submissions, reread)
    with writing(engine) as connection:
        columns.hold_in(connection, lease)
        keeper = _Keeper(connection, archive_path, response)
        saved = tuple(_save_one(connection, s, keeper, prepared, reread, now) for s in submissions)
        if answers and archive_path is not None and submissions:
            first = submissions[0]
            files.record_in(
                connection, archive_path, answers, {one.release_id for one in saved}, site=first.site,
                column=first.column, now=now,
            )  # fmt: skip
        pending.close_in(connection, pending_id)
        if visit is not None:
            moved_on = any(one.outcome in ("new", "repost", "changed") for one in saved)
            until = _open_until([s.release for s in submissions], now.date())
            visits.record_in(connection, visit, now=now, moved_on=moved_on, open_until=until)
        for url in {s.release.url for s in submissions} | ({visit.url} if visit else set()):
            quarantine.clear_in(connection, url, now=now)
    return saved


class _Keeper:
    """Keeps the page's response once, when the first revision rests on it."""

    def __init__(
        self, connection: sa.Connection, archive: pathlib.Path | None, response: evidence.Response | None
    ) -> None:
        self._connection, self._archive, self._response = connection, archive, response
        self._id: int | None = None

    def id(self) -> int | None:
        if self._id is None and self._response is not None and self._archive is not None:
            r = self._response
            self._id = evidence.keep(
                self._archive, self._connection, url=r.url, status=r.status, headers=r.headers, body=r.body,
                fetched_at=r.fetched_at, tls=r.tls,
            )  # fmt: skip
        return self._id


_Prepared = dict[tuple[str, int], "Release | None"]


def _reread_old(engine: sa.Engine, submissions: Sequence[Submission], reread: Reread | None) -> _Prepared:
    """Old texts by today's rules, before the write lock is taken: reading costs time."""
    prepared: _Prepared = {}
    if reread is None:
        return prepared
    for submission in submissions:
        release_id = id_of(submission.release.url, submission.release.part)
        with reading(engine) as connection:
            held = find_in(connection, release_id)
            revision = revision_in(connection, release_id, held.revision) if held else None
        if held and revision and _by_other_rules(revision, submission):
            prepared[(release_id, revision.number)] = reread(held, revision)
    return prepared


def _by_other_rules(revision: Revision, submission: Submission) -> bool:
    """Whether the stored revision was made by other rules, or before its files were ever asked for."""
    tried = {a.url for a in submission.release.attachments if a.state is not None}
    untried = any(a.state is None and a.url in tried for a in revision.release.attachments)
    return untried or revision.rules_version != submission.rules_version


def _save_one(
    connection: sa.Connection, submission: Submission, keeper: _Keeper, prepared: _Prepared,
    reread: Reread | None, now: dt.datetime,
) -> Saved:  # fmt: skip
    release = submission.release
    release_id = id_of(release.url, release.part)
    fixed = corrections.of_release_in(connection, release_id)
    release = corrections.apply(release, fixed)
    held = find_in(connection, release_id)
    if held is None:
        return _first(connection, release_id, release, submission, keeper, now)

    revision = revision_in(connection, release_id, held.revision)
    assert revision is not None  # noqa: S101 - the join of find_in found it
    stored = revision.release
    old: Release | None = stored
    if submission.cause == "site" and reread is not None and _by_other_rules(revision, submission):
        key = (release_id, revision.number)
        old = prepared[key] if key in prepared else reread(held, revision)
        old = corrections.apply(old, fixed) if old is not None else None
    changes = compare(old, release) if old is not None else _without_rules(stored, release)
    # Reading old bytes again says nothing of whether the page is there today.
    back = submission.cause == "site" and _back(connection, held, now)

    writer = Writer(connection, held, submission, now)
    if submission.cause == "site" and changes:
        if old is not None and compare(stored, old):
            # What the rules made of the old text, so that the next revision shows the site's change alone.
            writer.revise(old, "reread", revision.evidence_id)
        number = writer.revise(release, "site", keeper.id())
        told = writer.tell_changed(release, number, changes)
        writer.current(release, number)
        return Saved(release_id, "changed", number, held.story_id, changes, told)
    if compare(stored, release):
        # Not the site's doing: today's rules see the old text differently.
        cause: Cause = "reread" if submission.cause == "site" else submission.cause
        number = writer.revise(release, cause, revision.evidence_id)
        writer.current(release, number)
        return Saved(release_id, "reread", number, held.story_id, compare(stored, release))
    if writer.refresh(revision, release, keeper.id) or back:
        writer.current(release, held.revision)
    elif submission.cause == "site":
        writer.seen()
    return Saved(release_id, "unchanged", held.revision, held.story_id)


def _first(
    connection: sa.Connection, release_id: str, release: Release, submission: Submission, keeper: _Keeper,
    now: dt.datetime,
) -> Saved:  # fmt: skip
    fingerprint = text_hash(release)
    joined = stories.find_in_story(connection, release_id, release, fingerprint)
    story_id = joined.story_id if joined else release_id
    connection.execute(
        sa.insert(releases).values(
            release_id=release_id, site=submission.site, column=submission.column, url=release.url,
            part=release.part, revision=1, first_seen=iso(now), last_seen=iso(now), title=release.title,
            published=release.published, is_talent_policy=release.is_talent_policy, doc_no=release.doc_no,
            story_id=story_id, is_original=joined is None, origin_rank=submission.origin_rank,
            text_hash=fingerprint,
        )
    )  # fmt: skip
    insert_revision(
        connection, release_id, 1, release, submission.cause, submission.rules_version, keeper.id(), now
    )
    stories.write_shingles(connection, release_id, shingles(release))
    remarked = stories.choose_original(connection, story_id) if joined else set()
    told = False
    if not (joined and joined.verbatim):
        told = events.raise_in(
            connection, "new", release_id=release_id, revision=1, story_id=story_id,
            key=f"{story_id}:{fingerprint}", now=now, silent=submission.silent,
        )  # fmt: skip
    queue(connection, [release_id, *sorted(remarked - {release_id})], now)
    outcome: Outcome = "repost" if joined and joined.verbatim else "new"
    return Saved(release_id, outcome, 1, story_id, told=told and not submission.silent)


def _without_rules(stored: Release, release: Release) -> tuple[Change, ...]:
    """Where the old text can't be read again: a change of what no rule of ours makes, or none."""
    changes = compare(stored, release)
    return changes if any(change.field in ("title", "body") for change in changes) else ()


def _back(connection: sa.Connection, held: StoredRelease, now: dt.datetime) -> bool:
    """The page is there: what was noted as missing is forgotten."""
    if held.current and not held.missing_rounds:
        return False
    connection.execute(
        sa.update(releases)
        .where(releases.c.release_id == held.release_id)
        .values(current=True, withdrawn_at=None, missing_rounds=0, last_seen=iso(now))
    )
    if not held.current:
        remarked = stories.choose_original(connection, held.story_id)
        queue(connection, sorted(remarked - {held.release_id}), now)
    return not held.current


def _open_until(found: Sequence[Release], day: dt.date) -> str | None:
    """The last day of the open deadlines, or None."""
    ends = [d.end[:10] for r in found for d in r.deadlines if d.end and d.kind in OPEN_KINDS]
    return max((end for end in ends if end >= day.isoformat()), default=None)
