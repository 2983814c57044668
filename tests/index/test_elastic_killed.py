"""Our own process is killed while it sends a real cluster the queue, or a new generation; what comes in meanwhile.

Each time the killed one is the program itself with ``os.kill`` put at one place, and what follows are the commands
that an operator types: the next one goes on, and ``index status --verify`` agrees.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crawler.clock import today
from crawler.config import Config, ElasticsearchConfig
from crawler.storage.index import sync
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.state.releases import iterate, note_missing
from crawler.storage.state.schema import open_state
from tests.conftest import PROJECT, REAL_REQUIRED
from tests.index.test_commands import NOW, Cli
from tests.index.test_commands import cli as cli
from tests.index.test_elastic_troubles import agreed, fill, plain, status
from tests.real.elastic import Elastic, Missing
from tests.real.running import running

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]

_KILLED = """
import os, signal, sys
from elasticsearch.client import IndicesClient
from crawler.cli.main import main
from crawler.storage.index import elastic_generations, elastic_write, sync
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.state import outbox
point = sys.argv.pop(1)
sync.BATCH = 10
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)

def at(owner, name, wanted, *, after=False, when=lambda *a, **k: True):
    # Die instead of, or right after, the call of this name that is the wanted one.
    real, calls = getattr(owner, name), []
    def made(*args, **options):
        counts = when(*args, **options)
        calls.extend([1] if counts else [])
        if counts and len(calls) == wanted and not after:
            die()
        told = real(*args, **options)
        if counts and len(calls) == wanted:
            die()
        return told
    setattr(owner, name, made)

