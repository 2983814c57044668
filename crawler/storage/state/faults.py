"""What a database's complaint means: one of our errors, with what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from crawler.errors import DatabaseBusy, DatabaseDown, DatabaseReadOnly, DiskFull, StorageError

#: What SQLite says, as a "disk I/O error", where a full disk has no room for the index of its write-ahead
#: log: readers want that too.
NO_ROOM_FOR_WAL = "SQLITE_IOERR_SHMSIZE"
#: Characters of a server's own words in a message.
_LONGEST = 300


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours. What no one foresaw passes as it is.

    No message holds a password or a statement's values: engines are made with ``hide_parameters``.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        ours = _typed(error)
        if ours is None:
            raise
        raise ours from error
    except sa.exc.TimeoutError as error:
        raise DatabaseBusy(
            "all connections to the database are in use", "Wait; fewer crawlers at once need fewer connections."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise


def _typed(error: sa.exc.DBAPIError) -> StorageError | None:
    if type(error.orig).__module__.startswith("psycopg"):
        return _of_postgres(error)
    if getattr(error.orig, "sqlite_errorname", "") == NO_ROOM_FOR_WAL:
        return _full()
    return _of_sqlite(str(error.orig))


def _of_sqlite(text: str) -> StorageError | None:
    if "locked" in text or "busy" in text:
        return DatabaseBusy(
            "the database is locked by another process",
            "Wait for it to end; `fuser` on the file names it. Only one writes at a time.",
        )
    if "readonly" in text or "read-only" in text:
        return DatabaseReadOnly(
            "the database can't be written", "Check the owner and the rights of its file and folder."
        )
    if "disk is full" in text or "No space left" in text:
        return _full()
    if "disk I/O error" in text:
        mend = "Is the disk full, broken or gone? The system's log says it; what was begun was rolled back."
        return StorageError("the disk failed under the database", mend)
    if "unable to open" in text:
        return StorageError(f"the database can't be opened: {text}", "Check database_url and its folder's rights.")
    if "not a database" in text or "malformed" in text:
        return _damaged(text)
    if "no such table" in text or "no such column" in text:
        return _older(text)
    return None


def _of_postgres(error: sa.exc.DBAPIError) -> StorageError | None:
    text = _first_line(str(error.orig))
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # Before a connection stands, the driver hands on the server's words alone.
        known = next((make for words, make in _BY_WORDS if words in text), None)
        if known is not None:
            return known(text)
        return _down(text) if isinstance(error, sa.exc.OperationalError) else None
    for start, make in _BY_STATE:
        if state.startswith(start):
            return make(text)
    return _down(text) if error.connection_invalidated else None


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:_LONGEST]


def _full(_text: str = "") -> StorageError:
    return DiskFull("no space left on the device", "Free some space; nothing was lost.")


def _damaged(text: str) -> StorageError:
    return StorageError(f"the database is damaged: {text}", "Restore a backup with `talentwatch db restore`.")


def _older(text: str) -> StorageError:
    return StorageError(f"the schema is missing or older: {text}", "Run `talentwatch db upgrade`.")


def _busy(text: str) -> StorageError:
    return DatabaseBusy(
        f"the database is held by another process: {text}",
        "Wait for it to end; pg_stat_activity shows who holds it.",
    )


def _many(text: str) -> StorageError:
    return DatabaseBusy(f"the database server takes no more connections: {text}", "Raise its max_connections.")


def _slow(text: str) -> StorageError:
    return DatabaseBusy(f"the database took too long: {text}", "See pg_stat_activity; is the server overloaded?")


def _down(text: str) -> StorageError:
    return DatabaseDown(
        f"the database server is out of reach: {text}",
        "Start it, or check database_url; what was begun was rolled back, the next call tries again.",
    )


def _password(text: str) -> StorageError:
    return StorageError(f"the database server refuses the user: {text}", "Check user and password in database_url.")


def _absent(text: str) -> StorageError:
    return StorageError(
        f"there is no such database: {text}", "Make it with createdb, then `talentwatch db upgrade`."
    )


def _read_only(text: str) -> StorageError:
    return DatabaseReadOnly(
        f"the database can't be written: {text}", "Is it a standby? Give database_url the primary server."
    )


def _rights(text: str) -> StorageError:
    return DatabaseReadOnly(
        f"the database's user may not do this: {text}", "Make the user the owner of the database and its tables."
    )


#: SQLSTATE or its class → our error; the first that fits.
_BY_STATE: tuple[tuple[str, Callable[[str], StorageError]], ...] = (
    ("55P03", _busy), ("40001", _busy), ("40P01", _busy), ("57014", _slow), ("53300", _many), ("53100", _full),
    ("25006", _read_only), ("42501", _rights), ("28", _password), ("3D000", _absent), ("42P01", _older),
    ("42703", _older), ("XX001", _damaged), ("XX002", _damaged), ("57P", _down), ("08", _down), ("25P03", _down),
    ("53", _many),
)  # fmt: skip

#: The same for a connection that never stood: words of the server's English messages.
_BY_WORDS: tuple[tuple[str, Callable[[str], StorageError]], ...] = (
    ("password", _password), ("pg_hba.conf", _password), ("role ", _password), ("too many clients", _many),
    ("remaining connection slots", _many), ("does not exist", _absent),
    ("No space left", _full), ("read-only", _read_only),
)  # fmt: skip
