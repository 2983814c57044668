"""Robots of group chats. The services can't be had here: a web server on loopback stands in for each and answers as
theirs are documented to."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from crawler.alerts import chat, deliver_due, match_due
from crawler.config import AlertsConfig, Config
from crawler.errors import UsageError
from crawler.model import Change, Subscription
from crawler.model.watch import CHATS, ChannelKind
from crawler.storage.state import alerts, subscriptions
from tests.alerts.world import NOW, Receiver, release, store

PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=693a-obviously-false",
    "dingtalk": "/robot/send?access_token=obviously-false",
    "feishu": "/open-apis/bot/v2/hook/obviously-false",
}
OK = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "feishu": {"code": 0}}


def robot(
    engine: sa.Engine, receiver: Receiver, channel: ChannelKind, *, secret: str | None = None, name: str = "群",
    language: str = "zh",
) -> Subscription:  # fmt: skip
    receiver.answer = json.dumps(OK[channel]).encode()
    base = receiver.url.removesuffix("/hook")
    return subscriptions.add(
        engine, name=name, query={}, channel=channel, address=base + PATHS[channel], now=NOW, secret=secret,
        language=language,  # type: ignore[arg-type]
    )  # fmt: skip


def text_of(channel: str, payload: dict[str, object]) -> str:
    inner = payload["card"] if channel == "feishu" else payload["markdown"]
    assert isinstance(inner, dict)
    return str(inner["elements"][0]["content"] if channel == "feishu" else inner.get("content") or inner["text"])


@pytest.mark.parametrize("channel", CHATS)
def test_a_group_reads_what_why_and_where(
    engine: sa.Engine, config: Config, receiver: Receiver, channel: ChannelKind
) -> None:
    robot(engine, receiver, channel)
    key = store(engine, release())
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 1
    (payload,) = receiver.payloads()
    text = text_of(channel, payload)
    for said in (
        "新发布", "合成市引进高层次人才若干措施", "“给予最高50万元购房补贴”", "全日制博士：最高50万元",
        "2026-04-30", "合人社发〔2026〕3号", f"/releases/{key}", "人才政策雷达", "“群”",
    ):  # fmt: skip
        assert said in text
    # Everybody in the group would hold a link that ends the subscription.
    assert "unsubscribe" not in text
    assert deliver_due(engine, config, now=NOW + dt.timedelta(days=1)).sent == 0


def test_each_service_gets_its_own_form(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    forms = {}
    for channel in CHATS:
        robot(engine, receiver, channel, name=channel)
    receiver.answer = json.dumps({"errcode": 0, "code": 0}).encode()
    store(engine, release())
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 3
    for path, (_, body) in zip(receiver.paths, receiver.calls, strict=True):
        forms[path.partition("?")[0]] = json.loads(body)
    assert forms["/cgi-bin/webhook/send"]["msgtype"] == "markdown"
    assert forms["/robot/send"]["markdown"]["title"].startswith("【人才政策雷达】新发布：")
    card = forms["/open-apis/bot/v2/hook/obviously-false"]
    assert card["msg_type"] == "interactive"
    assert card["card"]["header"]["title"]["content"].startswith("【人才政策雷达】新发布：")


def test_dingtalk_is_signed_over_time_and_secret(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    robot(engine, receiver, "dingtalk", secret="SECfalse")
    store(engine, release())
    match_due(engine, config, now=NOW)
    deliver_due(engine, config, now=NOW)
    given = parse_qs(urlsplit(receiver.paths[0]).query)
    (stamp,) = given["timestamp"]
    assert stamp == str(int(NOW.timestamp() * 1000))
    wanted = hmac.new(b"SECfalse", f"{stamp}\nSECfalse".encode(), hashlib.sha256).digest()
    assert given["sign"] == [base64.b64encode(wanted).decode()]
    assert given["access_token"] == ["obviously-false"]


def test_feishu_is_signed_with_time_and_secret_as_the_key(
    engine: sa.Engine, config: Config, receiver: Receiver
) -> None:
    robot(engine, receiver, "feishu", secret="false")
    store(engine, release())
    match_due(engine, config, now=NOW)
    deliver_due(engine, config, now=NOW)
    (payload,) = receiver.payloads()
    stamp = payload["timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    wanted = hmac.new(f"{stamp}\nfalse".encode(), b"", hashlib.sha256).digest()
    assert payload["sign"] == base64.b64encode(wanted).decode()


@pytest.mark.parametrize(
    ("channel", "answer", "state", "told"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "dead", "make a new one"),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "failed", "20 messages a minute"),
        ("wecom", {"errcode": -1, "errmsg": "system busy"}, "failed", "tried again"),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "dead", "加签"),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "failed", "tried again"),
        ("feishu", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, "dead", "secret"),
        ("feishu", {"code": 9499, "msg": "too many request"}, "failed", "tried again"),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, "dead", "resend"),
        ("feishu", {"ok": True}, "failed", "Feishu"),
        ("wecom", "<html>portal</html>", "failed", "WeCom"),
    ],
)  # fmt: skip
def test_only_their_yes_counts(
    engine: sa.Engine,
    config: Config,
    receiver: Receiver,
    channel: ChannelKind,
    answer: object,
    state: str,
    told: str,
) -> None:
    """All of these come with HTTP 200."""
    robot(engine, receiver, channel)
    receiver.answer = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
    store(engine, release())
    match_due(engine, config, now=NOW)
    report = deliver_due(engine, config, now=NOW)
    assert report.sent == 0
    (row,) = alerts.listing(engine)
    assert row.state == state
    (problem,) = report.problems
    assert told in problem.error + problem.mend
    assert "obviously-false" not in problem.error + problem.mend
    receiver.answer = json.dumps(OK[channel]).encode()
    again = deliver_due(engine, config, now=NOW + dt.timedelta(hours=1))
    assert again.sent == (1 if state == "failed" else 0)


def test_what_is_due_goes_out_together_and_nothing_is_left_out(
    engine: sa.Engine, config: Config, receiver: Receiver
) -> None:
    robot(engine, receiver, "wecom")
    titles = [
        f"合成市第{number}号关于支持高层次人才和青年人才创新创业若干措施的实施细则" * 2 for number in range(12)
    ]
    keys = [store(engine, release(title)) for title in titles]
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 12
    texts = [payload["markdown"]["content"] for payload in receiver.payloads()]
    assert len(texts) == 2
    assert all(len(text.encode()) <= 4096 for text in texts)
    assert all(any(f"/releases/{key}" in text for text in texts) for key in keys)


def test_addresses_of_any_length_leave_room_for_all(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    robot(engine, receiver, "wecom")
    for number in range(10):
        made = release(f"合成市第{number}号关于支持高层次人才的实施细则")
        store(engine, dataclasses.replace(made, url=f"https://rsj.hecheng.example/{number}?{'x' * 900}"))
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 10
    (text,) = (payload["markdown"]["content"] for payload in receiver.payloads())
    assert len(text.encode()) <= 4096
    assert text.count("/releases/") == 10


def test_a_page_can_t_call_everybody_or_forge_a_link(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    robot(engine, receiver, "feishu")
    evil = "<at id=all></at> [领奖](https://evil.example) **重要** `x` 通知"
    made = dataclasses.replace(release(evil), url="https://rsj.hecheng.example/a b(1).html?x=[y]")
    store(engine, made)
    match_due(engine, config, now=NOW)
    deliver_due(engine, config, now=NOW)
    text = text_of("feishu", receiver.payloads()[0])
    assert "<at" not in text
    assert "[领奖](" not in text
    assert "(https://rsj.hecheng.example/a%20b%281%29.html?x=%5By%5D)" in text


def test_a_change_says_what_it_was_and_is_in_the_readers_language(
    engine: sa.Engine, config: Config, receiver: Receiver
) -> None:
    robot(engine, receiver, "wecom", language="en")
    changes = (Change("deadlines[0].end", "2026-04-30", "2026-05-31"),)
    store(engine, release(), kind="changed", changes=changes)
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 1
    text = text_of("wecom", receiver.payloads()[0])
    assert "2026-04-30 → 2026-05-31" in text
    assert "Changed" in text
    assert "TalentWatch" in text


@pytest.mark.parametrize(
    ("channel", "url", "secret", "mend"),
    [
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "", "?key=KEY"),
        ("wecom", "https://oapi.dingtalk.com/robot/send?access_token=x", "", "?key=KEY"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send", "", "access_token"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", "", "/hook/TOKEN"),
        ("feishu", "http://open.feishu.cn/open-apis/bot/v2/hook/x", "", "https"),
        ("wecom", "https://10.0.0.1/cgi-bin/webhook/send?key=x", "", "allow_private_webhooks"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "s", "--robot-secret"),
        ("dingtalk", "mailto:x", "", "https://"),
    ],
)  # fmt: skip
def test_an_address_that_can_t_be_a_robot_is_refused(
    config: Config, channel: ChannelKind, url: str, secret: str, mend: str
) -> None:
    strict = dataclasses.replace(config, alerts=AlertsConfig())
    with pytest.raises(UsageError) as caught:
        chat.checked_robot(channel, url, secret, strict)
    assert mend in f"{caught.value.message} {caught.value.mend}"
