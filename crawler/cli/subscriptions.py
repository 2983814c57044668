"""``talentwatch subscriptions``: list, show, test, pause, resume, language, address, remove."""

from __future__ import annotations

from typing import Any

import typer

from crawler.cli.output import JSON, config_of, emit, note, say, state_of, table
from crawler.clock import now
from crawler.config import Config
from crawler.errors import UsageError
from crawler.model import Subscription
from crawler.model.watch import CHATS
from crawler.text import counted

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The saved queries and where their hits go.")

NAME = typer.Argument(..., metavar="NAME", help="Its name or number.")


@app.command("list")
def list_(ctx: typer.Context, json: bool = JSON) -> None:
    """Every subscription and how many alerts it had.

    Example: talentwatch subscriptions list --json
    """
    from crawler.storage.state import alerts, subscriptions

    config = config_of(ctx)
    engine = state_of(ctx, config)
    counted = alerts.by_subscription(engine)
    rows = subscriptions.every(engine)
    if json:
        emit([_told(one, config) | {"alerts": counted.get(one.id, 0)} for one in rows])
        return
    table(
        ["id", "name", "channel", "address", "state", "alerts", "query"],
        ((s.id, s.name, s.channel, _shown(s), s.state, counted.get(s.id, 0), _query(s)) for s in rows),
    )


@app.command()
def show(ctx: typer.Context, name: str = NAME, json: bool = JSON) -> None:
    """One subscription with its links. A webhook's secret and a chat robot's key are told only here.

    Example: talentwatch subscriptions show 郑州住房
    """
    from crawler.storage.state import subscriptions

    config = config_of(ctx)
    one = subscriptions.find(state_of(ctx, config), name)
    told = _told(one, config) | {"address": one.address, "secret": one.secret}
    if json:
        emit(told)
        return
    for key, value in told.items():
        say(f"{key}: {_query(one) if key == 'query' else value}")


@app.command("test")
def back_test(
    ctx: typer.Context,
    name: str = NAME,
    since: str = typer.Option("", "--since", metavar="DAY", help="Only what we first saw on that day or later."),
    limit: int = typer.Option(0, "--limit", min=0, help="The newest N only; 0 is all."),
    json: bool = JSON,
) -> None:
    """The back-test: which stored releases would have matched, with reason and quote. Sends nothing.

    Example: talentwatch subscriptions test 郑州住房 --since 2026-01-01
    """
    from crawler.alerts.match import back_test as matched
    from crawler.storage.state import subscriptions

    engine = state_of(ctx)
    one = subscriptions.find(engine, name)
    found = matched(engine, one.query, today=now().date(), since=since or None, lang=one.language)
    if limit:
        found = found[:limit]
    if json:
        emit(
            [
                {"release_id": f.stored.release_id, "title": f.stored.release.title, "url": f.stored.url,
                 "site": f.stored.site, "published": f.stored.release.published, "first_seen": f.stored.first_seen,
                 "reason": f.reason, "quote": f.quote}
                for f in found
            ]
        )  # fmt: skip
        return
    for f in found:
        say(f"{(f.stored.release.published or '')[:10] or '----------'}  {f.stored.release.title}")
        say(f"  {f.reason}" + (f"  “{f.quote}”" if f.quote else ""))
        say(f"  {f.stored.url}  {f.stored.release_id[:12]}")
    note(f"{counted(len(found), 'release')} would have matched {one.name}")


@app.command()
def pause(ctx: typer.Context, name: str = NAME) -> None:
    """Match and send nothing until `resume`.

    Example: talentwatch subscriptions pause 郑州住房
    """
    _change(ctx, name, "pause")


@app.command()
def resume(ctx: typer.Context, name: str = NAME) -> None:
    """Go on from now; what happened during the pause is not told.

    Example: talentwatch subscriptions resume 郑州住房
    """
    _change(ctx, name, "resume")


@app.command()
def remove(ctx: typer.Context, name: str = NAME) -> None:
    """End it. What was sent stays in `alerts list`; what still waited is not sent any more.

    Example: talentwatch subscriptions remove 郑州住房
    """
    _change(ctx, name, "remove")


@app.command()
def language(
    ctx: typer.Context,
    name: str = NAME,
    spoken: str = typer.Argument(..., metavar="zh|en", help="Of the labels; what is quoted stays as it is."),
) -> None:
    """The language of its mails, its feed and its page from now on.

    Example: talentwatch subscriptions language 郑州住房 en
    """
    from crawler.cli.subscribe import spoken as checked
    from crawler.storage.state import subscriptions

    chosen = checked(spoken)
    engine = state_of(ctx)
    one = subscriptions.find(engine, name)
    subscriptions.speak(engine, one.id, chosen)
    note(f"{one.name}: {chosen}")


@app.command()
def address(
    ctx: typer.Context,
    name: str = NAME,
    to: str = typer.Argument(..., metavar="ADDRESS", help="A mail address, or the URL of its webhook or robot."),
) -> None:
    """Where its hits go from now on, by the same channel. The links of earlier messages end.

    What was refused at the old address: `talentwatch alerts resend --dead`.

    Example: talentwatch subscriptions address 郑州住房 me@host.example
    """
    from crawler.cli.subscribe import receiver
    from crawler.storage.state import subscriptions

    config = config_of(ctx)
    engine = state_of(ctx, config)
    one = subscriptions.find(engine, name)
    if one.channel == "feed":
        raise UsageError(f"{one.name} is a feed, which is sent nowhere", "Subscribe anew, with --email or another.")
    checked = receiver(config, one.channel, to, one.secret or "")
    subscriptions.readdress(engine, one.id, checked)
    note(f"{one.name}: {_shown(subscriptions.find(engine, one.id))}")


def _change(ctx: typer.Context, name: str, change: str) -> None:
    from crawler.storage.state import subscriptions

    engine = state_of(ctx)
    one = subscriptions.find(engine, name)
    getattr(subscriptions, change)(engine, one.id)
    note(f"{one.name}: {subscriptions.find(engine, one.id).state}")


def _told(one: Subscription, config: Config) -> dict[str, Any]:
    from crawler.alerts.ledger import feed_url, unsubscribe_url

    return {
        "id": one.id,
        "name": one.name,
        "channel": one.channel,
        "address": _shown(one),
        "state": one.state,
        "cadence": one.cadence,
        "language": one.language,
        "query": dict(one.query),
        "created_at": one.created_at,
        "feed": feed_url(one, config),
        "unsubscribe": unsubscribe_url(one, config),
    }


def _shown(one: Subscription) -> str:
    """Where its hits go, without what opens a group chat to everybody."""
    from crawler.alerts.chat import masked

    return masked(one.address) if one.channel in CHATS else one.address


def _query(one: Subscription) -> str:
    said = (f"{k} {','.join(map(str, v)) if isinstance(v, list) else v}" for k, v in one.query.items())
    return "; ".join(said) or "every talent policy"
