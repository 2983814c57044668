"""A locked, older, newer, read-only, full, damaged database: each a typed error that says how to mend it."""

from __future__ import annotations

import pathlib
import resource
import sqlite3
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crawler.config import Config
from crawler.errors import DatabaseBusy, DatabaseReadOnly, DatabaseVersion, DiskFull, StorageError
from crawler.storage.evidence import Blobs
from crawler.storage.state import releases, schema
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.faults import translated
from crawler.storage.state.tables import facts, metadata
from tests.storage.world import NOW, release, submission


def path_of(config: Config) -> pathlib.Path:
    return pathlib.Path(config.var) / "talentwatch.db"


def save(engine: sa.Engine, *numbers: int) -> None:
    releases.save(engine, [submission(release(n)) for n in numbers], now=NOW)


def test_the_migrations_make_the_tables(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    script = ScriptDirectory(str(pathlib.Path(schema.__file__).parent / "migrations"))
    assert script.get_current_head() == schema.HEAD


def test_the_number_of_an_event_is_never_given_twice(sqlite_engine: sa.Engine) -> None:
    with reading(sqlite_engine) as connection:
        made = {
            str(row[0]): str(row[1]) for row in connection.execute(sa.text("SELECT name, sql FROM sqlite_master"))
        }
    assert "AUTOINCREMENT" in made["events"]
    assert "AUTOINCREMENT" in made["outbox"]


def test_two_processes_may_make_the_database_at_once(fresh_config: Config) -> None:
    code = (
        "import sys; from crawler.config import Config; from crawler.storage.state.schema import open_state, check;"
        "engine = open_state(Config(var=sys.argv[1], database_url=sys.argv[2])); assert check(engine) == [];"
        "engine.dispose()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, fresh_config.var, fresh_config.database], stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for child in children:
        _, words = child.communicate(timeout=60)
        assert child.returncode == 0, words.decode()


def test_a_locked_database(config: Config, engine: sa.Engine) -> None:
    impatient = open_engine(config.database, busy_seconds=0.05)
    with writing(engine), pytest.raises(DatabaseBusy) as caught:
        save(impatient, 1)
    assert caught.value.mend
    with writing(engine) as connection:
        connection.execute(sa.insert(facts).values(key="a", value="b"))
        with reading(impatient) as other:  # a reader is never locked out
            assert other.scalar(sa.select(sa.func.count()).select_from(facts)) == 0
    impatient.dispose()


def test_a_writer_waits_for_another(engine: sa.Engine) -> None:
    entered, done = threading.Event(), []

    def second() -> None:
        entered.set()
        save(engine, 2)
        done.append(True)

    thread = threading.Thread(target=second)
    with writing(engine) as connection:
        thread.start()
        entered.wait(10)
        connection.execute(sa.insert(facts).values(key="a", value="b"))
        assert not done
    thread.join(30)
    assert done == [True]


@pytest.mark.parametrize(("found", "words"), [("0000", "older"), ("9999", "newer")])
def test_an_older_and_a_newer_schema(config: Config, engine: sa.Engine, found: str, words: str) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": found})
    engine.dispose()
    with pytest.raises(DatabaseVersion, match=words) as caught:
        schema.open_state(config)
    assert caught.value.mend
    assert words in schema.check(engine)[0]
    if words == "newer":
        with pytest.raises(DatabaseVersion):
            schema.upgrade(engine)


def test_a_database_of_another_program_is_left_alone(fresh_config: Config) -> None:
    stranger = open_engine(fresh_config.database)
    with writing(stranger) as connection:
        connection.execute(sa.text("CREATE TABLE cooking (dish TEXT)"))
    with pytest.raises(DatabaseVersion):
        schema.open_state(fresh_config)
    with pytest.raises(DatabaseVersion, match="not ours"):
        schema.upgrade(stranger)
    with reading(stranger) as connection:
        assert sa.inspect(connection).get_table_names() == ["cooking"]
    stranger.dispose()


def test_a_read_only_database_is_read_and_refuses_writing(sqlite_config: Config, sqlite_engine: sa.Engine) -> None:
    engine = sqlite_engine
    save(engine, 1)
    engine.dispose()
    # SQLite's own read-only mode: it holds for every user, root too.
    url = f"sqlite:///file:{path_of(sqlite_config).absolute()}?mode=ro&uri=true"
    only = schema.open_state(Config(var=sqlite_config.var, database_url=url))
    assert len(list(releases.iterate(only))) == 1
    with pytest.raises(DatabaseReadOnly) as caught:
        save(only, 2)
    assert caught.value.mend
    only.dispose()


def test_a_full_disk_loses_nothing(sqlite_engine: sa.Engine) -> None:
    engine = sqlite_engine
    save(engine, 1)

    # SQLite's own limit gives the very error of a full disk (SQLITE_FULL), for root too.
    @sa.event.listens_for(engine, "begin")
    def full(connection: sa.Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DiskFull) as caught:
        save(engine, *range(2, 60))
    assert caught.value.mend
    sa.event.remove(engine, "begin", full)
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    assert schema.check(engine) == []
    assert len(list(releases.iterate(engine))) == 1
    engine.dispose()
    save(engine, *range(2, 60))
    assert len(list(releases.iterate(engine))) == 59


def test_a_disk_that_fails_is_told_with_its_mend() -> None:
    """SQLite's word for a file that may grow no more, a disk quota, a broken disk."""
    with pytest.raises(StorageError, match="disk failed") as caught, translated():
        raise sa.exc.OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))
    assert "disk full" in caught.value.mend


