"""What only PostgreSQL has: sequences handed out before the commit, languages, addresses."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import (
    DatabaseVersion,
    StorageError,
)
from crawler.storage.state import outbox, pending, releases, schema
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import facts
from crawler.storage.state.tables import outbox as outbox_table
from tests.real.postgres import Databases
from tests.storage.world import NOW, release, submission

pytestmark = pytest.mark.real
PROJECT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def url(postgres: Databases) -> str:
    return postgres.migrated()


def save(engine: sa.Engine, *numbers: int) -> None:
    releases.save(engine, [submission(release(n)) for n in numbers], now=NOW)


# A writer of its own process: some rows a transaction, a pause of random length before the commit.
WRITER = """
import random, sys, threading
import sqlalchemy as sa
from crawler.storage.state.engine import open_engine, writing
from crawler.storage.state.tables import outbox
engine, name, never = open_engine(sys.argv[1]), sys.argv[2], threading.Event()
rng = random.Random(name)
for turn in range(25):
    with writing(engine) as connection:
        rows = [{"release_id": f"{name}-{turn}-{n}", "created_at": "x"} for n in range(rng.randrange(1, 4))]
        connection.execute(sa.insert(outbox), rows)
        never.wait(rng.random() / 100)
engine.dispose()
"""


def test_a_reader_with_a_watermark_never_misses_a_row(url: str) -> None:
    """Four processes write; a reader that remembers the highest number sees every row."""
    engine = open_engine(url)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, str(n)], cwd=PROJECT, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    seen: list[int] = []
    while running := any(w.poll() is None for w in writers):
        seen += [seq for seq, _ in outbox.pending(engine, 1000, after=seen[-1] if seen else 0)]
    assert not running
    seen += [seq for seq, _ in outbox.pending(engine, 1000, after=seen[-1] if seen else 0)]
    for writer in writers:
        assert writer.communicate(timeout=60)[1] == b""
        assert writer.returncode == 0
    with reading(engine) as connection:
        there = sorted(connection.scalars(sa.select(outbox_table.c.seq)))
    assert len(there) >= 100
    assert seen == there
    engine.dispose()


def test_numbers_would_be_missed_without_the_writers_lock(url: str) -> None:
    """The counter-proof: plain transactions do commit a lower number after a higher one."""
    engine = open_engine(url)
    with engine.connect() as slow, slow.begin():
        slow.execute(sa.insert(outbox_table).values(release_id="low", created_at="x"))
        with engine.connect() as fast, fast.begin():
            fast.execute(sa.insert(outbox_table).values(release_id="high", created_at="x"))
        (high,) = outbox.pending(engine, 10)
        assert high[1] == "high"
    assert outbox.pending(engine, 10, after=high[0]) == []
    engine.dispose()


def test_a_reader_sees_one_moment(url: str) -> None:
    engine = open_engine(url)
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(facts)) == 0
        with writing(engine) as other:
            other.execute(sa.insert(facts).values(key="a", value="b"))
        assert connection.scalar(sa.select(sa.func.count()).select_from(facts)) == 0
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(facts)) == 1
    engine.dispose()


def test_text_that_postgresql_has_no_room_for(url: str) -> None:
    """NUL comes from broken pages; it must not block a row for ever."""
    engine = open_engine(url)
    odd = release(1, title="措施\x00之一", body="补贴\x0030万元。\n" + release(1).body)
    (saved,) = releases.save(engine, [submission(odd)], now=NOW)
    assert saved.outcome == "new"
    (again,) = releases.save(engine, [submission(odd)], now=NOW)
    assert again.outcome == "unchanged"
    assert len(list(releases.iterate(engine))) == 1
    engine.dispose()


def test_moments_sort_as_time_does_in_every_language(url: str) -> None:
    engine = open_engine(url)
    with reading(engine) as connection:
        columns = sa.text(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' "
            "AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
        )
        assert connection.scalar(columns) == 0
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_the_address(url: str, scheme: str) -> None:
    engine = open_engine(scheme + url.removeprefix("postgresql+psycopg"))
    assert schema.version(engine) == schema.HEAD
    engine.dispose()


def test_a_rows_values_are_in_no_message(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(sa.insert(facts).values(key="a", value="geheim"))
    with pytest.raises(sa.exc.IntegrityError) as caught, writing(engine) as connection:
        connection.execute(sa.insert(facts).values(key="a", value="geheim"))
    assert "geheim" not in str(caught.value)
    engine.dispose()


def test_the_migrations_may_run_in_several_processes_at_once(postgres: Databases) -> None:
    url = postgres.empty()
    engines = [open_engine(url) for _ in range(4)]
    troubles: list[Exception] = []

    def upgrade(engine: sa.Engine) -> None:
        try:
            assert schema.upgrade(engine) == schema.HEAD
        except (StorageError, sa.exc.SQLAlchemyError) as error:  # handed to the test's own thread
            troubles.append(error)

    threads = [threading.Thread(target=upgrade, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    for engine in engines:
        engine.dispose()


def test_db_on_the_command_line(url: str, tmp_path: pathlib.Path) -> None:
    """upgrade, check, backup, restore as an operator types them."""

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"TALENTWATCH_DATABASE_URL": url, "TALENTWATCH_VAR": str(tmp_path / "var")}
        return subprocess.run(
            [sys.executable, "-m", "crawler.cli.main", "db", *args],
            cwd=PROJECT, capture_output=True, text=True, env=environment,
        )  # fmt: skip

    engine = open_engine(url)
    save(engine, 1)
    assert pending.count(engine) == 0
    for args in (["upgrade"], ["check"], ["backup", str(tmp_path / "copy.dump")]):
        done = run(*args)
        assert done.returncode == 0, done.stderr
    assert run("backup", str(tmp_path / "copy.dump")).returncode == 1
    save(engine, 2)
    engine.dispose()
    refused = run("restore", str(tmp_path / "copy.dump"))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    done = run("restore", str(tmp_path / "copy.dump"), "--force")
    assert done.returncode == 0, done.stderr
    assert len(list(releases.iterate(engine))) == 1
    engine.dispose()


def test_an_older_program_on_a_newer_schema_changes_nothing(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseVersion, match="newer"):
        schema.open_state(Config(database_url=url))
    engine.dispose()
