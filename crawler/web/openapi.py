"""What the JSON interface promises, as OpenAPI 3.1: made from the types that are answered with, so that the
promise can't drift from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from crawler import __version__
from crawler.model import Release, Revision, StoredRelease
from crawler.model.values import DOC_TYPES, LANGUAGES, LEVELS, SECTIONS, TOPICS, VALIDITIES
from crawler.query import RELEVANCES, Highlight, Query
from crawler.storage.index import SORTS
from crawler.storage.index.fields import BY_NAME, FACETS
from crawler.storage.index.offers import MAX_MEANT
from crawler.storage.index.protocol import MAX_WINDOW
from crawler.web import answers, forms
from crawler.web.comparison import Comparison

_VOCABULARIES: Mapping[str, Sequence[str]] = {
    "level": LEVELS, "topic": TOPICS, "doc_type": DOC_TYPES, "section": SECTIONS, "validity": VALIDITIES,
    "language": LANGUAGES,
}  # fmt: skip
_SAID = {
    "words": "Space is AND, `|` is OR, `-` excludes, quotes make a phrase.",
    "relevance": "`unsure`: what the rules could not tell.",
    "region": "GB/T 2260 code or Chinese name; includes what lies below it.",
    "issuer": "Words that stand in the name of an issuer.",
    "doc_no": "发文字号 in any bracket form.",
    "deadline_before": "The next open deadline ends by that day.",
    "min_amount": "Yuan; some benefit's `amount_max` is at least that. `50万` is understood.",
    "reposts": "Also verbatim reposts.",
    "withdrawn": "Also what the sites took down.",
}
_RELAXED = (
    "On the first page of a search with fewer than three hits: what has some of the words, in pairs of characters. "
    "No hits of the query, and never a reason for an alert."
)
_MEANT = "On the same page: searches that find more, as a place or an issuer stands among the words."
_ERRORS = {
    "400": "the request can't be understood; `mend` says what to change",
    "404": "there is no such release",
    "405": "only GET",
    "429": "too many requests; Retry-After says when to go on",
    "503": "database or index are out of reach; try again later",
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    schemas: dict[str, Any] = {"Error": _error()}
    search = [*_filters(), *_paging()]
    release = {
        "name": "release_id", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "The id, or so many of its first characters that it is the only one.",
    }  # fmt: skip
    paths = {
        "/api/search": _get("search", "Search, as `talentwatch search --json`", search, _search(schemas)),
        "/api/releases": _get(
            "releases", "Every hit, a hundred at a time", [*_filters(), *_onward()], _all(schemas)
        ),
        "/api/compare": _get("compare", "Amounts by topic and region", _filters(), _schema(Comparison, schemas)),
        "/api/releases/{release_id}": _get("release", "One release", [release], _release(schemas), "404"),
    }
    info = {"title": "TalentWatch", "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _get(
    name: str, summary: str, parameters: list[dict[str, Any]], answer: Mapping[str, Any], *more: str
) -> dict[str, Any]:
    content = {"application/json": {"schema": answer}}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    told: dict[str, Any] = {"200": {"description": "found", "content": content}}
    for status in sorted({"400", "405", "429", "503", *more}):
        told[status] = {"description": _ERRORS[status], "content": error}
    told["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": told}}


def _filters() -> list[dict[str, Any]]:
    out = []
    for field in dataclasses.fields(Query):
        schema: dict[str, Any]
        if field.name in _VOCABULARIES:
            schema = _many({"type": "string", "enum": list(_VOCABULARIES[field.name])})
        elif isinstance(field.default, tuple):
            schema = _many({"type": "string"})
        elif field.name == "relevance":
            schema = {"type": "string", "enum": list(RELEVANCES), "default": field.default}
        elif isinstance(field.default, bool):
            schema = {"type": "boolean", "default": field.default}
        elif field.name == "words":
            schema = {"type": "string", "maxLength": forms.LONGEST_WORDS}
        else:
            schema = {"type": "string"} if field.name == "min_amount" else {"type": "string", "format": "date"}
        out.append(_parameter(field.name, schema))
    return out


def _paging() -> list[dict[str, Any]]:
    last = MAX_WINDOW // forms.PAGE
    return [
        _parameter("sort", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
        _parameter("page", {"type": "integer", "minimum": 1, "maximum": last, "default": 1}),
    ]


def _onward() -> list[dict[str, Any]]:
    orders = [name for name in SORTS if name != "relevance"]
    cursor = _parameter("cursor", {"type": "string"})
    said = "`next` of the answer before, for the same search; without it: from the beginning."
    return [
        _parameter("sort", {"type": "string", "enum": orders, "default": "published"}),
        {**cursor, "description": said},
    ]


def _parameter(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    said = {"description": _SAID[name]} if name in _SAID else {}
    return {"name": name, "in": "query", "required": False, **said, "schema": schema}


def _many(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "maxItems": 100}


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    inner = _object({"status": {"type": "integer"}, "code": text, "message": text, "mend": text})
    return _object({"error": inner})


def _search(schemas: dict[str, Any]) -> dict[str, Any]:
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}
    hit = {"release_id": {"type": "string"}, **{name: _indexed(name) for name in answers.HIT}}
    hit |= {"score": {"type": "number"}, "reposts": {"type": "integer", "minimum": 0}}
    hit["highlights"] = {"type": "array", "items": _schema(Highlight, schemas)}
    schemas["Hit"] = _object(hit)
    hits, number = (
        {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
        {"type": "integer", "minimum": 0},
    )
    second = _object({"words": {"type": "string"}, "total": number, "hits": hits})
    meant: dict[str, Any] = {name: {"type": "string"} for name in answers.MEANT}
    meant |= {"total": number, "query": {"type": "object"}, "field": {"enum": ["region", "issuer"]}}
    made = _object(
        {
            "total": number,
            "took_ms": number,
            "facets": _object(dict.fromkeys(FACETS, counts)),
            "hits": {**hits, "maxItems": forms.PAGE},
        }
    )
    others = {"type": "array", "items": _object(meant), "maxItems": MAX_MEANT, "description": _MEANT}
    made["properties"] |= {"relaxed": {**second, "description": _RELAXED}, "did_you_mean": others}
    return made


def _all(schemas: dict[str, Any]) -> dict[str, Any]:
    found = {"release_id": {"type": "string"}, **{name: _indexed(name) for name in answers.HIT}}
    schemas["Found"] = _object(found)
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Found"}, "maxItems": answers.MANY}
    onward = {"type": ["string", "null"], "description": "the next request's `cursor`; null at the end"}
    return _object({"hits": listed, "next": onward})


def _indexed(name: str) -> dict[str, Any]:
    kind = BY_NAME[name].kind
    if kind == "keywords":
        return {"type": "array", "items": {"type": "string"}}
    return {"type": [{"integer": "integer", "number": "number", "flag": "boolean"}.get(kind, "string"), "null"]}


def _release(schemas: dict[str, Any]) -> dict[str, Any]:
    stored = _properties(_schema(StoredRelease, schemas), schemas)
    revision = _properties(_schema(Revision, schemas), schemas)
    told = _object({name: revision[name] for name in answers.REVISION})
    sibling = _object({name: stored[name] for name in answers.STORY})
    properties = {name: schema for name, schema in stored.items() if name != "release"}
    properties |= _properties(_schema(Release, schemas), schemas)
    return _object({**properties, "revisions": {"type": "array", "items": told},
                    "story": {"type": "array", "items": sibling}})  # fmt: skip


def _properties(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    name = str(schema["$ref"]).rpartition("/")[2]
    return dict(schemas[name]["properties"])


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object that has exactly these keys."""
    shape = {"type": "object", "additionalProperties": False}
    return {**shape, "properties": dict(properties), "required": list(properties)}


def _schema(kind: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A reference to a model's schema, which is put among ``schemas`` with all that it needs."""
    made = TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    for name, inner in made.pop("$defs", {}).items():
        schemas.setdefault(name, _strict(inner))
    if "$ref" in made:
        return made
    schemas.setdefault(kind.__name__, _strict(made))
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    # Every field is always there (crawler.model.codec), whatever its default.
    kept = {name: {k: v for k, v in one.items() if k != "default"} for name, one in schema["properties"].items()}
    said = {"description": schema["description"]} if "description" in schema else {}
    return said | _object(kept)
