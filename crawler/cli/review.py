"""``talentwatch review``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import typer

from crawler import clock
from crawler.cli.names import known_site
from crawler.cli.output import JSON, config_of, emit, say, table
from crawler.errors import UsageError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The queue of unsure and quarantined pages.")

_ITEM = typer.Argument(..., metavar="ITEM", help="A release, or q and the number of a quarantined page (q12).")


@app.command("list")
def list_(
    ctx: typer.Context,
    site: str = typer.Option("", "--site", help="Of this site only."),
    limit: int = typer.Option(200, "--limit", min=1, help="At most so many of each kind."),
    as_json: bool = JSON,
) -> None:
    """What waits for a person: releases whose relevance can't be told, pages in quarantine.

    talentwatch review list --json
    """
    from crawler.storage.state import quarantine
    from crawler.storage.state.schema import open_state

    config = config_of(ctx)
    engine = open_state(config)
    try:
        if site:
            known_site(config, engine, site)
        rows = [
            *_unsure(engine, site, limit),
            *map(_held, quarantine.listed(engine, site=site or None, limit=limit)),
        ]
    finally:
        engine.dispose()
    if as_json:
        emit(rows)
        return
    table(
        ["item", "why", "site", "title", "url", "mend"],
        [[r["item"][:12], r["reason"], r["site"], r["title"], r["url"], r["mend"]] for r in rows],
    )


@app.command()
def accept(ctx: typer.Context, item: str = _ITEM) -> None:
    """A release is a talent policy; a quarantined page is fetched again.

    talentwatch review accept 8f3a2b
    """
    _decide(ctx, item, good=True)


@app.command()
def reject(ctx: typer.Context, item: str = _ITEM) -> None:
    """A release is no talent policy; a quarantined page is not fetched again.

    talentwatch review reject q12
    """
    _decide(ctx, item, good=False)


def _decide(ctx: typer.Context, item: str, *, good: bool) -> None:
    from crawler.cli.ingest import finish
    from crawler.storage.state import quarantine, releases
    from crawler.storage.state.correct import correct
    from crawler.storage.state.schema import open_state

    config = config_of(ctx)
    engine = open_state(config)
    now = clock.now()
    try:
        if item[:1].lower() == "q":
            if not item[1:].isdigit():
                raise UsageError(
                    f"{item!r} is no quarantined page", "Write q and its number, as `review list` does."
                )
            (quarantine.retry if good else quarantine.dismiss)(engine, int(item[1:]), now=now)
            say(f"{item}: {'waits for the next round' if good else 'not fetched again'}")
            return
        stored = releases.get(engine, item)
        correct(engine, stored.release_id, "is_talent_policy", good, now=now)
        say(f"{stored.release_id[:12]} {stored.release.title}: is_talent_policy = {str(good).lower()}")
    finally:
        engine.dispose()
    finish(config, alert=False)


def _unsure(engine: sa.Engine, site: str, limit: int) -> list[dict[str, Any]]:
    from crawler.storage.state.engine import reading
    from crawler.storage.state.tables import releases

    query = sa.select(releases).where(releases.c.is_talent_policy.is_(None))
    if site:
        query = query.where(releases.c.site == site)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(releases.c.first_seen.desc(), releases.c.release_id).limit(limit))
        return [
            {
                "item": row.release_id, "kind": "release", "reason": "unsure", "site": row.site, "title": row.title,
                "url": row.url, "evidence": "", "mend": "review accept or review reject", "since": row.first_seen,
                "next_at": None,
            }
            for row in rows
        ]  # fmt: skip


def _held(row: Any) -> dict[str, Any]:
    return {
        "item": f"q{row.id}", "kind": row.kind, "reason": row.reason, "site": row.site, "title": row.title,
        "url": row.url, "evidence": row.evidence, "mend": row.mend, "since": row.first_seen, "next_at": row.next_at,
    }  # fmt: skip
