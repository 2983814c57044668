"""What every `PolicyIndex` must do. A test module subclasses `Contract` and gives the fixture ``index``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.errors import QueryError
from crawler.model import Benefit, Deadline, StoredRelease
from crawler.query import Query, document, is_hit, matches
from crawler.storage.index import PolicyIndex, Versioned, content_hash
from tests.index.contract_walking import Walking, ids, put, stored
from tests.index.material import AS_OF, HOSTILE, queries, releases

#: Words, a body, and whether it is a hit.
WORDS = [
    ("才", "人才", True),
    ("人才", "引进人才工作", True),
    ("人才", "人和才", False),
    ("人才", "人，才", False),
    ("人才", "人 才", True),
    ("人才", "人\n才", False),
    ("人才、团队", "人才，团队", True),
    ("人才、团队", "人才团队", False),
    ("AI人才", "ＡＩ人才", True),
    ("ai", "AIGC", False),
    ("24", "2024年", False),
    ("2024年", "２０２４年", True),
    ("补贴", "補貼", True),
    ("補貼", "补贴", True),
    ("补贴", "发放津贴", True),
    ('"补贴"', "发放津贴", False),
    ("租房补贴", "租房资助", True),
    ("户口", "办理落户", True),
    ("豫人社办[2024]12号", "豫人社办〔2024〕012号", True),
    ("豫人社办（2024）第12号", "豫人社办〔2024〕12号", True),
    ("豫人社办2024 12号", "豫人社办【2024】12号", True),
    ("豫人社办〔2024〕12号", "豫人社办〔2024〕112号", False),
    ("人才 -招聘", "人才招聘", False),
    ("人才 -招聘", "人才", True),
    ("-招聘", "人才", True),
    ("博士|硕士 人才", "硕士人才", True),
    ("博士|硕士 人才", "本科人才", False),
    ("talent policy", "Policy on Talent", True),
    ('"talent policy"', "Policy on Talent", False),
    ("𠮷林", "𠮷林省", True),
    ("𠮷", "吉", False),
    ("𰻝面", "一碗𰻝面", True),
    ("一面", "一𰻝面", False),
]


class Contract(Walking):
    """Subclass it; ``index`` is an empty one."""

    @pytest.fixture
    def index(self) -> Iterator[PolicyIndex]:
        raise NotImplementedError

    @pytest.mark.parametrize("seed", range(4))
    def test_hit_sets_are_those_of_the_in_process_evaluation(self, index: PolicyIndex, seed: int) -> None:
        items = releases(seed, 120)
        put(index, *items)
        docs = [document(item, AS_OF) for item in items]
        found = 0
        for query in queries(seed, items, 150):
            expected = {doc["release_id"] for doc in docs if is_hit(query, doc)}
            result = index.search(query, as_of=AS_OF, limit=1000, facets=False)
            assert {hit.release_id for hit in result.hits} == expected, query.to_json()
            assert result.total == len(expected) == index.count(query, as_of=AS_OF)
            found += len(expected)
        assert found > 300  # the queries do find something

    def test_hits_are_counted_by_day(self, index: PolicyIndex) -> None:
        assert index.days(Query(), as_of=AS_OF) == {}
        items = releases(9, 60)
        put(index, *items)
        docs = [document(item, AS_OF) for item in items]
        for query in (Query(relevance="all"), Query("人才|政策", published_after="2026-05-01")):
            days = [doc["published_day"] for doc in docs if is_hit(query, doc) and doc["published_day"]]
            assert index.days(query, as_of=AS_OF) == {day: days.count(day) for day in days}
            assert len(days) > 5

    def test_hostile_words_are_words_or_refused(self, index: PolicyIndex) -> None:
        items = releases(11, 40)
        put(index, *items)
        docs = [document(item, AS_OF) for item in items]
        refused = 0
        for words in HOSTILE:
            try:
                query = Query(words, relevance="all")
            except QueryError:
                refused += 1
                continue
            expected = {doc["release_id"] for doc in docs if is_hit(query, doc)}
            found = index.search(query, as_of=AS_OF, limit=1000)
            assert {hit.release_id for hit in found.hits} == expected, words
        assert refused < len(HOSTILE)

    def test_words(self, index: PolicyIndex) -> None:
        items = [stored(number, body=text) for number, (_, text, _) in enumerate(WORDS)]
        put(index, *items)
        for number, (words, text, hit) in enumerate(WORDS):
            query = Query(words)
            assert (matches(query, document(items[number], AS_OF)) is not None) == hit, (words, text)
            assert (f"id{number}" in ids(index, query)) == hit, (words, text)

    def test_an_older_version_is_ignored_and_an_equal_one_overwrites(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="新落户"), version=5)
        report = index.put([Versioned(4, document(stored(1, body="旧招聘"), AS_OF))])
        index.refresh()
        assert (report.written, report.ignored) == (0, 1)
        assert ids(index, Query("招聘")) == []
        put(index, stored(1, body="改购房"), version=5)
        assert ids(index, Query("落户")) == []
        assert ids(index, Query("购房")) == ["id1"]
        assert index.count(as_of=AS_OF) == 1

    def test_stamps_tell_version_and_content(self, index: PolicyIndex) -> None:
        item = stored(1, body="落户")
        put(index, item, version=7)
        (stamp,) = index.stamps()
        assert (stamp.release_id, stamp.version) == ("id1", 7)
        assert stamp.content_hash == content_hash(document(item, AS_OF))

    def test_reposts_and_withdrawn_ones_are_left_out_unless_asked_for(self, index: PolicyIndex) -> None:
        put(
            index,
            stored(1, body="落户", story_id="s"),
            stored(2, body="落户", story_id="s", is_original=False, site="other"),
            stored(3, body="落户", current=False),
        )
        result = index.search(Query("落户"), as_of=AS_OF)
        assert [(hit.release_id, hit.reposts) for hit in result.hits] == [("id1", 1)]
        assert sorted(ids(index, Query("落户", reposts=True))) == ["id1", "id2"]
        assert ids(index, Query("落户", site=("other",))) == ["id2"]
        assert sorted(ids(index, Query("落户", withdrawn=True))) == ["id1", "id3"]

    def test_a_region_includes_what_lies_below_and_not_above(self, index: PolicyIndex) -> None:
        put(
            index,
            *(
                stored(n, region=code)
                for n, code in enumerate(["100000", "410000", "410100", "410122", "440300", None])
            ),
        )
        assert sorted(ids(index, Query(region=("410000",)))) == ["id1", "id2", "id3"]
        assert sorted(ids(index, Query(region=("410100",)))) == ["id2", "id3"]
        assert len(ids(index, Query(region=("100000",)))) == 5

    def test_a_closed_deadline_is_no_hit(self, index: PolicyIndex) -> None:
        ends = ["2026-11-21", "2026-11-22", "2026-12-31"]
        put(index, *(stored(n, deadlines=(Deadline("apply", "至", end=end),)) for n, end in enumerate(ends)))
        assert ids(index, Query(deadline_before="2026-11-30")) == ["id1"]

    def test_orders(self, index: PolicyIndex) -> None:
        def made(number: int, day: str | None, amount: int | None, end: str | None, seen: str) -> StoredRelease:
            return stored(
                number, published=day, first_seen=seen,
                benefits=(Benefit("housing", None, "q", amount_max=amount),) if amount else (),
                deadlines=(Deadline("apply", "q", end=end),) if end else (),
            )  # fmt: skip

        put(
            index,
            made(1, "2026-01-01", 100, "2026-12-03", "2026-03-01T00:00:00+08:00"),
            made(2, "2026-03-01", 300, None, "2026-02-01T00:00:00+08:00"),
            made(3, None, None, "2026-12-01", "2026-04-01T00:00:00+08:00"),
        )
        assert ids(index, Query(), sort="published") == ["id2", "id1", "id3"]
        assert ids(index, Query(), sort="relevance") == ["id2", "id1", "id3"]
        assert ids(index, Query(), sort="first_seen") == ["id3", "id1", "id2"]
        assert ids(index, Query(), sort="deadline") == ["id3", "id1", "id2"]
        assert ids(index, Query(), sort="amount") == ["id2", "id1", "id3"]

    def test_a_hit_in_the_title_ranks_first(self, index: PolicyIndex) -> None:
        put(
            index,
            stored(1, title="关于工作", body="人才。" + "其他工作安排" * 20),
            stored(2, title="人才政策", body="其他工作安排" * 20),
        )
        result = index.search(Query("人才"), as_of=AS_OF)
        assert [hit.release_id for hit in result.hits] == ["id2", "id1"]
        assert result.hits[0].score > result.hits[1].score > 0

    def test_paging_covers_every_hit_once(self, index: PolicyIndex) -> None:
        put(index, *(stored(n, body="人才") for n in range(25)))
        pages = [index.search(Query("人才"), as_of=AS_OF, limit=10, offset=o) for o in (0, 10, 20)]
        assert [len(page.hits) for page in pages] == [10, 10, 5]
        assert len({hit.release_id for page in pages for hit in page.hits}) == 25
        assert index.search(Query("人才"), as_of=AS_OF, limit=0).total == 25

    @pytest.mark.parametrize(("limit", "offset"), [(10, 9_991), (-1, 0), (10, -1), (1001, 0), (1, 10**30)])
    def test_pages_out_of_reach_are_an_error(self, index: PolicyIndex, limit: int, offset: int) -> None:
        with pytest.raises(QueryError):
            index.search(Query("人才"), as_of=AS_OF, limit=limit, offset=offset)

    def test_an_unknown_order_is_an_error(self, index: PolicyIndex) -> None:
        with pytest.raises(QueryError, match="unknown sort"):
            index.search(Query("人才"), as_of=AS_OF, sort="best")  # type: ignore[arg-type]

    def test_facets_count_all_hits(self, index: PolicyIndex) -> None:
        put(
            index,
            stored(1, doc_type="call", topics=("housing", "settlement"), issuers=("甲局",)),
            stored(2, doc_type="call", topics=("housing",), region="410100"),
            stored(3, doc_type="news"),
        )
        facets = index.search(Query(), as_of=AS_OF, limit=1).facets
        assert facets["doc_type"] == {"call": 2, "news": 1}
        assert list(facets["topics"].items()) == [("housing", 2), ("settlement", 1)]
        assert facets["issuers"] == {"甲局": 1}
        assert facets["region"] == {"410100": 1}
        assert facets["section"] == {}

    def test_highlights_mark_the_original_spelling(self, index: PolicyIndex) -> None:
        put(index, stored(1, title="關於發放租房補貼的通知", body="第一句。给予ＡＩ人才补助。末句。"))
        (hit,) = index.search(Query("补贴 ai"), as_of=AS_OF).hits
        shown = {h.field: [h.text[s:e] for s, e in h.marks] for h in hit.highlights}
        assert shown == {"title": ["補貼"], "body": ["ＡＩ", "补助"]}

    def test_rebuilding_swaps_at_the_end_and_keeps_what_comes_meanwhile(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="旧落户"), version=1)
        before = index.identity()
        with index.rebuilding() as target:
            target.put([Versioned(1, document(stored(2, body="新落户"), AS_OF))])
            put(index, stored(3, body="落户"), version=9)
            target.put([Versioned(1, document(stored(3, body="过时"), AS_OF))])
            index.refresh()
            assert sorted(ids(index, Query("落户"))) == ["id1", "id3"]
        index.refresh()
        assert sorted(ids(index, Query("落户"))) == ["id2", "id3"]
        assert index.identity() == before

    def test_a_rebuild_that_fails_leaves_the_old_one(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="落户"))

        def fail() -> None:
            with index.rebuilding() as target:
                target.put([Versioned(1, document(stored(2, body="落户"), AS_OF))])
                raise RuntimeError("stop")

        with pytest.raises(RuntimeError, match="stop"):
            fail()
        index.refresh()
        assert ids(index, Query("落户")) == ["id1"]
        with index.rebuilding() as target:
            target.put([Versioned(1, document(stored(4, body="落户"), AS_OF))])
        index.refresh()
        assert ids(index, Query("落户")) == ["id4"]

    def test_asking_makes_no_index(self, index: PolicyIndex) -> None:
        assert index.identity() is None
        assert index.search(Query("落户"), as_of=AS_OF).total == index.count(as_of=AS_OF) == 0
        assert list(index.stamps()) == []
        assert index.identity() is None
        put(index, stored(1))
        assert index.identity() is not None

    def test_clear_forgets_and_changes_the_identity(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="落户"))
        before = index.identity()
        index.clear()
        index.refresh()
        assert index.count(as_of=AS_OF) == 0
        assert index.identity() != before

    def test_a_document_with_other_fields_is_refused(self, index: PolicyIndex) -> None:
        good = document(stored(1, body="落户"), AS_OF)
        report = index.put([Versioned(1, {**document(stored(2), AS_OF), "surprise": 1}), Versioned(1, good)])
        index.refresh()
        assert [r.release_id for r in report.refused] == ["id2"]
        assert "surprise" in report.refused[0].reason
        assert ids(index, Query("落户")) == ["id1"]
