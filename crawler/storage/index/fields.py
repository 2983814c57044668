"""The one field table: what an index holds of a `crawler.query.document`, and as what.

The local schema is generated from it, and Elasticsearch's mapping too. A test fails when a document
has a key that is not here, or when a field of `Release` or `StoredRelease` has no home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "id",       # the document's key
    "keyword",  # one exact value
    "keywords", # several exact values
    "text",     # prose; searched by its token string, stored for highlights
    "words",    # a token string of crawler.query.folding: what phrases are looked for in
    "day",      # an ISO day
    "moment",   # an ISO day or moment with offset
    "integer",
    "number",
    "flag",     # true, false or unknown
    "object",   # stored to be shown and quoted, not searched here
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the document. ``facet``: counted over the hits of a search."""

    name: str
    kind: Kind
    facet: bool = False
    #: The name of the field of Release or StoredRelease where it differs.
    source: str = ""


FIELDS: tuple[Field, ...] = (
    Field("release_id", "id"),
    Field("site", "keyword", facet=True),
    Field("column", "keyword"),
    Field("url", "keyword"),
    Field("revision", "integer"),
    Field("title", "text"),
    Field("subtitle", "text"),
    Field("body", "text"),
    Field("attachments", "text"),
    Field("source_credit", "keyword"),
    Field("site_name", "keyword"),
    Field("published", "moment"),
    Field("published_day", "day", source="published"),
    Field("issued", "moment"),
    Field("first_seen", "moment"),
    Field("last_seen", "moment"),
    Field("effective_from", "moment"),
    Field("effective_to", "moment"),
    Field("doc_no", "keyword"),
    Field("doc_no_key", "keyword", source="doc_no"),
    Field("doc_type", "keyword", facet=True),
    Field("is_talent_policy", "flag"),
    Field("relevance", "number"),
    Field("section", "keyword", facet=True),
    Field("topics", "keywords", facet=True),
    Field("region", "keyword", facet=True),
    Field("division_code", "keyword", source="region"),
    Field("region_path", "keywords"),
    Field("zone", "keyword"),
    Field("level", "keyword", facet=True),
    Field("issuers", "keywords", facet=True),
    Field("language", "keyword", facet=True),
    Field("validity", "keyword", facet=True),
    Field("validity_basis", "object"),
    Field("body_in_image", "flag"),
    Field("body_in_attachment", "flag"),
    Field("story_id", "keyword"),
    Field("is_original", "flag"),
    Field("current", "flag"),
    Field("withdrawn_at", "moment"),
    Field("benefit_topics", "keywords", source="benefits"),
    Field("benefit_max_cny", "integer", source="benefits"),
    Field("deadline_end", "day", source="deadlines"),
    Field("benefits", "object"),
    Field("deadlines", "object"),
    Field("links", "object"),
    Field("reasons", "object"),
    Field("words_title", "words", source="title"),
    Field("words_text", "words", source="body"),
    Field("words_issuers", "words", source="issuers"),
)

#: Fields of Release and StoredRelease that an index deliberately does without, and why.
NOT_INDEXED: dict[str, str] = {
    "release": "its fields are the document's",
    "body_zh": "searched as part of the body",
    "body_en": "searched as part of the body",
    "pairs": "the paragraphs are in the body; pairing is shown from the truth",
    "metadata": "the header table's meaning is in doc_no, issuers and dates; shown from the truth",
    "targets": "shown from the truth; nothing searches them",
    "achievements": "shown from the truth; nothing searches them",
    "provenance": "shown from the truth",
    "read_by": "shown from the truth",
    "part": "only makes the release_id",
    "missing_rounds": "bookkeeping of the crawl",
}

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
FACETS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.facet)
#: Token strings that a search's words are looked for in, with their weight in the ranking.
WORD_WEIGHTS: dict[str, float] = {"words_title": 10.0, "words_text": 1.0, "words_issuers": 2.0}
