"""One cluster holds the index of one database, and one process fills it."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import IndexUnavailable
from crawler.storage.index import ownership
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.ownership import IndexForeign, database_id, only_one
from crawler.storage.index.sync import drain, is_filled, rebuild, verify
from crawler.storage.state.engine import writing
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from crawler.storage.state.tables import facts
from tests.conftest import PROJECT
from tests.index.material import AS_OF, releases
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture
def engines(tmp_path: pathlib.Path) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    one, other = (open_state(Config(var=str(tmp_path / name))) for name in ("one", "other"))
    yield one, other
    one.dispose()
    other.dispose()


def test_a_database_keeps_its_id(engines: tuple[sa.Engine, sa.Engine]) -> None:
    one, other = engines
    assert database_id(one) == database_id(one) != database_id(other)


def test_a_second_rebuild_says_who_is_at_it(engines: tuple[sa.Engine, sa.Engine]) -> None:
    with only_one(engines[0]) as renew:
        with pytest.raises(IndexUnavailable, match=f"process {os.getpid()} on ") as told, only_one(engines[0]):
            pass
        assert "five minutes" in told.value.mend
        renew()
        with only_one(engines[1]):
            pass
    with only_one(engines[0]):
        pass


@pytest.mark.parametrize("gone", ["killed", "silent", "elsewhere"])
def test_whoever_is_gone_holds_nothing(
    engines: tuple[sa.Engine, sa.Engine], gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(ownership, "now", lambda: NOW)
    late = NOW - ownership.LEASE - dt.timedelta(seconds=1)
    holder = {"host": socket.gethostname(), "pid": os.getpid(), "token": "x", "at": NOW.isoformat()}
    holder |= {"killed": {"pid": ended.pid}, "silent": {"at": late.isoformat()}, "elsewhere": {"host": "other"}}[
        gone
    ]
    with writing(engines[0]) as connection:
        connection.execute(sa.insert(facts).values(key="index.rebuilding", value=json.dumps(holder)))
    if gone == "elsewhere":
        with pytest.raises(IndexUnavailable, match="on other"), only_one(engines[0]):
            pass
        return
    with only_one(engines[0]):
        pass


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(600)
def test_two_databases_never_rebuild_over_each_other(
    engines: tuple[sa.Engine, sa.Engine], url: str, tmp_path: pathlib.Path
) -> None:
    one, other = engines
    made = releases(1, 12)
    for engine, some in ((one, made[:8]), (other, made[8:])):
        save(engine, [Submission(s.site, s.column, s.release, "1/1") for s in some], now=NOW)
    index = ElasticIndex(ElasticsearchConfig(url=url))
    forget(index)
    drain(one, index, as_of=AS_OF)
    assert index.owner() == database_id(one)
    for refused in (drain, rebuild):
        with pytest.raises(IndexForeign, match=database_id(one)) as told:
            refused(other, index, as_of=AS_OF)
        assert "--take-over" in told.value.mend
    assert is_filled(one, index)
    assert not is_filled(other, index)
    assert verify(one, index, as_of=AS_OF).agrees
    for command in (("search", "人才"), ("index", "status", "--verify"), ("index", "sync")):
        environment = {
            **os.environ,
            "TALENTWATCH_VAR": str(tmp_path / "other"),
            "TALENTWATCH_ELASTICSEARCH_URL": url,
        }
        told_by = subprocess.run(
            [sys.executable, "-m", "crawler.cli.main", *command], cwd=PROJECT, env=environment, capture_output=True
        )
        said = (told_by.stdout + told_by.stderr).decode()
        assert (told_by.returncode, database_id(one) in said, "--take-over" in said) == (1, True, True), said
    assert rebuild(other, index, as_of=AS_OF, take_over=True) == 4
    assert verify(other, index, as_of=AS_OF).agrees
    assert not is_filled(one, index)
    with pytest.raises(IndexForeign, match=database_id(other)):
        drain(one, index, as_of=AS_OF)
    index.close()
