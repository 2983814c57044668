"""Subscriptions: saved queries, where their hits go, and how far matching has come for each."""

from __future__ import annotations

import base64
import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import NotFound, UsageError
from crawler.model import Subscription
from crawler.model.watch import ChannelKind, SubscriptionCadence, SubscriptionLanguage
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import alerts, deliveries, events, subscriptions

#: Bytes of randomness in a token: whoever knows it may read the feed and unsubscribe.
_TOKEN_BYTES = 24


def add(
    engine: sa.Engine, *, name: str, query: Mapping[str, Any], channel: ChannelKind, address: str, now: dt.datetime,
    language: SubscriptionLanguage = "zh", secret: str | None = None,
) -> Subscription:  # fmt: skip
    """Save a query. It hears of events after this moment only.

    The caller has checked ``query`` and ``address``; ``secret`` is that of a chat's robot, a webhook's is made
    here. Names are unique among the subscriptions that aren't removed; raises `UsageError` for one that is taken
    or empty.
    """
    with writing(engine) as connection:
        return add_in(
            connection, name=name, query=query, channel=channel, address=address, now=now, language=language,
            secret=secret,
        )  # fmt: skip


def add_in(
    connection: sa.Connection, *, name: str, query: Mapping[str, Any], channel: ChannelKind, address: str,
    now: dt.datetime, cadence: SubscriptionCadence = "at_once", language: SubscriptionLanguage = "zh",
    secret: str | None = None,
) -> Subscription:  # fmt: skip
    """As `add`, within the caller's transaction."""
    if not name.strip():
        raise UsageError("a subscription needs a name", "Give one with --name.")
    taken = sa.select(subscriptions.c.id).where(subscriptions.c.name == name, subscriptions.c.state != "removed")
    if connection.execute(taken).first():
        raise UsageError(
            f"there is already a subscription named {name}",
            "Choose another --name, or remove the old one: talentwatch subscriptions remove NAME.",
        )
    seq = last_event(connection)
    row = {
        "name": name,
        "query": json.dumps(dict(query), ensure_ascii=False, sort_keys=True),
        "channel": channel,
        "address": address,
        "token": secrets.token_urlsafe(_TOKEN_BYTES),
        "secret": _secret() if channel == "webhook" else secret,
        "created_at": iso(now),
        "after_seq": seq,
        "matched_seq": seq,
        "state": "active",
        "cadence": cadence,
        "language": language,
    }
    key = connection.execute(subscriptions.insert().values(row)).inserted_primary_key
    assert key is not None  # noqa: S101 - an insert that worked has a key
    return _one(connection, subscriptions.c.id == key[0])


def last_event(connection: sa.Connection) -> int:
    """The sequence number of the newest event; 0 where there is none."""
    return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(events.c.seq), 0))) or 0)


def _secret() -> str:
    """A webhook's key in the form of the Standard Webhooks specification."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def settled(engine: sa.Engine) -> int:
    """The newest event's number, below which no other event can appear any more.

    PostgreSQL hands out numbers before transactions commit, so that a lower one may become visible
    after a higher one; the lock waits for the transactions that are under way. SQLite has one writer.
    """
    if engine.dialect.name != "postgresql":
        with reading(engine) as connection:
            return last_event(connection)
    with writing(engine) as connection:
        connection.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
        return last_event(connection)


def every(engine: sa.Engine, *, removed: bool = False) -> list[Subscription]:
    """All subscriptions in the order in which they were made; removed ones only on demand."""
    query = sa.select(subscriptions).order_by(subscriptions.c.id)
    if not removed:
        query = query.where(subscriptions.c.state != "removed")
    with reading(engine) as connection:
        return [_model(row) for row in connection.execute(query).mappings()]


def find(engine: sa.Engine, key: str | int) -> Subscription:
    """The subscription of that name or number. Raises `NotFound`, which names those there are."""
    text = str(key)
    live = subscriptions.c.state != "removed"
    with reading(engine) as connection:
        named = sa.select(subscriptions).where(live, subscriptions.c.name == text)
        row = connection.execute(named).mappings().first()
        if row is None and text.isascii() and text.isdigit() and len(text) < 18:
            wanted = sa.select(subscriptions).where(subscriptions.c.id == int(text))
            row = connection.execute(wanted).mappings().first()
        if row is not None:
            return _model(row)
        names = connection.scalars(sa.select(subscriptions.c.name).where(live).limit(10)).all()
    known = f"There are: {', '.join(names)}." if names else "There is none yet: talentwatch subscribe --help."
    raise NotFound(f"there is no subscription {text}", known)


def by_token(engine: sa.Engine, token: str) -> Subscription | None:
    """The subscription that this token opens, removed ones included; None for a wrong token."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(subscriptions).where(subscriptions.c.token == token)).mappings().first()
    return _model(row) if row is not None else None


