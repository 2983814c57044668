"""Elasticsearch in trouble: what the operator is told, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
import trustme

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import ConfigError, IndexUnavailable
from crawler.query import Query, document
from crawler.storage.index import Versioned, elastic_write, open_index
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

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
Answer = tuple[int, object]


class Fake:
    """A server that says what a test tells it to, with the header by which clients know the product."""

    def __init__(
        self,
        say: Callable[[str, str, bytes], Answer],
        product: str | None = "Elasticsearch",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, told = say(self.command, self.path, body)
                data = json.dumps(told).encode()
                self.send_response(status)
                if product:
                    self.send_header("X-Elastic-Product", product)
                self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def index(self, **more: Any) -> ElasticIndex:
        return ElasticIndex(ElasticsearchConfig(url=f"{self.scheme}://127.0.0.1:{self.server.server_port}", **more))

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


INFO = {"version": {"number": "8.19.8"}, "tagline": "You Know, for Search"}
MAPPING = {"x": {"mappings": {"_meta": {"talentwatch": {"identity": "i", "schema": 1, "folding": "1"}}}}}


def scripted(bulk: Callable[[bytes], Answer], info: Answer = (200, INFO)) -> Callable[[str, str, bytes], Answer]:
    def say(method: str, path: str, body: bytes) -> Answer:
        if path == "/":
            return info
        if "/_mapping" in path:
            return 200, MAPPING
        if "/_alias/" in path:
            return 404, {}
        if "/_bulk" in path:
            return bulk(body)
        return 200, {}

    return say


def items(body: bytes, status: int = 201, error: dict[str, str] | None = None) -> Answer:
    told = [
        {"index": {"status": status, **({"error": error} if error else {})}}
        for _ in range(len(body.splitlines()) // 2)
    ]
    return 200, {"errors": bool(error), "items": told}


def documents(count: int) -> list[Versioned]:
    return [Versioned(1, document(stored(n, body="落户"), AS_OF)) for n in range(count)]


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


@pytest.mark.parametrize(("status", "says"), [(403, "refuses writing"), (401, "key"), (404, "alias is gone")])
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
    assert "index rebuild" in caught.value.mend
    index.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Elastic]:
    made = Elastic("es8", fetch=REAL_REQUIRED)
    try:
        made.start()
    except Missing as missing:
        made.remove()
        pytest.skip(str(missing))
    yield made
    made.remove()


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
