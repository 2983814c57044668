"""The schema of the truth: made, brought up to date, compared, checked."""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3

import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import DatabaseBusy, DatabaseVersion, StorageError
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import metadata

#: The newest migration that this program knows; a test compares it with the folder.
HEAD = "0001"
_MIGRATIONS = pathlib.Path(__file__).parent / "migrations"


def open_state(config: Config) -> sa.Engine:
    """The engine of the configured database; a fresh one is made.

    Raises `DatabaseVersion` for an older or a newer schema, other `StorageError` for a database that
    is locked, damaged or out of reach.
    """
    engine = open_engine(config.database)
    try:
        found = version(engine)
        if found is None and _is_empty(engine):
            upgrade(engine)
            found = version(engine)
        _refuse(found)
    except BaseException:
        engine.dispose()
        raise
    return engine


def version(engine: sa.Engine) -> str | None:
    """The migration that the database stands at; None where it has never seen one."""
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return str(found) if found is not None else None


def upgrade(engine: sa.Engine) -> str:
    """Run the migrations that are missing, in one transaction; returns the version. Two processes
    may do it at once: the second finds nothing left to do. Raises `DatabaseVersion` for a newer one."""
    # Imported here: the commands that only read must not wait for Alembic.
    from alembic.config import Config as AlembicConfig
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(_MIGRATIONS))
    script = ScriptDirectory.from_config(settings)
    known = {revision.revision for revision in script.walk_revisions()}
    with writing(engine) as connection:
        has_table = sa.inspect(connection).has_table("alembic_version")
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if has_table else None
        if found is not None and found not in known:
            _refuse(str(found))
        if found is None and sa.inspect(connection).get_table_names():
            raise DatabaseVersion(
                "the database holds tables that are not ours, or was never finished",
                "Give database_url a database of its own, or restore a backup.",
            )

        def steps(revision: object, _context: object) -> object:
            return script._upgrade_revs("head", revision)  # type: ignore[arg-type]

        with EnvironmentContext(settings, script, fn=steps, as_sql=False) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
            environment.run_migrations()
    return HEAD


def check(engine: sa.Engine) -> list[str]:
    """What is wrong with the database, in words; empty where nothing is.

    Version, the file's own integrity (SQLite), rows that point to nothing.
    """
    troubles: list[str] = []
    try:
        _refuse(version(engine))
    except DatabaseVersion as error:
        return [str(error)]
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            lines = [str(row[0]) for row in connection.execute(sa.text("PRAGMA integrity_check"))]
            troubles += [f"integrity: {line}" for line in lines if line != "ok"]
        for words, query in _ORPHANS.items():
            count = connection.scalar(sa.text(query))
            if count:
                troubles.append(f"{count} {words}")
    return troubles


_ORPHANS = {
    "releases without their current revision": "SELECT count(*) FROM releases r WHERE NOT EXISTS "
    "(SELECT 1 FROM revisions v WHERE v.release_id = r.release_id AND v.number = r.revision)",
    "revisions without a release": "SELECT count(*) FROM revisions v WHERE NOT EXISTS "
    "(SELECT 1 FROM releases r WHERE r.release_id = v.release_id)",
    "revisions whose evidence is missing": "SELECT count(*) FROM revisions v WHERE v.evidence_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.id = v.evidence_id)",
    "events without a release": "SELECT count(*) FROM events e WHERE NOT EXISTS "
    "(SELECT 1 FROM releases r WHERE r.release_id = e.release_id)",
    "alerts without an event": "SELECT count(*) FROM alerts a WHERE NOT EXISTS "
    "(SELECT 1 FROM events e WHERE e.seq = a.event_seq)",
    "stories without an original": "SELECT count(DISTINCT story_id) FROM releases r WHERE NOT EXISTS "
    "(SELECT 1 FROM releases o WHERE o.story_id = r.story_id AND o.is_original)",
}


def backup(engine: sa.Engine, target: pathlib.Path, *, force: bool = False) -> int:
    """Copy the database while others read and write it (SQLite's backup API); returns its bytes."""
    source = _sqlite_file(engine)
    if target.exists() and not force:
        raise StorageError(f"{target} exists", "Choose another name, or give --force.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        _copy(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(url: str, copy: pathlib.Path, *, force: bool = False) -> pathlib.Path | None:
    """Put a backup in the database's place. The old file is kept beside it: its path is returned.

    Raises `StorageError` where the backup is none, where a database stands there and ``force`` is
    not given; `DatabaseBusy` where a process is writing to it.
    """
    database = sa.make_url(url).database
    if sa.make_url(url).get_backend_name() != "sqlite" or not database:
        raise StorageError("only an SQLite database is restored here", "Use pg_restore for PostgreSQL.")
    target = pathlib.Path(database)
    if not copy.is_file():
        raise StorageError(f"there is no backup {copy}", "Give the path of a file that `db backup` wrote.")
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


def _refuse(found: str | None) -> None:
    if found == HEAD:
        return
    if found is None or found < HEAD:
        raise DatabaseVersion(
            f"the database's schema is older ({found or 'none'}) than this program's ({HEAD})",
            "Run `talentwatch db upgrade`; `talentwatch db backup FILE` first.",
        )
    raise DatabaseVersion(
        f"the database's schema is newer ({found}) than this program's ({HEAD})",
        "Run the newer program that wrote it, or restore a backup of before.",
    )


def _is_empty(engine: sa.Engine) -> bool:
    with reading(engine) as connection:
        return not sa.inspect(connection).get_table_names()


def _sqlite_file(engine: sa.Engine) -> pathlib.Path:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise StorageError("only an SQLite database is backed up here", "Use pg_dump for PostgreSQL.")
    return pathlib.Path(engine.url.database)


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise StorageError(f"{source} can't be copied: {error}", "Is it a database, and is there space?") from error


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
    """A writer at work would go on writing into the file that is put aside."""
    with contextlib.closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise DatabaseBusy(f"{target} is being written", "Stop the system first, then restore.") from error
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
