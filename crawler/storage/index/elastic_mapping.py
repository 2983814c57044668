"""Elasticsearch's settings, mappings, aliases and templates, made from the one field table."""

from __future__ import annotations

from typing import Any

from crawler.query.folding import FOLDING_VERSION
from crawler.storage.index.fields import RELEASES, TABLE, TABLES, Field

#: With the aliases of the table, the only names that code and Kibana use; the indices behind them come and go.
POLICIES = "talent-policies"

#: Raised whenever the mapping or the meaning of a field changes: an older index asks for a rebuild.
SCHEMA_VERSION = 3
#: What `talent-policies` shows of `talent-releases`.
POLICIES_FILTER: dict[str, Any] = {
    "bool": {"filter": [{"term": {"is_talent_policy": True}}, {"term": {"current": True}}]}
}

# Built-in parts only: a cluster may lack ik and smartcn. Our own searches run on the token strings
# (``words_*``); these analysers are for people in Kibana.
_ANALYSIS: dict[str, Any] = {
    "char_filter": {},
    "filter": {"han_pairs": {"type": "cjk_bigram", "output_unigrams": False}},
    "analyzer": {
        "tokens": {"type": "custom", "tokenizer": "whitespace"},
        "han": {"type": "custom", "tokenizer": "standard", "filter": ["cjk_width", "lowercase", "han_pairs"]},
        "han_single": {"type": "custom", "tokenizer": "standard", "filter": ["cjk_width", "lowercase"]},
    },
    "normalizer": {"folded": {"type": "custom", "filter": ["cjk_width", "lowercase"]}},
}

#: Lucene refuses a term of more than 32,766 bytes; a Han character has three.
_LONGEST_KEYWORD = 8_000

_TYPES: dict[str, dict[str, Any]] = {
    "id": {"type": "keyword"},
    "keyword": {"type": "keyword", "ignore_above": _LONGEST_KEYWORD},
    "keywords": {"type": "keyword", "ignore_above": _LONGEST_KEYWORD},
    # Pairs of tokens are terms of their own: a word of two characters is looked up, not put together from the
    # positions of both, which was most of a search among 100,000 releases.
    "words": {"type": "text", "analyzer": "tokens", "index_phrases": True},
    # A day that is none is the reader's mistake; the release stays findable without it.
    "day": {"type": "date", "format": "strict_date", "ignore_malformed": True},
    "moment": {"type": "date", "format": "strict_date_optional_time", "ignore_malformed": True},
    "integer": {"type": "long"},
    "number": {"type": "double"},
    "flag": {"type": "boolean"},
    "object": {"type": "object", "enabled": False},
}


#: Above the templates that clusters bring (100 to 200), and above most people's.
_PRIORITY = 510
_SETTINGS = {
    "number_of_shards": 1,
    "analysis": _ANALYSIS,
    # Highlights of whole articles; our documents' texts end there too.
    "highlight.max_analyzed_offset": 1_000_000,
}


def building(alias: str) -> str:
    """The alias of an index that a migration fills, until it takes the place of the live one."""
    return f"{alias}-building"


def aliases(alias: str) -> dict[str, dict[str, Any]]:
    """The aliases of a live index, with their filters."""
    own: dict[str, Any] = {"is_write_index": True}
    if TABLE[alias].only_current:
        own["filter"] = {"term": {"current": True}}
    return {alias: own} | ({POLICIES: {"filter": POLICIES_FILTER}} if alias == RELEASES else {})


def body(alias: str, identity: str, *, replicas: int) -> dict[str, Any]:
    """Settings and mappings of a new index. ``identity`` tells it from one that was lost."""
    return {
        "settings": {**_SETTINGS, "number_of_replicas": replicas},
        "mappings": {
            "_meta": {"talentwatch": {"identity": identity, "schema": SCHEMA_VERSION, "folding": FOLDING_VERSION}},
            **mapping(alias),
        },
    }


def mapping(alias: str) -> dict[str, Any]:
    """The strict mapping of one table."""
    return {
        "dynamic": "strict",
        # Token strings follow from the texts; a rebuild comes from the database, never from here.
        "_source": {"excludes": ["words_*"]},
        "properties": {
            **{field.name: _property(field) for field in TABLE[alias].fields},
            "content_hash": {"type": "keyword"},
        },
    }


def templates() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Component templates and index templates by name: an index that somebody makes by hand under one
    of our names (a restore, a ``_reindex``) gets our mapping, not a guessed one."""
    components: dict[str, Any] = {}
    indices: dict[str, dict[str, Any]] = {}
    for table in TABLES:
        # Each with the analysers that it names: clusters check a component by itself.
        components[f"talentwatch-{table.alias}"] = {"settings": _SETTINGS, "mappings": mapping(table.alias)}
        indices[f"talentwatch-{table.alias}"] = {
            "index_patterns": [f"{table.alias}-v*"],
            "composed_of": [f"talentwatch-{table.alias}"],
            "priority": _PRIORITY,
        }
    return components, indices


def _property(field: Field) -> dict[str, Any]:
    if field.kind != "text":
        return dict(_TYPES[field.kind])
    inner: dict[str, Any] = {
        "uni": {"type": "text", "analyzer": "han_single"},
        "en": {"type": "text", "analyzer": "english"},
    }
    if field.name in ("title", "subtitle"):
        inner["raw"] = {"type": "keyword", "normalizer": "folded", "ignore_above": 1000}
    return {"type": "text", "analyzer": "han", "fields": inner}
