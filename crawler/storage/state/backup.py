"""Backup of the truth while it is used, and its way back."""

from __future__ import annotations

import contextlib
import pathlib

import sqlalchemy as sa

from crawler.clock import now
from crawler.errors import DatabaseBusy, StorageError, UsageError
from crawler.storage.state import backup_postgres, backup_sqlite
from crawler.storage.state.engine import open_engine, parse, sqlite_file
from crawler.storage.state.holders import Holder, holders

#: Processes at work that a refusal names; the others are counted.
_NAMED = 5


def backup(engine: sa.Engine, target: pathlib.Path, *, force: bool = False) -> int:
    """Write the whole database to a file, as it is at one moment, while others read and write it;
    returns the file's bytes. Kept responses are not part of it.

    Raises `StorageError` where the file exists and ``force`` is not given, where it can't be written,
    or where PostgreSQL's ``pg_dump`` is absent or too old.
    """
    if target.exists() and not force:
        raise StorageError(f"{target} exists", "Choose another name, or give --force.")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        if engine.dialect.name == "postgresql":
            backup_postgres.backup(engine, part)
        else:
            backup_sqlite.backup(_file(engine.url), part)
        part.replace(target)
        return target.stat().st_size
    except OSError as error:
        raise StorageError(f"{target} can't be written: {error.strerror}", "Check the folder's rights.") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def restore(url: str, copy: pathlib.Path, *, force: bool = False) -> pathlib.Path | None:
    """Put a backup in the database's place. What stood there is kept: the path of the old file
    (SQLite), or of a backup of it beside ``copy`` (PostgreSQL), is returned.

    Raises `UsageError` where there is no such file, `StorageError` where the backup is none, where a
    database stands there and ``force`` is not given; `DatabaseBusy` where a process is using it, with
    the process and what it does where it holds a lease.
    """
    parsed = parse(url)
    if not copy.is_file():
        what = "is a folder" if copy.is_dir() else "is not there"
        raise UsageError(f"the backup {copy} {what}", "Give the path of a file that `db backup` wrote.")
    if force:
        _refuse_beside(_at_work(url, parsed))
    if parsed.get_backend_name() == "postgresql":
        return backup_postgres.restore(url, copy, force=force)
    return backup_sqlite.restore(_file(parsed), copy, force=force)


def _at_work(url: str, parsed: sa.URL) -> list[Holder]:
    file = sqlite_file(parsed)
    if file is not None and not file.exists():
        return []
    engine = open_engine(url)
    try:
        return holders(engine, now=now())
    except (StorageError, sa.exc.SQLAlchemyError):
        # Damaged, empty, or of an older schema: it can't say who uses it, and is what a restore is for.
        return []
    finally:
        engine.dispose()


def _refuse_beside(found: list[Holder]) -> None:
    if not found:
        return
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    raise DatabaseBusy(
        f"the database is at work: {'; '.join(map(str, found[:_NAMED]))}{more}",
        "Stop the system first (SIGTERM, `systemctl stop`); what a dead process held is free when its lease ends.",
    )


def _file(url: sa.URL) -> pathlib.Path:
    file = sqlite_file(url)
    if file is None:
        raise StorageError("a database in memory has no backup", "Give database_url a file.")
    return file


def ending(url: str) -> str:
    """How a backup's file name ends."""
    return ".dump" if parse(url).get_backend_name() == "postgresql" else ".db"
