"""Subscriptions asked for on the web, until whoever reads the address has confirmed them."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import UsageError
from crawler.model import Subscription
from crawler.model.watch import SubscriptionCadence
from crawler.storage.state import subscriptions
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import facts, signups

#: How long a confirmation link works.
LIFE = dt.timedelta(hours=48)
#: Confirmation mails that one address gets in a day; more are not sent, and nobody is told so.
PER_ADDRESS = 3
#: Subscriptions that one client may ask for in an hour.
PER_CLIENT = 10
#: How long a row is kept to count by, once it has done its work.
_KEPT = dt.timedelta(days=7)
_KEY = "signing_key"


@dataclass(frozen=True, slots=True)
class Signup:
    """One that waits, or waited. ``language`` is that of the page; ``expires_at`` as `crawler.clock.iso`."""

    id: int
    address: str
    name: str
    query: Mapping[str, Any]
    cadence: SubscriptionCadence
    language: str
    created_at: str
    expires_at: str
    attempts: int
    confirmed_at: str | None


def add(
    engine: sa.Engine, *, address: str, name: str, query: Mapping[str, Any], cadence: SubscriptionCadence,
    language: str, client: str, now: dt.datetime,
) -> Signup:  # fmt: skip
    """Write down what somebody asks for; its mail is due at once, unless the address had enough of them.

    ``client`` is any text that stands for who asks. Raises `UsageError` (``too_many_signups``) for a
    client that asks too often. The caller has checked the address and the query.
    """
    moment = iso(now)
    with writing(engine) as connection:
        if _since(connection, signups.c.client == client, now - dt.timedelta(hours=1)) >= PER_CLIENT:
            raise UsageError(
                "too many subscriptions in a short time", "Try again in an hour.", code="too_many_signups"
            )
        # What an address never asked for must not bury it either, whoever asks.
        same = sa.func.lower(signups.c.address) == address.lower()
        full = _since(connection, same, now - dt.timedelta(days=1)) >= PER_ADDRESS
        row = {
            "address": address, "name": name, "query": json.dumps(dict(query), ensure_ascii=False, sort_keys=True),
            "cadence": cadence, "language": language, "client": client, "created_at": moment,
            "expires_at": iso(now + LIFE), "next_at": None if full else moment,
        }  # fmt: skip
        key = connection.execute(signups.insert().values(row)).inserted_primary_key
        assert key is not None  # noqa: S101 - an insert that worked has a key
        return _model(connection.execute(sa.select(signups).where(signups.c.id == key[0])).mappings().one())


def _since(connection: sa.Connection, whose: sa.ColumnElement[bool], moment: dt.datetime) -> int:
    counted = sa.select(sa.func.count()).select_from(signups).where(whose, signups.c.created_at > iso(moment))
    return int(connection.scalar(counted) or 0)


def find(engine: sa.Engine, signup_id: int) -> Signup | None:
    """One of them; None where there is none, or none any more."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(signups).where(signups.c.id == signup_id)).mappings().first()
        return _model(row) if row else None


def claim(engine: sa.Engine, *, now: dt.datetime, until: dt.datetime) -> Signup | None:
    """The next one whose mail is due; nobody else gets it before ``until``. Counts as an attempt."""
    moment = iso(now)
    due = (signups.c.next_at <= moment) & (signups.c.expires_at > moment) & signups.c.confirmed_at.is_(None)
    with writing(engine) as connection:
        found = connection.scalar(sa.select(signups.c.id).where(due).order_by(signups.c.id).limit(1))
        if found is None:
            return None
        row = signups.c.id == found
        connection.execute(signups.update().where(row).values(next_at=iso(until), attempts=signups.c.attempts + 1))
        return _model(connection.execute(sa.select(signups).where(row)).mappings().one())


def mailed(
    engine: sa.Engine, signup_id: int, *, error: str | None = None, again: dt.datetime | None = None,
    counted: bool = True,
) -> None:  # fmt: skip
    """How the mail went: sent, failed and due again, or given up. Not ``counted``: it was no attempt."""
    with writing(engine) as connection:
        connection.execute(
            signups.update()
            .where(signups.c.id == signup_id)
            .values(
                next_at=iso(again) if again else None,
                last_error=error,
                attempts=signups.c.attempts - (0 if counted else 1),
            )
        )


def confirm(engine: sa.Engine, signup_id: int, *, now: dt.datetime) -> Subscription | None:
    """Make the subscription, once; None where it was made before, has expired or is gone."""
    with writing(engine) as connection:
        done = connection.execute(
            signups.update()
            .where(signups.c.id == signup_id, signups.c.confirmed_at.is_(None), signups.c.expires_at > iso(now))
            .values(confirmed_at=iso(now), next_at=None)
        )
        if done.rowcount != 1:
            return None
        found = _model(connection.execute(sa.select(signups).where(signups.c.id == signup_id)).mappings().one())
        # Names are unique, and strangers choose the same ones.
        name = f"{found.name} #{secrets.token_hex(4)}"
        return subscriptions.add_in(
            connection, name=name, query=found.query, channel="mail", address=found.address, now=now,
            cadence=found.cadence, language="en" if found.language == "en" else "zh",
        )  # fmt: skip


def prune(engine: sa.Engine, *, now: dt.datetime) -> int:
    """Drop those that expired, and those that were confirmed long ago; how many."""
    expired = signups.c.confirmed_at.is_(None) & (signups.c.expires_at <= iso(now))
    with writing(engine) as connection:
        done = connection.execute(signups.delete().where(expired | (signups.c.confirmed_at <= iso(now - _KEPT))))
        return int(done.rowcount)


def signing_key(engine: sa.Engine) -> bytes:
    """The secret of this installation that its links are signed with; made when first asked for."""
    wanted = sa.select(facts.c.value).where(facts.c.key == _KEY)
    with reading(engine) as connection:
        held = connection.scalar(wanted)
    if held is None:
        with writing(engine) as connection:
            held = connection.scalar(wanted)
            if held is None:
                held = secrets.token_hex(32)
                connection.execute(facts.insert().values(key=_KEY, value=held))
    return bytes.fromhex(str(held))


def _model(row: Mapping[Any, Any]) -> Signup:
    names = ("address", "name", "cadence", "language", "created_at", "expires_at", "confirmed_at")
    return Signup(
        id=int(row["id"]), query=json.loads(row["query"]), attempts=int(row["attempts"]),
        **{name: row[name] for name in names},
    )  # fmt: skip
