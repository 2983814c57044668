"""A real SMTP server that refuses, hangs, hangs up after DATA, then works: nothing is lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import pathlib
import ssl

import pytest
import sqlalchemy as sa
import trustme

from crawler.alerts import confirm, deliver_due, match_due
from crawler.alerts.mail import Mailer, checked_address, compose, parts
from crawler.config import Config
from crawler.errors import ConfigError, ReceiverDown, UsageError
from crawler.model import Message
from crawler.storage.state import alerts, signups, subscriptions
from tests.alerts.world import NOW, Mailbox, configuration, database, release, smtp_server, store

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def three_due(engine: sa.Engine, config: Config) -> None:
    for name in "abc":
        subscriptions.add(engine, name=name, query={}, channel="mail", address=f"{name}@post.example", now=NOW)
    store(engine, release())
    assert match_due(engine, config, now=NOW) == 3


def ids(box: Mailbox) -> list[str]:
    return [email.message_from_bytes(raw)["Message-ID"] for raw in box.mails]


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_refused_for_good_is_dead_with_the_reason(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str], step: str
) -> None:
    three_due(engine, config)
    mailbox[0].refuse[step] = "554 5.7.1 not wanted here"
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.dead) == (0, 3)
    for row in alerts.listing(engine):
        assert row.state == "dead"
        assert "554 5.7.1 not wanted here" in (row.last_error or "")
        assert alerts.resend(engine, row.id, now=NOW).state == "pending"
    mailbox[0].refuse.clear()
    assert deliver_due(engine, config, now=NOW).sent == 3


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_refused_for_now_is_tried_again_later(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str], step: str
) -> None:
    three_due(engine, config)
    mailbox[0].refuse[step] = "451 4.7.1 greylisted, come back"
    assert deliver_due(engine, config, now=NOW).failed == 3
    mailbox[0].refuse.clear()
    assert deliver_due(engine, config, now=NOW).sent == 0, "not before its time"
    assert deliver_due(engine, config, now=NOW + DAY).sent == 3


def test_a_refused_sender_is_our_fault_and_kills_no_alert(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    three_due(engine, config)
    mailbox[0].refuse["MAIL"] = "550 sender not allowed"
    report = deliver_due(engine, config, now=NOW)
    assert (report.failed, report.waiting, report.dead) == (1, 2, 0)
    assert any("smtp.sender" in problem.mend for problem in report.problems)
    assert {row.attempts for row in alerts.listing(engine)} == {0}
    mailbox[0].refuse.clear()
    assert deliver_due(engine, config, now=NOW + DAY).sent == 3


def test_a_hanging_server_costs_one_time_out_then_everything_arrives(tmp_path: pathlib.Path) -> None:
    with smtp_server() as (box, url):
        config = configuration(tmp_path, smtp=url, timeout=0.3)
        engine = database(config)
        three_due(engine, config)
        box.hang.set()
        report = deliver_due(engine, config, now=NOW)
        assert (report.sent, report.failed, report.waiting) == (0, 1, 2)
        # Silence over a message may be that message's fault: it waits longer each time, the others get by.
        assert [row.attempts for row in alerts.listing(engine)] == [1, 0, 0]
        box.hang.clear()
        box.released.set()
        assert deliver_due(engine, config, now=NOW + DAY).sent == 3
        # The server was silent, not deaf: it took the one it hung on. Only that one came twice.
        got = ids(box)
        assert set(got) == {row.message_id for row in alerts.listing(engine)}
        assert len(got) - len(set(got)) <= 1
        engine.dispose()


def test_hanging_up_after_data_repeats_only_what_was_not_confirmed(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    three_due(engine, config)
    mailbox[0].drop_after_data = 1
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.failed) == (2, 1)
    assert deliver_due(engine, config, now=NOW + DAY).sent == 1
    got = ids(mailbox[0])
    first = alerts.listing(engine)[0].message_id
    assert sorted(got) == sorted([first, *(row.message_id for row in alerts.listing(engine))])


def test_nobody_listens(tmp_path: pathlib.Path) -> None:
    with smtp_server() as (_, url):
        pass
    config = configuration(tmp_path, smtp=url)
    engine = database(config)
    three_due(engine, config)
    report = deliver_due(engine, config, now=NOW)
    assert (report.failed, report.waiting) == (1, 2)
    with smtp_server() as (box, working):
        config = configuration(tmp_path, smtp=working)
        assert deliver_due(engine, config, now=NOW + DAY).sent == 3
        assert len(box.mails) == 3
    engine.dispose()


def test_without_a_mail_server_messages_wait_and_say_so(tmp_path: pathlib.Path) -> None:
    config = configuration(tmp_path)
    engine = database(config)
    three_due(engine, config)
    report = deliver_due(engine, config, now=NOW)
    assert (report.waiting, report.ok) == (3, False)
    assert "smtp.url" in report.problems[0].mend
    assert {row.attempts for row in alerts.listing(engine)} == {0}
    engine.dispose()


def test_an_outage_of_our_own_server_never_gives_a_message_up(tmp_path: pathlib.Path) -> None:
    with smtp_server() as (_, url):
        pass
    config = configuration(tmp_path, smtp=url)
    engine = database(config)
    subscriptions.add(engine, name="a", query={}, channel="mail", address="a@post.example", now=NOW)
    store(engine, release())
    match_due(engine, config, now=NOW)
    for day in range(40):
        assert deliver_due(engine, config, now=NOW + day * DAY).failed == 1
    (row,) = alerts.listing(engine)
    assert (row.state, row.attempts) == ("failed", 0), "the server never heard of it: that was no attempt"
    assert "can't be reached" in (row.last_error or "")
    with smtp_server() as (box, working):
        config = configuration(tmp_path, smtp=working)
        box.refuse["DATA"] = "451 4.7.1 greylisted, come back"
        assert deliver_due(engine, config, now=NOW + 41 * DAY).failed == 1, "and it has all its attempts left"
        box.refuse.clear()
        assert deliver_due(engine, config, now=NOW + 42 * DAY).sent == 1
    assert alerts.listing(engine)[0].attempts == 2
    engine.dispose()


def test_starttls_and_login_with_a_trusted_certificate_only(tmp_path: pathlib.Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    seen: list[tuple[bytes, bytes]] = []

    def login(server: object, session: object, envelope: object, mechanism: str, data: object) -> object:
        from aiosmtpd.smtp import AuthResult, LoginPassword

        assert isinstance(data, LoginPassword)
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"pass/word", handled=False)

    with smtp_server(tls_context=context, require_starttls=True, authenticator=login) as (box, url):
        plain = configuration(tmp_path, smtp=url.replace("//", "//radar:pass%2Fword@"))
        told = Message("<alert-1@h>", "a@post.example", "s", "t")
        with Mailer(plain) as mailer, pytest.raises(ReceiverDown, match=r"not trusted.*\n.*smtp\.ca_certs"):
            mailer.send(told, now=NOW)
        smtp = dataclasses.replace(plain.smtp, ca_certs=str(tmp_path / "ca.pem"))
        with Mailer(dataclasses.replace(plain, smtp=smtp)) as mailer:
            mailer.send(told, now=NOW)
        assert seen == [(b"radar", b"pass/word")]
        assert len(box.mails) == 1
        wrong = dataclasses.replace(smtp, url=url.replace("//", "//radar:Geheim99@"))
        with Mailer(dataclasses.replace(plain, smtp=wrong)) as mailer, pytest.raises(ReceiverDown) as error:
            mailer.send(told, now=NOW)
        assert "login" in str(error.value)
        assert "Geheim99" not in str(error.value)


def test_headers_cannot_be_injected(config: Config) -> None:
    title = "标题\r\nBcc: everyone@post.example\r\n\r\n\u202e正文\x00"
    mail = compose(Message("<a@h>", "a@post.example", title, "t", "<p>t</p>"), config, now=NOW).as_bytes()
    parsed = email.message_from_bytes(mail)
    assert parsed["Bcc"] is None
    head = mail.partition(b"\r\n\r\n")[0]
    assert head.isascii(), "Chinese subjects and names are encoded"
    assert b"\r\nBcc" not in head
    assert all(len(line) <= 998 for line in mail.split(b"\r\n"))


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.example",
        "a@b\r\nBcc: x@y.example",
        "a@b.example,c@d.example",
        "<a@b>",
        "a@b..c",
        "..a@b.c",
        "甲@b.example",
        "a" * 65 + "@b.example",
    ],
)
def test_what_is_no_mail_address(bad: str) -> None:
    with pytest.raises(UsageError, match="mail address"):
        checked_address(bad)


def test_addresses_with_chinese_hosts_are_sent_in_ascii() -> None:
    assert checked_address("a@例子.测试") == "a@xn--fsqu00a.xn--0zwm56d"


@pytest.mark.parametrize("bad", ["http://h", "smtp://", "h:25", "smtp://u:Geheim99@h:x"])
def test_a_wrong_smtp_url_never_shows_its_password(bad: str) -> None:
    with pytest.raises(ConfigError) as error:
        parts(bad)
    assert "Geheim99" not in str(error.value)


def test_a_confirmation_outlives_an_outage_as_long_as_its_link(engine: sa.Engine, config: Config) -> None:
    signups.add(
        engine,
        address="a@post.example",
        name="住房",
        query={},
        cadence="at_once",
        language="zh",
        client="c",
        now=NOW,
    )
    with smtp_server() as (_, url):
        pass
    down = dataclasses.replace(config, smtp=dataclasses.replace(config.smtp, url=url))
    for hours in range(20):
        assert confirm.send_due(engine, down, now=NOW + hours * HOUR) == (0, 1)
    assert confirm.send_due(engine, config, now=NOW + 21 * HOUR) == (1, 0)
    assert confirm.send_due(engine, config, now=NOW + 30 * HOUR) == (0, 0)
