"""What an operator does when a new version comes: the backup that the program asks for is to be had."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import sqlalchemy as sa

from crawler.storage.state import schema
from crawler.storage.state.engine import open_engine, reading

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def talentwatch(url: str, folder: pathlib.Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(PROJECT), "TALENTWATCH_DATABASE_URL": url}
    words = [sys.executable, "-m", "crawler.cli.main", *args]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True)


def test_an_older_database_is_copied_before_its_upgrade(tmp_path: pathlib.Path, database_url: str | None) -> None:
    url = database_url or f"sqlite:///{tmp_path / 'old.db'}"
    engine = open_engine(url)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '0001'"))
    engine.dispose()
    asked = talentwatch(url, tmp_path, "search", "人才")
    assert asked.returncode == 1
    assert "talentwatch db backup FILE` first" in asked.stderr
    copy = tmp_path / "copy"
    done = talentwatch(url, tmp_path, "db", "backup", str(copy))
    if "pg_dump" in done.stderr and shutil.which("pg_dump") is None:
        assert "postgresql-client" in done.stderr
        return
    assert (done.returncode, done.stdout.strip()) == (0, str(copy)), done.stderr
    assert talentwatch(url, tmp_path, "db", "restore", str(copy), "--force").returncode == 0
    with reading(engine) as connection:
        assert connection.scalar(sa.text("select version_num from alembic_version")) == "0001"
    engine.dispose()


def test_what_is_not_there_is_not_copied(tmp_path: pathlib.Path) -> None:
    done = talentwatch(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, "db", "backup", "copy")
    assert (done.returncode, "no database of ours" in done.stderr) == (1, True)
    assert not list(tmp_path.iterdir())
