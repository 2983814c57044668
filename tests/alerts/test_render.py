from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from crawler.alerts.mail import compose
from crawler.alerts.render import Occasion, message, payload
from crawler.config import Config, WebConfig
from crawler.model import Alert, Benefit, Change, Event, Release, StoredRelease, Subscription
from crawler.model.values import EventKind
from tests.alerts.world import NOW, release

CONFIG = Config(web=WebConfig(base_url="https://radar.talent.example/"))
TODAY = dt.date(2026, 3, 2)


def occasion(
    one: Release, *, name: str = "订阅", changes: tuple[Change, ...] = (), reason: str = "r", quote: str = "q"
) -> Occasion:
    seen, key = "2026-03-02T09:00:00+08:00", "a" * 64
    kind: EventKind = "changed" if changes else "new"
    return Occasion(
        Alert(1, 2, 3, key, kind, reason, quote, seen, "mail", "<alert-2-3-x@h>"),
        Subscription(2, name, {}, "mail", "a@post.example", "tok/en?", seen),
        Event(3, kind, key, 1, key, seen, changes),
        StoredRelease(key, "s", "c", one.url, 1, seen, seen, one, key),
    )


def test_markup_in_a_release_is_text_in_the_mail() -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=y>"
    one = release(nasty, doc_no=nasty, issuers=(nasty,), validity_basis=nasty)
    changed = (Change("title", nasty, nasty, nasty),)
    told = message(occasion(one, name=nasty, reason=nasty, quote=nasty, changes=changed), CONFIG, today=TODAY)
    assert told.html is not None
    tree = html.fromstring(told.html)
    assert not tree.xpath("//script|//img|//@onerror")
    assert nasty in tree.text_content()
    assert nasty in told.text


def test_styles_are_inline_and_nothing_is_loaded() -> None:
    told = message(occasion(release()), CONFIG, today=TODAY)
    assert told.html is not None
    assert "style=" in told.html
    assert "<style" not in told.html
    assert not html.fromstring(told.html).xpath("//link|//@src|//script")


def test_links_lead_to_source_page_and_unsubscribe() -> None:
    told = message(occasion(release()), CONFIG, today=TODAY)
    assert "https://radar.talent.example/unsubscribe/tok%2Fen%3F" in told.text
    assert told.headers["List-Unsubscribe"] == "<https://radar.talent.example/unsubscribe/tok%2Fen%3F>"
    assert f"https://radar.talent.example/releases/{'a' * 64}" in told.text
    assert release().url in told.text


def test_an_image_only_release_is_told_by_its_title() -> None:
    told = message(occasion(release(body="", benefits=(), body_in_image=True)), CONFIG, today=TODAY)
    assert "正文为图片" in told.text
    assert "待遇" not in told.text


def test_the_same_alert_gives_the_same_message() -> None:
    assert message(occasion(release()), CONFIG, today=TODAY) == message(occasion(release()), CONFIG, today=TODAY)


def test_the_payload_is_plain_json_values() -> None:
    told = payload(occasion(release()), CONFIG)
    assert told["id"] == "alert-2-3-x"
    assert told["release"]["benefits"][0]["recipient"] == "全日制博士"
    assert "body" not in told["release"]


@pytest.mark.parametrize("count", [0, 1, 500])
def test_long_tables_are_cut_and_say_so(count: int) -> None:
    many = tuple(Benefit(topic="housing", recipient=f"第{i}类", quote="", amount_max=i + 1) for i in range(count))
    told = message(occasion(release(benefits=many)), CONFIG, today=TODAY)
    assert ("另有 470 项" in told.text) == (count == 500)


texts = st.text(st.characters(codec=None), max_size=60)  # surrogates included


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=texts, quote=texts, name=texts)
def test_any_text_makes_a_mail_that_parses(title: str, quote: str, name: str) -> None:
    one = dataclasses.replace(release(), title=title, subtitle=quote)
    told = message(occasion(one, name=name, quote=quote, reason=title), CONFIG, today=TODAY)
    raw = compose(told, CONFIG, now=NOW).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert set(parsed.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
        "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
