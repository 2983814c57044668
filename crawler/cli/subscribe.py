"""``talentwatch subscribe``: save a query and say where its hits go."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, cast

import typer

from crawler.cli.filters import filtered
from crawler.cli.names import known_site
from crawler.cli.output import JSON, config_of, emit, note, say, state_of
from crawler.clock import now
from crawler.errors import UsageError
from crawler.model.watch import CHATS
from crawler.query import Query

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.model.watch import ChannelKind
    from crawler.model.watch import SubscriptionLanguage as Language

app = typer.Typer(add_completion=False)
#: Characters of a subscription's name: it stands in every mail.
_LONGEST_NAME = 200


@app.command()
@filtered
def subscribe(
    ctx: typer.Context,
    query: Query,
    name: str = typer.Option(..., "--name", metavar="NAME", help="How you call it."),
    email: str = typer.Option("", "--email", metavar="ADDRESS", help="Send its hits by mail."),
    webhook: str = typer.Option("", "--webhook", metavar="URL", help="Post its hits as signed JSON."),
    feed: bool = typer.Option(False, "--feed", help="Make an Atom feed of its hits."),
    wecom: str = typer.Option("", "--wecom", metavar="URL", help="Post them into a WeCom group, by its robot."),
    dingtalk: str = typer.Option("", "--dingtalk", metavar="URL", help="Post them into a DingTalk group."),
    feishu: str = typer.Option("", "--feishu", metavar="URL", help="Post them into a Feishu group."),
    robot_secret: str = typer.Option(
        "",
        "--robot-secret",
        metavar="SECRET",
        help="The robot's secret, where DingTalk (加签) or Feishu (签名校验) wants a signature; - asks for it.",
    ),
    message_language: str = typer.Option(
        "zh", "--message-language", metavar="zh|en", help="Of its alerts' labels; quotes stay as they are."
    ),
    json: bool = JSON,
) -> None:
    """Save a query and say where its hits go: by mail, to a webhook, into a feed, or into a group chat.

    It hears of what is published from now on; `subscriptions test` shows what it would have found.

    Examples:

      talentwatch subscribe --name 郑州住房 --email me@host.example 购房补贴 --region 郑州 --min-amount 10万

      talentwatch subscribe --name calls --webhook https://host.example/hook --doc-type call

      talentwatch subscribe --name all --feed

      talentwatch subscribe --name 郑州 --region 郑州 --wecom "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K"
    """
    from crawler.alerts.chat import masked
    from crawler.alerts.ledger import feed_url
    from crawler.storage.state import subscriptions

    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError("that is no name", f"Give one line of at most {_LONGEST_NAME} characters.")
    config = config_of(ctx)
    if robot_secret == "-":  # noqa: S105 - asks for it
        robot_secret = typer.prompt("secret", hide_input=True).strip()  # keeps it out of the shell's history
    given = {"mail": email, "webhook": webhook, "feed": "-" if feed else "", "wecom": wecom, "dingtalk": dingtalk,
             "feishu": feishu}  # fmt: skip
    channel, address = _receiver(config, {k: v for k, v in given.items() if v}, robot_secret)
    language = spoken(message_language)
    engine = state_of(ctx, config)
    for site in query.site:
        known_site(config, engine, site)  # one that never comes would be silent for ever
    made = subscriptions.add(
        engine, name=name.strip(), query=query.to_json(), channel=channel, address=address, now=now(),
        language=language, secret=robot_secret or None,
    )  # fmt: skip
    link = feed_url(made, config)
    if json:
        emit({"id": made.id, "name": made.name, "channel": channel, "address": address, "query": made.query,
              "language": made.language, "feed": link, "secret": made.secret})  # fmt: skip
        return
    say(f"{made.name}: {channel} {(masked(address) if channel in CHATS else address) or link}")
    if channel == "webhook":
        say(f"secret: {made.secret}")
        note("Check webhook-signature with it, as the Standard Webhooks specification says: docs/alerts.md.")
    if channel == "mail" and not config.smtp.url:
        note("smtp.url is not set: mails wait until it is.")
    note(f"What it would have found: talentwatch subscriptions test {shlex.quote(made.name)}")


def spoken(text: str) -> Language:
    """The language of messages; raises `UsageError` for one that they aren't written in."""
    if text not in ("zh", "en"):
        raise UsageError(f"messages are not written in {text!r}", "Say zh or en.")
    return "en" if text == "en" else "zh"


def _receiver(config: Config, given: dict[str, str], robot_secret: str) -> tuple[ChannelKind, str]:
    if len(given) != 1:
        raise UsageError(
            "where do the hits go?",
            "Give one of --email ADDRESS, --webhook URL, --feed, --wecom URL, --dingtalk URL, --feishu URL.",
        )
    ((channel, address),) = given.items()
    if robot_secret and channel not in CHATS:
        raise UsageError("--robot-secret is for robots of a chat", "Leave it out, or give --dingtalk or --feishu.")
    kind = cast("ChannelKind", channel)
    return kind, receiver(config, kind, address, robot_secret) if channel != "feed" else ""


def receiver(config: Config, channel: ChannelKind, address: str, robot_secret: str) -> str:
    """Where a channel other than the feed sends, as it is kept; raises `UsageError` for what can't be one."""
    from crawler.alerts.chat import checked_robot
    from crawler.alerts.mail import checked_address
    from crawler.alerts.webhook import checked_url

    if channel == "mail":
        return checked_address(address)
    return (
        checked_robot(channel, address, robot_secret, config) if channel in CHATS else checked_url(address, config)
    )
