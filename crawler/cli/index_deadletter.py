"""``talentwatch index deadletter``: what the index refused."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import typer

from crawler.cli.output import emit, note, say, table
from crawler.clock import today
from crawler.config import Config
from crawler.errors import NotFound

#: The cluster's kind of error → what it means and what mends it.
_MEANS = {
    "document_parsing_exception": "a value is not of its field's type",
    "mapper_parsing_exception": "a value is not of its field's type",
    "strict_dynamic_mapping_exception": "the index doesn't know a field: it was made by hand or by another version",
    "illegal_argument_exception": "the cluster takes no such value: too long a term, too many fields or parts",
    "max_bytes_length_exceeded_exception": "one term is longer than the cluster takes",
    "too_large": "the document is larger than the cluster takes (http.max_content_length)",
    "unknown": "the cluster's own words are all that is known",
}
_MENDS = {
    "strict_dynamic_mapping_exception": "talentwatch index migrate",
    "too_large": "raise http.max_content_length, then talentwatch index deadletter --retry",
}
_LOOK = "look at the value with `talentwatch show`, correct or reread it, then talentwatch index deadletter --retry"


def run(config: Config, item: str, *, json: bool, retry: bool) -> None:
    """List, explain, or send again. Raises `NotFound` for an item that is none."""
    from crawler.storage.index import open_index
    from crawler.storage.index.sync import drain
    from crawler.storage.state import outbox
    from crawler.storage.state.schema import open_state

    engine = open_state(config)
    try:
        rows = [row for row in outbox.refusals(engine, 10_000) if not item or _is(row, item)]
        if item and not rows:
            raise NotFound(f"{item!r} is no dead letter", "`talentwatch index deadletter` lists them.")
        if not retry:
            told = [_told(engine, row) for row in rows]
            emit(told) if json else _print(told, whole=bool(item))
            return
        outbox.retry(engine, [row.seq for row in rows])
        held = open_index(config)
        try:
            drain(engine, held, as_of=today())
        finally:
            held.close()
        again = [row for row in outbox.refusals(engine, 10_000) if row.seq in {one.seq for one in rows}]
    finally:
        engine.dispose()
    if json:
        emit({"retried": len(rows), "refused_again": [row.seq for row in again]})
    else:
        say(f"{len(rows)} sent again, {len(again)} refused again")
    for row in again[:5]:
        note(f"refused: {row.release_id[:12]}: {row.error}")
    raise typer.Exit(1 if again else 0)


def _is(row: Any, item: str) -> bool:
    return item == str(row.seq) or (len(item) >= 6 and row.release_id.startswith(item.lower()))


def _told(engine: sa.Engine, row: Any) -> dict[str, Any]:
    from crawler.storage.index.records import error_type
    from crawler.storage.state import outbox, releases

    stored = releases.many(engine, [row.release_id]).get(row.release_id)
    kind = error_type(row.error)
    dead = row.attempts >= outbox.MAX_ATTEMPTS
    return {
        "seq": row.seq, "release_id": row.release_id, "title": stored.release.title if stored else None,
        "url": stored.url if stored else None, "first_seen": row.created_at, "attempts": row.attempts,
        "state": "dead" if dead else "tried again by the next sync", "error_type": kind, "error": row.error,
        "means": _MEANS.get(kind, _MEANS["unknown"]), "mend": _MENDS.get(kind, _LOOK),
    }  # fmt: skip


def _print(told: list[dict[str, Any]], *, whole: bool) -> None:
    if whole:
        for one in told:
            table(("what", "value"), list(one.items()))
        return
    table(
        ("number", "release", "title", "tries", "state", "error"),
        [
            (one["seq"], one["release_id"][:12], one["title"], one["attempts"], one["state"], one["error"])
            for one in told
        ],
    )
    if told:
        note("`talentwatch index deadletter NUMBER` explains one")