_WRITE_LIMITED = """
import pathlib, resource, signal, sys
from crawler.errors import DiskFull
from crawler.storage.evidence import Blobs
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
blobs = Blobs(pathlib.Path(sys.argv[1]))
whole = blobs.put(b"small")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    blobs.put(bytes(range(256)) * 100 + __import__("os").urandom(50_000))
except DiskFull as error:
    assert error.mend
    assert list(blobs.names()) == [whole]
    assert [p for p in pathlib.Path(sys.argv[1]).rglob("*") if ".part-" in p.name] == []
    sys.exit(7)
"""


def test_a_disk_that_takes_no_more_evidence(tmp_path: pathlib.Path) -> None:
    """A real refusal by the kernel: the child may write no more than 1,000 bytes a file."""
    assert resource.RLIM_INFINITY  # the limit is the child's alone
    done = subprocess.run(
        [sys.executable, "-c", _WRITE_LIMITED, str(tmp_path / "e")], capture_output=True, text=True
    )
    assert done.returncode == 7, done.stderr
    assert Blobs(tmp_path / "e").get(next(Blobs(tmp_path / "e").names())) == b"small"


@pytest.mark.parametrize("place", [0, 4096 * 3])
def test_a_damaged_database(sqlite_config: Config, sqlite_engine: sa.Engine, place: int) -> None:
    config, engine = sqlite_config, sqlite_engine
    save(engine, *range(40))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    with path_of(config).open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * (4096 * 20 if place else 100))

    def use() -> None:
        damaged = schema.open_state(config)
        list(releases.iterate(damaged))
        assert schema.check(damaged) == []

    with pytest.raises(StorageError) as caught:
        use()
    assert "restore" in caught.value.mend


def test_a_database_that_cant_be_opened(tmp_path: pathlib.Path) -> None:
    (tmp_path / "talentwatch.db").mkdir()
    with pytest.raises(StorageError) as caught:
        schema.open_state(Config(var=str(tmp_path)))
    assert caught.value.mend


def test_a_folder_that_cant_be_made(tmp_path: pathlib.Path) -> None:
    (tmp_path / "var").write_text("a file in its place", encoding="utf-8")
    with pytest.raises(StorageError, match="can't be made") as caught:
        schema.open_state(Config(var=str(tmp_path / "var")))
    assert caught.value.mend


def test_check_names_tables_that_are_missing(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text("DROP TABLE shingles"))
    assert schema.check(engine) == ["tables are missing: shingles"]


def test_check_names_rows_that_point_to_nothing(engine: sa.Engine) -> None:
    save(engine, 1)
    with writing(engine) as connection:
        connection.execute(sa.text("DELETE FROM releases"))
    assert {t.partition(" ")[2] for t in schema.check(engine)} == {
        "revisions without a release", "events without a release",
    }  # fmt: skip
