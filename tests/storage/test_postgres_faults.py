"""PostgreSQL that is restarted, full, read-only, away, or addressed wrongly: typed errors, nothing lost."""

from __future__ import annotations

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
    DiskFull,
    StorageError,
)
from crawler.storage.state import events, outbox, releases, schema
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import facts
from tests.real.postgres import Databases, Postgres
from tests.storage.world import NOW, release, submission

pytestmark = pytest.mark.real
PROJECT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def url(postgres: Databases) -> str:
    return postgres.migrated()


def save(engine: sa.Engine, *numbers: int) -> None:
    releases.save(engine, [submission(release(n)) for n in numbers], now=NOW)


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


def test_a_missing_driver_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from crawler.storage.state.engine import open_engine\n"
        "from crawler.errors import ConfigError\n"
        "try:\n    open_engine('postgresql://a:geheim@127.0.0.1/x')\n"
        "except ConfigError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert "install --constraint constraints.txt 'psycopg[binary]'" in done.stdout, done.stderr
    assert "geheim" not in done.stdout


@pytest.mark.parametrize("url", ["mysql://a:geheim@b/c", "nonsense geheim", "oracle+cx:///geheim", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_engine(url)
    assert "geheim" not in str(caught.value)
    assert "postgresql://" in caught.value.mend
