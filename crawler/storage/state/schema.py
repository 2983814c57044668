"""The schema of the truth: made, brought up to date, compared, checked."""

from __future__ import annotations

import pathlib

import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import DatabaseVersion
from crawler.storage.state.engine import open_engine, reading, writing
from crawler.storage.state.tables import metadata

#: The newest migration that this program knows; a test compares it with the folder.
HEAD = "0005"
_MIGRATIONS = pathlib.Path(__file__).parent / "migrations"


def open_state(config: Config) -> sa.Engine:
    """The engine of the configured database; a fresh one is made.

    Raises `DatabaseVersion` for an older or a newer schema, other `StorageError` for a database that
    is locked, damaged or out of reach.
    """
    engine = open_engine(config.database)
    try:
        found = version(engine)
        if found is None and is_empty(engine):
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


def demand(engine: sa.Engine) -> None:
    """Raise `DatabaseVersion` where the schema is older or newer than this program's."""
    _refuse(version(engine))


def is_empty(engine: sa.Engine) -> bool:
    """Whether nobody has made a table yet."""
    with reading(engine) as connection:
        return not sa.inspect(connection).get_table_names()


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

    Version, the file's own integrity (SQLite), tables that are missing, rows that point to nothing.
    """
    troubles: list[str] = []
    try:
        demand(engine)
    except DatabaseVersion as error:
        return [str(error)]
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            lines = [str(row[0]) for row in connection.execute(sa.text("PRAGMA integrity_check"))]
            troubles += [f"integrity: {line}" for line in lines if line != "ok"]
        lacking = sorted(set(metadata.tables) - set(sa.inspect(connection).get_table_names()))
        if lacking:
            return [*troubles, f"tables are missing: {', '.join(lacking)}"]
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
