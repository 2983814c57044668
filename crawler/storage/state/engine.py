"""Opening the truth: one engine per process; one writer at a time, on SQLite and PostgreSQL alike.

A deferred SQLite transaction that turns into a writer can't wait for the lock and fails at once;
``BEGIN IMMEDIATE`` waits up to the busy timeout (158 of 300 writers failed without it in a trial,
none with it).

PostgreSQL hands a sequence's numbers out before the commit: a reader that remembers how far it came
(`events.seq`, `outbox.seq`) could step over a lower number that is committed later. Each of our
writers therefore takes one advisory lock first, so that numbers are committed in their order.
"""

from __future__ import annotations

import pathlib
import sqlite3
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa

from crawler.errors import ConfigError, StorageError
from crawler.storage.state.faults import translated

#: What goes wrong with the database or the disk, whatever is stored: never the fault of a page.
OURS = (StorageError, sa.exc.OperationalError, sa.exc.InternalError, sa.exc.TimeoutError, OSError)
#: Seconds that a writer waits for another one.
BUSY_SECONDS = 30.0
#: The advisory lock of all writers; any number that no other program uses in our database.
_WRITERS = 7_202_611_220
#: Seconds until a connection to the server must stand.
_CONNECT_SECONDS = 10
#: Seconds after which the server ends a transaction of ours that does nothing: a writer that hangs
#: (a stopped process, a dead machine) must not hold up all others for ever.
_IDLE_SECONDS = 300
#: Seconds that one statement may take; a migration of a large table is the longest.
_STATEMENT_SECONDS = 900
#: Connections of one process: threads of a round that wait for the writers' lock hold one each.
_POOL, _OVERFLOW = 5, 15
#: The writers of this process take turns here, engine by engine: SQLite lets those who wait look again
#: and again (up to .1 s too late), and each would hold a connection.
_TURNS: weakref.WeakKeyDictionary[sa.Engine, _Turn] = weakref.WeakKeyDictionary()


class _Turn:
    """A place in the queue of this process's writers. Who waited too long goes to the database all the
    same, which then says what is wrong."""

    def __init__(self, seconds: float) -> None:
        self._lock, self._seconds = threading.Lock(), seconds
        self._held = threading.local()

    def __enter__(self) -> None:
        self._held.taken = self._lock.acquire(timeout=self._seconds)

    def __exit__(self, *_error: object) -> None:
        if self._held.taken:
            self._held.taken = False
            self._lock.release()


def open_engine(url: str, busy_seconds: float = BUSY_SECONDS) -> sa.Engine:
    """An engine for an SQLAlchemy URL; makes the folder of an SQLite file, connects to nothing yet.

    Raises `ConfigError` for an address that is none, or whose driver is not installed.
    """
    parsed = parse(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgres(parsed, busy_seconds)
    file = sqlite_file(parsed)
    if file is not None:
        folder = file.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            mend = "Check var or database_url, and the rights of the folder above."
            raise StorageError(f"the folder {folder} can't be made: {error.strerror}", mend) from error
    engine = sa.create_engine(parsed, connect_args={"timeout": busy_seconds}, hide_parameters=True)
    _TURNS[engine] = _Turn(busy_seconds)
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    return engine


def parse(url: str) -> sa.URL:
    """The database's address, with the driver that we use. Raises `ConfigError`."""
    mend = "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."
    try:
        parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres:") else url)
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        # The library's own words repeat the address, and with it the password.
        raise ConfigError("database_url is no database address", mend) from None
    if backend not in ("sqlite", "postgresql"):
        raise ConfigError(f"database_url names {backend}, which is not supported", mend)
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def sqlite_file(url: sa.URL) -> pathlib.Path | None:
    """The file of an SQLite address, also of one in SQLite's own form (``sqlite:///file:/a.db?mode=ro&uri=true``);
    None for a database in memory, and for any other database."""
    name = url.database if url.get_backend_name() == "sqlite" else None
    if name and name.startswith("file:") and "uri" in url.query:
        path = name.removeprefix("file:").partition("?")[0]
        if path.startswith("//"):  # an authority: none, or this machine
            path = "/" + path[2:].partition("/")[2]
        name = ":memory:" if url.query.get("mode") == "memory" else unquote(path)
    return pathlib.Path(name) if name and name != ":memory:" else None


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction; commits at the end, or nothing of it happened.

    One writer at a time, in all processes on this database: what a writer reads here is still so
    when it commits, and the numbers of `events` and `outbox` become visible in their order. A
    writer waits up to the busy timeout. Raises `DatabaseBusy` and other `StorageError`.
    """
    with (
        _TURNS.get(engine) or nullcontext(),
        translated(),
        engine.connect().execution_options(talentwatch_write=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            # The first statement, and READ COMMITTED: all that follow see what the writer before
            # committed. The lock ends after the commit is visible, never before.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One read transaction: a consistent view that blocks nobody."""
    with translated(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
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


def _postgres(url: sa.URL, busy_seconds: float) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url, pool_pre_ping=True, pool_size=_POOL, max_overflow=_OVERFLOW, pool_timeout=busy_seconds,
            hide_parameters=True, isolation_level="READ COMMITTED",
            connect_args={
                "connect_timeout": _CONNECT_SECONDS, "application_name": "talentwatch",
                # A server that vanished without a word is noticed within a minute and a half.
                "keepalives_idle": 30, "keepalives_interval": 15, "keepalives_count": 4,
            },
        )  # fmt: skip
    except ImportError as error:
        raise ConfigError(
            f"the driver of PostgreSQL can't be loaded: {error}",
            f"Run `{sys.prefix}/bin/pip install --constraint constraints.txt 'psycopg[binary]'`.",
        ) from error

    def prepare(connection: Any, _record: Any) -> None:
        from psycopg.types.string import StrDumperUnknown

        class WithoutNul(StrDumperUnknown):
            """PostgreSQL's text holds no NUL; broken pages do, and must not fail for ever because of it."""

            def dump(self, obj: str) -> Any:
                return super().dump(obj.replace("\x00", ""))

        connection.adapters.register_dumper(str, WithoutNul)
        with connection.cursor() as cursor:
            for name, seconds in (
                ("lock_timeout", busy_seconds), ("statement_timeout", _STATEMENT_SECONDS),
                ("idle_in_transaction_session_timeout", _IDLE_SECONDS),
            ):  # fmt: skip
                cursor.execute(f"SET {name} = {int(seconds * 1000)}")
        connection.commit()

    _TURNS[engine] = _Turn(busy_seconds)
    sa.event.listen(engine, "connect", prepare)
    return engine
