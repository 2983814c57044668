"""``talentwatch alerts``: what went out, and why."""

from __future__ import annotations

import typer

from crawler.cli.output import JSON, emit, note, state_of, table
from crawler.clock import now
from crawler.errors import UsageError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Which alerts went out, and why.")

_STATES = ("pending", "leased", "sent", "failed", "dead")
#: Digits of a number that the database can hold.
_LONGEST_NUMBER = 19
_STATE_HELP = f"Only these: {', '.join(_STATES)}. May be repeated."


@app.command("list")
def list_(
    ctx: typer.Context,
    subscription: str = typer.Option("", "--subscription", metavar="NAME", help="Only this subscription's."),
    state: list[str] = typer.Option([], "--state", help=_STATE_HELP),
    limit: int = typer.Option(0, "--limit", min=0, help="The newest N only; 0 is all."),
    json: bool = JSON,
) -> None:
    """The ledger, oldest first.

    Examples: talentwatch alerts list --state dead · talentwatch alerts list --subscription hz --json
    """
    from crawler.storage.state import alerts, subscriptions

    wrong = [one for one in state if one not in _STATES]
    if wrong:
        raise UsageError(f"there is no state {wrong[0]}", f"Use one of {', '.join(_STATES)}.")
    engine = state_of(ctx)
    chosen = subscriptions.find(engine, subscription).id if subscription else None
    rows = alerts.listing(
        engine, subscription_id=chosen, states=state, limit=limit or None, newest_first=bool(limit)
    )
    if limit:
        rows.reverse()
    names = {one.id: one.name for one in subscriptions.every(engine, removed=True)}
    if json:
        emit(
            [
                {
                    "id": row.id,
                    "subscription": names.get(row.subscription_id),
                    "release_id": row.release_id,
                    "event": row.event,
                    "reason": row.reason,
                    "quote": row.quote,
                    "channel": row.channel,
                    "state": row.state,
                    "attempts": row.attempts,
                    "sent_at": row.sent_at,
                    "created_at": row.created_at,
                    "message_id": row.message_id,
                    "last_error": row.last_error,
                }
                for row in rows
            ]
        )
        return
    table(
        ["id", "subscription", "event", "release", "channel", "state", "tries", "sent", "why", "error"],
        (
            (r.id, names.get(r.subscription_id), r.event, r.release_id[:12], r.channel, r.state, r.attempts,
             r.sent_at, r.reason, r.last_error)
            for r in rows
        ),
    )  # fmt: skip


@app.command()
def resend(
    ctx: typer.Context,
    alert: list[str] = typer.Argument(None, metavar="[ALERT]…", help="Numbers as in `alerts list`."),
    dead: bool = typer.Option(False, "--dead", help="All that were refused or given up."),
) -> None:
    """Make deliveries due again, under the same message id; `deliver` or the scheduler sends them.

    Examples: talentwatch alerts resend 17 · talentwatch alerts resend --dead
    """
    from crawler.storage.state import alerts

    if not alert and not dead:
        raise UsageError("which alerts?", "Name their numbers, or use --dead.")
    for one in alert or []:
        if not (one.isascii() and one.isdigit() and len(one) < _LONGEST_NUMBER):
            raise UsageError(f"{one!r} is no alert's number", "`talentwatch alerts list` has them in front.")
    engine = state_of(ctx)
    chosen = [int(one) for one in alert or []]
    if dead:
        chosen += [number for number in alerts.mendable(engine) if number not in chosen]
    for number in chosen:
        row = alerts.resend(engine, number, now=now())
        note(f"alert {row.id}: {row.state}" + ("" if row.channel != "feed" else " (a feed holds it already)"))
    note(f"{len(chosen)} due again; send them with: talentwatch deliver")
