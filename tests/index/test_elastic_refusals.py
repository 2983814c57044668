"""What a cluster may answer, and what the operator is told."""

from __future__ import annotations

import datetime as dt
import pathlib
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import ConfigError, IndexUnavailable
from crawler.query import Query
from crawler.storage.index import elastic_write, open_index
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.sync import drain
from crawler.storage.state import outbox
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from tests.index.fake_elastic import Answer, Fake, documents, items, scripted
from tests.index.material import AS_OF, releases

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture
def fake() -> Iterator[Callable[..., Fake]]:
    made: list[Fake] = []

    def make(*arguments: Any, **options: Any) -> Fake:
        made.append(Fake(*arguments, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("info", "product", "says"),
    [
        ((200, {"version": {"number": "7.17.9"}, "tagline": "You Know, for Search"}), "Elasticsearch", "7.17.9"),
        ((200, {"version": {"number": "10.0.0"}, "tagline": "You Know, for Search"}), "Elasticsearch", "10.0.0"),
        ((200, {"hello": "world"}), None, "no Elasticsearch"),
        ((401, {"error": {"type": "security_exception"}}), "Elasticsearch", "401"),
        ((503, {"error": {"type": "cluster_block_exception"}}), "Elasticsearch", "503"),
        ((500, {"error": {"type": "boom"}}), "Elasticsearch", "500"),
    ],
)
def test_a_server_that_cannot_be_used(
    fake: Callable[..., Fake], info: Answer, product: str | None, says: str
) -> None:
    index = fake(scripted(items, info), product=product).index()
    with pytest.raises(IndexUnavailable, match=says) as caught:
        index.search(Query("落户"), as_of=AS_OF)
    assert caught.value.mend
    index.close()


def test_a_server_that_is_away_keeps_the_queue(tmp_path: pathlib.Path) -> None:
    config = Config(var=str(tmp_path), elasticsearch=ElasticsearchConfig(url="http://127.0.0.1:9"))
    engine, index = open_state(config), open_index(config)
    save(engine, [Submission("s", "c", r.release, "1/1") for r in releases(1, 3)], now=NOW)
    with pytest.raises(IndexUnavailable, match="out of reach"):
        drain(engine, index, as_of=AS_OF)
    assert outbox.lag(engine).rows == 3
    index.close()
    engine.dispose()


@pytest.mark.parametrize("url", ["127.0.0.1:9200", "ftp://host", "http://"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError):
        ElasticIndex(ElasticsearchConfig(url=url)).count(as_of=AS_OF)


def test_a_missing_certificate_file() -> None:
    config = ElasticsearchConfig(url="https://127.0.0.1:9200", ca_certs="/nowhere/ca.pem")
    with pytest.raises(ConfigError, match="no file /nowhere"):
        ElasticIndex(config).count(as_of=AS_OF)


def test_a_certificate_of_somebody_else_is_not_trusted(fake: Callable[..., Fake], tmp_path: pathlib.Path) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = fake(scripted(items), tls=context)
    for name, ca in (("right.pem", authority), ("wrong.pem", stranger)):
        ca.cert_pem.write_to_path(str(tmp_path / name))
    index = server.index(ca_certs=str(tmp_path / "right.pem"))
    assert index.put(documents(2)).written == 2
    index.close()
    for wrong in ({"ca_certs": str(tmp_path / "wrong.pem")}, {"fingerprint": "ab" * 32}):
        index = server.index(**wrong)
        with pytest.raises(IndexUnavailable, match="isn't trusted") as caught:
            index.put(documents(1))
        assert "elasticsearch.ca_certs" in caught.value.mend
        index.close()


def test_too_large_requests_are_halved_and_a_single_giant_is_refused(fake: Callable[..., Fake]) -> None:
    def bulk(body: bytes) -> Answer:
        return (413, {"error": "too large"}) if len(body) > 6000 or b'"id3"' in body else items(body)

    index = fake(scripted(bulk)).index()
    report = index.put(documents(8))
    assert report.written == 7
    assert [(r.release_id, r.reason[:3]) for r in report.refused] == [("id3", "413")]
    index.close()


def test_a_busy_cluster_is_asked_again_and_then_given_up(
    fake: Callable[..., Fake], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_write, "FIRST_PAUSE", 0.001)
    calls: list[int] = []

    def bulk(body: bytes) -> Answer:
        calls.append(1)
        if len(calls) == 1:
            return 429, {"error": {"type": "circuit_breaking_exception"}}
        if len(calls) == 2:
            _, told = items(body)
            told["items"][0] = {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception"}}}  # type: ignore[index]
            return 200, told
        return items(body)

    index = fake(scripted(bulk)).index()
    assert index.put(documents(3)).written == 3
    assert len(calls) == 3
    busy = fake(scripted(lambda body: items(body, 429, {"type": "es_rejected_execution_exception"}))).index()
    with pytest.raises(IndexUnavailable, match="overloaded"):
        busy.put(documents(2))
    index.close()
    busy.close()


@pytest.mark.parametrize(("status", "says"), [(403, "lacks a right"), (401, "key"), (404, "alias is gone")])
def test_refusals_that_concern_all_stop_the_run(fake: Callable[..., Fake], status: int, says: str) -> None:
    index = fake(scripted(lambda body: items(body, status, {"type": "x", "reason": "y"}))).index()
    with pytest.raises(IndexUnavailable, match=says):
        index.put(documents(2))
    index.close()


def test_an_older_index_asks_for_a_rebuild(fake: Callable[..., Fake]) -> None:
    old = {"x": {"mappings": {"_meta": {"talentwatch": {"identity": "i", "schema": 0, "folding": "1"}}}}}
    say = scripted(items)
    index = fake(lambda m, p, b: (200, old) if "/_mapping" in p else say(m, p, b)).index()
    with pytest.raises(IndexUnavailable, match="another version") as caught:
        index.put(documents(1))
    assert "index migrate" in caught.value.mend
    index.close()
