"""The ledger: who is to hear of what, and how far each delivery has come.

An alert and its delivery are written in the transaction that moves the subscription's
``matched_seq``. A delivery is leased before it is sent and closed after the receiver's yes, each in
a transaction of its own, and only by the owner of the lease: what dies in between is sent again
once the lease has run out, and that is the only way in which something can be sent twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import NotFound, UsageError
from crawler.model import Alert
from crawler.model.watch import ChannelKind
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import alerts, deliveries, subscriptions


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to write into the ledger."""

    subscription_id: int
    event_seq: int
    release_id: str
    event: str
    reason: str
    quote: str
    channel: ChannelKind
    message_id: str
    #: When it may be sent; empty: at once.
    due_at: str = ""


def record(
    engine: sa.Engine, entries: Iterable[Entry], advance: Mapping[int, tuple[int, int]], *, now: dt.datetime
) -> int:
    """Write what matched and how far matching has come, in ONE transaction; how many rows are new.

    ``advance``: subscription → (from, to). A subscription that another process moved, paused or
    removed meanwhile is left alone together with its entries. A feed has nobody to send to: its
    deliveries are done at once.
    """
    moment = iso(now)
    with writing(engine) as connection:
        moved = {key for key, (start, end) in advance.items() if _advance(connection, key, start, end)}
        wanted = {(e.subscription_id, e.event_seq): e for e in entries if e.subscription_id in moved}
        for known in _known(connection, wanted):
            del wanted[known]
        if not wanted:
            return 0
        rows = [
            {name: getattr(e, name) for name in _ALERT_FIELDS} | {"created_at": moment} for e in wanted.values()
        ]
        made = connection.execute(
            alerts.insert().returning(alerts.c.id, alerts.c.subscription_id, alerts.c.event_seq), rows
        ).all()
        connection.execute(
            deliveries.insert(), [_delivery(int(made_id), wanted[sub, seq], moment) for made_id, sub, seq in made]
        )
    return len(made)


_ALERT_FIELDS = ("subscription_id", "event_seq", "release_id", "event", "reason", "quote")


def _advance(connection: sa.Connection, key: int, start: int, end: int) -> bool:
    done = connection.execute(
        subscriptions.update()
        .where(subscriptions.c.id == key, subscriptions.c.matched_seq == start, subscriptions.c.state == "active")
        .values(matched_seq=end)
    )
    return done.rowcount == 1


def _delivery(alert_id: int, entry: Entry, moment: str) -> dict[str, object]:
    done = entry.channel == "feed"
    return {
        "alert_id": alert_id,
        "channel": entry.channel,
        "message_id": entry.message_id,
        "next_at": entry.due_at or moment,
        "state": "sent" if done else "pending",
        "sent_at": moment if done else None,
    }


def _known(connection: sa.Connection, wanted: Mapping[tuple[int, int], Entry]) -> list[tuple[int, int]]:
    """Those of the pairs that stand in the ledger already."""
    if not wanted:
        return []
    seqs = [seq for _, seq in wanted]
    query = sa.select(alerts.c.subscription_id, alerts.c.event_seq).where(
        alerts.c.event_seq.between(min(seqs), max(seqs))
    )
    return [(int(sub), int(seq)) for sub, seq in connection.execute(query) if (int(sub), int(seq)) in wanted]


def told(engine: sa.Engine, release_ids: Sequence[str]) -> set[tuple[int, str]]:
    """Which subscriptions have an alert for which of these releases."""
    query = sa.select(alerts.c.subscription_id, alerts.c.release_id).where(alerts.c.release_id.in_(release_ids))
    with reading(engine) as connection:
        return {(int(key), release) for key, release in connection.execute(query.distinct())}


def due(engine: sa.Engine, *, now: dt.datetime, limit: int | None = None) -> list[Alert]:
    """What may be sent now, the oldest first: waiting ones whose time has come, and leased ones
    whose lease has run out. Deliveries of paused subscriptions wait."""
    moment = iso(now)
    query = (
        _SELECT.join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
        .where(subscriptions.c.state == "active", _free(moment))
        .order_by(alerts.c.id)
        .limit(limit)
    )
    with reading(engine) as connection:
        return [_model(row) for row in connection.execute(query).mappings()]


def _free(moment: str) -> sa.ColumnElement[bool]:
    waiting = deliveries.c.state.in_(("pending", "failed")) & (deliveries.c.next_at <= moment)
    return waiting | ((deliveries.c.state == "leased") & (deliveries.c.lease_until <= moment))


