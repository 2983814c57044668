from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from crawler.alerts import deliver_due, match_due
from crawler.config import Config
from crawler.model import Change, Subscription
from crawler.storage.state import alerts, subscriptions, tables
from crawler.storage.state.engine import writing
from tests.alerts.world import NOW, Mailbox, Receiver, release, store

DAY = dt.timedelta(days=1)


def subscribe(
    engine: sa.Engine, name: str = "housing", address: str = "reader@post.example", **query: object
) -> Subscription:
    return subscriptions.add(engine, name=name, query=query, channel="mail", address=address, now=NOW)


def read(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_one_release_one_alert_one_mail(engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]) -> None:
    made = subscribe(engine, words="购房补贴", region=["410000"], min_amount=300_000)
    store(engine, release())
    assert match_due(engine, config, now=NOW) == 1
    assert match_due(engine, config, now=NOW) == 0
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.ok) == (1, True)
    assert deliver_due(engine, config, now=NOW + DAY).sent == 0

    (alert,) = alerts.listing(engine)
    assert alert.reason == "金额 50万元 ≥ 30万元；关键词“购房补贴”；地区 河南省 郑州市"
    assert alert.quote == "对新引进的全日制博士，给予最高50万元购房补贴"
    assert (alert.state, alert.attempts) == ("sent", 1)
    (mail,) = map(read, mailbox[0].mails)
    assert mail["Message-ID"] == alert.message_id
    assert mail["Subject"] == "【人才政策雷达】新发布：合成市引进高层次人才若干措施"
    assert mail["List-Unsubscribe"] == f"<https://radar.talent.example/unsubscribe/{made.token}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        content = part.get_content()
        for piece in (
            "最高50万元",
            "全日制博士",
            "新引进",
            "2026-04-30",
            alert.quote,
            "合人社发〔2026〕3号",
            made.token,
        ):
            assert piece in content, (kind, piece)


def test_silent_irrelevant_earlier_and_other_events_alert_nobody(engine: sa.Engine, config: Config) -> None:
    store(engine, release("此前发布的措施"))
    subscribe(engine)
    store(engine, release("静默入库的措施"), silent=True)
    store(engine, release("无关的通知", is_talent_policy=False))
    store(engine, release("难以判断的通知", is_talent_policy=None))
    assert match_due(engine, config, now=NOW) == 0
    store(engine, release("另一项措施"))
    assert match_due(engine, config, now=NOW) == 1


def test_whoever_asks_for_unsure_releases_hears_of_them(engine: sa.Engine, config: Config) -> None:
    subscribe(engine, relevance="unsure")
    store(engine, release("难以判断的通知", is_talent_policy=None))
    assert match_due(engine, config, now=NOW) == 1


def test_back_dated_releases_alert_like_any_other(engine: sa.Engine, config: Config) -> None:
    subscribe(engine)
    store(engine, release(published="2019-01-01"))
    store(engine, release("没有日期的措施", published=None))
    assert match_due(engine, config, now=NOW) == 2


def test_there_is_no_cap_on_alerts(engine: sa.Engine, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.alerts.match.CHUNK", 7)
    subscribe(engine)
    for number in range(60):
        store(engine, release(f"第{number}项措施"))
    assert match_due(engine, config, now=NOW) == 60


def test_a_change_says_old_and_new(engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]) -> None:
    subscribe(engine)
    store(engine, release(), kind=None)
    changed = (Change("benefits[0].amount_max", 300_000, 500_000, "给予最高50万元购房补贴"),)
    store(engine, release(), kind="changed", revision=2, changes=changed)
    match_due(engine, config, now=NOW)
    deliver_due(engine, config, now=NOW)
    text = read(mailbox[0].mails[0]).get_body(("plain",))
    assert text is not None
    assert "原：30万元" in text.get_content()
    assert "现：50万元" in text.get_content()


def test_who_was_told_hears_of_the_change_that_leaves_the_query(engine: sa.Engine, config: Config) -> None:
    subscribe(engine, min_amount=400_000)
    store(engine, release())
    assert match_due(engine, config, now=NOW) == 1
    less = dataclasses.replace(release().benefits[0], amount_max=100_000)
    store(engine, release(benefits=(less,)), kind="changed", revision=2)
    subscribe(engine, "new reader", min_amount=400_000)
    assert match_due(engine, config, now=NOW) == 1
    assert "不再符合" in alerts.listing(engine)[-1].reason


def test_news_of_a_story_are_told_from_its_original(engine: sa.Engine, config: Config) -> None:
    subscribe(engine)
    subscribe(engine, "their site", site=["hecheng"], words="转载")
    first = store(engine, release("转载：若干措施"))
    original = store(engine, release("若干措施"), kind=None)
    with writing(engine) as connection:
        connection.execute(tables.releases.update().values(story_id="the story"))
        wrong = tables.releases.c.release_id == first
        connection.execute(tables.releases.update().where(wrong).values(is_original=False))
    assert match_due(engine, config, now=NOW) == 2
    assert [row.release_id for row in alerts.listing(engine)] == [original, first]


def test_corrections_only_for_those_who_were_told(engine: sa.Engine, config: Config) -> None:
    subscribe(engine, "told")
    store(engine, release())
    match_due(engine, config, now=NOW)
    subscribe(engine, "later", "later@post.example")
    store(engine, release(), kind="corrected", revision=2)
    assert match_due(engine, config, now=NOW) == 1


def test_one_refused_recipient_blocks_nobody(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]
) -> None:
    mailbox[0].refuse["gone@post.example"] = "550 5.1.1 no such user"
    subscribe(engine, "gone", "gone@post.example")
    subscribe(engine, "here", "here@post.example")
    store(engine, release())
    match_due(engine, config, now=NOW)
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.dead) == (1, 1)
    assert mailbox[0].recipients == ["here@post.example"]
    dead = alerts.listing(engine, states=["dead"])[0]
    assert "550 5.1.1 no such user" in (dead.last_error or "")
    assert deliver_due(engine, config, now=NOW + 30 * DAY).ok

    mailbox[0].refuse.clear()
    alerts.resend(engine, dead.id, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 1
    assert read(mailbox[0].mails[-1])["Message-ID"] == dead.message_id


def test_webhook_mail_and_feed_stand_alone(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str], receiver: Receiver
) -> None:
    subscribe(engine, "mail")
    subscriptions.add(engine, name="hook", query={}, channel="webhook", address=receiver.url, now=NOW)
    subscriptions.add(engine, name="feed", query={}, channel="feed", address="", now=NOW)
    receiver.status = 503
    mailbox[0].refuse["MAIL"] = "550 sender unknown"
    store(engine, release())
    assert match_due(engine, config, now=NOW) == 3
    assert alerts.counts(engine) == {"pending": 2, "sent": 1}
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.failed) == (0, 2)
    receiver.status = 200
    assert deliver_due(engine, config, now=NOW + DAY).sent == 1
    mailbox[0].refuse.clear()
    assert deliver_due(engine, config, now=NOW + 2 * DAY).sent == 1
    assert alerts.counts(engine) == {"sent": 3}
