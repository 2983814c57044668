"""Releases that an analyst has put right, as labelled data: what rules can be measured against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crawler.model import StoredRelease, to_json
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import corrections

#: What a label says of a release; the rest is its input.
TRUTH = (
    "doc_type", "is_talent_policy", "section", "topics", "region", "zone", "level", "issuers", "issued",
    "effective_from", "effective_to", "doc_no", "validity", "language", "benefits", "targets", "achievements",
    "deadlines", "links",
)  # fmt: skip
_INPUT = ("url", "site_name", "published", "source_credit", "title")


def corrected(engine: sa.Engine) -> dict[str, tuple[str, ...]]:
    """The releases with corrections, each with the names of the fields that were set by hand."""
    out: dict[str, list[str]] = {}
    with reading(engine) as connection:
        query = sa.select(corrections.c.release_id, corrections.c.field).order_by(
            corrections.c.release_id, corrections.c.field
        )
        for row in connection.execute(query):
            out.setdefault(row.release_id, []).append(row.field)
    return {release: tuple(fields) for release, fields in out.items()}


def label(stored: StoredRelease, fields: Iterable[str]) -> dict[str, Any]:
    """A corrected release as a labelled one: its text, the truth about it, and which values somebody has
    looked at (``checked``); the others are what the rules said."""
    release = stored.release
    values = to_json(release)
    return {
        "id": stored.release_id,
        **{name: values[name] for name in _INPUT},
        "paragraphs": [line for line in release.body.split("\n") if line.strip()],
        "truth": {name: values[name] for name in TRUTH} | {"checked": sorted(fields)},
    }
