"""Alerts into a group chat, by the robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书).

They answer nearly everything with HTTP 200 and say in the answer's text whether they took the message: what
isn't said to be taken counts as not taken. Each robot may send twenty messages a minute, so that all that is
due to one goes out together.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from crawler.alerts import chat_text, digest, webhook
from crawler.alerts.blind import Blind, line
from crawler.alerts.render import Occasion, header_text, subject
from crawler.config import Config
from crawler.errors import DeliveryDeferred, DeliveryRefused, ReceiverDown, UsageError
from crawler.model.watch import ChannelKind

#: Codes that mean "later": too many messages, a busy system.
_LATER = frozenset({-1, 45009, 45033, 130101, 410100, 11232})
#: What mends a refusal, by its code.
_MEND = {
    93000: "The robot is gone: make a new one and subscribe with its address.",
    300001: "The robot is gone: make a new one and subscribe with its address.",
    19001: "The robot is gone: make a new one and subscribe with its address.",
    310000: "In its settings choose 加签 (its secret goes to --robot-secret) or the keyword 人才政策雷达.",
    19021: "Give the robot's present secret with --robot-secret, and keep the machine's clock right.",
    19022: "Enter this machine's address in the robot's settings, or choose 签名校验 instead.",
    19024: "Enter the keyword 人才政策雷达 in the robot's settings, or choose 签名校验 instead.",
}


@dataclass(frozen=True, slots=True)
class Robot:
    """One service: its name, its robots' addresses, the longest text in bytes, and what parts two lines."""

    name: str
    example: str
    limit: int
    joined: str
    signs: bool

    def fits(self, url: str) -> bool:
        """Whether an address has the form of this service's; companies run gateways under hosts of their own."""
        own, given = urlsplit(self.example), urlsplit(url)
        key = own.query.partition("=")[0]
        if key:
            return given.path == own.path and bool(parse_qs(given.query).get(key))
        head = own.path.rpartition("/")[0] + "/"
        return given.path.startswith(head) and len(given.path) > len(head)


#: Limits as documented: WeCom 4,096 bytes of Markdown; DingTalk 20,000 and Feishu 20 kB for the whole request.
ROBOTS: Mapping[str, Robot] = {
    "wecom": Robot("WeCom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY", 4096, "\n", signs=False),
    "dingtalk": Robot(
        "DingTalk", "https://oapi.dingtalk.com/robot/send?access_token=TOKEN", 16_000, "\n\n", signs=True
    ),
    "feishu": Robot("Feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/TOKEN", 16_000, "\n", signs=True),
}


def checked_robot(channel: ChannelKind, url: str, secret: str, config: Config) -> str:
    """The address of a robot, as far as it shows by itself. Raises `UsageError`."""
    robot = ROBOTS[channel]
    url = webhook.checked_url(url, config)
    if not robot.fits(url):
        raise UsageError(
            f"that is no address of a robot of {robot.name}",
            f"Copy it from the group's settings; it looks like {robot.example}",
        )
    if urlsplit(url).scheme != "https" and not config.alerts.allow_private_webhooks:
        raise UsageError("a robot's address holds its key: it must begin with https://", f"Write {robot.example}")
    if secret and not robot.signs:
        raise UsageError(f"{robot.name}'s robots sign nothing", "Leave --robot-secret out.")
    return url


def masked(url: str) -> str:
    """A robot's address without the key by which everybody could post into the group."""
    split = urlsplit(url)
    key = split.query.partition("=")[2] or split.path.rpartition("/")[2]
    return url.replace(key, f"{key[:4]}…") if key else url


def send(occasions: Sequence[Occasion], config: Config, *, now: dt.datetime, blind: Sequence[Blind] = ()) -> None:
    """All alerts in one message; returns when the service says that it took it.

    Raises `DeliveryRefused`, `DeliveryDeferred`, or `ReceiverDown` where the robot can't be reached or has sent
    too much: then nothing else goes to it for now.
    """
    one = occasions[0].subscription
    robot = ROBOTS[one.channel]
    try:
        url = webhook.checked_url(one.address, config)
    except UsageError as error:
        raise DeliveryRefused(error.message, error.mend) from error
    text = chat_text.compose(
        occasions, config, today=now.date(), limit=robot.limit, joined=robot.joined,
        unseen=[line(each, one.language) for each in blind],
    )  # fmt: skip
    url, body = _request(one.channel, url, one.secret or "", _title(occasions), text, now)
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    _judge(robot, *webhook.exchange(url, raw, headers, config))


def _title(occasions: Sequence[Occasion]) -> str:
    first = occasions[0]
    if len(occasions) == 1:
        return subject(first)
    return digest.subject(len(occasions), first)


def _request(
    channel: str, url: str, secret: str, title: str, text: str, now: dt.datetime
) -> tuple[str, dict[str, Any]]:
    """Where to, and what: in the service's own form, signed as it wants."""
    if channel == "wecom":
        return url, {"msgtype": "markdown", "markdown": {"content": text}}
    if channel == "dingtalk":
        if secret:
            stamp = str(int(now.timestamp() * 1000))
            signature = _hmac(secret.encode(), f"{stamp}\n{secret}")
            url += f"&timestamp={stamp}&sign={quote(signature, safe='')}"
        return url, {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": title}},
        "elements": [{"tag": "markdown", "content": text}],
    }
    body: dict[str, Any] = {"msg_type": "interactive", "card": card}
    if secret:
        stamp = str(int(now.timestamp()))
        body = {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}".encode(), ""), **body}
    return url, body


def _hmac(key: bytes, text: str) -> str:
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode("ascii")


def _judge(robot: Robot, status: int, text: bytes) -> None:
    """Whether the service took the message."""
    code, said = _answer(text)
    if code is None:
        webhook.judge(status, text)
        raise DeliveryDeferred(f"{robot.name} answered {status} without saying whether it took the message")
    if code == 0:
        return
    told = f"{robot.name} refused: {code} {header_text(said)[:200]}".rstrip()
    if code in _LATER or "too many" in said.lower() or "frequency" in said.lower():
        raise ReceiverDown(told, "It is tried again later; a robot sends at most 20 messages a minute.")
    mend = _MEND.get(code, "Look at the robot's settings, then: talentwatch alerts resend --dead.")
    raise DeliveryRefused(told, mend)


def _answer(text: bytes) -> tuple[int | None, str]:
    """The code and the words of an answer; no code where it is none of theirs."""
    try:
        data = json.loads(text)
    except ValueError:
        return None, ""
    if not isinstance(data, dict):
        return None, ""
    code = next((data[key] for key in ("errcode", "code", "StatusCode") if key in data), None)
    words = next((data[key] for key in ("errmsg", "msg", "StatusMessage") if key in data), "")
    return (code if isinstance(code, int) and not isinstance(code, bool) else None), str(words)
