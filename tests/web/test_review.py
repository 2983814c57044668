"""The review page: what it lists, who may write, and what a decision does."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from lxml import html

from crawler.model import Quarantine, to_json
from crawler.storage.state import corrections, events, outbox, quarantine, releases
from crawler.storage.state.engine import writing
from tests.alerts.world import NOW, configuration, database, release, store
from tests.web.conftest import Answer, Site, serving

TOKEN = "s3same"


@pytest.fixture
def desk(tmp_path: pathlib.Path) -> Iterator[Site]:
    config = configuration(tmp_path)
    config = dataclasses.replace(config, web=dataclasses.replace(config.web, token=TOKEN))
    with serving(config, database(config)) as started:
        yield started


def sign_in(desk: Site, token: str = TOKEN) -> tuple[Answer, str]:
    answer = desk.get("/review/session", "POST", urlencode({"token": token}))
    return answer, answer.headers.get("set-cookie", "").partition(";")[0]


def mark(answer: Answer) -> str:
    (field,) = html.fromstring(answer.text).cssselect("input[name=mark]")
    return str(field.get("value"))


def refuse(desk: Site, key: str) -> None:
    with writing(desk.engine) as connection:
        outbox.add_in(connection, [key], NOW.isoformat())
    ((seq, _),) = outbox.pending(desk.engine, 10)
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.failed(desk.engine, seq, "mapper_parsing_exception <b>")


def test_all_that_waits_is_listed(desk: Site) -> None:
    store(desk.engine, release("存疑措施", is_talent_policy=None))
    store(desk.engine, release("无关通知", is_talent_policy=False))
    refuse(desk, store(desk.engine, release("索引拒收")))
    quarantine.put(
        desk.engine, "hecheng", "tz", "https://rsj.hecheng.example/gelide",
        Quarantine("challenge", "请完成验证", ""),
        now=NOW, kind="article",
    )  # fmt: skip
    page = desk.get("/review")
    for text in (
        "存疑措施",
        "无关通知",
        "索引拒收",
        "hecheng.example/gelide",
        "人机验证",
        "请完成验证",
        "已试 10 次",
        "规则判定",
    ):
        assert text in page.text
    assert "<b>" not in page.text.replace("<b class", "")
    assert not html.fromstring(page.text).cssselect("button[name=accept]"), "nobody is signed in"
    english = desk.get("/review?lang=en")
    assert "Challenge page" in english.text


def test_deciding_takes_the_session_and_its_mark(desk: Site) -> None:
    key = store(desk.engine, release(is_talent_policy=None))
    assert sign_in(desk, "wrong")[0].status == 403
    assert sign_in(desk, "")[0].status == 403
    answer, cookie = sign_in(desk)
    assert answer.status == 303
    assert {"HttpOnly", "SameSite=Strict", "Path=/review", "Secure"} <= set(
        answer.headers["set-cookie"].split("; ")
    )
    held = mark(desk.get("/review", cookie=cookie))
    other = mark(desk.get("/review", cookie=sign_in(desk)[1]))
    for sent, fields in (
        ("", {"mark": held}),
        (cookie, {}),
        (cookie, {"mark": other}),
        (cookie, {"mark": "é"}),
        (cookie[:-1] + "0", {"mark": held}),
        ("review=99999999999.a.b", {"mark": held}),
    ):
        refused = desk.get("/review", "POST", urlencode({"accept": key, **fields}), cookie=sent)
        assert refused.status == 403, (sent, fields)
    assert releases.get(desk.engine, key).release.is_talent_policy is None
    assert desk.get("/review", "POST", urlencode({"accept": key, "mark": held}), cookie=cookie).status == 303
    assert releases.get(desk.engine, key).release.is_talent_policy is True
    left = desk.get("/review/session", "POST", urlencode({"action": "leave"}), cookie=cookie)
    assert "Max-Age=0" in left.headers["set-cookie"]


def test_a_rejected_release_comes_back(desk: Site) -> None:
    key = store(desk.engine, release(is_talent_policy=False))
    desk.get("/review", "POST", urlencode({"token": TOKEN, "accept": key}))
    assert releases.get(desk.engine, key).release.is_talent_policy is True
    desk.get("/review", "POST", urlencode({"token": TOKEN, "reject": key}))
    assert "人工判定" in desk.get("/review").text


def test_what_the_index_refused_is_tried_again(desk: Site) -> None:
    key = store(desk.engine, release())
    refuse(desk, key)
    assert outbox.lag(desk.engine).refused == 1
    assert desk.get("/review", "POST", urlencode({"token": TOKEN, "accept": "outbox"})).status == 303
    assert outbox.lag(desk.engine).rows == 0, "the real index took it"


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("doc_type", "call", "call"),
        ("topics", "housing, graduates", ("housing", "graduates")),
        ("topics", "", ()),
        ("region", "新乡市", "410700"),
        ("published", "2026-02-03", "2026-02-03"),
        ("doc_no", "", None),
        ("is_talent_policy", "false", False),
        ("relevance", "0.25", 0.25),
    ],
)
def test_a_value_is_corrected_for_good(desk: Site, field: str, value: str, stored: object) -> None:
    key = store(desk.engine, release())
    path = f"/review/releases/{key}"
    form = desk.get(f"{path}?field={field}")
    assert form.status == 200
    assert html.fromstring(form.text).cssselect("[name=value]")
    answer = desk.get(path, "POST", urlencode({"token": TOKEN, "field": field, "value": value}))
    assert (answer.status, answer.headers["location"]) == (303, f"{path}?changed=yes")
    held = releases.get(desk.engine, key).release
    assert getattr(held, field) == stored
    assert held.read_by[field] == "correction"
    assert field in corrections.of_release(desk.engine, key)
    again = desk.get(path, "POST", urlencode({"token": TOKEN, "field": field, "value": value}))
    assert again.headers["location"].endswith("changed=no")


def test_a_wrong_benefit_is_corrected_and_told(desk: Site) -> None:
    key = store(desk.engine, release())
    path = f"/review/releases/{key}"
    (area,) = html.fromstring(desk.get(f"{path}?field=benefits").text).cssselect("textarea")
    benefits = json.loads(area.text_content())
    assert benefits[0]["amount_max"] == 500_000
    benefits[0]["amount_max"] = 5_000_000
    sent = urlencode({"token": TOKEN, "field": "benefits", "value": json.dumps(benefits)})
    assert desk.get(path, "POST", sent).status == 303
    assert releases.get(desk.engine, key).release.benefits[0].amount_max == 5_000_000
    assert [event.kind for event in events.of_release(desk.engine, key)][-1] == "corrected"
    assert "最高500万元" in desk.get(f"/releases/{key}").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doc_type", "nix"), ("published", "gestern"), ("region", "Nirgendwo"), ("benefits", "{"),
        ("benefits", "{}"),
        ("nix", "1"), ("url", "https://a.example/"), ("body", "x"), ("relevance", "viel"), ("", ""),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_words(desk: Site, field: str, value: str) -> None:
    key = store(desk.engine, release())
    answer = desk.get(
        f"/review/releases/{key}", "POST", urlencode({"token": TOKEN, "field": field, "value": value})
    )
    assert answer.status == 400
    main = " ".join(html.fromstring(answer.text).cssselect("main")[0].text_content().split())
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", main.replace("show --json", "")), main
    assert releases.get(desk.engine, key).release == release()


def test_every_field_has_its_form_in_both_languages(site: Site) -> None:
    key = store(site.engine, release())
    for field in corrections.correctable():
        for lang in ("zh", "en"):
            page = site.get(f"/review/releases/{key}?field={field}&lang={lang}")
            assert page.status == 200, field
            assert "web.token" in page.text
            assert not html.fromstring(page.text).cssselect("form button"), "without a token it only reads"
    assert site.get(f"/review/releases/{key}?field=nix").status == 400
    body = urlencode({"field": "doc_type", "value": "call"})
    assert site.get(f"/review/releases/{key}", "POST", body).status == 403


def test_what_is_written_is_read_again(desk: Site) -> None:
    one = release()
    for field in corrections.correctable():
        value = to_json(getattr(one, field))
        if value is None and not corrections.shape(field).nullable:
            continue
        assert corrections.parse(field, corrections.written(field, value)) == (value if value != "" else None), (
            field
        )
