"""``talentwatch diff``."""

from __future__ import annotations

import typer

from crawler.cli.output import JSON, config_of, emit, say
from crawler.cli.show import RELEASE
from crawler.errors import NotFound

app = typer.Typer(add_completion=False)


@app.command()
def diff(
    ctx: typer.Context,
    release: str = RELEASE,
    first: int = typer.Option(0, "--from", metavar="N", help="The older revision; default: the one before."),
    last: int = typer.Option(0, "--to", metavar="M", help="The newer revision; default: the newest."),
    as_json: bool = JSON,
) -> None:
    """What changed between two revisions of a release: field, old, new, quote.

    talentwatch diff 8f3a2b

    talentwatch diff 8f3a2b --from 1 --to 3 --json
    """
    from crawler.dedup import compare
    from crawler.storage.state import releases
    from crawler.storage.state.schema import open_state

    engine = open_state(config_of(ctx))
    try:
        stored = releases.get(engine, release)
        found = {r.number: r for r in releases.revisions(engine, stored.release_id)}
    finally:
        engine.dispose()
    newer = last or max(found)
    older = first or max(newer - 1, 1)
    for number in (older, newer):
        if number not in found:
            raise NotFound(f"there is no revision {number}", f"It has the revisions 1 to {max(found)}.")
    changes = compare(found[older].release, found[newer].release)
    if as_json:
        emit({"release_id": stored.release_id, "from": older, "to": newer, "changes": changes})
        return
    say(f"{stored.release.title}\nrevision {older} → {newer} ({found[newer].cause}, {found[newer].created_at})")
    for change in changes:
        say(f"{change.field}: {change.old} → {change.new}")
        if change.quote:
            say(f"  「{change.quote}」")
    if not changes:
        say("nothing changed")
