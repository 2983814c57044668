"""A `Query` as Elasticsearch's DSL: the same hit set as `crawler.query.is_hit`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crawler.query import Query
from crawler.query.evaluate import issuer_phrases
from crawler.storage.index.elastic_client import IndexMissing, translated
from crawler.storage.index.fields import FACETS, WORD_WEIGHTS
from crawler.storage.index.protocol import MAX_FACET_VALUES, Stamp

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Documents of one page of a scan.
_PAGE = 2_000

#: Filters that name the field's own values.
_PLAIN = ("level", "doc_type", "section", "validity", "language", "site")
_TIES: list[dict[str, Any]] = [{"published": {"order": "desc", "missing": "_last"}}, {"release_id": "asc"}]
_ORDERS: dict[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}],
    "published": [{"published_day": {"order": "desc", "missing": "_last"}}],
    "first_seen": [{"first_seen": {"order": "desc", "missing": "_last"}}],
    "deadline": [{"deadline_end": {"order": "asc", "missing": "_last"}}],
    "amount": [{"benefit_max_cny": {"order": "desc", "missing": "_last"}}],
}


def order(sort: str) -> list[dict[str, Any]]:
    """The ``sort`` of a search; ties as everywhere."""
    return [*_ORDERS[sort], *_TIES]


def aggregations() -> dict[str, Any]:
    """The facets."""
    return {name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in FACETS}


def facets(answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The facets of an answer, the most frequent value first."""
    return {name: {str(b["key"]): int(b["doc_count"]) for b in answer[name]["buckets"]} for name in FACETS}


def by_day(query: Query, as_of: dt.date) -> dict[str, Any]:
    """A request that counts the hits of each day."""
    daily = {"field": "published_day", "calendar_interval": "day", "format": "yyyy-MM-dd", "min_doc_count": 1}
    return {"query": compiled(query, as_of), "size": 0, "aggs": {"days": {"date_histogram": daily}}}


def days(answer: Any) -> dict[str, int]:
    """The days of an answer to `by_day`."""
    buckets = answer["aggregations"]["days"]["buckets"]
    return {str(one["key_as_string"]): int(one["doc_count"]) for one in buckets}


def compiled(query: Query, as_of: dt.date) -> dict[str, Any]:
    """The query clause: words score, everything else filters."""
    return {
        "bool": {
            "must": [_group(group.phrases) for group in query.groups if not group.excluded],
            "must_not": [_group(group.phrases) for group in query.groups if group.excluded] + _without(query),
            "filter": _filters(query, as_of),
        }
    }


def _group(phrases: Iterable[str]) -> dict[str, Any]:
    return _any(
        {"match_phrase": {field: {"query": phrase, "boost": weight}}}
        for phrase in phrases
        for field, weight in WORD_WEIGHTS.items()
    )


def _any(clauses: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _without(query: Query) -> list[dict[str, Any]]:
    return [{"exists": {"field": "is_talent_policy"}}] if query.relevance == "unsure" else []


def _filters(query: Query, as_of: dt.date) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    if query.relevance == "talent":
        out.append({"term": {"is_talent_policy": True}})
    if not query.withdrawn:
        out.append({"term": {"current": True}})
    if query.originals_only:
        out.append({"term": {"is_original": True}})
    plain = {name: list(getattr(query, name)) for name in _PLAIN}
    out += [{"terms": {name: values}} for name, values in plain.items() if values]
    if query.doc_no:
        out.append({"terms": {"doc_no_key": list(query.doc_no_keys)}})
    if query.topic:
        out.append({"terms": {"topics": list(query.topic)}})
    if query.region:
        out.append(_any(_below(prefix) for prefix in query.region_prefixes))
    if query.issuer:
        out.append(_any({"match_phrase": {"words_issuers": phrase}} for phrase in issuer_phrases(query)))
    borders = {"gte": query.published_after, "lte": query.published_before}
    if query.published_after or query.published_before:
        out.append({"range": {"published_day": {name: day for name, day in borders.items() if day}}})
    if query.deadline_before:
        out.append({"range": {"deadline_end": {"gte": as_of.isoformat(), "lte": query.deadline_before}}})
    if query.min_amount is not None:
        out.append({"range": {"benefit_max_cny": {"gte": query.min_amount}}})
    return out


def _below(prefix: str) -> dict[str, Any]:
    return {"prefix": {"region": prefix}} if prefix else {"exists": {"field": "region"}}


def scan(client: Elasticsearch, alias: str, request: Mapping[str, Any], page: int = _PAGE) -> Iterator[Any]:
    """Every hit of a request, page by page, in its ``sort``: a point in time, so that what is written
    meanwhile neither is among them nor shifts them. None where there is no index."""
    try:
        with translated():
            pit = client.open_point_in_time(index=alias, keep_alive="2m")["id"]
    except IndexMissing:
        return
    after: list[Any] | None = None
    try:
        while True:
            body = {"pit": {"id": pit, "keep_alive": "2m"}, "size": page, "track_total_hits": False, **request}
            if after is not None:
                body["search_after"] = after
            with translated():
                answer = client.search(body=body)
            pit = answer.get("pit_id", pit)
            rows = answer["hits"]["hits"]
            yield from rows
            if len(rows) < page:
                return
            after = rows[-1]["sort"]
    finally:
        with translated():
            client.close_point_in_time(id=pit)


def stamps(client: Elasticsearch, alias: str) -> Iterator[Stamp]:
    """Every document's version and content hash, as of now."""
    request = {"sort": [{"_shard_doc": "asc"}], "version": True, "_source": ["content_hash"]}
    for row in scan(client, alias, request):
        yield Stamp(row["_id"], int(row["_version"]), row["_source"]["content_hash"])
