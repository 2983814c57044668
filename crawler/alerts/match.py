"""Which subscription is to hear of which event.

Events are walked in the order of our own sequence, never by a date that a document states, so that
a late or back-dated release is heard of like any other. What one walk finds and how far it came is
committed together; a second process that walks the same stretch finds it done.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.alerts import wording
from crawler.alerts.ledger import due_at, message_id
from crawler.clock import iso
from crawler.config import Config
from crawler.errors import UsageError
from crawler.model import Event, StoredRelease, Subscription
from crawler.query import Many, Match, Query, matches
from crawler.storage.index.sync import project
from crawler.storage.state import alerts as ledger
from crawler.storage.state import events, subscriptions
from crawler.storage.state.stored import iterate, many, story

#: Events per transaction: bounds memory, not how many alerts there may be.
CHUNK = 200

#: Events that concern those who were told before, even where the release left their query.
_FOLLOW_UPS = frozenset({"changed", "withdrawn", "corrected"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Watcher:
    subscription: Subscription
    query: Query
    #: Where the query stands among those of all watchers.
    place: int


def match_due(engine: sa.Engine, config: Config, *, now: dt.datetime) -> int:
    """Match every event that some active subscription has not been matched against; how many
    alerts were written.

    Only events that are not silent, after the subscription's creation. The query is evaluated on
    the current state of the release, as `search` would find it, so irrelevant releases alert only
    those whose query asks for them. A subscription whose query can't be read (written by another
    version) is left where it stands and logged; the others go on.
    """
    watchers = _watchers(engine)
    written = 0
    while True:
        progress = {key: seq for key, seq in subscriptions.progress(engine).items() if key in watchers}
        if not progress:
            return written
        settled = subscriptions.settled(engine)
        ahead = events.after(engine, min(progress.values()), limit=CHUNK, silent=True)
        chunk = [event for event in ahead if event.seq <= settled]
        if not chunk:
            return written
        end = chunk[-1].seq
        advance = {key: (seq, end) for key, seq in progress.items() if seq < end}
        entries = _entries(engine, config, watchers, progress, chunk, now)
        written += ledger.record(engine, entries, advance, now=now)


@dataclass(frozen=True, slots=True)
class Found:
    """A stored release that a query matches, and why."""

    stored: StoredRelease
    reason: str
    quote: str


def back_test(
    engine: sa.Engine, query: Mapping[str, Any], *, today: dt.date, since: str | None = None,
    lang: wording.Language = "zh",
) -> list[Found]:  # fmt: skip
    """What a subscription's query matches among all stored releases, the newest to us first.

    ``since``: first seen on that ISO day or later. Writes and sends nothing. Raises `QueryError`
    for a query that can't be read.
    """
    wanted = Query.from_json(query)
    out = []
    for stored in iterate(engine, since=since):
        found = matches(wanted, project(stored, today))
        if found is not None:
            out.append(Found(stored, wording.reason(found, lang), found.quote))
    return sorted(out, key=lambda one: one.stored.first_seen, reverse=True)


def _watchers(engine: sa.Engine) -> dict[int, _Watcher]:
    out: dict[int, _Watcher] = {}
    for one in subscriptions.every(engine):
        if one.state != "active":
            continue
        try:
            out[one.id] = _Watcher(one, Query.from_json(one.query), len(out))
        except UsageError as error:
            _log.error("subscription %s is not matched: its query can't be read: %s", one.name, error.message)
    return out


class _Candidate:
    """A release that an event may be told from, and which watchers' queries find it."""

    def __init__(self, stored: StoredRelease, today: dt.date, queries: Many) -> None:
        self.stored = stored
        self._doc = project(stored, today)
        self.hits = queries.hits(self._doc)

    def match(self, watcher: _Watcher) -> Match | None:
        """Whether and why the watcher's query finds it."""
        return matches(watcher.query, self._doc) if watcher.place in self.hits else None


def _entries(
    engine: sa.Engine,
    config: Config,
    watchers: Mapping[int, _Watcher],
    progress: Mapping[int, int],
    chunk: Sequence[Event],
    now: dt.datetime,
) -> list[ledger.Entry]:
    loud = [event for event in chunk if not event.silent]
    stored = many(engine, sorted({event.release_id for event in loud}))
    told = ledger.told(engine, sorted(stored))
    queries = Many(watcher.query for watcher in watchers.values())
    out: list[ledger.Entry] = []
    for event in loud:
        release = stored.get(event.release_id)
        if release is None:
            continue
        candidates = _candidates(engine, event, release, now.date(), queries)
        found_by = set().union(*(candidate.hits for candidate in candidates))
        for key, watcher in watchers.items():
            if watcher.place not in found_by and (key, event.release_id) not in told:
                continue  # neither finds it nor was ever told of it
            if progress.get(key, event.seq) >= event.seq or watcher.subscription.after_seq >= event.seq:
                continue
            found = _judge(watcher, event, candidates, told)
            if found is not None:
                told.add((key, found.stored.release_id))
                out.append(_entry(watcher.subscription, event, found, config, now))
    return out


def _candidates(
    engine: sa.Engine, event: Event, release: StoredRelease, today: dt.date, queries: Many
) -> list[_Candidate]:
    """The event's own release; before it the story's original, where that one was stored later and
    made a repost of this one. The news is the story's, and a search finds its original."""
    chosen = [release]
    if event.kind == "new" and not release.is_original:
        chosen = [one for one in story(engine, release.story_id) if one.is_original] + chosen
    return [_Candidate(one, today, queries) for one in chosen]


def _judge(
    watcher: _Watcher, event: Event, candidates: Sequence[_Candidate], told: AbstractSet[tuple[int, str]]
) -> Found | None:
    """What this subscription is told of this event, or None where it is not for it."""
    known, lang = (watcher.subscription.id, event.release_id) in told, watcher.subscription.language
    if event.kind == "corrected" and not known:
        return None  # we told nobody the wrong value, so nobody needs the right one
    for candidate in candidates:
        match = candidate.match(watcher)
        if match is not None:
            title = candidate.stored.release.title or ""
            return Found(candidate.stored, wording.reason(match, lang), match.quote or title)
    own = candidates[-1].stored
    if known and event.kind in _FOLLOW_UPS and own.release.is_talent_policy:
        return Found(own, wording.labels("message", lang)["no_longer"], "")
    return None


def _entry(
    subscription: Subscription, event: Event, found: Found, config: Config, now: dt.datetime
) -> ledger.Entry:
    return ledger.Entry(
        subscription_id=subscription.id,
        event_seq=event.seq,
        release_id=found.stored.release_id,
        event=event.kind,
        reason=found.reason,
        quote=found.quote,
        channel=subscription.channel,
        message_id=message_id(subscription, event.seq, config),
        due_at=iso(due_at(subscription, now)),
    )
