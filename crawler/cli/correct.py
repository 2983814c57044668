"""``talentwatch correct``."""

from __future__ import annotations

import typer

from crawler import clock
from crawler.cli.output import JSON, config_of, emit, say
from crawler.cli.show import RELEASE

app = typer.Typer(add_completion=False)


@app.command()
def correct(
    ctx: typer.Context,
    release: str = RELEASE,
    field: str = typer.Argument(
        ..., metavar="FIELD", help="As `show --json` names it, or benefits[0], benefits[0].amount_max."
    ),
    value: str = typer.Argument(
        ...,
        metavar="VALUE",
        help="null is absent, and takes one of a list away; lists: JSON, or words with commas.",
    ),
    as_json: bool = JSON,
) -> None:
    """Set a value that wins over the rules and survives every reading.

    talentwatch correct 8f3a2b doc_type call

    talentwatch correct 8f3a2b topics housing,graduates

    talentwatch correct 8f3a2b "benefits[1]" null

    talentwatch correct 8f3a2b "benefits[0].amount_max" 300000
    """
    from crawler.cli.ingest import finish
    from crawler.storage.state import corrections, releases
    from crawler.storage.state.correct import correct as set_value
    from crawler.storage.state.schema import open_state

    config = config_of(ctx)
    engine = open_state(config)
    try:
        stored = releases.get(engine, release)
        path = field
        field, parsed = corrections.parse_part(stored.release, field, value)
        changes = set_value(engine, stored.release_id, field, parsed, now=clock.now())
    finally:
        engine.dispose()
    finish(config, alert=False)
    if as_json:
        emit({"release_id": stored.release_id, "changes": changes})
        return
    said = f"{field} = {parsed}" if path == field else f"{path} = {value}"
    say(f"{stored.release_id[:12]} {said}" + ("" if changes else " (it was so before)"))
