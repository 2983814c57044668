"""The daily mail to the operator: what came, what is blind since when, what is stuck."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from crawler.alerts.ledger import mail_host
from crawler.alerts.mail import Mailer
from crawler.clock import iso
from crawler.config import Config
from crawler.errors import DeliveryError
from crawler.model import Message
from crawler.monitor.standing import Standing, blind, came, overdue, standing
from crawler.schedule.health import health
from crawler.schedule.incidents import line
from crawler.storage.state import incidents

#: Columns that are named; the others are counted.
_NAMED = 50


def text(engine: sa.Engine, config: Config, *, now: dt.datetime) -> tuple[str, str]:
    """Subject and text of the report of the last 24 hours."""
    state = standing(engine)
    lost = blind(engine)
    stuck = list(_stuck(engine, config, state, now))
    new = came(engine, since=now - dt.timedelta(days=1))
    open_, ended = incidents.open_ones(engine), [i for i in incidents.untold(engine) if i.closed_at]
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(new.items())) or "nothing"
    subject = f"TalentWatch {iso(now)[:10]}: {sum(new.values())} came, {len(lost)} blind, {len(stuck)} stuck"
    parts = [
        f"Came in the last 24 hours: {told}.",
        f"Stored: {sum(state.releases.values())} releases, {state.releases.get('yes', 0)} of them talent policies, "
        f"{state.releases.get('unsure', 0)} for review.",
        "",
        *(["Incidents:", *(f"- {line(one)}" for one in [*open_, *ended]), ""] if open_ or ended else []),
        f"Blind ({len(lost)} of {sum(state.columns.values())} columns):" if lost else "No column is blind.",
        *(
            f"- {c.site}/{c.key}: {c.verdict}, last seen well {c.last_ok or 'never'}; {'; '.join(c.reasons)}"
            for c in lost[:_NAMED]
        ),
        *([f"- and {len(lost) - _NAMED} more"] if len(lost) > _NAMED else []),
        "",
        "Stuck:" if stuck else "Nothing is stuck.",
        *(f"- {line}" for line in stuck),
        "",
        f"Site health: {config.web.base_url.rstrip('/')}/health/sites",
    ]
    return subject, "\n".join(parts) + "\n"


def send(engine: sa.Engine, config: Config, *, now: dt.datetime) -> tuple[bool, str]:
    """Mail the report to ``operator.email``; whether it went out, and a line that says so."""
    to = config.operator.email
    if not to:
        return True, "operator.email is not set: no report"
    if not config.smtp.url:
        return False, "smtp.url is not set: the report can't be sent"
    told = incidents.untold(engine)
    subject, body = text(engine, config, now=now)
    message = Message(
        to=to, subject=subject, text=body, html="", message_id=f"<report-{iso(now)[:10]}@{mail_host(config)}>"
    )
    try:
        with Mailer(config) as mailer:
            mailer.send(message, now=now)
    except DeliveryError as error:
        return False, f"the report was not sent: {error.message}"
    incidents.told(engine, told, now=now)
    return True, f"sent: {subject}"


def _stuck(engine: sa.Engine, config: Config, state: Standing, now: dt.datetime) -> Iterator[str]:
    late = overdue(engine, now=now, minutes=config.heartbeat.late_minutes)
    if late:
        yield late
    if state.pending:
        yield f"{state.pending} pages wait to be fetched"
    if state.quarantined:
        yield f"{state.quarantined} pages are in quarantine (`talentwatch review list`)"
    if state.deliveries.get("dead"):
        yield f"{state.deliveries['dead']} deliveries are dead (`talentwatch alerts list`)"
    if state.deliveries.get("failed"):
        yield f"{state.deliveries['failed']} deliveries failed and are tried again"
    if state.lag.rows:
        yield f"{state.lag.rows} releases wait to be indexed since {state.lag.oldest}"
    if state.lag.refused:
        yield f"{state.lag.refused} releases were refused by the index (`talentwatch index status`)"
    for job in health(engine, now, config):
        for words in job.missed:
            yield f"job {job.job}: {words}"
        if job.failures:
            yield f"job {job.job}: {job.failures} failed runs ({job.last_detail or job.last_outcome})"