def by_ids(engine: sa.Engine, ids: Sequence[int]) -> dict[int, Subscription]:
    """Subscriptions by number."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(subscriptions).where(subscriptions.c.id.in_(list(ids)))).mappings()
        return {int(row["id"]): _model(row) for row in rows}


def progress(engine: sa.Engine) -> dict[int, int]:
    """How far matching has come: the last event looked at, for each active subscription."""
    query = sa.select(subscriptions.c.id, subscriptions.c.matched_seq).where(subscriptions.c.state == "active")
    with reading(engine) as connection:
        return {int(key): int(seq) for key, seq in connection.execute(query)}


def pause(engine: sa.Engine, subscription_id: int) -> None:
    """Nothing is matched or sent until `resume`."""
    _set(engine, subscription_id, state="paused")


def resume(engine: sa.Engine, subscription_id: int) -> None:
    """Go on from now: what happened during the pause is not told. What waited then is sent."""
    with writing(engine) as connection:
        connection.execute(
            subscriptions.update()
            .where(subscriptions.c.id == subscription_id, subscriptions.c.state == "paused")
            .values(state="active", matched_seq=last_event(connection))
        )


def pace(engine: sa.Engine, subscription_id: int, cadence: SubscriptionCadence) -> None:
    """How often it is sent from now on; what waits already keeps its time."""
    _set(engine, subscription_id, cadence=cadence)


def speak(engine: sa.Engine, subscription_id: int, language: SubscriptionLanguage) -> None:
    """The language of its messages from now on."""
    _set(engine, subscription_id, language=language)


def readdress(engine: sa.Engine, subscription_id: int, address: str) -> None:
    """Send there from now on, also what still waits; the caller has checked ``address``.

    The links of earlier messages end: who had them need not be who gets the next ones.
    """
    _set(engine, subscription_id, address=address, token=secrets.token_urlsafe(_TOKEN_BYTES))


def remove(engine: sa.Engine, subscription_id: int) -> None:
    """End it for good. The ledger stays; what still waited is not sent any more."""
    with writing(engine) as connection:
        connection.execute(
            subscriptions.update().where(subscriptions.c.id == subscription_id).values(state="removed")
        )
        own = sa.select(alerts.c.id).where(alerts.c.subscription_id == subscription_id)
        connection.execute(
            deliveries.update()
            .where(deliveries.c.alert_id.in_(own), deliveries.c.state.in_(("pending", "failed")))
            .values(state="dead", last_error="the subscription was removed", lease_owner=None, lease_until=None)
        )


def _set(engine: sa.Engine, subscription_id: int, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(
            subscriptions.update()
            .where(subscriptions.c.id == subscription_id, subscriptions.c.state != "removed")
            .values(**values)
        )


def _one(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Subscription:
    return _model(connection.execute(sa.select(subscriptions).where(where)).mappings().one())


def _model(row: Mapping[Any, Any]) -> Subscription:
    return Subscription(
        id=int(row["id"]),
        name=row["name"],
        query=json.loads(row["query"]),
        channel=row["channel"],
        address=row["address"],
        token=row["token"],
        created_at=row["created_at"],
        after_seq=int(row["after_seq"]),
        state=row["state"],
        secret=row["secret"],
        cadence=row["cadence"],
        language=row["language"],
    )
