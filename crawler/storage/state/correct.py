"""An analyst sets a value: kept, applied, told to those who had heard a wrong one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from crawler.dedup import compare, facts_hash
from crawler.errors import NotFound
from crawler.model import Change, to_json
from crawler.storage.state import corrections, events
from crawler.storage.state.engine import writing
from crawler.storage.state.revise import Submission, Writer
from crawler.storage.state.stored import find_in, revision_in

#: Amounts and dates: who was told a wrong one hears of the correction.
TOLD_FIELDS = frozenset({"benefits", "deadlines", "effective_from", "effective_to", "issued", "published"})


def correct(
    engine: sa.Engine, release_id: str, field: str, value: Any, *, now: dt.datetime
) -> tuple[Change, ...]:  # fmt: skip
    """Set a field of a release for good (``value`` as `corrections.parse` gives it), in one
    transaction with the revision, the work for the index and the event ``corrected``.

    Returns what changed; empty where the value was right already. Raises `NotFound`.
    """
    with writing(engine) as connection:
        held = find_in(connection, release_id)
        revision = revision_in(connection, release_id, held.revision) if held else None
        if held is None or revision is None:
            raise NotFound(f"there is no release {release_id}", "Find it with `talentwatch search`.")
        corrections.check_quotes(held.release, field, value)
        corrections.write_in(connection, release_id, field, value, now=now)
        release = corrections.apply(held.release, {field: value})
        before, after = to_json(getattr(held.release, field)), to_json(getattr(release, field))
        if before == after:
            return ()
        changes = compare(held.release, release) or (Change(field, before, after),)
        writer = Writer(
            connection, held, Submission(held.site, held.column, release, revision.rules_version, "correction"), now
        )
        number = writer.revise(release, "correction", revision.evidence_id)
        writer.current(release, number)
        if field in TOLD_FIELDS:
            events.raise_in(
                connection, "corrected", release_id=release_id, revision=number, story_id=held.story_id,
                key=f"{release_id}:{number}:{facts_hash(release)}", now=now, changes=changes,
            )  # fmt: skip
        return changes
