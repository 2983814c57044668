"""`PolicyIndex` on Elasticsearch 8.x and 9.x: docs/architecture.md, design of ``talent-releases``."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from crawler.config import ElasticsearchConfig
from crawler.errors import IndexUnavailable, QueryError
from crawler.query import Query, highlights
from crawler.storage.index import elastic_generations as generations
from crawler.storage.index import elastic_search as find
from crawler.storage.index.elastic_client import IndexMissing, check_server, connect, translated
from crawler.storage.index.elastic_mapping import building
from crawler.storage.index.elastic_write import put_to
from crawler.storage.index.fields import FACETS, RELEASES, TABLES
from crawler.storage.index.protocol import (
    Following,
    Hit,
    IndexDiffers,
    Mark,
    PutReport,
    SearchResult,
    Sort,
    Stamp,
    Versioned,
    check_lasting,
    check_sort,
    window,
)
from crawler.storage.index.records import Record

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


class ElasticIndex:
    """One cluster. The client is opened by the first call and shared by threads.

    Only aliases are used; the index behind them is made by the first write, replaced by `rebuilding`.
    """

    kind = "elasticsearch"

    def __init__(self, config: ElasticsearchConfig) -> None:
        self._config = config
        self._client: Elasticsearch | None = None
        self._checked = False
        #: The id of the database that the next generation is filled from.
        self.fill_for: str | None = None

    def put(self, documents: Sequence[Versioned | Record]) -> PutReport:
        """See `Tables.put`. Writes to the generation under construction first: should it take over in
        between, the second write reaches it under its new name."""
        client = self._ready()
        if generations.is_building(client):
            with suppress(IndexMissing):  # it has just become the live one, or was given up
                put_to(client, documents, into_building=True)
        return put_to(client, documents)

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

    def following(
        self, query: Query, *, as_of: dt.date, sort: Sort = "published", limit: int = 20, mark: Mark | None = None
    ) -> Following:
        """See `PolicyIndex.following`. By ``search_after`` alone: a point in time would hold the cluster's
        memory for everybody who asks and never comes back."""
        check_lasting(sort, limit, mark)
        if mark is not None and any(isinstance(one, str) for one in mark[:2]):  # its dates are numbers
            raise QueryError("that is a mark of another index", "Begin anew, without a cursor.", code="bad_cursor")
        client = self._client_checked()
        request = {"query": find.compiled(query, as_of), "sort": find.order(sort), "size": limit}
        request["track_total_hits"] = False
        if mark is not None:
            request["search_after"] = list(mark)
        try:
            with translated():
                found = client.search(index=RELEASES, body=request)["hits"]["hits"]
        except IndexMissing:
            return Following()
        sizes = self._story_sizes(client, {hit["_source"]["story_id"] for hit in found})
        hits = tuple(_hit(hit, sizes, []) for hit in found)
        return Following(hits, tuple(found[-1]["sort"]) if limit and len(found) == limit else None)

    def walk(
        self, query: Query, *, as_of: dt.date, sort: Sort = "published", page: int = 500
    ) -> Iterator[Mapping[str, Any]]:
        """See `PolicyIndex.walk`: a point in time, so that no write shifts a page."""
        check_lasting(sort)
        request = {"query": find.compiled(query, as_of), "sort": find.order(sort)}
        for hit in find.scan(self._client_checked(), RELEASES, request, page):
            yield {name: value for name, value in hit["_source"].items() if name != "content_hash"}

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
        return self.stamps_of(RELEASES)

    def stamps_of(self, alias: str) -> Iterator[Stamp]:
        """The stamps of any table, by their documents' ids; of what its alias shows."""
        return find.stamps(self._client_checked(), alias)

    @contextmanager
    def rebuilding(self) -> Iterator[_Building]:
        """See `PolicyIndex.rebuilding`. The indices that were live before are kept, older ones are not.

        A block that was interrupted (a kill, a cluster that went away) leaves its generation: the next
        one goes on with it, and everything written in between is in both.
        """
        client = self._client_checked(writes=True)
        generation = generations.left_over(client, owner=self.fill_for)
        if generation is None:
            known = generations.meta(client)
            # Another database's index is not the one that we are: whoever filled it must see that it went.
            kept = known.get("identity") if known.get("owner") in (None, self.fill_for) else None
            with translated():
                generation = generations.make(
                    client, kept or secrets.token_hex(16), live=False, owner=self.fill_for
                )
        try:
            yield _Building(client, generation)
        except Exception as error:
            # Only a cluster out of reach is worth going on with what is there.
            if isinstance(error, IndexDiffers) or not isinstance(error, IndexUnavailable):
                generations.discard(client, generation)
            raise
        with translated():
            client.indices.refresh(index=_every(building))
        generations.swap(client, generation)

    def remove_old(self) -> list[str]:
        """Delete the indices that a migration has kept; returns their names."""
        return generations.remove_old(self._client_checked())

    def identity(self) -> str | None:
        """See `PolicyIndex.identity`."""
        known = generations.meta(self._client_checked())
        if known:
            generations.check_version(known)
        return known.get("identity")

    def owner(self) -> str | None:
        """The id of the database that filled the live generation, where it says so."""
        return generations.meta(self._client_checked()).get("owner")

    def refresh(self) -> None:
        """See `PolicyIndex.refresh`."""
        with translated():
            self._ready().indices.refresh(index=_every(str))

    def clear(self) -> None:
        """See `PolicyIndex.clear`."""
        client = self._client_checked(writes=True)
        leftover = generations.left_over(client)
        if leftover:
            generations.discard(client, leftover)
        with translated():
            generation = generations.make(client, secrets.token_hex(16), live=False)
        generations.swap(client, generation)

    def close(self) -> None:
        """Close the client; the next call opens another."""
        if self._client is not None:
            self._client.close()
            self._client, self._checked = None, False

    def _client_checked(self, *, writes: bool = False) -> Elasticsearch:
        if self._client is None:
            self._client = connect(self._config)
        if not self._checked:
            # A writer must know whom it writes to; who only reads may lack the right to ask.
            self._checked = check_server(self._client, asks=writes)
        return self._client

    def _ready(self) -> Elasticsearch:
        """The client, with indices of this version behind the aliases."""
        client = self._client_checked(writes=True)
        known = generations.meta(client)
        if not known:
            with translated():
                generations.make(client, secrets.token_hex(16), live=True)
        else:
            generations.check_version(known)
        return client

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


class _Building:
    """The generation that a migration fills."""

    def __init__(self, client: Elasticsearch, generation: str) -> None:
        self._client = client
        self.generation = generation

    def put(self, documents: Sequence[Versioned | Record]) -> PutReport:
        """See `Tables.put`."""
        return put_to(self._client, documents, into_building=True)

    def stamps_of(self, alias: str) -> Iterator[Stamp]:
        """What it holds of a table."""
        with translated():
            self._client.indices.refresh(index=building(alias))
        return find.stamps(self._client, building(alias))


def _every(name: Callable[[str], str]) -> str:
    return ",".join(name(table.alias) for table in TABLES)


def _hit(hit: Mapping[str, Any], sizes: Mapping[str, int], phrases: Sequence[str]) -> Hit:
    document = {name: value for name, value in hit["_source"].items() if name != "content_hash"}
    others = sizes.get(document["story_id"], 1) - (1 if document["current"] else 0)
    score = float(hit["_score"] or 0.0)
    return Hit(hit["_id"], score, document, highlights(document, phrases), max(0, others))
