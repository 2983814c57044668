"""``talentwatch deliver``: match what is due, then send."""

from __future__ import annotations

import typer

from crawler.cli.output import JSON, config_of, emit, note, state_of
from crawler.clock import now
from crawler.text import counted

app = typer.Typer(add_completion=False)


@app.command()
def deliver(
    ctx: typer.Context,
    limit: int = typer.Option(0, "--limit", min=0, help="Send at most N; 0 is all."),
    json: bool = JSON,
) -> None:
    """Match what is due, then send.

    Exit status 1 when something could not be sent; what failed is tried again by itself.

    Example: talentwatch deliver
    """
    from crawler.alerts import deliver_due, match_due

    config = config_of(ctx)
    engine = state_of(ctx, config)
    matched = match_due(engine, config, now=now())
    report = deliver_due(engine, config, now=now(), limit=limit or None)
    if json:
        emit({"matched": matched, "sent": report.sent, "failed": report.failed, "dead": report.dead,
              "waiting": report.waiting, "problems": report.problems})  # fmt: skip
    else:
        note(
            f"{counted(matched, 'new alert')}; {report.sent} sent, {report.failed} to be tried again, "
            f"{report.dead} refused, {report.waiting} waiting"
        )
        told: set[tuple[str, str]] = set()
        for problem in report.problems:
            key = ("", problem.error) if problem.state == "waiting" else (str(problem.alert_id), problem.error)
            if key in told:
                continue
            told.add(key)
            mend = f"\n  → {problem.mend}" if problem.mend else ""
            note(f"alert {problem.alert_id} ({problem.subscription}) {problem.state}: {problem.error}{mend}")
    if not report.ok:
        raise typer.Exit(1)
