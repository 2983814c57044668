"""``db restore --force`` beside a real scheduler, a crawl, a delivery: refused, with who and how to mend."""

from __future__ import annotations

import datetime as dt
import pathlib
import subprocess
import sys

import pytest
import sqlalchemy as sa

from crawler.clock import iso, now
from crawler.config import Config
from crawler.errors import DatabaseBusy, StorageError
from crawler.storage.state import alerts, backup, columns, subscriptions
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import deliveries, sites, slots
from tests.alerts.world import NOW, release, store
from tests.schedule.conftest import Line
from tests.storage.test_columns_lease import SITE

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(engine: sa.Engine, tmp_path: pathlib.Path) -> pathlib.Path:
    subscriptions.add(engine, name="before", query={}, channel="mail", address="a@post.example", now=NOW)
    backup.backup(engine, tmp_path / "copy")
    return tmp_path / "copy"


def refused(config: Config, copy: pathlib.Path, *words: str) -> None:
    with pytest.raises(DatabaseBusy) as caught:
        backup.restore(config.database, copy, force=True)
    for word in words:
        assert word in caught.value.message
    assert "Stop the system first" in caught.value.mend


def test_beside_a_scheduler_at_work(config: Config, engine: sa.Engine, copy: pathlib.Path, line: Line) -> None:
    engine.dispose()
    arguments = [config.var, line.port, "600", "wait", config.database]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.schedule.live_child", *arguments], cwd=PROJECT, stderr=subprocess.DEVNULL
    )
    try:
        _, _, end = line.word()
        refused(config, copy, f"process {process.pid} on ", "job tick", "lease lasts until")
    finally:
        process.kill()
        process.wait()
    assert line.gone(end)
    refused(config, copy, "job tick")  # nobody can tell yet whether it is dead
    with writing(engine) as connection:
        connection.execute(slots.update().values(lease_until=iso(now())))
    engine.dispose()
    assert backup.restore(config.database, copy, force=True) is not None
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(slots)) == 0
    assert [one.name for one in subscriptions.every(engine)] == ["before"]


def test_beside_a_crawl_and_a_delivery(config: Config, engine: sa.Engine, copy: pathlib.Path) -> None:
    moment = now()
    columns.sync(engine, [SITE], now=moment)
    lease = columns.acquire(engine, "x", columns.owner_name(), now=moment)
    assert lease is not None
    engine.dispose()
    refused(config, copy, "crawls x")
    columns.release(engine, lease)
    me = columns.owner_name().split(":")
    dead = ":".join([me[0], me[1], "1", *me[3:]])  # this number, another start: that one has ended
    assert columns.acquire(engine, "x", dead, now=moment) is not None
    store(engine, release())
    subscriber = subscriptions.every(engine)[0]
    entry = alerts.Entry(subscriber.id, 1, "r", "new", "", "", "mail", "<m@h>")
    assert alerts.record(engine, [entry], {subscriber.id: (subscriber.after_seq, 1)}, now=NOW) == 1
    until = moment + dt.timedelta(days=365)
    (row,) = alerts.listing(engine)
    assert alerts.claim(engine, row.id, owner="post:7:aa", now=NOW, until=moment)
    with writing(engine) as connection:
        soon = iso(moment + dt.timedelta(minutes=10))
        connection.execute(deliveries.update().values(lease_until=soon))
    engine.dispose()
    refused(config, copy, "process 7 on post: sends 1 alert")
    # What a clock that ran ahead wrote must not hold a restore up for a year.
    with writing(engine) as connection:
        connection.execute(deliveries.update().values(lease_until=iso(until)))
        connection.execute(sites.update().values(lease_until=iso(until)))
    engine.dispose()
    assert backup.restore(config.database, copy, force=True) is not None


def test_beside_a_process_that_only_has_it_open(config: Config, engine: sa.Engine, copy: pathlib.Path) -> None:
    """Pages that are shown, a scheduler between two jobs: they would go on with the file that is put aside."""
    engine.dispose()
    other = open_engine(config.database)
    with reading(other) as connection:
        connection.execute(sa.select(sa.func.count()).select_from(slots))
    try:  # the connection waits in the pool
        with pytest.raises(DatabaseBusy) as caught:
            backup.restore(config.database, copy, force=True)
        assert caught.value.mend
    finally:
        other.dispose()
    assert backup.restore(config.database, copy, force=True) is not None


def test_a_damaged_database_cant_say_who_uses_it(
    config: Config, engine: sa.Engine, copy: pathlib.Path, backend: str
) -> None:
    engine.dispose()
    if backend == "postgresql":
        with writing(engine) as connection:
            connection.execute(sa.text("DROP TABLE slots"))
        engine.dispose()
    else:
        pathlib.Path(config.database.partition("///")[2]).write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="--force"):
        backup.restore(config.database, copy)
    assert backup.restore(config.database, copy, force=True) is not None
    assert [one.name for one in subscriptions.every(engine)] == ["before"]
