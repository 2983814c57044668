"""Incidents in the database, and what the operator hears of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy

import sqlalchemy as sa

from crawler.clock import iso
from crawler.config import Config, OperatorConfig, SmtpConfig
from crawler.model import Run
from crawler.schedule import report
from crawler.schedule.incidents import follow
from crawler.storage.state import incidents, runs
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns
from tests.alerts.world import NOW, smtp_server

HOSTS = ("h0.hecheng.gov.cn", "h1.hecheng.gov.cn", "h2.hecheng.gov.cn")


def look(engine: sa.Engine, number: int, verdict: str) -> dt.datetime:
    """A round over three hosts of one province."""
    moment = NOW + dt.timedelta(hours=6 * number)
    for site, _ in enumerate(HOSTS):
        run = Run(
            f"r{number}/s{site}/tz", f"r{number}", f"s{site}", "tz", iso(moment), iso(moment), verdict=verdict,  # type: ignore[arg-type]
        )  # fmt: skip
        runs.finish(engine, run, healthy=verdict == "ok", every_minutes=60, now=moment)
    return moment


def watched(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        for site, host in enumerate(HOSTS):
            connection.execute(
                columns.insert().values(site=f"s{site}", key="tz", url=f"https://{host}/", enabled=True)
            )


def subjects(raw: list[bytes]) -> list[str]:
    return [str(email.message_from_bytes(one, policy=email.policy.default)["Subject"]) for one in raw]


def test_one_mail_when_it_opens_and_one_when_it_is_over(config: Config, engine: sa.Engine) -> None:
    watched(engine)
    with smtp_server() as (box, url):
        mailing = dataclasses.replace(
            config, smtp=SmtpConfig(url=url), operator=OperatorConfig(email="ops@example.com", incidents=True)
        )
        for number, verdict in enumerate(["ok", "blocked", "blocked", "blocked", "blocked", "ok", "ok"]):
            assert follow(engine, mailing, now=look(engine, number, verdict)) == ""
    # All that is watched is blind: one incident, not three.
    assert subjects(box.mails) == [
        "TalentWatch: the whole watch is blind: blocked",
        "TalentWatch: the whole watch is seen again",
    ]
    first = email.message_from_bytes(box.mails[0], policy=email.policy.default)
    assert "set proxy.url" in first.get_content()
    assert incidents.open_ones(engine) == []


def test_a_mail_server_that_is_away_only_delays_it(config: Config, engine: sa.Engine) -> None:
    watched(engine)
    away = dataclasses.replace(
        config, smtp=SmtpConfig(url="smtp://127.0.0.1:1"),
        operator=OperatorConfig(email="ops@example.com", incidents=True),
    )  # fmt: skip
    for number in range(3):
        told = follow(engine, away, now=look(engine, number, "drift"))
    assert "was not told" in told
    with smtp_server() as (box, url):
        back = dataclasses.replace(away, smtp=SmtpConfig(url=url))
        for number in (3, 4):
            assert follow(engine, back, now=look(engine, number, "drift")) == ""
    assert len(box.mails) == 1


def test_the_daily_report_tells_of_both_ends(config: Config, engine: sa.Engine) -> None:
    watched(engine)
    with smtp_server() as (box, url):
        daily = dataclasses.replace(
            config, smtp=SmtpConfig(url=url), operator=OperatorConfig(email="ops@example.com")
        )
        for number in range(3):
            follow(engine, daily, now=look(engine, number, "blocked"))
        report.send(engine, daily, now=NOW + dt.timedelta(days=1))
        follow(engine, daily, now=look(engine, 5, "ok"))
        report.send(engine, daily, now=NOW + dt.timedelta(days=2))
        report.send(engine, daily, now=NOW + dt.timedelta(days=3))
    told = [email.message_from_bytes(raw, policy=email.policy.default).get_content() for raw in box.mails]
    assert ["over since" in text for text in told] == [False, True, False]
    assert ["the whole watch: blocked, 3 columns" in text for text in told] == [True, True, False]


def test_an_incident_that_nobody_was_told_of_ends_in_silence(config: Config, engine: sa.Engine) -> None:
    watched(engine)
    for number, verdict in enumerate(["blocked", "blocked", "blocked", "ok"]):
        follow(engine, config, now=look(engine, number, verdict))
    assert incidents.untold(engine) == []
    assert incidents.prune(engine, before=NOW + dt.timedelta(days=9)) == 1


def test_sites_list_and_the_doctor_name_it(config: Config, engine: sa.Engine) -> None:
    from crawler.cli.doctor import _incidents as findings
    from crawler.cli.sites import _incidents as listed

    watched(engine)
    for number in range(3):
        follow(engine, config, now=look(engine, number, "geo_blocked"))
    assert set(listed(config)) == {("s0", "tz"), ("s1", "tz"), ("s2", "tz")}
    (found,) = findings(engine)
    assert (found.state, "proxy in China" in found.mend) == ("warn", True)