{
    "before the first bulk": lambda: at(ElasticIndex, "put", 1),
    "amid the chunks of one call": lambda: (
        setattr(elastic_write, "MAX_DOCUMENTS", 3), at(elastic_write, "_send", 2)),
    "between put and done": lambda: at(outbox, "done", 1),
    "in the second batch": lambda: at(outbox, "done", 2),
    "before the indices are made": lambda: at(elastic_generations, "make", 1),
    "when some are made": lambda: at(IndicesClient, "create", 3, after=True),
    "while filling": lambda: at(sync, "_remember", 2, after=True),
    "before the swap": lambda: at(elastic_generations, "swap", 1),
    "amid the swap": lambda: at(IndicesClient, "update_aliases", 1),
    "right after the swap": lambda: at(IndicesClient, "update_aliases", 1, after=True),
    "before it is remembered": lambda: at(sync, "_remember", 1, when=lambda *given: given[1] == sync._TARGET),
}[point]()
main()
"""
DRAINS = ("before the first bulk", "amid the chunks of one call", "between put and done", "in the second batch")
MIGRATIONS = (
    "before the indices are made", "when some are made", "while filling", "before the swap", "amid the swap",
    "right after the swap", "before it is remembered",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Elastic]:
    try:
        with running("es8", fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


def kill(cli: Cli, point: str, *words: str) -> None:
    """Run a command that dies at this point."""
    command = [sys.executable, "-c", _KILLED, point, "--config", str(cli.folder / "talentwatch.toml"), *words]
    done = subprocess.run(
        command, cwd=cli.folder, env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True
    )
    assert done.returncode == -9, f"it was not killed: {done.stdout[-500:]} {done.stderr[-500:]}"


def behind(index: ElasticIndex) -> tuple[int, int]:
    """How many indices of releases there are, and how many are being filled."""
    client = index._client_checked()
    every = client.indices.get(index="talent-releases-v*", features=["aliases"]).body
    return len(every), sum("talent-releases-building" in one["aliases"] for one in every.values())


def change(cli: Cli) -> tuple[str, str]:
    """One release is corrected by an analyst, which is sent at once, and another withdrawn by its site, which
    waits in the queue. Returns the ids, that of the withdrawn one first."""
    engine = open_state(Config(var=str(cli.folder / "var")))
    first, *_, last = list(iterate(engine))
    code, _, err = cli("correct", last.release_id, "title", "人才驿站办法")
    assert code == 0, err
    for hours in (1, 7, 13):
        note_missing(engine, first.url, now=NOW + dt.timedelta(hours=hours), healthy=True)
    engine.dispose()
    return first.release_id, last.release_id


def held(index: ElasticIndex, withdrawn: str, corrected: str) -> None:
    """The live generation says both."""
    index.refresh()
    client = index._client_checked()
    assert client.get(index="talent-releases", id=withdrawn)["_source"]["current"] is False
    assert client.get(index="talent-releases", id=corrected)["_source"]["title"] == "人才驿站办法"
    assert client.count(index="talent-policies", query={"ids": {"values": [withdrawn]}})["count"] == 0


@pytest.fixture
def index(cli: Cli, server: Elastic) -> Iterator[ElasticIndex]:
    plain(cli, server)
    made = ElasticIndex(ElasticsearchConfig(url=server.url))
    yield made
    made.close()


@pytest.mark.parametrize("point", DRAINS)
def test_a_killed_sync_is_gone_on_with(cli: Cli, index: ElasticIndex, point: str) -> None:
    fill(cli, 0, 5)
    assert cli("index", "sync")[0] == 0
    fill(cli, 5, 25)
    kill(cli, point, "index", "sync")
    left = status(cli)["lag"]
    assert left == (15 if point == "in the second batch" else 25)
    withdrawn, corrected = change(cli)
    assert cli("index", "sync")[0] == 0
    agreed(cli, 30)
    held(index, withdrawn, corrected)


@pytest.mark.parametrize("point", MIGRATIONS)
def test_a_killed_migration_is_gone_on_with_by_whatever_comes_next(
    cli: Cli, index: ElasticIndex, point: str
) -> None:
    fill(cli, 0, 35)
    assert cli("index", "sync")[0] == 0
    kill(cli, point, "index", "migrate")
    # Who searches sees all, before anybody mends anything.
    agreed(cli, 35)
    withdrawn, corrected = change(cli)
    fill(cli, 35, 5)
    assert cli("index", "sync")[0] == 0
    agreed(cli, 40)
    held(index, withdrawn, corrected)
    code, _, err = cli("index", "migrate")
    assert code == 0, err
    agreed(cli, 40)
    held(index, withdrawn, corrected)
    assert behind(index) == (2, 0)
    code, _, err = cli("index", "migrate", "--remove-old")
    assert (code, behind(index)) == (0, (1, 0)), err
    agreed(cli, 40)


@pytest.mark.parametrize("point", ["when some are made", "right after the swap"])
def test_a_killed_first_sync_is_gone_on_with(cli: Cli, index: ElasticIndex, point: str) -> None:
    fill(cli, 0, 25)
    kill(cli, point, "index", "sync")
    fill(cli, 25, 5)
    assert cli("index", "sync")[0] == 0
    agreed(cli, 30)
    assert behind(index)[1] == 0


@pytest.mark.parametrize(("batch", "is_sent"), [(1, True), (2, True), (2, False), (4, True)])
def test_what_is_withdrawn_and_corrected_during_a_migration_is_in_the_new_generation(
    cli: Cli, index: ElasticIndex, server: Elastic, monkeypatch: pytest.MonkeyPatch, batch: int, is_sent: bool
) -> None:
    """After this batch of the filling: whether a release was read before, or comes later."""
    monkeypatch.setattr(sync, "BATCH", 10)
    fill(cli, 0, 40)
    assert cli("index", "sync")[0] == 0
    engine = open_state(Config(var=str(cli.folder / "var"), elasticsearch=ElasticsearchConfig(url=server.url)))
    batches: list[int] = []
    changed: list[str] = []

    def progress(done: int) -> None:
        batches.append(done)
        if len(batches) == batch:
            changed.extend(change(cli))
            if is_sent:
                code, out, err = cli("index", "sync")
                assert code == 0, err
                assert status(cli)["lag"] == 0 != int(out.split()[0])

    before = live(index)
    sync.rebuild(engine, index, as_of=today(), progress=progress)
    engine.dispose()
    assert len(changed) == 2, batches
    assert not before & live(index)
    if not is_sent:
        assert status(cli)["lag"] > 0
        assert cli("index", "sync")[0] == 0
    agreed(cli, 40)
    held(index, *changed)


def live(index: ElasticIndex) -> set[str]:
    """The names behind the alias."""
    return set(index._client_checked().indices.get_alias(name="talent-releases").body)
