"""A migration on a real cluster: no gap, no duplicate, no loss; interrupted and taken up again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.query import Query
from crawler.storage.index import elastic_mapping
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_client import IndexOutdated
from crawler.storage.index.elastic_generations import left_over
from crawler.storage.index.elastic_write import put_to
from crawler.storage.index.fields import TABLES
from crawler.storage.index.protocol import IndexDiffers, PutReport, Versioned
from crawler.storage.index.sync import drain, rebuild, verify
from crawler.storage.state import outbox
from crawler.storage.state.releases import Submission, iterate, save
from crawler.storage.state.schema import open_state
from tests.conftest import PROJECT
from tests.index.material import AS_OF, releases
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(600)]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
EVERYTHING = Query(relevance="all", reposts=True, withdrawn=True)


@pytest.fixture
def config(tmp_path: pathlib.Path, url: str) -> Config:
    return Config(var=str(tmp_path), elasticsearch=ElasticsearchConfig(url=url))


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    made = open_state(config)
    yield made
    made.dispose()


@pytest.fixture
def index(config: Config) -> Iterator[ElasticIndex]:
    made = ElasticIndex(config.elasticsearch)
    forget(made)
    yield made
    made.close()


def store(engine: sa.Engine, first: int, last: int) -> None:
    made = releases(1, last)[first:]
    save(engine, [Submission(s.site, s.column, s.release, "1/1") for s in made], now=NOW)


def generations(index: ElasticIndex) -> set[str]:
    found = index._client_checked().indices.get(index="talent-*-v*").body
    return {name.split("-", 2)[2] for name in found}


def test_searches_and_crawls_go_on(engine: sa.Engine, index: ElasticIndex, config: Config) -> None:
    store(engine, 0, 150)
    drain(engine, index, as_of=AS_OF)
    before = {one.release_id for one in iterate(engine)}
    seen: list[list[str]] = []
    stop = threading.Event()
    trouble: list[Exception] = []

    def search() -> None:
        reader = ElasticIndex(config.elasticsearch)
        try:
            while not stop.is_set():
                found = reader.search(EVERYTHING, as_of=AS_OF, limit=1000)
                assert found.total == len(found.hits)
                seen.append([hit.release_id for hit in found.hits])
        except Exception as error:  # noqa: BLE001 - the test reports it
            trouble.append(error)
        finally:
            reader.close()

    def crawl() -> None:
        writer = ElasticIndex(config.elasticsearch)
        try:
            for first in range(150, 200, 10):
                store(engine, first, first + 10)
                changed = [dataclasses.replace(s.release, body=f"新正文{first}") for s in releases(1, 3)]
                save(engine, [Submission("s", "c", one, "1/1") for one in changed], now=NOW)
                drain(engine, writer, as_of=AS_OF)
        except Exception as error:  # noqa: BLE001 - the test reports it
            trouble.append(error)
        finally:
            writer.close()

    threads = [threading.Thread(target=search), threading.Thread(target=crawl)]
    old = generations(index)
    for thread in threads:
        thread.start()
    rebuild(engine, index, as_of=AS_OF)
    threads[1].join()
    stop.set()
    threads[0].join()
    assert trouble == []
    assert len(seen) > 3
    for ids in seen:
        assert len(ids) == len(set(ids)), "a release twice"
        assert before <= set(ids), "a gap"
    drain(engine, index, as_of=AS_OF)
    assert outbox.lag(engine).rows == 0
    assert verify(engine, index, as_of=AS_OF).agrees
    settings = index._client_checked().indices.get_settings(index="talent-*-v*").body
    assert not any("refresh_interval" in one["settings"]["index"] for one in settings.values())
    now = generations(index)
    assert old < now
    assert len(now) == 2
    assert len(index.remove_old()) == len(TABLES)
    assert generations(index) == now - old
    assert verify(engine, index, as_of=AS_OF).agrees


_KILLED = """
import os, signal, sys
from crawler.config import Config, ElasticsearchConfig
from crawler.storage.index import open_index, sync
from crawler.storage.index import elastic_generations as generations
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF
config = Config(var=sys.argv[1], elasticsearch=ElasticsearchConfig(url=sys.argv[2]))
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
sync.BATCH = 10
if sys.argv[3] == "half way":
    real, calls = sync._remember, []
    def remember(*args):
        real(*args)
        calls.append(1)
        len(calls) == 2 and die()
    sync._remember = remember
elif sys.argv[3] == "before the check":
    sync.check = die
elif sys.argv[3] == "before the swap":
    generations.swap = die
engine, index = open_state(config), open_index(config)
sync.rebuild(engine, index, as_of=AS_OF)
"""


@pytest.mark.parametrize("point", ["half way", "before the check", "before the swap"])
def test_a_killed_migration_is_taken_up_again(
    engine: sa.Engine, index: ElasticIndex, config: Config, point: str
) -> None:
    store(engine, 0, 50)
    drain(engine, index, as_of=AS_OF)
    command = [sys.executable, "-c", _KILLED, config.var, str(config.elasticsearch.url), point]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True)
    assert done.returncode == -9, done.stderr.decode()
    assert index.count(as_of=AS_OF) == 50
    half = left_over(index._client_checked())
    assert half is not None
    # Somebody writes between the kill and the next try: to both.
    store(engine, 50, 55)
    drain(engine, index, as_of=AS_OF)
    again = rebuild(engine, index, as_of=AS_OF)
    assert 0 < again < 50 if point == "half way" else again < 20
    assert half in {
        name.split("-", 2)[2] for name in index._client_checked().indices.get_alias(name="talent-releases").body
    }
    assert verify(engine, index, as_of=AS_OF).agrees
    assert index.count(as_of=AS_OF) == 55
    assert len(generations(index)) == 2


def test_an_older_schema_is_searched_until_the_swap_and_written_after_it(
    engine: sa.Engine, index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(engine, 0, 20)
    drain(engine, index, as_of=AS_OF)
    store(engine, 20, 25)
    monkeypatch.setattr(elastic_mapping, "SCHEMA_VERSION", 99)
    monkeypatch.setattr("crawler.storage.index.elastic_generations.SCHEMA_VERSION", 99)
    with pytest.raises(IndexOutdated, match="another version") as caught:
        drain(engine, index, as_of=AS_OF)
    assert "index migrate" in caught.value.mend
    assert outbox.lag(engine).rows == 5
    assert index.search(EVERYTHING, as_of=AS_OF).total == 20
    rebuild(engine, index, as_of=AS_OF)
    drain(engine, index, as_of=AS_OF)
    assert index.search(EVERYTHING, as_of=AS_OF).total == 25
    assert verify(engine, index, as_of=AS_OF).agrees


def test_what_is_not_the_truth_is_not_swapped_in(
    engine: sa.Engine, index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(engine, 0, 20)
    drain(engine, index, as_of=AS_OF)
    live = generations(index)

    def lost(client: Any, given: Sequence[Any], **options: bool) -> PutReport:
        return put_to(client, [one for one in given if isinstance(one, Versioned)], **options)

    with monkeypatch.context() as broken:
        broken.setattr("crawler.storage.index.elastic.put_to", lost)
        with pytest.raises(IndexDiffers, match="talent-"):
            rebuild(engine, index, as_of=AS_OF)
    assert generations(index) == live
    assert verify(engine, index, as_of=AS_OF).agrees
    assert rebuild(engine, index, as_of=AS_OF) == 20
