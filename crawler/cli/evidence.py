"""``talentwatch evidence``: the kept responses."""

from __future__ import annotations

import datetime as dt

import typer

from crawler.cli.names import known_site, new_file
from crawler.cli.output import JSON, config_of, emit, note, say
from crawler.errors import UsageError
from crawler.text import counted

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The kept responses: export, check.")


@app.command()
def export(
    ctx: typer.Context,
    warc: str = typer.Option(..., "--warc", metavar="FILE", help="Compressed where it ends in .gz."),
    site: str = typer.Option("", "--site", help="What this site's releases rest on."),
    since: str = typer.Option("", "--since", metavar="DATE", help="Fetched on that day or later."),
    release: str = typer.Option("", "--release", metavar="ID", help="What one release rests on: its id or URL."),
    force: bool = typer.Option(False, "--force", help="Overwrite FILE."),
    as_json: bool = JSON,
) -> None:
    """Write the kept responses as WARC/1.1, for warcio, pywb and other tools of web archives.

    Exit status 1 where a response could not be written; the others are in the file.

    talentwatch evidence export --warc 2026.warc.gz --since 2026-01-01
    """
    from crawler.storage.evidence.warc import export as write
    from crawler.storage.state import releases
    from crawler.storage.state.schema import open_state

    if since:
        try:
            dt.date.fromisoformat(since)
        except ValueError:
            raise UsageError(f"--since {since!r} is no day", "Write it as 2026-01-31.") from None
    config = config_of(ctx)
    engine = open_state(config)
    try:
        target = new_file(warc)
        if site:
            known_site(config, engine, site)
        chosen = releases.get(engine, release).release_id if release else None
        done = write(
            config.archive_path, engine, target, site=site or None, since=since or None,
            release_id=chosen, force=force,
        )  # fmt: skip
    finally:
        engine.dispose()
    if as_json:
        emit({"path": str(done.path), "size": done.size, "records": done.records, "problems": done.problems})
    else:
        say(str(done.path))
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(done.records.items()))
        note(f"{done.size} bytes: {told}")
        for problem in done.problems:
            note(f"left out: {problem}")
    if done.problems:
        note("`talentwatch evidence check` says what rests on them, and how to mend it")
        raise typer.Exit(1)


@app.command()
def check(
    ctx: typer.Context,
    quick: bool = typer.Option(False, "--quick", help="Only look for files that are missing or cut short."),
    as_json: bool = JSON,
) -> None:
    """Read every kept response back, and name those that are not as they were kept.

    Exit status 1 where there is any.

    talentwatch evidence check
    """
    from crawler.storage import evidence
    from crawler.storage.state.schema import open_state

    config = config_of(ctx)
    engine = open_state(config)
    try:
        total = evidence.count(engine)
        found = list(evidence.check(config.archive_path, engine, quick=quick))
    finally:
        engine.dispose()
    if as_json:
        emit({"responses": total, "damaged": found})
    else:
        for one in found:
            say(f"{one.kind}: {one.path}")
            for url in one.urls:
                say(f"    {url}")
            for release_id in one.releases:
                say(f"    release {release_id[:12]} rests on it")
            say(f"    → {one.mend}")
        say(f"{counted(total, 'response')}, {counted(len(found), 'file')} missing or damaged")
    if found:
        raise typer.Exit(1)
