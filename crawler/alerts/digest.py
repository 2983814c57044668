"""Several alerts of one subscription in one mail, for those who want one in the morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from crawler.alerts.blind import Blind, line
from crawler.alerts.render import Occasion, foot, headline, message, plain
from crawler.alerts.wording import labels
from crawler.config import Config
from crawler.model import Alert, Message, Subscription
from crawler.model.watch import CHATS

#: Alerts in one mail, and in one message to a chat; what is left goes out in the next one.
LARGEST, LARGEST_CHAT = 50, 10
_RULE = "\n\n" + "─" * 24 + "\n\n"


def batches(due: Iterable[Alert], known: dict[int, Subscription]) -> list[list[Alert]]:
    """What goes out together, in the order of the first of each: one mail a subscription where it is sent
    daily, one message a chat, whose robots may send but few, else one an alert. What failed before goes alone,
    so that it can't fail the others again."""
    out: list[list[Alert]] = []
    open_: dict[int, list[Alert]] = {}
    for alert in due:
        subscription = known[alert.subscription_id]
        chat = subscription.channel in CHATS
        daily = subscription.cadence == "daily" and subscription.channel == "mail"
        if not (chat or daily) or alert.attempts:
            out.append([alert])
            continue
        batch = open_.get(subscription.id)
        if batch is None or len(batch) >= (LARGEST_CHAT if chat else LARGEST):
            batch = open_[subscription.id] = []
            out.append(batch)
        batch.append(alert)
    return out


def subject(number: int, first: Occasion) -> str:
    """The subject of several alerts: how many, and the first."""
    return labels("digest", first.subscription.language)["subject"].format(number=number, first=headline(first))


def digest(
    occasions: Sequence[Occasion], config: Config, *, today: dt.date, blind: Sequence[Blind] = ()
) -> Message:
    """One message for all; a single alert is told as ever. Its id is that of the first alert.

    ``blind``: for which of the subscriber's sources the system is blind; told at the end.
    """
    first = occasions[0]
    unseen = [line(each, first.subscription.language) for each in blind]
    one = message(first, config, today=today, unseen=unseen)
    if len(occasions) == 1:
        return one
    subscription = first.subscription
    ends = (*unseen, *foot(subscription, config))
    told = (plain(each, config, today=today).rpartition("\n--\n")[0].strip() for each in occasions)
    return Message(
        message_id=one.message_id,
        to=one.to,
        subject=subject(len(occasions), first),
        text=_RULE.join(told) + "\n\n--\n" + "\n".join(ends) + "\n",
        headers=one.headers,
    )
