"""``talentwatch sites``: list, show, check; `sites_new` and `sites_coverage` have the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from crawler.cli import sites_coverage, sites_new
from crawler.cli.output import JSON, config_of, emit, note, say, table
from crawler.model import Site, to_json
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.storage.state.columns import ColumnState
    from crawler.storage.state.kept import Kept

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="The watched sites: list, show, check, new, record, coverage."
)
app.command("new")(sites_new.new)
app.command("record")(sites_new.record)
app.command("coverage")(sites_coverage.coverage)


@app.command("list")
def list_(ctx: typer.Context, json: bool = JSON) -> None:
    """Every site and column: verdict of the last round, when it was last healthy, what its facts rest on.

    Exit status 1 when a site's file does not load.

    Example: talentwatch sites list --json
    """
    from crawler.sites import load_catalogue

    config = config_of(ctx)
    catalogue = load_catalogue(config)
    states, troubles = _states(config), _incidents(config)
    sites = [_site(site, states, troubles) for site in catalogue.sites.values()]
    if json:
        emit(sites)
    else:
        table(("site", "column", "name", "enabled", "verdict", "last ok", "last new", "confidence", "seen live"), [
            (s["site"], c["name"], c["title"], "yes" if c["enabled"] else "no", c["verdict"], c["last_ok"],
             c["last_new"], c["evidence"]["confidence"], c["evidence"]["last_seen_live"])
            for s in sites for c in s["columns"]
        ])  # fmt: skip
        for told in dict.fromkeys(troubles.values()):
            say(f"incident: {told}")
    for problem in catalogue.problems:
        note(f"does not load: {problem}")
    if catalogue.problems:
        raise typer.Exit(1)


@app.command()
def show(
    ctx: typer.Context, site: str = typer.Argument(..., metavar="SITE", help="A site's name."), json: bool = JSON
) -> None:
    """One site: its file as understood, how its columns went, and how much is kept of what it counts itself.

    Example: talentwatch sites show gd_hrss
    """
    from crawler.sites import find

    config = config_of(ctx)
    found = find(config, site)
    states, kept = _states(config), _kept(config, found)
    if json:
        health = _site(found, states)["columns"]
        columns = [
            {**to_json(column), "health": h, "kept": to_json(kept.get(column.key))}
            for column, h in zip(found.columns, health, strict=True)
        ]
        emit({**to_json(found), "columns": columns})
        return
    say(f"{found.name}: {found.title}")
    for key in ("path", "home", "hosts", "family", "kind", "region", "level", "enabled", "delay"):
        say(f"  {key}: {getattr(found, key)}")
    proof = found.proof
    say(f"  facts: {proof.source} (confidence {proof.confidence}, seen live: {proof.last_seen_live})")
    for column in found.columns:
        state = states.get((found.name, column.key))
        say(f"  {column.key}: {column.name} {column.url}{'' if column.enabled else ' (disabled)'}")
        if state is not None and state.verdict:
            say(
                f"    {state.verdict}, last ok {state.last_ok or 'never'}"
                + "".join(f"; {r}" for r in state.reasons)
            )
        if (held := kept.get(column.key)) is not None:
            of_all = f" of {held.stated} that the site counts" if held.stated is not None else ""
            say(f"    {counted(held.releases, 'release')} kept{of_all}")


@app.command()
def check(
    ctx: typer.Context, site: str = typer.Argument(..., metavar="SITE", help="A site's name."), json: bool = JSON
) -> None:
    """Crawl a site without storing: its lists, a few articles, and the verdict.

    Exit status 1 unless the verdict is good, for cron.

    Example: talentwatch sites check gd_hrss
    """
    from crawler.monitor import HEALTHY, mend
    from crawler.schedule.check import check_site
    from crawler.sites import find

    config = config_of(ctx)
    checked = check_site(config, find(config, site))
    if json:
        listed = [
            {
                "url": url,
                "total_stated": total,
                "rows": [{"title": r.title, "url": r.url, "date": r.date} for r in rows],
            }
            for _, url, rows, total in checked.columns
        ]
        emit({
            "site": site, "verdict": checked.verdict, "reasons": checked.reasons,
            "columns": listed,
            "dropped": [
                {"column": run.column, "rows": run.dropped_rows, "first": to_json(run.dropped)}
                for run in checked.runs if run.dropped
            ],
            "samples": to_json(checked.samples),
        })  # fmt: skip
    else:
        for column, url, rows, total in checked.columns:
            say(f"{column.key}: {counted(len(rows), 'row')}{f' of {total}' if total is not None else ''} {url}")
            for row in rows[:5]:
                say(f"  {row.date or '          '}  {row.title}  {row.url}")
        for run in checked.runs:
            if run.dropped_rows:
                say(f"{run.column}: {counted(run.dropped_rows, 'row')} not taken")
            for lost in run.dropped[:10]:
                say(f"  {lost.rule}: {lost.title}  {lost.url}")
        for release in checked.samples:
            say(f"sample: {release.published or '-'}  {release.doc_type}  {release.title}")
        say(f"{site}: {checked.verdict}" + "".join(f"\n  {reason}" for reason in checked.reasons))
        worst = next((run.reasons for run in checked.runs if run.verdict == checked.verdict), ())
        if advice := mend(checked.verdict, worst):
            note(f"→ {advice}")
    if checked.verdict not in HEALTHY:
        raise typer.Exit(1)


def _states(config: Config) -> dict[tuple[str, str], ColumnState]:
    """What the truth knows of the columns; nothing where there is no database yet."""
    from crawler.storage.state import columns
    from crawler.storage.state.schema import open_state

    if config.database_url is None and not (config.var_path / "talentwatch.db").exists():
        return {}
    engine = open_state(config)
    try:
        return columns.states(engine)
    finally:
        engine.dispose()


def _kept(config: Config, site: Site) -> dict[str, Kept]:
    """How much is kept of each column; nothing where there is no database yet."""
    from crawler.storage.state import kept
    from crawler.storage.state.schema import open_state

    if config.database_url is None and not (config.var_path / "talentwatch.db").exists():
        return {}
    engine = open_state(config)
    try:
        return kept.of_site(engine, site.name)
    finally:
        engine.dispose()


def _incidents(config: Config) -> dict[tuple[str, str], str]:
    """The open incident of each column that has one, in words."""
    from crawler.schedule.incidents import line
    from crawler.storage.state import incidents
    from crawler.storage.state.schema import open_state

    if config.database_url is None and not (config.var_path / "talentwatch.db").exists():
        return {}
    engine = open_state(config)
    try:
        return {member: line(one) for one in incidents.open_ones(engine) for member in one.members}
    finally:
        engine.dispose()


def _site(
    site: Site, states: dict[tuple[str, str], ColumnState], troubles: dict[tuple[str, str], str] | None = None
) -> dict[str, Any]:
    shown = []
    for column in site.columns:
        state = states.get((site.name, column.key))
        shown.append({
            "name": column.key, "title": column.name, "url": column.url, "enabled": site.enabled and column.enabled,
            "verdict": state.verdict if state else None, "last_ok": state.last_ok if state else None,
            "last_new": state.last_new if state else None, "reasons": list(state.reasons) if state else [],
            "evidence": to_json(column.proof or site.proof),
            "incident": (troubles or {}).get((site.name, column.key)),
        })  # fmt: skip
    return {"site": site.name, "title": site.title, "columns": shown}
