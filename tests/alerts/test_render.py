from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import json
import re
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from crawler.alerts import wording
from crawler.alerts.blind import Blind
from crawler.alerts.digest import digest
from crawler.alerts.feed import atom
from crawler.alerts.mail import compose
from crawler.alerts.render import Occasion, message, payload, plain
from crawler.config import Config, WebConfig
from crawler.model import (
    Alert,
    Benefit,
    Change,
    Deadline,
    Event,
    Release,
    StoredRelease,
    Subscription,
    to_json,
)
from crawler.model.values import EventKind
from crawler.storage.state.incidents import Incident
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


#: Han characters that stand in an English mail were read, named or typed by somebody: none is ours.
_HAN = re.compile("[\u4e00-\u9fff]+")


def _english(one: Occasion) -> Occasion:
    return dataclasses.replace(one, subscription=dataclasses.replace(one.subscription, language="en"))


def test_an_english_reader_gets_english_labels_and_the_quotes_as_they_stand() -> None:
    full = release(
        topics=("housing", "postdoc"), validity="trial", effective_from="2026-01-01", effective_to="2026-12-31",
        deadlines=(Deadline("apply", "3月10日截止", end="2026-03-10", resolved=True), Deadline("payout", "q")),
        body_in_image=True, body_in_attachment=True, validity_basis="试行一年", region_path=("中国", "河南省"),
    )  # fmt: skip
    changes = (
        Change("benefits.amount_max", 50_000, 80_000, "一次性8万元"),
        Change("validity", "draft", "trial", ""),
    )
    one = _english(occasion(full, name="Doctors", changes=changes, reason="Words: “博士”", quote="一次性8万元"))
    told = message(one, CONFIG, today=TODAY)
    assert told.subject == f"[TalentWatch] Changed: {full.title}"
    for text in (
        "Why you get this: Words: “博士”", "Highest amount: \n", "was: CNY 50,000", "now: CNY 80,000", "Benefits",
        "Housing, Postdocs", "On trial (in force from 2026-01-01, until 2026-12-31)", "8 days left",
        "until 2026-03-10 (computed)", "Payment: date: see the text", "You subscribed to “Doctors”.",
    ):  # fmt: skip
        assert text.rstrip() in told.text, text
    # All Han characters are those of the release, the reason and the quotes.
    read = json.dumps(to_json(full), ensure_ascii=False) + "一次性8万元博士"
    assert told.html is not None
    for shown in (told.text, html.fromstring(told.html).text_content(), told.subject):
        assert not [run for run in _HAN.findall(shown) if run not in read]
    tree = html.fromstring(told.html)
    assert tree.get("lang") == "en"
    assert tree.xpath("string(//h1/@lang)") == "zh-CN", "a screen reader is told what it reads"
    assert f"/releases/{'a' * 64}?lang=en" in told.text


def test_several_alerts_of_an_english_reader_are_one_english_mail() -> None:
    told = digest([_english(occasion(release(), name="n")) for _ in range(2)], CONFIG, today=TODAY)
    assert told.subject == f"[TalentWatch] 2 alerts: New: {release().title} and more"
    assert "Unsubscribe: https://" in told.text
    assert "退订" not in told.text


def test_the_feed_of_an_english_reader_is_english() -> None:
    one = _english(occasion(release(), name="Doctors"))
    tree = etree.fromstring(atom(one.subscription, [one], CONFIG))
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    titles = [node.text for node in tree.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["TalentWatch: Doctors", f"New: {release().title}"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_has_a_headline(lang: Literal["zh", "en"]) -> None:
    for kind in get_args(EventKind):
        one = occasion(release())
        one = dataclasses.replace(
            one,
            alert=dataclasses.replace(one.alert, event=kind),
            subscription=dataclasses.replace(one.subscription, language=lang),
        )
        told = message(one, CONFIG, today=TODAY)
        assert wording.labels("event", lang)[kind] in told.subject
        assert plain(one, CONFIG, today=TODAY).startswith(wording.labels("event", lang)[kind])


def test_an_english_reader_is_told_of_blind_sources_in_english() -> None:
    incident = Incident(
        id=1, kind="host", key="a.example", verdict="dead", members=(("s", "c"),),
        since="2026-03-01T09:00:00+08:00",
        opened_at="2026-03-01T09:00:00+08:00",
    )  # fmt: skip
    one = _english(occasion(release(), name="n"))
    told = digest([one, one], CONFIG, today=TODAY, blind=[Blind(incident, ("合成市人社局",))])
    assert "Not seen at present: 合成市人社局 (since 2026-03-01, Dead)" in told.text
    single = digest([one], CONFIG, today=TODAY, blind=[Blind(incident, ("合成市人社局",))])
    assert "Not seen at present" in single.text
    assert "Not seen at present" in (single.html or "")
    feed = atom(one.subscription, [one], CONFIG, [Blind(incident, ("合成市人社局",))]).decode()
    assert "Not seen: 合成市人社局" in feed
    assert "看不到" not in told.text + (single.html or "") + feed
