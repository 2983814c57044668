"""Backup and restore of a PostgreSQL database: pg_dump's custom format, pg_restore in one transaction."""

from __future__ import annotations

import glob
import os
import pathlib
import re
import shutil
import subprocess

import sqlalchemy as sa

from crawler.errors import DatabaseBusy, DiskFull, StorageError
from crawler.storage.state.engine import open_engine, reading

#: The first bytes of pg_dump's custom format.
_MAGIC = b"PGDMP"
#: Where Debian keeps the programs of each server's version.
_FOLDERS = "/usr/lib/postgresql/*/bin"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
#: Characters of a program's own words in a message.
_LONGEST = 500


def backup(engine: sa.Engine, part: pathlib.Path) -> None:
    """Write a dump of the database as it is at one moment; readers and writers go on meanwhile."""
    with reading(engine) as connection:
        server = _major(connection)
    tool = _tool("pg_dump", at_least=server)
    _run([str(tool), "--format=custom", "--no-owner", "--no-privileges", f"--file={part}"], engine.url)


def restore(url: str, copy: pathlib.Path, *, force: bool) -> pathlib.Path | None:
    """Put a dump in the database's place, all of it or nothing. What stood there is dumped first,
    beside ``copy``; the path of that dump is returned."""
    with copy.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StorageError(
                f"{copy} is no backup of a PostgreSQL database", "Give a file that `db backup` wrote from one."
            )
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            server = _major(connection)
            tables = sa.inspect(connection).get_table_names()
            others = connection.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND application_name = 'talentwatch' AND pid <> pg_backend_pid()"
                )
            )
        tool = _tool("pg_restore", at_least=server)
        _verify(tool, copy)
        name = engine.url.render_as_string(hide_password=True)
        if tables and not force:
            raise StorageError(f"{name} is not empty", "Give --force; what it holds is dumped beside the backup.")
        if others:
            raise DatabaseBusy(f"{others} connections use {name}", "Stop the system first, then restore.")
        kept = None
        if tables:
            kept = _free_name(copy, engine.url.database or "database")
            backup(engine, kept)
        engine.dispose()
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        if tables:
            options += ["--clean", "--if-exists"]
        _run([str(tool), *options, f"--dbname={engine.url.database}", str(copy)], engine.url)
        return kept
    finally:
        engine.dispose()


def _major(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000


def _verify(tool: pathlib.Path, copy: pathlib.Path) -> None:
    done = subprocess.run([str(tool), "--list", str(copy)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StorageError(f"{copy} can't be read: {done.stderr.strip()[:_LONGEST]}", "Give another backup.")
    if not re.search(r" TABLE DATA \S+ releases ", done.stdout):
        raise StorageError(f"{copy} is no backup of ours", "Give a file that `db backup` wrote.")


def _tool(name: str, *, at_least: int) -> pathlib.Path:
    """The newest installed program of that name. PostgreSQL's programs refuse a newer server."""
    found: dict[pathlib.Path, int] = {}
    on_path = shutil.which(name)
    for path in [*([on_path] if on_path else []), *glob.glob(f"{_FOLDERS}/{name}")]:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if told := _VERSION.search(done.stdout):
            found[pathlib.Path(path)] = int(told[1])
    if not found:
        raise StorageError(
            f"{name} is not installed", f"Install PostgreSQL's client (Debian: postgresql-client-{at_least})."
        )
    newest = max(found, key=lambda path: found[path])
    if found[newest] < at_least:
        raise StorageError(
            f"{name} {found[newest]} is older than the server ({at_least})",
            f"Install PostgreSQL's client of that version (Debian: postgresql-client-{at_least}).",
        )
    return newest


def _run(command: list[str], url: sa.URL) -> None:
    """Run one of PostgreSQL's programs on the database. The password goes by the environment, where
    no list of processes shows it."""
    _, given = sa.make_url(url).get_dialect()().create_connect_args(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    environment = dict(os.environ)
    for key, value in given.items():
        environment[names.get(key, "PG" + key.replace("_", "").upper())] = str(value)
    environment |= {"PGAPPNAME": "talentwatch", "PGCONNECT_TIMEOUT": "10", "LC_MESSAGES": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    words = done.stderr.strip()[:_LONGEST]
    program = pathlib.Path(command[0]).name
    if "No space left" in words:
        raise DiskFull(f"{program}: no space left on the device", "Free some space; the database is as it was.")
    raise StorageError(f"{program} failed: {words}", "The database is as it was; mend what the message says.")


def _free_name(copy: pathlib.Path, database: str) -> pathlib.Path:
    for number in range(1, 1000):
        name = copy.with_name(f"{database}.before-restore-{number}.dump")
        if not name.exists():
            return name
    raise StorageError(f"too many old copies beside {copy}", "Remove some.")
