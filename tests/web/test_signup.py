"""Subscribing on the web, with a real mail server: asked for, confirmed, managed, ended."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import re
from urllib.parse import quote, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from lxml import etree, html

from crawler.alerts import confirm, deliver_due, match_due
from crawler.clock import now
from crawler.config import Config
from crawler.schedule import work
from crawler.storage.state import signups, subscriptions, tables
from crawler.storage.state.engine import reading
from tests.alerts.world import configuration, database, release, smtp_server, store
from tests.web.conftest import Site, serving
from tests.web.postbox import SEARCH, Post


def rows(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(tables.signups)) or 0)


def test_a_subscription_starts_with_a_click_after_a_mail(post: Post) -> None:
    engine = post.site.engine
    asked = post.site.get(SEARCH)
    assert "关键词：购房补贴" in asked.text
    assert "郑州市" in asked.text
    answer = post.ask("Reader@Post.example")
    assert answer.status == 200
    assert "Reader@post.example" in answer.text
    mail = post.mail()
    assert mail["To"] == "Reader@post.example"
    assert mail["Subject"] == "【人才政策雷达】请确认订阅"
    assert subscriptions.every(engine) == [], "nothing before the confirmation"

    link = post.link()
    for _ in range(2):
        looked = post.site.get(link)
        assert looked.status == 200
        assert looked.headers["cache-control"] == "no-store"
    assert post.site.get(link, "HEAD").status == 200
    assert subscriptions.every(engine) == [], "scanners that look at links confirm nothing"

    done = post.site.get(link, "POST", "")
    assert done.status == 200
    (made,) = subscriptions.every(engine)
    assert (made.channel, made.address, made.state) == ("mail", "Reader@post.example", "active")
    assert made.query == {"words": "购房补贴", "region": ["410100"]}
    for method in ("GET", "POST"):
        assert post.site.get(link, method, "" if method == "POST" else None).status == 410, "good for once"
    assert len(subscriptions.every(engine)) == 1

    store(engine, release())
    assert match_due(engine, post.site.config, now=now()) == 1
    assert deliver_due(engine, post.site.config, now=now()).sent == 1
    assert f"https://radar.talent.example/subscriptions/{made.token}" in post.text(1)
    assert "List-Unsubscribe-Post" in post.mail(1)


def test_the_mail_speaks_the_language_of_the_page(post: Post) -> None:
    post.ask("a@post.example", path=SEARCH + "&lang=en")
    assert post.mail()["Subject"] == "[TalentWatch] Please confirm your subscription"
    assert "If it was you" in post.text()


def test_known_and_unknown_addresses_get_the_same_answer(post: Post) -> None:
    first = post.ask("known@post.example").text
    post.site.get(post.link(), "POST", "")
    again = [post.ask("known@post.example").text for _ in range(4)]
    other = post.ask("other@post.example").text
    assert {one.replace("known@", "other@") for one in [first, *again]} == {other}
    confirm.send_due(post.site.engine, post.site.config, now=now())
    assert post.box.recipients.count("known@post.example") <= signups.PER_ADDRESS
    with reading(post.site.engine) as connection:
        due = sa.select(tables.signups.c.id).where(
            tables.signups.c.address == "known@post.example", tables.signups.c.attempts > 0
        )
        assert len(connection.execute(due).all()) == signups.PER_ADDRESS, "an address is not buried in mails"


def test_one_client_can_not_ask_without_end(post: Post) -> None:
    statuses = [post.ask(f"n{number}@post.example").status for number in range(signups.PER_CLIENT + 2)]
    assert statuses == [200] * signups.PER_CLIENT + [429] * 2
    assert rows(post.site.engine) == signups.PER_CLIENT


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "a@b@c.example", "a@post.example\nBcc: x@post.example", "a@post.example\r\nX: y",
        "a b@post.example", "<a@post.example>", "a@post.example, b@post.example", "x" * 65 + "@post.example",
        "a@" + "x" * 300 + ".example",
        "a@post..example", ".a@post.example", "a@post.example\x00", "a@[127.0.0.1]", "”a@post.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(post: Post, address: str) -> None:
    answer = post.ask(address)
    assert answer.status == 400
    assert "这不是可用的邮箱" in answer.text
    assert rows(post.site.engine) == 0


def test_the_mail_carries_no_message_of_a_stranger(post: Post) -> None:
    words = quote('"Win now http://evil.example/?a=1 <b>click</b>" \u202eabc')
    answer = post.ask("a@post.example", path=f"/subscribe?words={words}")
    assert answer.status == 200
    text = post.text()
    assert "evil.example" not in text
    assert "://" not in text.replace("https://radar.talent.example/", "")
    assert "<" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link.replace("/confirm/1.", "/confirm/2."),
        lambda link: re.sub(r"\.(\d+)\.", lambda m: f".{int(m[1]) + 86400}.", link),
        lambda link: link.rpartition(".")[0],
        lambda _: "/subscribe/confirm/" + "9" * 300,
        lambda _: "/subscribe/confirm/%00",
    ],
)
def test_a_link_that_was_tampered_with_confirms_nothing(post: Post, change: object) -> None:
    post.ask("a@post.example")
    wrong = change(post.link())  # type: ignore[operator]
    for method in ("GET", "POST"):
        assert post.site.get(wrong, method, "" if method == "POST" else None).status == 404
    assert subscriptions.every(post.site.engine) == []


def test_a_late_click_confirms_nothing_and_the_row_goes(post: Post) -> None:
    engine = post.site.engine
    late = now() - signups.LIFE - dt.timedelta(minutes=1)
    old = signups.add(
        engine, address="a@post.example", name="x", query={}, cadence="daily", language="zh", client="c", now=late
    )
    link = urlsplit(confirm.confirm_url(old, signups.signing_key(engine), post.site.config)).path
    for method in ("GET", "POST"):
        answer = post.site.get(link, method, "" if method == "POST" else None)
        assert answer.status == 410
        assert "已过期" in answer.text
    assert signups.confirm(engine, old.id, now=now()) is None
    assert confirm.send_due(engine, post.site.config, now=now()) == (0, 0), "and no mail is sent for it"
    good, line = work.housekeeping(engine, post.site.config)
    assert good
    assert "1 signups" in line
    assert rows(engine) == 0


def test_managing_by_the_link_of_the_mail(post: Post) -> None:
    engine = post.site.engine
    post.ask("reader@post.example")
    post.site.get(post.link(), "POST", "")
    (made,) = subscriptions.every(engine)
    path = f"/subscriptions/{made.token}"
    page = post.site.get(path)
    assert page.status == 200
    assert "reader@post.example" not in page.text, "the page tells no whole address"
    assert "r•••@post.example" in page.text
    assert page.headers["cache-control"] == "no-store"
    for form, field, value in (
        ({"cadence": "daily"}, "cadence", "daily"),
        ({"action": "pause"}, "state", "paused"),
        ({"action": "resume"}, "state", "active"),
    ):
        answer = post.site.get(path, "POST", urlencode(form))
        assert (answer.status, answer.headers["location"]) == (303, path + "?saved=1")
        assert getattr(subscriptions.find(engine, made.id), field) == value
    assert post.site.get(path, "POST", urlencode({"cadence": "hourly"})).status == 400
    assert post.site.get(path, "POST", "").status == 400
    assert html.fromstring(post.site.get(path).text).cssselect(f"a[href='/unsubscribe/{made.token}']")
    post.site.get(f"/unsubscribe/{made.token}", "POST", "")
    assert post.site.get(path, "POST", urlencode({"action": "resume"})).status == 410
    assert post.site.get("/subscriptions/" + "x" * 400).status == 404


def test_without_mail_the_page_offers_feed_and_calendar(site: Site) -> None:
    key = store(site.engine, release())
    site.index()
    page = site.get(SEARCH)
    assert page.status == 200
    assert "没有开通邮件订阅" in page.text
    assert not html.fromstring(page.text).cssselect("input[name=address]")
    assert site.get(SEARCH, "POST", urlencode({"address": "a@post.example"})).status == 403
    feeds = [a.get("href", "") for a in html.fromstring(page.text).cssselect(".card a")]
    (atom,) = [address for address in feeds if ".atom" in address]
    (ics,) = [address for address in feeds if ".ics" in address]
    entries = etree.fromstring(site.get(atom).body).findall("{*}entry/{*}id")
    assert [entry.text for entry in entries] == [f"https://radar.talent.example/releases/{key}"]
    assert site.get(ics).status == 200
    assert site.get("/feeds/search.atom?page=x").status == 400
    nothing = etree.fromstring(site.get(f"/feeds/search.atom?words={quote('没有的词语')}").body)
    assert nothing.find("{*}updated") is not None


def test_an_operator_can_switch_it_off(tmp_path: pathlib.Path) -> None:
    with smtp_server() as (_, url):
        config = configuration(tmp_path, smtp=url)
        off: Config = dataclasses.replace(config, web=dataclasses.replace(config.web, subscribe=False))
        with serving(off, database(off)) as site:
            assert "没有开通邮件订阅" in site.get(SEARCH).text
