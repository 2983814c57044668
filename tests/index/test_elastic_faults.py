"""A real Elasticsearch in trouble: nothing is lost."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import IndexUnavailable
from crawler.query import Query, document
from crawler.storage.index import Versioned
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.sync import drain, verify
from crawler.storage.state import outbox
from crawler.storage.state.releases import Submission, iterate, save
from crawler.storage.state.schema import open_state
from tests.conftest import REAL_REQUIRED
from tests.index.contract import ids, put, stored
from tests.index.material import AS_OF, releases
from tests.index.test_elastic import forget
from tests.real.elastic import Elastic, Missing
from tests.real.running import running

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def server() -> Iterator[Elastic]:
    try:
        with running("es8", fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def real(server: Elastic) -> Iterator[ElasticIndex]:
    made = ElasticIndex(ElasticsearchConfig(url=server.url))
    forget(made)
    yield made
    made.close()


@pytest.fixture
def engine(tmp_path: pathlib.Path) -> Iterator[sa.Engine]:
    made = open_state(Config(var=str(tmp_path)))
    yield made
    made.dispose()


@pytest.mark.real
@pytest.mark.timeout(600)
def test_a_poison_document_is_refused_with_its_reason_and_the_others_go_in(real: ElasticIndex) -> None:
    good = document(stored(1, body="落户"), AS_OF)
    poison = {**document(stored(2, body="落户"), AS_OF), "benefit_max_cny": 10**30}
    report = real.put([Versioned(1, poison), Versioned(1, good)])
    real.refresh()
    assert report.written == 1
    (refused,) = report.refused
    assert refused.release_id == "id2"
    assert "benefit_max_cny" in refused.reason
    assert ids(real, Query("落户")) == ["id1"]


@pytest.mark.real
@pytest.mark.timeout(600)
def test_a_read_only_index_keeps_the_queue_until_there_is_room(real: ElasticIndex, engine: sa.Engine) -> None:
    drain(engine, real, as_of=AS_OF)
    client = real._client_checked()
    client.indices.put_settings(index="talent-releases", settings={"index.blocks.read_only_allow_delete": True})
    save(engine, [Submission("s", "c", r.release, "1/1") for r in releases(1, 5)], now=NOW)
    with pytest.raises(IndexUnavailable):
        drain(engine, real, as_of=AS_OF)
    assert outbox.lag(engine).rows == 5
    client.indices.put_settings(index="talent-releases", settings={"index.blocks.read_only_allow_delete": None})
    assert drain(engine, real, as_of=AS_OF) == 5
    assert verify(engine, real, as_of=AS_OF).agrees


@pytest.mark.real
@pytest.mark.timeout(600)
def test_analysts_see_current_talent_policy_only(real: ElasticIndex) -> None:
    put(
        real,
        stored(1, body="落户"),
        stored(2, body="落户", is_talent_policy=False),
        stored(3, body="落户", current=False),
    )
    found = real._client_checked().search(index="talent-policies", query={"match_phrase": {"body.uni": "落户"}})
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["id1"]
    assert "words_text" not in found["hits"]["hits"][0]["_source"]


@pytest.mark.real
@pytest.mark.timeout(600)
def test_killed_in_the_middle_and_back_later_nothing_is_lost(
    server: Elastic, real: ElasticIndex, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(engine, real, as_of=AS_OF)
    save(engine, [Submission("s", "c", r.release, "1/1") for r in releases(1, 60)], now=NOW)
    monkeypatch.setattr("crawler.storage.index.sync.BATCH", 10)
    seen: list[int] = []

    def progress(done: int) -> None:
        seen.append(done)
        if len(seen) == 2:
            server.stop(immediately=True)

    with pytest.raises(IndexUnavailable):
        drain(engine, real, as_of=AS_OF, progress=progress)
    assert outbox.lag(engine).rows == 40
    with pytest.raises(IndexUnavailable):
        real.search(Query("人才"), as_of=AS_OF)
    server.start()
    assert drain(engine, real, as_of=AS_OF) == 40
    assert verify(engine, real, as_of=AS_OF).agrees
    assert real.count(as_of=AS_OF) == len(list(iterate(engine)))
