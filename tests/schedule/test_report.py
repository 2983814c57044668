from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy

import sqlalchemy as sa

from crawler.config import Config, OperatorConfig, SmtpConfig
from crawler.schedule import report
from crawler.storage.state import slots
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns, pending
from tests.alerts.world import NOW, release, smtp_server, store

LATER = NOW + dt.timedelta(hours=2)


def test_it_tells_what_came_what_is_blind_and_what_is_stuck(config: Config, engine: sa.Engine) -> None:
    store(engine, release())
    store(engine, release("静默的一条"), silent=True)
    with writing(engine) as connection:
        connection.execute(
            columns.insert().values(
                site="hecheng", key="tz", url="https://rsj.hecheng.example/", enabled=True, verdict="drift",
                last_ok="2026-02-20T09:00:00+08:00", reasons='["no rows"]',
            )
        )  # fmt: skip
        connection.execute(
            pending.insert().values(
                site="hecheng", column="tz", url="https://rsj.hecheng.example/1",
                discovered_at="2026-03-02T08:00:00+08:00",
                next_at="2026-03-02T08:00:00+08:00",
            )
        )  # fmt: skip
    slots.missed(engine, "index", "2026-03-02T05:00:00+08:00", detail="60 slots were missed", now=NOW)
    subject, text = report.text(engine, config, now=LATER)
    assert "1 came, 1 blind" in subject
    assert "1 new" in text
    assert "hecheng/tz: drift, last seen well 2026-02-20T09:00:00+08:00; no rows" in text
    assert "1 pages wait to be fetched" in text
    assert "job index: 60 slots were missed" in text
    assert "no round has ended yet" in text


def test_it_is_sent_once_to_the_operator(config: Config, engine: sa.Engine) -> None:
    assert report.send(engine, config, now=LATER)[0], "nobody asked for it"
    with smtp_server() as (box, url):
        mailing = dataclasses.replace(
            config, smtp=SmtpConfig(url=url), operator=OperatorConfig(email="ops@example.com")
        )
        assert report.send(engine, mailing, now=LATER)[0]
    (raw,) = box.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["To"] == "ops@example.com"
    assert "Nothing" in mail.get_content() or "Stuck" in mail.get_content()


def test_a_server_that_is_away_fails_the_slot_in_words(config: Config, engine: sa.Engine) -> None:
    mailing = dataclasses.replace(
        config, smtp=SmtpConfig(url="smtp://127.0.0.1:1"), operator=OperatorConfig(email="ops@example.com")
    )
    good, line = report.send(engine, mailing, now=LATER)
    assert not good
    assert "not sent" in line
