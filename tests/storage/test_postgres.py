"""What only PostgreSQL has: sequences handed out before the commit, a server that goes, rights, languages."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import (
    ConfigError,
    DatabaseBusy,
    DatabaseDown,
    DatabaseReadOnly,
    DatabaseVersion,
    DiskFull,
    StorageError,
)
from crawler.storage.state import events, outbox, pending, releases, schema
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import facts
from crawler.storage.state.tables import outbox as outbox_table
from tests.real.postgres import Databases, Postgres
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


def test_a_restart_in_the_middle_of_a_transaction(own_postgres: Postgres) -> None:
    """Nothing half-written; the next call works without anybody's doing."""
    engine = schema.open_state(Config(database_url=own_postgres.url()))
    save(engine, 1)
    with pytest.raises(DatabaseDown) as caught, writing(engine) as connection:  # noqa: PT012 - one transaction
        connection.execute(sa.insert(facts).values(key="a", value="b"))
        own_postgres.stop(immediately=True)
        own_postgres.start()
        connection.execute(sa.insert(facts).values(key="c", value="d"))
    assert caught.value.mend
    with reading(engine) as connection:
        assert connection.scalars(sa.select(facts.c.key)).all() == []
    save(engine, 2)
    assert len(list(releases.iterate(engine))) == 2
    # Connections that lie in the pool over a restart are noticed before they are used.
    own_postgres.stop()
    with pytest.raises(DatabaseDown, match="out of reach"):
        save(engine, 3)
    own_postgres.start()
    save(engine, 3)
    assert schema.check(engine) == []
    assert [seq for seq, _ in outbox.pending(engine, 9)] == sorted(seq for seq, _ in outbox.pending(engine, 9))
    assert len(events.after(engine, 0)) == 3
    engine.dispose()


def test_a_restart_while_a_commit_is_under_way_leaves_all_or_nothing(own_postgres: Postgres) -> None:
    engine = schema.open_state(Config(database_url=own_postgres.url()))
    stop, stored = threading.Event(), []

    def write() -> None:
        for number in range(1, 10_000):
            if stop.is_set():
                return
            try:
                save(engine, number)
                stored.append(number)
            except DatabaseDown:
                stop.wait(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            deadline = time.monotonic() + 20
            goal = len(stored) + 5
            while len(stored) < goal and time.monotonic() < deadline:
                stop.wait(0.01)
            own_postgres.stop(immediately=True)
            own_postgres.start()
    finally:
        stop.set()
        writer.join(60)
    assert len(stored) >= 15
    assert schema.check(engine) == []
    there = {one.url for one in releases.iterate(engine)}
    assert {release(n).url for n in stored} <= there
    assert len(events.after(engine, 0, limit=99_999)) == len(there)
    engine.dispose()


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DatabaseDown) as caught:
        schema.open_state(Config(database_url="postgresql://someone:geheim@127.0.0.1:1/x"))
    assert "geheim" not in str(caught.value)
    assert "database_url" in caught.value.mend


def test_a_wrong_password_and_a_database_that_is_not_there(own_postgres: Postgres) -> None:
    missing = sa.make_url(own_postgres.url("nothing"))
    with pytest.raises(StorageError, match="no such database") as caught:
        schema.open_state(Config(database_url=missing.render_as_string(hide_password=False)))
    assert "createdb" in caught.value.mend
    engine = open_engine(own_postgres.url())
    with writing(engine) as connection:
        connection.execute(sa.text("CREATE ROLE clerk LOGIN PASSWORD 'right'"))
    engine.dispose()
    own_postgres.stop()
    hba = own_postgres.folder / "data" / "pg_hba.conf"
    hba.write_text("host all clerk 127.0.0.1/32 scram-sha-256\n" + hba.read_text())
    own_postgres.start()
    wrong = sa.make_url(own_postgres.url()).set(username="clerk", password="geheim-falsch")
    with pytest.raises(StorageError, match="refuses the user") as caught:
        schema.open_state(Config(database_url=wrong.render_as_string(hide_password=False)))
    assert "geheim" not in str(caught.value)
    # May log in, but not make tables there.
    right = wrong.set(password="right").render_as_string(hide_password=False)
    with pytest.raises(DatabaseReadOnly) as caught:
        schema.open_state(Config(database_url=right))
    assert "owner" in caught.value.mend


def test_a_read_only_server(url: str) -> None:
    engine = open_engine(url)
    save(engine, 1)
    name = engine.url.database
    with writing(engine) as connection:
        connection.execute(sa.text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()
    assert len(list(releases.iterate(engine))) == 1
    with pytest.raises(DatabaseReadOnly) as caught:
        save(engine, 2)
    assert "primary" in caught.value.mend
    engine.dispose()


def test_a_full_disk_on_the_server(url: str) -> None:
    """The server's own error: a function raises its code where a row is written."""
    engine = open_engine(url)
    save(engine, 1)
    with writing(engine) as connection:
        connection.execute(
            sa.text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
                "'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
        )
        connection.execute(
            sa.text("CREATE TRIGGER t BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION full_disk()")
        )
    with pytest.raises(DiskFull) as caught:
        save(engine, 2)
    assert caught.value.mend
    with writing(engine) as connection:
        connection.execute(sa.text("DROP TRIGGER t ON events"))
    assert len(list(releases.iterate(engine))) == 1
    save(engine, 2)
    engine.dispose()


def test_too_many_connections(url: str) -> None:
    engine = open_engine(url, busy_seconds=0.1)
    held = []
    try:
        with pytest.raises(DatabaseBusy) as caught:  # noqa: PT012 - until it is refused
            while len(held) < 100:
                context = reading(engine)
                connection = context.__enter__()
                held.append((context, connection))
        assert caught.value.mend
        assert len(held) == 20
    finally:
        for context, _ in held:
            context.__exit__(None, None, None)
    engine.dispose()


def test_a_writer_that_hangs_is_ended_by_the_server(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        timeouts = [
            connection.scalar(sa.text(f"SHOW {name}"))
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        ]
        assert timeouts == ["30s", "15min", "5min"]
    with pytest.raises(DatabaseDown), writing(engine) as connection:  # noqa: PT012 - one transaction
        connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 20"))
        connection.execute(sa.insert(facts).values(key="a", value="b"))
        watcher = open_engine(url)
        with watcher.connect() as other:  # until the server has ended the session
            query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
            limit = time.monotonic() + 20
            while other.scalar(query) and time.monotonic() < limit:
                other.rollback()
        watcher.dispose()
        connection.execute(sa.insert(facts).values(key="c", value="d"))
    save(engine, 1)
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


def test_a_missing_driver_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from crawler.storage.state.engine import open_engine\n"
        "from crawler.errors import ConfigError\n"
        "try:\n    open_engine('postgresql://a:geheim@127.0.0.1/x')\n"
        "except ConfigError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert "pip install 'talentwatch[postgres]'" in done.stdout, done.stderr
    assert "geheim" not in done.stdout


@pytest.mark.parametrize("url", ["mysql://a:geheim@b/c", "nonsense geheim", "oracle+cx:///geheim", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_engine(url)
    assert "geheim" not in str(caught.value)
    assert "postgresql://" in caught.value.mend


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
