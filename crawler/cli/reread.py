"""``talentwatch reread``."""

from __future__ import annotations

from collections import Counter

import typer

from crawler.cli.names import known_site
from crawler.cli.output import JSON, config_of, emit, note, say
from crawler.errors import EvidenceDamaged, UsageError
from crawler.model import Change

app = typer.Typer(add_completion=False)


@app.command()
def reread(
    ctx: typer.Context,
    site: str = typer.Option("", "--site", help="Of this site only."),
    since: str = typer.Option("", "--since", metavar="DATE", help="First seen on that day or later."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change, and change nothing."),
    as_json: bool = JSON,
) -> None:
    """Derive every field again from the evidence, with today's rules. Nobody is alerted.

    Quarantined pages that today's rules can read are stored, too. Where a kept response is damaged, the
    stored text is read; it is reported, and the exit status is 1.

    talentwatch reread --site gd_gov --dry-run
    """
    import datetime as dt

    from crawler.cli.ingest import finish
    from crawler.sites import load_sites
    from pipelines import Context
    from pipelines.reread import reread_all, reread_quarantine

    if since:
        try:
            dt.date.fromisoformat(since)
        except ValueError:
            raise UsageError(f"--since {since!r} is no day", "Write it as 2026-01-31.") from None
    config = config_of(ctx)
    context = Context.open(config)
    if site:
        known_site(config, context.engine, site)
    outcomes: Counter[str] = Counter()
    found: list[tuple[str, tuple[Change, ...]]] = []
    lost: dict[int, EvidenceDamaged] = {}
    try:
        for done, result in enumerate(
            reread_all(
                context, load_sites(config), site=site or None, since=since or None, dry_run=dry_run,
                damaged=lost.__setitem__,
            ), 1,
        ):  # fmt: skip
            outcomes[result.outcome] += 1
            if result.changes:
                found.append((result.release_id, result.changes))
            if done % 200 == 0:
                note(f"… {done} releases")
        if not dry_run and not since:
            for result in reread_quarantine(context, load_sites(config), site=site or None):
                outcomes[f"{result.outcome} from quarantine"] += 1
    finally:
        context.engine.dispose()
    if not dry_run:
        finish(config, alert=False)
    if as_json:
        emit(
            {
                "dry_run": dry_run,
                "outcomes": dict(outcomes),
                "changed": [{"release_id": r, "changes": c} for r, c in found],
                "damaged": [{"evidence_id": i, "error": e.message, "mend": e.mend} for i, e in lost.items()],
            }
        )
    else:
        _tell(outcomes, found)
        for number, error in lost.items():
            note(f"evidence {number}: {error.message}; its release was read from the stored text\n  → {error.mend}")
    if lost:
        raise typer.Exit(1)


def _tell(outcomes: Counter[str], found: list[tuple[str, tuple[Change, ...]]]) -> None:
    for release_id, changes in found:
        say(release_id[:12])
        for change in changes:
            say(f"  {change.field}: {change.old} → {change.new}")
    say(", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())) or "nothing is stored")
