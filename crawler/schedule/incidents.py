"""Telling the operator of incidents: one mail when one opens, one when it is over; or the daily report does."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from crawler.alerts.ledger import mail_host
from crawler.config import Config
from crawler.errors import DeliveryError
from crawler.model import Message
from crawler.monitor import incidents as watch
from crawler.monitor import mend
from crawler.storage.state import incidents
from crawler.storage.state.incidents import Incident

#: Columns of an incident that are named; the others are counted.
_NAMED = 20


def line(one: Incident) -> str:
    """One line for people: where, what, since when, and how many columns."""
    over = f", over since {one.closed_at}" if one.closed_at else ""
    return f"{one.name}: {one.verdict}, {len(one.members)} columns blind since {one.since}{over}"


def follow(engine: sa.Engine, config: Config, *, now: dt.datetime) -> str:
    """After a round: bring the incidents up to date, and mail what is to be told at once.

    Returns what went wrong in telling; it is tried again after the next round. Raises `StorageError`.
    """
    watch.update(engine, now=now)
    if not (config.operator.incidents and config.operator.email and config.smtp.url):
        return ""
    from crawler.alerts.mail import Mailer

    try:
        with Mailer(config) as mailer:
            for one in incidents.untold(engine):
                mailer.send(message(one, config), now=now)
                incidents.told(engine, [one], now=now)
    except DeliveryError as error:
        return f"the operator was not told of an incident: {error.message}"
    return ""


def message(one: Incident, config: Config) -> Message:
    """The mail of an incident's beginning, or of its end."""
    over = one.closed_at is not None
    subject = f"TalentWatch: {one.name} {'is seen again' if over else 'is blind: ' + one.verdict}"
    parts = [line(one) + ".", ""]
    parts += [f"- {site}/{key}" for site, key in one.members[:_NAMED]]
    if len(one.members) > _NAMED:
        parts.append(f"- and {len(one.members) - _NAMED} more")
    if not over and mend(one.verdict):
        parts += ["", f"What helps: {mend(one.verdict)}."]
    parts += ["", f"Site health: {config.web.base_url.rstrip('/')}/health/sites"]
    named = f"<incident-{one.id}-{'over' if over else 'open'}@{mail_host(config)}>"
    return Message(
        to=config.operator.email or "", subject=subject, text="\n".join(parts) + "\n", html="", message_id=named
    )
