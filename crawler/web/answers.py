"""The JSON interface's answers: the same shapes as the command line prints with ``--json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.model import Revision, StoredRelease, to_json
from crawler.storage.index import Hit, SearchResult
from crawler.storage.index.offers import Offers
from crawler.storage.index.protocol import Following

#: What a hit tells besides its id, score and highlights.
HIT = (
    "title", "url", "site", "published", "first_seen", "region", "region_path", "zone", "level", "doc_type",
    "section", "topics", "issuers", "doc_no", "language", "validity", "deadline_end", "benefit_max_cny",
    "is_talent_policy",
    "story_id", "is_original", "current",
)  # fmt: skip
#: Hits that one request for all of them answers with.
MANY = 100
#: What another search that may have been meant tells, besides the query.
MEANT = ("field", "value", "name", "total")
#: What a revision, and another release of the same story, tell.
REVISION = ("number", "created_at", "cause", "rules_version", "content_hash", "evidence_id")
STORY = ("release_id", "site", "url", "is_original")


def search_json(result: SearchResult, offers: Offers) -> dict[str, Any]:
    """What ``talentwatch search --json`` prints. Only where there is something to offer: ``relaxed``, what has
    some of the words (no part of the hits), and ``did_you_mean``, searches that find more."""
    told: dict[str, Any] = {
        "total": result.total,
        "took_ms": result.took_ms,
        "facets": to_json(result.facets),
        "hits": _hits(result.hits),
    }
    if second := offers.relaxed:
        told["relaxed"] = {"words": offers.words, "total": second.total, "hits": _hits(second.hits)}
    if offers.meant:
        told["did_you_mean"] = [
            {**{name: getattr(one, name) for name in MEANT}, "query": one.query.to_json()} for one in offers.meant
        ]
    return told


def following_json(found: Following, onward: str | None) -> dict[str, Any]:
    """So many hits, and the cursor that goes on behind them."""
    return {"hits": [document_json(hit.document) for hit in found.hits], "next": onward}


def document_json(document: Mapping[str, Any]) -> dict[str, Any]:
    """A hit where all are told: one line of ``talentwatch search --all --json``."""
    return {"release_id": document["release_id"], **{name: document[name] for name in HIT}}


def _hits(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    return [
        {
            "release_id": hit.release_id,
            **{name: hit.document[name] for name in HIT},
            "score": round(hit.score, 4),
            "reposts": hit.reposts,
            "highlights": [to_json(h) for h in hit.highlights],
        }
        for hit in hits
    ]


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
