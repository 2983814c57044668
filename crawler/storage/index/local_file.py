"""The file of the local index: how it is opened, made, recognised, and what its errors mean.

One SQLite file (WAL) with one or two *generations* of three tables each: ``docs_N`` (narrow: what is
filtered, sorted and counted), ``texts_N`` (the whole document, compressed) and ``words_N`` (FTS5 over
token strings, contentless: the strings follow from the document). A rebuild fills the next
generation beside the live one and one transaction swaps them; searches go on.
"""

from __future__ import annotations

import os
import pathlib
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.errors import DiskFull, IndexUnavailable
from crawler.query.folding import FOLDING_VERSION
from crawler.storage.index.fields import FIELDS, WORD_WEIGHTS

#: "TWix": in the file's header, so that a foreign database is never taken for ours.
APPLICATION_ID = 0x54576978
#: Raised whenever the tables or the meaning of their content change.
SCHEMA_VERSION = 1
#: Seconds that a writer waits for another one.
BUSY_SECONDS = 30.0
REBUILD = "Run `talentwatch index rebuild`; the database has everything."

_TYPES = {"integer": "INTEGER", "number": "REAL", "flag": "INTEGER"}
#: Fields that are columns of ``docs_N``: whatever is no prose and no object.
COLUMNS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.kind not in ("text", "words", "object"))


class IndexDamaged(IndexUnavailable):
    """The file is no index of ours, an older one, or broken: a rebuild mends it."""


def connect(path: pathlib.Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection to an index that is there. Raises `IndexDamaged`, `IndexUnavailable`."""
    connection = _open(path, busy_seconds)
    try:
        with translated(path):
            _recognise(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def create(path: pathlib.Path, busy_seconds: float = BUSY_SECONDS) -> None:
    """Make an empty index at ``path`` unless one is there; two processes may do so at once."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        try:
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            connection.execute("PRAGMA journal_mode=WAL")
            with immediately(connection):
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    return
                connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
                make_generation(connection, 1)
                facts = {"live": "1", "identity": uuid.uuid4().hex, "folding": FOLDING_VERSION}
                connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        finally:
            connection.close()


def set_aside(path: pathlib.Path) -> None:
    """Move a file that is no usable index out of the way; nothing of somebody else's is deleted."""
    with translated(path):
        for ending in ("-wal", "-shm"):
            pathlib.Path(f"{path}{ending}").unlink(missing_ok=True)
        os.replace(path, f"{path}.unusable")


def make_generation(connection: sqlite3.Connection, number: int) -> None:
    """The three tables of a generation."""
    kinds = {f.name: f.kind for f in FIELDS}
    columns = ", ".join(f'"{name}" {_TYPES.get(kinds[name], "TEXT")}' for name in COLUMNS)
    connection.execute(
        f"CREATE TABLE docs_{number} (id INTEGER PRIMARY KEY, version INTEGER NOT NULL,"
        f" content_hash TEXT NOT NULL, facets TEXT NOT NULL, {columns}, UNIQUE (release_id))"
    )
    connection.execute(f"CREATE INDEX docs_{number}_story ON docs_{number} (story_id)")
    connection.execute(f"CREATE TABLE texts_{number} (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    # The ascii tokenizer splits at our spaces only: unicode61 knows the characters of Unicode 6.1
    # alone and would take rare Han characters for punctuation.
    connection.execute(
        f"CREATE VIRTUAL TABLE words_{number} USING fts5({', '.join(WORD_WEIGHTS)}, content='', tokenize='ascii')"
    )


def drop_generation(connection: sqlite3.Connection, number: int) -> None:
    """Drop the tables of a generation, if they are there."""
    for name in ("docs", "texts", "words"):
        connection.execute(f"DROP TABLE IF EXISTS {name}_{number}")


def meta(connection: sqlite3.Connection, key: str) -> str | None:
    """One fact of the index."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, key: str, value: str | None) -> None:
    """Write or, with None, remove one fact."""
    connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    if value is not None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (key, value))


@contextmanager
def immediately(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction that waits for its turn at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def translated(path: pathlib.Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        full = (
            getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE"
        )  # as a full disk says it in WAL mode
        raise _typed(path, "disk is full" if full else str(error)) from error
    except OSError as error:
        raise IndexUnavailable(
            f"the index {path} can't be used: {error}", "Check the rights of its folder."
        ) from error


def _open(path: pathlib.Path, busy_seconds: float) -> sqlite3.Connection:
    with translated(path):
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=busy_seconds, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        try:
            connection.execute("PRAGMA temp_store=MEMORY")
            # The outbox forgets what a commit here has taken: it has to be on the disk by then.
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            refused = "readonly" in str(error) or "unable to open" in str(error)
            log = pathlib.Path(f"{path}-wal")
            if not refused or not path.is_file() or (log.exists() and log.stat().st_size):
                raise
            # A read-only folder: no shared memory file can be made, so nobody else writes either.
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def _recognise(connection: sqlite3.Connection, path: pathlib.Path) -> None:
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        raise IndexDamaged(f"{path} is no index of TalentWatch's", REBUILD)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise IndexDamaged(f"the index {path} was made by a newer version of this program", REBUILD)
    if version < SCHEMA_VERSION or meta(connection, "folding") != FOLDING_VERSION:
        raise IndexDamaged(f"the index {path} was made by an older version of this program", REBUILD)


def _typed(path: pathlib.Path, text: str) -> Exception:
    if "locked" in text or "busy" in text:
        return IndexUnavailable(
            f"the index {path} is locked by another process", "Wait for it to end and try again."
        )
    if "readonly" in text:
        return IndexUnavailable(
            f"the index {path} can't be written", "Check the rights of the file and its folder."
        )
    if "is full" in text:
        return DiskFull("no space left on the device", "Free some space; nothing was lost.")
    if "disk I/O error" in text:
        return IndexUnavailable(
            f"the disk failed under the index {path}", "Is it full, broken or gone? The system's log says it."
        )
    if "unable to open" in text:
        return IndexUnavailable(f"the index {path} can't be opened", "Check the rights of the file and its folder.")
    return IndexDamaged(f"the index {path} is damaged: {text}", REBUILD)
