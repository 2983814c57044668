"""The relaxed list, suggestions, and paging without an end."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

import crawler
from crawler.config import ElasticsearchConfig
from crawler.query import Query
from crawler.storage.index import PolicyIndex
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.local import LocalIndex
from crawler.storage.index.offers import Offers, offered, relaxed, second_list, suggestions
from tests.index.contract import put, stored
from tests.index.material import AS_OF
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url


@pytest.mark.parametrize(
    ("words", "wider"),
    [
        ("租房补贴标准", "租房|补贴|标准"),
        ("博士 安家费 -招聘", '博士|安家 -"招聘"'),
        ("talent policy", "talent|policy"),
        ("AI人才", "AI|人才"),
        ("补贴", None),
        ("才", None),
        ("", None),
        ("-招聘", None),
    ],
)
def test_what_is_relaxed(words: str, wider: str | None) -> None:
    made = relaxed(Query(words, region=("410000",)))
    assert (made.words if made else None) == wider
    assert made is None or made.region == ("410000",)


def test_alerts_know_no_relaxed_list() -> None:
    rooms = ("alerts", "query", "schedule", "monitor")
    modules = [path for room in rooms for path in (pathlib.Path(crawler.__file__).parent / room).rglob("*.py")]
    assert len(modules) > 20
    assert [path.name for path in modules if "index.offers" in path.read_text("utf-8")] == []


class Offering:
    def test_little_found_brings_a_second_list(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="租房补贴标准"), stored(2, body="发放租房补贴"), stored(3, body="招聘"))
        query = Query("租房补贴标准")
        first = index.search(query, as_of=AS_OF)
        assert [hit.release_id for hit in first.hits] == ["id1"]
        second = second_list(index, query, first, as_of=AS_OF)
        assert second is not None
        assert ([hit.release_id for hit in second.hits], second.total) == (["id2"], 1)

    def test_enough_found_brings_none(self, index: PolicyIndex) -> None:
        put(index, *(stored(n, body="租房补贴") for n in range(4)), stored(9, body="补贴"))
        query = Query("租房补贴")
        assert second_list(index, query, index.search(query, as_of=AS_OF), as_of=AS_OF) is None

    def test_places_and_issuers_that_find_more_are_offered(self, index: PolicyIndex) -> None:
        bureau = ("郑州市人力资源和社会保障局",)
        put(
            index,
            stored(1, body="租房补贴", region="410100", issuers=bureau),
            stored(2, body="租房补贴", region="410102"),
        )
        place = self.offers(index, Query("郑州 租房补贴"))
        assert [(one.field, one.value, one.total, one.query) for one in place.meant] == [
            ("region", "410100", 2, Query("租房补贴", region=("410100",)))
        ]
        for typed in ("郑州人力社保局", "郑州市人力资源与社会保障局"):
            like = self.offers(index, Query(issuer=(typed,)))
            assert [(one.name, one.total) for one in like.meant] == [(bureau[0], 1)], typed
        assert self.offers(index, Query(issuer=("苏州医院",))).meant == ()

    def test_nothing_is_offered_that_finds_no_more(self, index: PolicyIndex) -> None:
        put(index, stored(1, body="租房补贴", region="110000"))
        assert self.offers(index, Query("郑州 购房")).meant == ()
        for words in ('"郑州 租房"', "郑州|苏州", "郑州 -租房", ""):
            assert self.offers(index, Query(words, section=("demand",))).meant == (), words

    @staticmethod
    def offers(index: PolicyIndex, query: Query) -> Offers:
        return offered(index, query, index.search(query, as_of=AS_OF), as_of=AS_OF)

    def test_names_are_suggested(self, index: PolicyIndex) -> None:
        one, other = ("郑州市人力资源和社会保障局", "河南省财政厅"), ("郑州市住房保障局",)
        put(index, stored(1, issuers=one), stored(2, issuers=one[:1]), stored(3, issuers=other))
        found = suggestions(index, "郑州市", as_of=AS_OF)
        assert ("410100", "郑州市") in found.regions
        assert found.issuers == ((one[0], 2), (other[0], 1))
        assert suggestions(index, "-", as_of=AS_OF).issuers == ()


class TestLocal(Offering):
    @pytest.fixture
    def index(self, tmp_path: pathlib.Path) -> Iterator[PolicyIndex]:
        made = LocalIndex(tmp_path / "index.db")
        yield made
        made.close()


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(600)
class TestCluster(Offering):
    @pytest.fixture
    def index(self, url: str) -> Iterator[PolicyIndex]:
        made = ElasticIndex(ElasticsearchConfig(url=url))
        forget(made)
        yield made
        made.close()
