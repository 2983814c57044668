"""`PolicyIndex` on Elasticsearch 8.x and 9.x: docs/architecture.md, design of ``talent-releases``."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from crawler.config import ElasticsearchConfig
from crawler.errors import IndexUnavailable
from crawler.query import Query, highlights
from crawler.query.folding import FOLDING_VERSION
from crawler.storage.index import elastic_search as find
from crawler.storage.index.elastic_client import IndexMissing, IndexOutdated, check_server, connect, translated
from crawler.storage.index.elastic_mapping import (
    BUILDING,
    POLICIES,
    POLICIES_FILTER,
    RELEASES,
    SCHEMA_VERSION,
    body,
)
from crawler.storage.index.elastic_write import put_to
from crawler.storage.index.fields import FACETS
from crawler.storage.index.protocol import (
    Hit,
    PutReport,
    SearchResult,
    Sort,
    Stamp,
    Versioned,
    check_sort,
    window,
)

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Documents of one page of a scan.
_PAGE = 2_000


class ElasticIndex:
    """One cluster. The client is opened by the first call and shared by threads.

    Only aliases are used; the index behind them is made by the first write, replaced by `rebuilding`.
    """

    kind = "elasticsearch"

    def __init__(self, config: ElasticsearchConfig) -> None:
        self._config = config
        self._client: Elasticsearch | None = None
        self._checked = False

    def put(self, documents: Sequence[Versioned]) -> PutReport:
        """See `Target.put`. Writes to the generation under construction first: should it take over in
        between, the second write reaches it under its new name."""
        client = self._ready()
        with translated():
            building = bool(client.indices.exists_alias(name=BUILDING))
        if building:
            with suppress(IndexMissing):  # it has just become the live one, or was given up
                put_to(client, BUILDING, documents)
        return put_to(client, RELEASES, documents)

    def search(
        self,
        query: Query,
        *,
        as_of: dt.date,
        sort: Sort = "relevance",
        limit: int = 20,
        offset: int = 0,
        facets: bool = True,
    ) -> SearchResult:
        """See `PolicyIndex.search`."""
        started = time.perf_counter()
        check_sort(sort)
        window(limit, offset)
        client = self._client_checked()
        request: dict[str, Any] = {
            "query": find.compiled(query, as_of),
            "sort": find.order(sort),
            "track_total_hits": True,
            "track_scores": sort == "relevance",
            "from": offset,
            "size": limit,
        }
        if facets:
            request["aggs"] = find.aggregations()
        try:
            with translated():
                answer = client.search(index=RELEASES, body=request)
        except IndexMissing:
            return SearchResult(0, 0, {name: {} for name in FACETS} if facets else {})
        found = answer["hits"]["hits"]
        sizes = self._story_sizes(client, {hit["_source"]["story_id"] for hit in found})
        phrases = [p for group in query.groups if not group.excluded for p in group.phrases]
        return SearchResult(
            int(answer["hits"]["total"]["value"]),
            round((time.perf_counter() - started) * 1000),
            find.facets(answer["aggregations"]) if facets else {},
            tuple(_hit(hit, sizes, phrases) for hit in found),
        )

    def count(self, query: Query | None = None, *, as_of: dt.date) -> int:
        """See `PolicyIndex.count`."""
        client = self._client_checked()
        clause: dict[str, Any] = {"match_all": {}} if query is None else find.compiled(query, as_of)
        try:
            with translated():
                return int(client.count(index=RELEASES, query=clause)["count"])
        except IndexMissing:
            return 0

    def days(self, query: Query, *, as_of: dt.date) -> dict[str, int]:
        """See `PolicyIndex.days`."""
        try:
            with translated():
                return find.days(self._client_checked().search(index=RELEASES, body=find.by_day(query, as_of)))
        except IndexMissing:
            return {}

    def stamps(self) -> Iterator[Stamp]:
        """See `PolicyIndex.stamps`. A point in time: what is written meanwhile is not among them."""
        client = self._client_checked()
        try:
            with translated():
                pit = client.open_point_in_time(index=RELEASES, keep_alive="2m")["id"]
        except IndexMissing:
            return
        after: list[Any] | None = None
        try:
            while True:
                with translated():
                    answer = client.search(
                        pit={"id": pit, "keep_alive": "2m"}, size=_PAGE, sort=[{"_shard_doc": "asc"}], version=True,
                        source={"includes": ["content_hash"]}, search_after=after, track_total_hits=False,
                    )  # fmt: skip
                rows = answer["hits"]["hits"]
                if not rows:
                    return
                for row in rows:
                    yield Stamp(row["_id"], int(row["_version"]), row["_source"]["content_hash"])
                after = rows[-1]["sort"]
        finally:
            with translated():
                client.close_point_in_time(id=pit)

    @contextmanager
    def rebuilding(self) -> Iterator[_Building]:
        """See `PolicyIndex.rebuilding`. The index that was live before is kept, older ones are not."""
        client = self._client_checked()
        identity = self._meta(client).get("identity") or secrets.token_hex(16)
        with translated():
            for leftover in self._behind(client, BUILDING):
                client.indices.delete(index=leftover, ignore_unavailable=True)
            fresh = self._make(client, identity, {BUILDING: {"is_write_index": True}})
        try:
            yield _Building(client)
            with translated():
                client.indices.refresh(index=fresh)
            self._swap(client, fresh)
        except BaseException:
            # Whatever broke the rebuild is what the caller has to hear of.
            with suppress(IndexUnavailable), translated():
                client.indices.delete(index=fresh, ignore_unavailable=True)
            raise

    def identity(self) -> str | None:
        """See `PolicyIndex.identity`."""
        known = self._meta(self._client_checked())
        if known:
            _check_version(known)
        return known.get("identity")

    def refresh(self) -> None:
        """See `PolicyIndex.refresh`."""
        with translated():
            self._ready().indices.refresh(index=RELEASES)

    def clear(self) -> None:
        """See `PolicyIndex.clear`."""
        client = self._client_checked()
        with translated():
            fresh = self._make(client, secrets.token_hex(16), {BUILDING: {"is_write_index": True}})
        self._swap(client, fresh)

    def close(self) -> None:
        """Close the client; the next call opens another."""
        if self._client is not None:
            self._client.close()
            self._client, self._checked = None, False

    def _client_checked(self) -> Elasticsearch:
        if self._client is None:
            self._client = connect(self._config)
        if not self._checked:
            check_server(self._client)
            self._checked = True
        return self._client

    def _ready(self) -> Elasticsearch:
        """The client, with an index of this version behind the aliases."""
        client = self._client_checked()
        known = self._meta(client)
        if not known:
            with translated():
                self._make(
                    client, secrets.token_hex(16),
                    {RELEASES: {"is_write_index": True}, POLICIES: {"filter": POLICIES_FILTER}},
                )  # fmt: skip
        else:
            _check_version(known)
        return client

    def _meta(self, client: Elasticsearch) -> dict[str, Any]:
        try:
            with translated():
                answer = client.indices.get_mapping(index=RELEASES)
        except IndexMissing:
            return {}
        mappings: list[Mapping[str, Any]] = [one["mappings"] for one in answer.body.values()]
        return dict(mappings[0].get("_meta", {}).get("talentwatch", {"identity": None}))

    def _make(self, client: Elasticsearch, identity: str, aliases: Mapping[str, Mapping[str, Any]]) -> str:
        nodes = int(client.cluster.health()["number_of_data_nodes"])
        name = f"{RELEASES}-v{SCHEMA_VERSION}-{time.time_ns() // 1_000_000}-{secrets.token_hex(2)}"
        made = body(identity, replicas=1 if nodes > 1 else 0)
        client.indices.create(
            index=name, settings=made["settings"], mappings=made["mappings"], aliases=aliases,
            wait_for_active_shards=1,
        )  # fmt: skip
        return name

    def _behind(self, client: Elasticsearch, alias: str) -> list[str]:
        if not client.indices.exists_alias(name=alias):
            return []
        return sorted(client.indices.get_alias(name=alias).body)

    def _swap(self, client: Elasticsearch, fresh: str) -> None:
        with translated():
            if self._behind(client, BUILDING) != [fresh]:
                raise IndexUnavailable("another rebuild has started meanwhile", "Let that one end.")
            live = self._behind(client, RELEASES)
            actions: list[dict[str, Any]] = [
                {"remove": {"index": old, "alias": alias}} for old in live for alias in (RELEASES, POLICIES)
            ]
            actions += [
                {"remove": {"index": fresh, "alias": BUILDING}},
                {"add": {"index": fresh, "alias": RELEASES, "is_write_index": True}},
                {"add": {"index": fresh, "alias": POLICIES, "filter": POLICIES_FILTER}},
            ]
            client.indices.update_aliases(actions=actions)
            every = sorted(client.indices.get(index=f"{RELEASES}-v*", features=["aliases"]).body)
            for old in every:
                if old not in (fresh, *live):
                    client.indices.delete(index=old, ignore_unavailable=True)

    def _story_sizes(self, client: Elasticsearch, stories: set[str]) -> dict[str, int]:
        if not stories:
            return {}
        with translated():
            answer = client.search(
                index=RELEASES, size=0, track_total_hits=False,
                query={"bool": {"filter": [{"terms": {"story_id": sorted(stories)}}, {"term": {"current": True}}]}},
                aggs={"stories": {"terms": {"field": "story_id", "size": len(stories)}}},
            )  # fmt: skip
        return {str(b["key"]): int(b["doc_count"]) for b in answer["aggregations"]["stories"]["buckets"]}


def _check_version(known: Mapping[str, Any]) -> None:
    if known.get("schema") != SCHEMA_VERSION or known.get("folding") != FOLDING_VERSION:
        raise IndexOutdated(
            "the index in the cluster was made by another version of this program",
            "Run `talentwatch index rebuild`; searches go on meanwhile.",
        )


class _Building:
    """The generation that a rebuild fills."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def put(self, documents: Sequence[Versioned]) -> PutReport:
        """See `Target.put`."""
        return put_to(self._client, BUILDING, documents)


def _hit(hit: Mapping[str, Any], sizes: Mapping[str, int], phrases: Sequence[str]) -> Hit:
    document = {name: value for name, value in hit["_source"].items() if name != "content_hash"}
    others = sizes.get(document["story_id"], 1) - (1 if document["current"] else 0)
    score = float(hit["_score"] or 0.0)
    return Hit(hit["_id"], score, document, highlights(document, phrases), max(0, others))
