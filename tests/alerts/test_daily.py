"""Mails of the web's subscriptions: several alerts in one, and confirmations that a server didn't take."""

from __future__ import annotations

import datetime as dt
import email
import email.policy

import sqlalchemy as sa

from crawler.alerts import confirm, deliver_due, match_due
from crawler.clock import SHANGHAI, now
from crawler.config import Config
from crawler.schedule import work
from crawler.storage.state import alerts, signups, subscriptions, tables
from crawler.storage.state.engine import writing
from tests.alerts.world import Mailbox, release, store

EVENING = dt.datetime(2026, 3, 2, 20, 0, tzinfo=SHANGHAI)


def daily(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        subscriptions.add_in(
            connection,
            name="daily",
            query={},
            channel="mail",
            address="a@post.example",
            now=EVENING,
            cadence="daily",
        )


def test_a_daily_subscription_gets_one_mail_in_the_morning(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    box = mailbox[0]
    daily(engine)
    for title in ("第一项措施", "第二项措施", "第三项措施"):
        store(engine, release(title), now=EVENING)
    assert match_due(engine, config, now=EVENING) == 3
    assert deliver_due(engine, config, now=EVENING).sent == 0
    assert deliver_due(engine, config, now=EVENING + dt.timedelta(hours=12)).sent == 3
    assert len(box.mails) == 1
    mail = email.message_from_bytes(box.mails[0], policy=email.policy.default)
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    assert all(title in body.get_content() for title in ("第一项措施", "第二项措施", "第三项措施"))
    assert str(mail["Subject"]).startswith("【人才政策雷达】3 条提醒：新发布：第一项措施")
    assert {alert.state for alert in alerts.listing(engine)} == {"sent"}


def test_one_alert_that_cant_be_told_fails_no_other(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    box = mailbox[0]
    daily(engine)
    keys = [store(engine, release(title), now=EVENING) for title in ("第一项措施", "第二项措施")]
    match_due(engine, config, now=EVENING)
    with writing(engine) as connection:
        connection.execute(tables.releases.delete().where(tables.releases.c.release_id == keys[0]))
    morning = EVENING + dt.timedelta(hours=12)
    assert deliver_due(engine, config, now=morning).failed == 2
    later = deliver_due(engine, config, now=morning + dt.timedelta(hours=1))
    assert (later.sent, later.dead) == (1, 1)
    assert len(box.mails) == 1


def test_a_mail_server_that_is_down_is_tried_again_by_the_job(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    box = mailbox[0]
    box.refuse["RCPT"] = "451 later"
    signups.add(
        engine,
        address="a@post.example",
        name="x",
        query={},
        cadence="daily",
        language="en",
        client="c",
        now=now(),
    )
    assert confirm.send_due(engine, config, now=now()) == (0, 1)
    assert confirm.send_due(engine, config, now=now()) == (0, 0), "not at once"
    box.refuse.clear()
    with writing(engine) as connection:
        connection.execute(tables.signups.update().values(next_at="2020-01-01T00:00:00+08:00"))
    assert "1 confirmations asked for" in work.deliver(engine, config)[1]
    assert len(box.mails) == 1
