"""Backup and restore of an SQLite database: a file's copy by SQLite's own means."""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3

from crawler.errors import DatabaseBusy, StorageError


def backup(source: pathlib.Path, part: pathlib.Path) -> None:
    """Copy the database while others read and write it (SQLite's backup API)."""
    _copy(source, part)


def restore(target: pathlib.Path, copy: pathlib.Path, *, force: bool) -> pathlib.Path | None:
    """Put a backup in the database's place. The old file is kept beside it: its path is returned."""
    _verify(copy)
    if target.exists() and not force:
        raise StorageError(f"{target} exists", "Give --force; the old file is kept beside it.")
    if target.exists():
        _refuse_busy(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    _copy(copy, part)
    kept = None
    if target.exists():
        kept = _free_name(target)
        _fold_journal(target)
        target.replace(kept)
        for suffix in ("-wal", "-shm"):
            beside = target.with_name(target.name + suffix)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + suffix))
    part.replace(target)
    return kept


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        mend = "Is it a database, can a file be made there, and is there space?"
        raise StorageError(f"{source} can't be copied to {target}: {error}", mend) from error


def _verify(copy: pathlib.Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT count(*) FROM releases").fetchone()
    except sqlite3.Error as error:
        raise StorageError(
            f"{copy} is no backup of ours: {error}", "Give a file that `db backup` wrote."
        ) from error
    if found != "ok":
        raise StorageError(f"{copy} is damaged: {found}", "Give another backup.")


def _refuse_busy(target: pathlib.Path) -> None:
    """A process that has it open would go on writing into the file that is put aside. Leaving the
    write-ahead log's mode takes the file for oneself alone: it fails beside any other connection."""
    with contextlib.closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise DatabaseBusy(
                    f"{target} is open in another process", "Stop the system first, then restore."
                ) from error
            # A damaged file is what a restore is for.


def _fold_journal(target: pathlib.Path) -> None:
    """Bring the write-ahead log into the file that is put aside; a damaged one is kept as it is."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _free_name(target: pathlib.Path) -> pathlib.Path:
    for number in range(1, 1000):
        name = target.with_name(f"{target.name}.before-restore-{number}")
        if not name.exists():
            return name
    raise StorageError(f"too many old copies beside {target}", "Remove some.")
