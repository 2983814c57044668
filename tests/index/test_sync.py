"""Outbox → index: order, replays, kills, rebuilds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config
from crawler.errors import IndexUnavailable
from crawler.query import Query, document
from crawler.storage.index import PolicyIndex, PutReport, Versioned, open_index
from crawler.storage.index.local import LocalIndex
from crawler.storage.index.sync import drain, rebuild, verify
from crawler.storage.state import outbox
from crawler.storage.state.engine import writing
from crawler.storage.state.releases import Submission, iterate, note_present, save
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF, queries, releases

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture
def config(tmp_path: pathlib.Path, database_url: str | None) -> Config:
    return Config(var=str(tmp_path), database_url=database_url)


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    made = open_state(config)
    yield made
    made.dispose()


@pytest.fixture
def index(config: Config) -> Iterator[PolicyIndex]:
    made = open_index(config)
    yield made
    made.close()


def store(engine: sa.Engine, count: int, seed: int = 1) -> None:
    items = [Submission(s.site, s.column, s.release, "1/1") for s in releases(seed, count)]
    save(engine, items, now=NOW)


def answers(index: PolicyIndex) -> list[set[str]]:
    made = queries(3, releases(1, 30), 60)
    return [{hit.release_id for hit in index.search(q, as_of=AS_OF, limit=1000).hits} for q in made]


def test_drain_empties_the_outbox_and_a_second_one_does_nothing(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 30)
    assert outbox.lag(engine).rows == 30
    assert drain(engine, index, as_of=AS_OF) == 30
    assert outbox.lag(engine).rows == 0
    assert index.count(as_of=AS_OF) == 30
    assert verify(engine, index, as_of=AS_OF).agrees
    assert drain(engine, index, as_of=AS_OF) == 0


def test_drain_goes_in_sequence_and_stops_at_its_limit(engine: sa.Engine, index: PolicyIndex) -> None:
    drain(engine, index, as_of=AS_OF)
    store(engine, 30)
    expected = [release_id for _, release_id in outbox.pending(engine, 10)]
    assert drain(engine, index, as_of=AS_OF, limit=10) == 10
    assert {stamp.release_id for stamp in index.stamps()} == set(expected)
    assert outbox.lag(engine).rows == 20


def test_a_changed_release_replaces_the_old_document(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 1)
    drain(engine, index, as_of=AS_OF)
    (stored,) = iterate(engine)
    changed = dataclasses.replace(stored.release, body="全新的正文：引才伯乐奖", is_talent_policy=True)
    save(engine, [Submission(stored.site, stored.column, changed, "1/1")], now=NOW)
    drain(engine, index, as_of=AS_OF)
    assert index.search(Query("引才伯乐奖"), as_of=AS_OF).total == 1
    assert verify(engine, index, as_of=AS_OF).agrees


def test_a_visit_that_found_nothing_new_leaves_the_index_right(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 1)
    drain(engine, index, as_of=AS_OF)
    (stored,) = iterate(engine)
    note_present(engine, stored.url, now=NOW + dt.timedelta(hours=6))
    assert next(iter(iterate(engine))).last_seen > stored.last_seen
    assert outbox.lag(engine).rows == 0
    assert verify(engine, index, as_of=AS_OF).agrees


def test_rebuild_gives_the_same_answers(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 60)
    drain(engine, index, as_of=AS_OF)
    before = answers(index)
    stamps = sorted(index.stamps(), key=lambda s: s.release_id)
    assert rebuild(engine, index, as_of=AS_OF) == 60
    assert answers(index) == before
    assert any(before)
    assert sorted(index.stamps(), key=lambda s: s.release_id) == stamps


def test_a_lost_index_is_filled_again_by_the_next_drain(
    engine: sa.Engine, config: Config, index: PolicyIndex
) -> None:
    store(engine, 12)
    drain(engine, index, as_of=AS_OF)
    index.close()
    for path in config.var_path.glob("index.db*"):
        path.unlink()
    assert index.count(as_of=AS_OF) == 0
    drain(engine, index, as_of=AS_OF)
    assert index.count(as_of=AS_OF) == 12
    index.clear()
    drain(engine, index, as_of=AS_OF)
    assert verify(engine, index, as_of=AS_OF).agrees


def test_a_rebuild_leaves_queued_rows_to_win_later(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 5)
    rebuild(engine, index, as_of=AS_OF)
    assert {stamp.version for stamp in index.stamps()} == {0}
    assert drain(engine, index, as_of=AS_OF) == 5
    assert {stamp.version for stamp in index.stamps()} == {1, 2, 3, 4, 5}


def test_verify_names_what_differs(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 6)
    drain(engine, index, as_of=AS_OF)
    first, second, *_ = iterate(engine)
    lie = dataclasses.replace(first, site="elsewhere")
    stranger = dataclasses.replace(first, release_id="f" * 64)
    index.put([Versioned(99, document(lie, AS_OF)), Versioned(99, document(stranger, AS_OF))])
    found = verify(engine, index, as_of=AS_OF)
    assert (found.different, found.surplus, found.missing) == ((first.release_id,), ("f" * 64,), ())
    with writing(engine) as connection:
        outbox.add_in(connection, [first.release_id], "2026-11-22T00:00:00+08:00")
    assert verify(engine, index, as_of=AS_OF).pending == 1
    del second


def test_the_queue_stays_while_the_index_is_out_of_reach(engine: sa.Engine, index: PolicyIndex) -> None:
    store(engine, 3)

    class Away(LocalIndex):
        def put(self, documents: Sequence[Versioned]) -> PutReport:  # noqa: ARG002 - the base's
            raise IndexUnavailable("gone", "later")

    with pytest.raises(IndexUnavailable):
        drain(engine, Away(pathlib.Path(index.path)), as_of=AS_OF)  # type: ignore[attr-defined]
    assert outbox.lag(engine).rows == 3
    assert drain(engine, index, as_of=AS_OF) == 3


_KILLED = """
import os, signal, sys
from crawler.config import Config
from crawler.storage.index import open_index, sync
from crawler.storage.index.local import LocalIndex
from crawler.storage.state import outbox
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF
config, point = Config(var=sys.argv[1], database_url=sys.argv[3]), sys.argv[2]
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
sync.BATCH = 7
if point == "before put":
    LocalIndex.put = die
