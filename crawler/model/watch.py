"""Subscriptions, events, messages and runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.model.release import Change
from crawler.model.values import EventKind

ChannelKind = Literal["mail", "webhook", "feed", "wecom", "dingtalk", "feishu"]
#: The channels that are robots of a group chat.
CHATS = ("wecom", "dingtalk", "feishu")
#: When alerts go out: each as soon as it is found, or all of a day in its next morning.
SubscriptionCadence = Literal["at_once", "daily"]
#: The language of labels and sentences; what was read is quoted in its own.
SubscriptionLanguage = Literal["zh", "en"]


#: What `crawler.storage.state.signups` puts behind a name.
_MARK = re.compile(r" #[0-9a-f]{8}$")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved query and where its hits go. ``token`` opens its feed and its unsubscribe page."""

    id: int
    name: str
    #: The canonical JSON of a `crawler.query.Query`.
    query: Mapping[str, Any]
    channel: ChannelKind
    #: Mail address, webhook URL or a chat robot's address; empty for a feed.
    address: str
    token: str
    created_at: str
    #: Events up to this sequence number are before the subscription's time.
    after_seq: int = 0
    state: Literal["active", "paused", "removed"] = "active"
    #: The webhook's HMAC key; the secret of a chat's robot where it wants its calls signed.
    secret: str | None = None
    cadence: SubscriptionCadence = "at_once"
    language: SubscriptionLanguage = "zh"

    @property
    def title(self) -> str:
        """The name without the mark that keeps apart what visitors of the pages called alike."""
        return _MARK.sub("", self.name)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that subscribers hear of. ``seq`` grows; one per story and content."""

    seq: int
    kind: EventKind
    release_id: str
    revision: int
    story_id: str
    created_at: str
    changes: tuple[Change, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A ledger row: this subscription is to hear of this event, once."""

    id: int
    subscription_id: int
    event_seq: int
    release_id: str
    event: EventKind
    reason: str
    quote: str
    created_at: str
    channel: ChannelKind
    message_id: str
    state: Literal["pending", "leased", "sent", "failed", "dead"] = "pending"
    attempts: int = 0
    sent_at: str | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered alert, ready for its channel."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)


Verdict = Literal[
    "ok", "quiet", "suspicious", "drift", "blocked", "geo_blocked", "moved", "login", "dead",
    "failed", "unchanged",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row of a list that was not taken, and the rule that says so."""

    title: str
    url: str
    rule: str


@dataclass(frozen=True, slots=True)
class Run:
    """One column's part in one round."""

    run_id: str
    round_id: str
    site: str
    column: str
    started: str
    ended: str | None = None
    pages: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    requests: int = 0
    not_modified: int = 0
    verdict: Verdict = "failed"
    reasons: tuple[str, ...] = ()
    #: Rows that were not taken: the first of them, and how many in all.
    dropped: tuple[DroppedRow, ...] = ()
    dropped_rows: int = 0
    #: The newest date on the list, and its longest pause in working days; known from earlier runs where it was
    #: not read.
    newest: str | None = None
    pause: int | None = None
    #: How many rows the list itself says it has, in all its pages; None where it doesn't.
    stated: int | None = None
