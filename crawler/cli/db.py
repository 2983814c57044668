"""``talentwatch db``."""

from __future__ import annotations

import pathlib

import typer

from crawler import clock
from crawler.cli.names import new_file
from crawler.cli.output import JSON, config_of, emit, note, say

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The database: upgrade, check, backup, restore.")


@app.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the schema up to this program's; a database that isn't there is made.

    talentwatch db upgrade
    """
    from crawler.storage.state import schema
    from crawler.storage.state.engine import open_engine

    engine = open_engine(config_of(ctx).database)
    try:
        before = schema.version(engine)
        after = schema.upgrade(engine)
    finally:
        engine.dispose()
    say(f"schema {after}" + ("" if before == after else f" (was {before or 'none'})"))


@app.command()
def check(ctx: typer.Context, as_json: bool = JSON) -> None:
    """Look for damage: version, integrity, rows that point to nothing. Exit 1 where there is any.

    talentwatch db check
    """
    from crawler.storage.state import schema
    from crawler.storage.state.engine import open_engine

    engine = open_engine(config_of(ctx).database)
    try:
        troubles = schema.check(engine)
        version = schema.version(engine)
    finally:
        engine.dispose()
    if as_json:
        emit({"version": version, "troubles": troubles})
    else:
        for trouble in troubles:
            say(trouble)
        if not troubles:
            say(f"schema {version}: nothing is wrong")
    if troubles:
        raise typer.Exit(1)


@app.command()
def backup(
    ctx: typer.Context,
    file: str = typer.Argument("", metavar="[FILE]", help="Default: a new file in var/backups."),
    force: bool = typer.Option(False, "--force", help="Overwrite FILE."),
) -> None:
    """Copy the database while the system runs: an SQLite file, or a dump of PostgreSQL (pg_dump).

    talentwatch db backup /var/backups/talentwatch.db
    """
    from crawler.errors import NotFound
    from crawler.storage.state import backup as copies
    from crawler.storage.state import schema
    from crawler.storage.state.engine import open_engine, sqlite_file

    config = config_of(ctx)
    stamp = clock.now().strftime("%Y%m%d-%H%M%S")
    target = (
        pathlib.Path(file)
        if file
        else config.var_path / "backups" / f"talentwatch-{stamp}{copies.ending(config.database)}"
    )
    if file:
        new_file(file)
    engine = open_engine(config.database)
    here = sqlite_file(engine.url)
    try:
        # An older schema is no hindrance: a backup is what comes before its upgrade.
        if (here is not None and not here.exists()) or schema.version(engine) is None:
            raise NotFound("there is no database of ours to copy", "Check database_url, or var.")
        size = copies.backup(engine, target, force=force)
    finally:
        engine.dispose()
    note(f"{size} bytes; the evidence in {config.archive_path} is not part of it")
    say(str(target))


@app.command()
def restore(
    ctx: typer.Context,
    file: str = typer.Argument(..., metavar="FILE", help="What `db backup` wrote."),
    force: bool = typer.Option(False, "--force", help="Replace the database; what it held is kept in a file."),
) -> None:
    """Put a backup in the database's place. Stop the system before.

    talentwatch db restore /var/backups/talentwatch.db --force
    """
    from crawler.storage.state import backup as copies
    from crawler.storage.state.engine import parse

    config = config_of(ctx)
    kept = copies.restore(config.database, pathlib.Path(file), force=force)
    if kept is not None:
        note(f"the database of before is {kept}")
    note("run `talentwatch index rebuild`: the index may know more than the restored database")
    say(parse(config.database).render_as_string(hide_password=True))