elif point == "between put and done":
    outbox.done = die
elif point == "second batch":
    real, calls = outbox.done, []
    def done(*args):
        calls.append(1)
        die() if len(calls) == 2 else real(*args)
    outbox.done = done
elif point == "in the rebuild":
    sync._queue_refused = die
elif point == "before the swap":
    LocalIndex._swap = die
elif point == "after the swap":
    sync.writing = die
engine, index = open_state(config), open_index(config)
if "swap" in point or "rebuild" in point:
    sync.rebuild(engine, index, as_of=AS_OF)
sync.drain(engine, index, as_of=AS_OF)
"""


@pytest.mark.parametrize(
    "point",
    ["before put", "between put and done", "second batch", "in the rebuild", "before the swap", "after the swap"],
)
def test_a_kill_is_harmless(engine: sa.Engine, config: Config, index: PolicyIndex, point: str) -> None:
    drain(engine, index, as_of=AS_OF)
    store(engine, 20)
    project = pathlib.Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", _KILLED, config.var, point, config.database]
    done = subprocess.run(command, cwd=project, capture_output=True)
    assert done.returncode == -9, done.stderr.decode()
    drain(engine, index, as_of=AS_OF)
    assert outbox.lag(engine).rows == 0
    assert verify(engine, index, as_of=AS_OF).agrees
    expected = answers(index)
    rebuild(engine, index, as_of=AS_OF)
    assert answers(index) == expected


_WORKER = """
import sys
from crawler.config import Config
from crawler.errors import IndexUnavailable
from crawler.storage.index import open_index, sync
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF
sync.BATCH = 3
config = Config(var=sys.argv[1], database_url=sys.argv[3])
engine, index = open_state(config), open_index(config)
for _ in range(4):
    try:
        getattr(sync, sys.argv[2])(engine, index, as_of=AS_OF)
    except IndexUnavailable as error:
        assert "rebuil" in error.message, error
"""


def test_processes_that_sync_and_rebuild_at_once_agree_in_the_end(
    engine: sa.Engine, config: Config, index: PolicyIndex
) -> None:
    drain(engine, index, as_of=AS_OF)
    store(engine, 60)
    project = pathlib.Path(__file__).parent.parent.parent
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, config.var, work, config.database], cwd=project, stderr=subprocess.PIPE
        )
        for work in ("drain", "drain", "rebuild", "rebuild")
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
    drain(engine, index, as_of=AS_OF)
    assert outbox.lag(engine).rows == 0
    assert verify(engine, index, as_of=AS_OF).agrees
