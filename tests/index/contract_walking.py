"""The part of the contract that is about reading all hits, and what its tests store and ask."""

from __future__ import annotations

import dataclasses

import pytest

from crawler.errors import QueryError
from crawler.model import Release, StoredRelease
from crawler.query import Query, document
from crawler.storage.index import PolicyIndex, Sort, Versioned
from crawler.storage.index.protocol import Mark
from tests.index.material import AS_OF, releases


def stored(number: int, title: str = "题", body: str = "", **fields: object) -> StoredRelease:
    made = Release(url=f"https://example.gov.cn/{number}", title=title, body=body, is_talent_policy=True)
    own = {f.name for f in dataclasses.fields(StoredRelease)}
    made = dataclasses.replace(made, **{k: v for k, v in fields.items() if k not in own})  # type: ignore[arg-type]
    seen = "2026-11-01T00:00:00+08:00"
    kept = StoredRelease(f"id{number}", "site", "tzgg", made.url, 1, seen, seen, made, f"s{number}")
    return dataclasses.replace(kept, **{k: v for k, v in fields.items() if k in own})  # type: ignore[arg-type]


def put(index: PolicyIndex, *items: StoredRelease, version: int = 1) -> None:
    report = index.put([Versioned(version, document(item, AS_OF)) for item in items])
    assert report.refused == ()
    index.refresh()


def ids(index: PolicyIndex, query: Query, **options: object) -> list[str]:
    return [hit.release_id for hit in index.search(query, as_of=AS_OF, limit=1000, **options).hits]  # type: ignore[arg-type]


class Walking:
    """Reading all hits, whoever does it."""

    @pytest.mark.parametrize("sort", ["published", "first_seen", "deadline", "amount"])
    def test_all_hits_are_read_in_order_while_others_come(self, index: PolicyIndex, sort: Sort) -> None:
        put(index, *releases(7, 60))
        query = Query(relevance="all", reposts=True, withdrawn=True)
        wanted = ids(index, query, sort=sort)
        assert [doc["release_id"] for doc in index.walk(query, as_of=AS_OF, sort=sort)] == wanted
        seen: list[str] = []
        found = index.following(query, as_of=AS_OF, sort=sort, limit=7)
        put(index, *releases(8, 90)[60:], version=9)
        while True:
            seen += [hit.release_id for hit in found.hits]
            if found.mark is None:
                break
            found = index.following(query, as_of=AS_OF, sort=sort, limit=7, mark=found.mark)
        assert len(seen) == len(set(seen))
        assert [one for one in seen if one in set(wanted)] == wanted
        # What came meanwhile is met behind the mark, in its place.
        assert [one for one in ids(index, query, sort=sort) if one in set(seen)] == seen

    def test_a_walk_tells_what_was_there_when_it_began(self, index: PolicyIndex) -> None:
        put(index, *releases(7, 60))
        query = Query(relevance="all", reposts=True, withdrawn=True)
        wanted = ids(index, query, sort="published")
        walked = []
        for number, doc in enumerate(index.walk(query, as_of=AS_OF, page=7)):  # type: ignore[call-arg]
            if number == 10:
                put(index, *releases(8, 90)[60:], version=9)
            walked.append(doc["release_id"])
        assert walked == wanted

    def test_nothing_is_walked_where_there_is_nothing(self, index: PolicyIndex) -> None:
        assert list(index.walk(Query(), as_of=AS_OF)) == []
        assert index.following(Query(), as_of=AS_OF, limit=5).hits == ()

    def test_relevance_is_no_order_to_read_all_hits_in(self, index: PolicyIndex) -> None:
        with pytest.raises(QueryError, match="relevance"):
            index.following(Query(), as_of=AS_OF, sort="relevance")
        with pytest.raises(QueryError, match="relevance"):
            list(index.walk(Query(), as_of=AS_OF, sort="relevance"))

    @pytest.mark.parametrize(
        "mark",
        [
            (),
            (1, 2, 3),
            (None, None),
            (None, None, None),
            (2**70, None, "id"),
            (True, None, "id"),
            (None, 2.5, "id"),
        ],
    )
    def test_what_is_no_mark_is_refused(self, index: PolicyIndex, mark: Mark) -> None:
        put(index, *releases(7, 3))
        with pytest.raises(QueryError, match="mark"):
            index.following(Query(), as_of=AS_OF, mark=mark)
