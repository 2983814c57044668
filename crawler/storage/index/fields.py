"""The one field table: what each index holds, and as what.

The local schema is generated from it (releases only: the rest is read from the database there), and
Elasticsearch's mappings. A test fails when a document has a key that is not here, or when a field of
the model has no home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    #: The name of the model's field where it differs.
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

BY_NAME: dict[str, Field] = {one.name: one for one in FIELDS}
FACETS: tuple[str, ...] = tuple(one.name for one in FIELDS if one.facet)
#: Token strings that a search's words are looked for in, with their weight in the ranking.
WORD_WEIGHTS: dict[str, float] = {"words_title": 10.0, "words_text": 1.0, "words_issuers": 2.0}

#: What a clause or a revision repeats of its release, so that Kibana can count it: nothing joins there.
REPEATED: tuple[str, ...] = (
    "release_id", "site", "column", "url", "title", "published", "published_day", "first_seen", "doc_no",
    "doc_type", "is_talent_policy", "topics", "region", "division_code", "region_path", "zone", "level", "issuers",
    "language", "validity", "effective_to", "story_id", "is_original", "current",
)  # fmt: skip
_REPEATED: tuple[Field, ...] = (
    *(BY_NAME[name] for name in REPEATED),
    Field("province", "keyword", source="region_path"),
)
_NUMBER = Field("number", "integer")
_QUOTE = Field("quote", "text")


@dataclass(frozen=True, slots=True)
class Table:
    """One index behind its alias. ``model``: the type whose fields must all have a home here, in
    ``left_out`` with the reason, or in the release's own table."""

    alias: str
    one_is: str
    fields: tuple[Field, ...]
    model: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)
    #: The alias shows only what has ``current: true``: nothing is ever deleted.
    only_current: bool = False
    #: Documents are created once and never written again.
    append_only: bool = False


RELEASES = "talent-releases"
REVISIONS = "talent-revisions"
BENEFITS = "talent-benefits"
DEADLINES = "talent-deadlines"
RUNS = "talent-runs"
DEADLETTER = "talent-deadletter"

TABLES: tuple[Table, ...] = (
    Table(RELEASES, "a release, current state", FIELDS, "Release", NOT_INDEXED),
    Table(
        REVISIONS, "one content state of a release; never changed",
        (
            *(BY_NAME[name] for name in (
                "release_id", "site", "column", "url", "title", "body", "published", "published_day", "doc_no",
                "doc_type", "topics", "region", "division_code", "region_path", "level", "issuers", "language",
                "effective_to", "benefit_topics", "benefit_max_cny",
            )),
            _NUMBER,
            Field("created_at", "moment"),
            Field("cause", "keyword"),
            Field("rules_version", "keyword"),
            Field("evidence_id", "integer"),
            Field("revision_hash", "keyword", source="content_hash"),
            Field("changed", "keywords", source="release"),
        ),
        "Revision", append_only=True,
    ),
    Table(
        BENEFITS, "one benefit clause, with what its release says",
        (
            *_REPEATED,
            _NUMBER,
            _QUOTE,
            Field("topic", "keyword"),
            Field("recipient", "keyword"),
            Field("currency", "keyword"),
            Field("amount_min", "integer"),
            Field("amount_max", "integer"),
            Field("amount_max_cny", "integer", source="amount_max"),
            Field("amount_is_cap", "flag"),
            Field("rate", "number"),
            Field("area_m2_min", "number"),
            Field("area_m2_max", "number"),
            Field("period", "keyword"),
            Field("duration_months", "integer"),
            Field("condition", "object"),
            Field("source", "keyword"),
        ),
        "Benefit", only_current=True,
    ),
    Table(
        DEADLINES, "one window (application, comment, publicity, payout, event), with what its release says",
        (
            *_REPEATED,
            _NUMBER,
            _QUOTE,
            Field("kind", "keyword"),
            Field("start", "day"),
            Field("end", "day"),
            Field("resolved", "flag"),
            Field("source", "keyword"),
        ),
        "Deadline", only_current=True,
    ),
    Table(
        RUNS, "one column's run in one round",
        (
            Field("run_id", "id"),
            Field("round_id", "keyword"),
            Field("site", "keyword"),
            Field("column", "keyword"),
            Field("started", "moment"),
            Field("ended", "moment"),
            Field("seconds", "number", source="ended"),
            *(Field(name, "integer") for name in (
                "pages", "rows", "new", "changed_releases", "unchanged", "quarantined", "requests", "not_modified",
                "dropped_rows",
            )),
            Field("newest", "moment"),
            Field("pause", "integer"),
            Field("healthy", "flag", source="verdict"),
            Field("verdict", "keyword"),
            Field("reasons_text", "keywords", source="reasons"),
            Field("dropped", "object"),
        ),
        "Run", {
            "changed": "is changed_releases: changed holds the names of fields in talent-revisions",
            "stated": "what a list counts itself is a figure of its site: `sites show` has it",
        },
    ),
    Table(
        DEADLETTER, "a document that the cluster refused",
        (
            Field("release_id", "id"),
            Field("seq", "integer"),
            Field("created_at", "moment"),
            Field("attempts", "integer"),
            Field("error_type", "keyword", source="error"),
            Field("error", "text"),
            Field("payload", "object", source="release_id"),
            Field("current", "flag", source="attempts"),
        ),
        "Refusal", only_current=True,
    ),
)  # fmt: skip
TABLE: dict[str, Table] = {one.alias: one for one in TABLES}