def claim(engine: sa.Engine, alert_id: int, *, owner: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Lease one delivery; False where another process was first. Counts as an attempt."""
    with writing(engine) as connection:
        done = connection.execute(
            deliveries.update()
            .where(deliveries.c.alert_id == alert_id, _free(iso(now)))
            .values(state="leased", lease_owner=owner, lease_until=iso(until), attempts=deliveries.c.attempts + 1)
        )
        return done.rowcount == 1


def sent(engine: sa.Engine, alert_id: int, *, owner: str, now: dt.datetime) -> bool:
    """The receiver said yes. False where the lease was lost meanwhile."""
    return _close(engine, alert_id, owner, state="sent", sent_at=iso(now), last_error=None)


def failed(
    engine: sa.Engine, alert_id: int, *, owner: str, error: str, next_at: dt.datetime, counted: bool = True
) -> bool:
    """Not now: try again at ``next_at``. Not ``counted``: it was no attempt, the receiver never heard of it."""
    values = {} if counted else {"attempts": deliveries.c.attempts - 1}
    return _close(engine, alert_id, owner, state="failed", next_at=iso(next_at), last_error=error, **values)


def dead(engine: sa.Engine, alert_id: int, *, owner: str, error: str) -> bool:
    """Refused for good; only `resend` revives it."""
    return _close(engine, alert_id, owner, state="dead", last_error=error)


def _close(engine: sa.Engine, alert_id: int, owner: str, **values: object) -> bool:
    with writing(engine) as connection:
        done = connection.execute(
            deliveries.update()
            .where(
                deliveries.c.alert_id == alert_id,
                deliveries.c.state == "leased",
                deliveries.c.lease_owner == owner,
            )
            .values(lease_owner=None, lease_until=None, **values)
        )
        return done.rowcount == 1


def resend(engine: sa.Engine, alert_id: int, *, now: dt.datetime) -> Alert:
    """Make a delivery due again, whatever its state, under the same message id.

    Raises `NotFound` where there is no such alert, `UsageError` where its subscription was removed. One that is
    being sent at this moment is left to whoever holds its lease.
    """
    with writing(engine) as connection:
        if connection.execute(_ENDED.where(alerts.c.id == alert_id)).first():
            raise UsageError(f"the subscription of alert {alert_id} was removed", "Subscribe anew.")
        connection.execute(
            deliveries.update()
            .where(deliveries.c.alert_id == alert_id, deliveries.c.channel != "feed")
            .where((deliveries.c.state != "leased") | (deliveries.c.lease_until <= iso(now)))
            .values(state="pending", next_at=iso(now), sent_at=None, attempts=0, lease_owner=None, lease_until=None)
        )
        row = connection.execute(_SELECT.where(alerts.c.id == alert_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", "See talentwatch alerts list.")
    return _model(row)


def listing(
    engine: sa.Engine,
    *,
    subscription_id: int | None = None,
    states: Sequence[str] = (),
    limit: int | None = None,
    newest_first: bool = False,
) -> list[Alert]:
    """Ledger rows, oldest first unless told otherwise."""
    query = _SELECT.order_by(alerts.c.id.desc() if newest_first else alerts.c.id).limit(limit)
    if subscription_id is not None:
        query = query.where(alerts.c.subscription_id == subscription_id)
    if states:
        query = query.where(deliveries.c.state.in_(list(states)))
    with reading(engine) as connection:
        return [_model(row) for row in connection.execute(query).mappings()]


def mendable(engine: sa.Engine) -> list[int]:
    """The dead deliveries' alerts, oldest first, without those of removed subscriptions."""
    query = sa.select(deliveries.c.alert_id).where(
        deliveries.c.state == "dead", deliveries.c.alert_id.not_in(_ENDED)
    )
    with reading(engine) as connection:
        return [int(number) for number in connection.scalars(query.order_by(deliveries.c.alert_id))]


def counts(engine: sa.Engine) -> dict[str, int]:
    """How many deliveries are in which state, without the dead ones that nobody can mend (see `mendable`)."""
    query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
    query = query.where(sa.or_(deliveries.c.state != "dead", deliveries.c.alert_id.not_in(_ENDED)))
    with reading(engine) as connection:
        return {state: int(number) for state, number in connection.execute(query)}


def by_subscription(engine: sa.Engine) -> dict[int, int]:
    """How many alerts each subscription had."""
    query = sa.select(alerts.c.subscription_id, sa.func.count()).group_by(alerts.c.subscription_id)
    with reading(engine) as connection:
        return {int(key): int(number) for key, number in connection.execute(query)}


#: The alerts of removed subscriptions.
_ENDED = (
    sa.select(alerts.c.id)
    .join(subscriptions, subscriptions.c.id == alerts.c.subscription_id)
    .where(subscriptions.c.state == "removed")
)
_SELECT = sa.select(
    alerts,
    deliveries.c.channel,
    deliveries.c.message_id,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.sent_at,
    deliveries.c.last_error,
).join(deliveries, deliveries.c.alert_id == alerts.c.id)


def _model(row: Mapping[Any, Any]) -> Alert:
    return Alert(
        id=int(row["id"]),
        subscription_id=int(row["subscription_id"]),
        event_seq=int(row["event_seq"]),
        release_id=row["release_id"],
        event=row["event"],
        reason=row["reason"],
        quote=row["quote"],
        created_at=row["created_at"],
        channel=row["channel"],
        message_id=row["message_id"],
        state=row["state"],
        attempts=int(row["attempts"]),
        sent_at=row["sent_at"],
        last_error=row["last_error"],
    )
