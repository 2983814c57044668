from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy

import sqlalchemy as sa

from crawler.alerts import match_due
from crawler.clock import iso
from crawler.config import Config, OperatorConfig, SmtpConfig
from crawler.model import Quarantine
from crawler.schedule import report
from crawler.storage.state import alerts, outbox, quarantine, slots, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns, pending
from tests.alerts.world import NOW, release, smtp_server, store

LATER = NOW + dt.timedelta(hours=2)


def trouble(engine: sa.Engine) -> None:
    """What came, what is blind, and one of each thing that can be stuck."""
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


def test_it_tells_what_came_what_is_blind_and_what_is_stuck(config: Config, engine: sa.Engine) -> None:
    trouble(engine)
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


def test_the_operator_reads_all_of_it_in_the_mail_as_it_arrived(config: Config, engine: sa.Engine) -> None:
    trouble(engine)
    late = NOW - dt.timedelta(minutes=300)
    held = slots.claim(engine, "crawl", iso(late), owner="o", now=late, until=late + dt.timedelta(minutes=2))
    assert held is not None
    slots.close(engine, held, outcome="ok", detail="", now=late)
    for number in range(2):
        subscriptions.add(
            engine, name=f"s{number}", query={}, channel="mail", address=f"s{number}@post.example", now=NOW,
        )  # fmt: skip
    key = store(engine, release("又一条"))
    match_due(engine, config, now=NOW)
    first, second = alerts.listing(engine)
    for row, close in ((first, alerts.dead), (second, None)):
        assert alerts.claim(engine, row.id, owner="o", now=NOW, until=LATER)
        if close is not None:
            close(engine, row.id, owner="o", error="550 no such user")
        else:
            alerts.failed(engine, row.id, owner="o", error="451 later", next_at=LATER)
    quarantine.put(
        engine, "hecheng", "tz", "https://rsj.hecheng.example/2", Quarantine("challenge", "a puzzle"), now=NOW,
        kind="article",
    )  # fmt: skip
    with writing(engine) as connection:
        outbox.add_in(connection, [key], iso(NOW))
    failed = slots.claim(engine, "index", iso(NOW), owner="o", now=NOW, until=LATER)
    assert failed is not None
    slots.close(engine, failed, outcome="failed", detail="the index is out of reach", now=NOW)
    with smtp_server() as (box, url):
        mailing = dataclasses.replace(
            config, smtp=SmtpConfig(url=url), operator=OperatorConfig(email="ops@example.com")
        )
        assert report.send(engine, mailing, now=LATER)[0]
    (raw,) = box.mails
    assert box.recipients == ["ops@example.com"]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail.get_content_type() == "text/plain"
    assert mail["Subject"] == f"TalentWatch {iso(LATER)[:10]}: 2 came, 1 blind, 8 stuck"
    assert mail["Message-ID"].startswith(f"<report-{iso(LATER)[:10]}@")
    told = mail.get_content().replace("\r\n", "\n").splitlines()
    for line in (
        "Came in the last 24 hours: 2 new.",
        "Blind (1 of 1 columns):",
        "- hecheng/tz: drift, last seen well 2026-02-20T09:00:00+08:00; no rows",
        f"- the last round ended {iso(late)}, 420 minutes ago; 180 are allowed",
        "- 1 pages wait to be fetched",
        "- 1 pages are in quarantine (`talentwatch review list`)",
        "- 1 deliveries are dead (`talentwatch alerts list`)",
        "- 1 deliveries failed and are tried again",
        f"- 1 releases wait to be indexed since {iso(NOW)}",
        "- job index: 60 slots were missed",
        "- job index: 1 failed runs (the index is out of reach)",
    ):
        assert line in told, told
