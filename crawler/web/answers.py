"""The JSON interface's answers: the same shapes as the command line prints with ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.model import Revision, StoredRelease, to_json
from crawler.storage.index import SearchResult

#: What a hit tells besides its id, score and highlights.
HIT = (
    "title", "url", "site", "published", "first_seen", "region", "region_path", "zone", "level", "doc_type",
    "section", "topics", "issuers", "doc_no", "language", "validity", "deadline_end", "benefit_max_cny",
    "is_talent_policy",
    "story_id", "is_original", "current",
)  # fmt: skip
#: What a revision, and another release of the same story, tell.
REVISION = ("number", "created_at", "cause", "rules_version", "content_hash", "evidence_id")
STORY = ("release_id", "site", "url", "is_original")


def search_json(result: SearchResult) -> dict[str, Any]:
    """What ``talentwatch search --json`` prints."""
    return {
        "total": result.total,
        "took_ms": result.took_ms,
        "facets": to_json(result.facets),
        "hits": [
            {
                "release_id": hit.release_id,
                **{name: hit.document[name] for name in HIT},
                "score": round(hit.score, 4),
                "reposts": hit.reposts,
                "highlights": [to_json(h) for h in hit.highlights],
            }
            for hit in result.hits
        ],
    }


def release_json(
    stored: StoredRelease, history: Sequence[Revision], story: Sequence[StoredRelease]
) -> dict[str, Any]:
    """What ``talentwatch show --json`` prints, without the evidence."""
    own = {name: value for name, value in to_json(stored).items() if name != "release"}
    return {
        **own,
        **to_json(stored.release),
        "revisions": [{name: getattr(revision, name) for name in REVISION} for revision in history],
        "story": [{name: getattr(one, name) for name in STORY} for one in story],
    }
