"""Backup of a database in use and its way back, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import pathlib
import threading

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import DatabaseBusy, StorageError, UsageError
from crawler.storage.state import backup as copies
from crawler.storage.state import backup_postgres, events, releases, schema
from crawler.storage.state.engine import open_engine, reading, writing
from tests.real.postgres import Databases
from tests.storage.world import NOW, release, submission


def save(engine: sa.Engine, *numbers: int) -> None:
    releases.save(engine, [submission(release(n)) for n in numbers], now=NOW)


def count(url: str) -> int:
    engine = open_engine(url)
    try:
        assert schema.check(engine) == []
        return len(list(releases.iterate(engine)))
    finally:
        engine.dispose()


def test_backup_while_others_write_and_restore(config: Config, engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    save(engine, 1)
    stop, begun, written = threading.Event(), threading.Event(), []

    def write() -> None:
        for number in range(2, 500):
            if stop.is_set():
                return
            save(engine, number)
            written.append(number)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(60)
        copy = tmp_path / "copies" / "one"
        assert copies.backup(engine, copy) > 0
    finally:
        stop.set()
        writer.join(60)
    with pytest.raises(StorageError, match="exists"):
        copies.backup(engine, copy)
    assert copies.backup(engine, tmp_path / "copies" / "last") > 0
    assert copies.backup(engine, tmp_path / "copies" / "last", force=True) > 0
    assert sorted(p.name for p in copy.parent.iterdir()) == ["last", "one"]
    engine.dispose()

    with pytest.raises(StorageError) as caught:
        copies.restore(config.database, copy)
    assert "--force" in caught.value.mend
    kept = copies.restore(config.database, copy, force=True)
    assert kept is not None
    assert 2 <= count(config.database) <= len(written) + 1
    # What stood there before was kept, whole.
    if config.database_url is None:
        assert count(f"sqlite:///{kept}") == len(written) + 1
    copies.restore(config.database, kept, force=True)
    assert count(config.database) == len(written) + 1


def test_numbers_go_on_after_a_restore(config: Config, engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    save(engine, 1, 2)
    last = events.last_seq(engine)
    copies.backup(engine, tmp_path / "copy")
    engine.dispose()
    copies.restore(config.database, tmp_path / "copy", force=True)
    save(engine, 3)
    assert events.last_seq(engine) == last + 1
    assert schema.version(engine) == schema.HEAD


def test_into_a_database_that_is_empty(config: Config, engine: sa.Engine, fresh_config: Config) -> None:
    save(engine, 1)
    copy = fresh_config.var_path / "copy"
    copies.backup(engine, copy)
    assert copies.restore(fresh_config.database, copy) is None
    assert count(fresh_config.database) == 1


def test_restore_waits_for_no_writer(config: Config, engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    save(engine, 1)
    copies.backup(engine, tmp_path / "copy")
    with writing(engine), pytest.raises(DatabaseBusy) as caught:
        copies.restore(config.database, tmp_path / "copy", force=True)
    assert caught.value.mend
    assert len(list(releases.iterate(engine))) == 1


def test_restore_takes_only_a_whole_backup_of_ours(
    config: Config, engine: sa.Engine, tmp_path: pathlib.Path
) -> None:
    save(engine, *range(1, 30))
    whole = tmp_path / "whole"
    copies.backup(engine, whole)
    engine.dispose()
    garbage, cut, hollow = tmp_path / "garbage", tmp_path / "cut", tmp_path / "hollow"
    garbage.write_bytes(b"no database" * 1000)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    hollow.write_bytes(whole.read_bytes()[:200])
    for wrong in (garbage, cut, hollow, tmp_path / "nothing", tmp_path):
        with pytest.raises((StorageError, UsageError)) as caught:
            copies.restore(config.database, wrong, force=True)
        assert caught.value.mend
        assert count(config.database) == 29, wrong


def test_a_backup_that_cant_be_written(engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        copies.backup(engine, tmp_path / "file" / "copy")
    assert caught.value.mend


def test_each_kind_of_database_has_its_own_ending() -> None:
    assert copies.ending("sqlite:///x.db") == ".db"
    assert copies.ending("postgresql://a@b/c") == ".dump"


def _tool(folder: pathlib.Path, words: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\necho '{words}'\n")
        (folder / name).chmod(0o755)


@pytest.mark.real
@pytest.mark.parametrize(("version", "words"), [(None, "not installed"), ("9.6.24", "older than the server")])
def test_programs_that_are_absent_or_too_old(
    postgres: Databases, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, version: str | None, words: str
) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    if version:
        _tool(bin_, f"pg_dump (PostgreSQL) {version}")
    monkeypatch.setenv("PATH", str(bin_))
    monkeypatch.setattr(backup_postgres, "_FOLDERS", str(tmp_path / "none" / "*"))
    engine = open_engine(postgres.migrated())
    with pytest.raises(StorageError, match=words) as caught:
        copies.backup(engine, tmp_path / "copy")
    assert "postgresql-client-" in caught.value.mend
    assert not (tmp_path / "copy").exists()
    engine.dispose()


@pytest.mark.real
def test_the_password_goes_by_the_environment_alone(
    postgres: Databases, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program in pg_dump's place writes down how it was called."""
    bin_, told = tmp_path / "bin", tmp_path / "told"
    bin_.mkdir()
    (bin_ / "pg_dump").write_text(
        f'#!/bin/sh\necho "pg_dump (PostgreSQL) 99.1"\necho "$@" "[$PGPASSWORD]" >> {told}\nexit 0\n'
    )
    (bin_ / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
    url = sa.make_url(postgres.migrated()).set(password="geheim-词")
    engine = open_engine(url.render_as_string(hide_password=False))
    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
    with pytest.raises(StorageError):
        copies.backup(engine, tmp_path / "copy")  # it writes no file
    call = told.read_text().splitlines()[-1]
    assert call.endswith("[geheim-词]")
    assert "geheim" not in call.removesuffix("[geheim-词]")
    engine.dispose()
