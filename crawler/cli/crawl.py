"""``talentwatch crawl``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import typer

from crawler.cli.network import REACH, UNREACHED, alike, out_of_reach
from crawler.cli.output import JSON, config_of, emit, note, table
from crawler.errors import UsageError
from crawler.model import to_json
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.schedule.round import RoundReport

app = typer.Typer(add_completion=False)


@app.command()
def crawl(
    ctx: typer.Context,
    sites: list[str] = typer.Argument(
        None, metavar="[SITE…]", help="Names of sites; see `talentwatch sites list`."
    ),
    due: bool = typer.Option(False, "--due", help="Only columns whose time has come (the default without SITE)."),
    all_: bool = typer.Option(False, "--all", help="Every enabled site, due or not."),
    since: str = typer.Option("", "--since", metavar="DATE", help="Read lists back to this day."),
    max_pages: int | None = typer.Option(
        None, "--max-pages", metavar="N", min=1, help="Read at most N pages of a list."
    ),
    backfill: bool = typer.Option(False, "--backfill", help="Nobody is told of what is found."),
    json: bool = JSON,
) -> None:
    """One round: lists, new articles, visits of known pages; then index and matching.

    Exit status 1 when a column was not seen as its file expects; it says which and how to mend it.

    Examples:

      talentwatch crawl --due

      talentwatch crawl gd_hrss --since 2026-01-01 --backfill
    """
    from crawler.schedule.round import run_round

    config = config_of(ctx)
    report = run_round(
        config, tuple(sites or ()), due=due, all_=all_, since=_day(since), max_pages=max_pages,
        backfill=backfill, progress=note,
    )  # fmt: skip
    if json:
        emit(_as_json(report))
    else:
        rows = [
            (r.site, r.column, r.pages, r.rows, r.new, r.changed, r.unchanged, r.quarantined, r.verdict,
             "; ".join(r.reasons))
            for r in report.runs
        ]  # fmt: skip
        headings = (
            "site",
            "column",
            "pages",
            "rows",
            "new",
            "changed",
            "unchanged",
            "quarantined",
            "verdict",
            "why",
        )
        table(headings, rows)
    _chatter(report, config.proxy.url)
    if not report.ok:
        raise typer.Exit(1)


def _chatter(report: RoundReport, proxy: str | None) -> None:
    from crawler.monitor import mend

    ours, away = out_of_reach(report.runs, proxy=proxy)
    if ours:
        note(ours)
    # What was said above, once for all, is not said again of each; the table has them all.
    for name, run in alike((f"{r.site}/{r.column}", r) for r in report.failed if r.site not in away):
        advice = REACH if run.reasons and run.reasons[0].startswith(UNREACHED) else mend(run.verdict, run.reasons)
        note(f"{name}: {run.verdict}: {'; '.join(run.reasons)}" + (f"\n  → {advice}" if advice else ""))
    for problem in report.problems:
        note(f"not crawled: {problem}")
    for site, trouble in report.troubles.items():
        note(f"{site}: {trouble}")
    if report.interrupted:
        note("interrupted: what was read is stored, the rest stays due")
    if report.after.warning:
        note(f"warning: the index is behind: {report.after.warning}")
    if report.after.error:
        note(f"matching failed: {report.after.error}")
    new, changed = sum(r.new for r in report.runs), sum(r.changed for r in report.runs)
    note(
        f"{counted(len(report.runs), 'column')}, {new} new, {changed} changed; "
        f"{counted(report.after.indexed, 'release')} to the index, {counted(report.after.matched, 'alert')}"
    )


def _as_json(report: RoundReport) -> object:
    return {
        "round": report.round_id, "ok": report.ok, "columns": [to_json(run) for run in report.runs],
        "problems": [{"error": p.message, "mend": p.mend} for p in report.problems],
        "troubles": dict(report.troubles), "indexed": report.after.indexed, "matched": report.after.matched,
        "warning": report.after.warning or None,
    }  # fmt: skip


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text!r} is no day", "Write it as 2026-01-31.") from None
