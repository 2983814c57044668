"""One of each page, with something of everything on it: what a browser looks at. All synthetic."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, sync_playwright

from crawler.alerts import confirm
from crawler.clock import iso, now, today
from crawler.config import Config
from crawler.fetch import browser as installed
from crawler.model import Attachment, Benefit, Change, Deadline, Link, Quarantine, Run
from crawler.model.values import TOPICS
from crawler.storage.state import quarantine, runs, signups, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns
from tests.alerts.world import NOW, configuration, database, release, store
from tests.web.conftest import Site, serving

TOKEN = "s3same-of-the-gallery"
LONG = "对新引进的全日制博士研究生，在合成市购买首套自住商品住房的，按规定给予购房补贴。" * 6


def open_config(folder: pathlib.Path) -> Config:
    """Pages that may write and offer mails (that nobody takes), and nobody who counts our requests."""
    config = configuration(folder, smtp="smtp://127.0.0.1:9")
    return dataclasses.replace(
        config, web=dataclasses.replace(config.web, token=TOKEN, requests_per_minute=1_000_000)
    )


@contextmanager
def gallery(folder: pathlib.Path) -> Iterator[tuple[Site, dict[str, str]]]:
    """A real server with a full world behind it, and the address of each kind of page."""
    config = open_config(folder)
    engine = database(config)
    with serving(config, engine) as site:
        yield site, _fill(site)


def _fill(site: Site) -> dict[str, str]:
    engine = site.engine
    end = (today() + dt.timedelta(days=5)).isoformat()
    sentence = "对新引进的全日制博士，给予最高50万元购房补贴"
    benefits = (
        Benefit("housing", "全日制博士", sentence, amount_max=500_000, amount_is_cap=True, condition="新引进"),
        Benefit("living_allowance", "硕士", "不在正文里的话", amount_max=2_000, period="month"),
    )
    full = release(
        subtitle="（试行）",
        body=f"{release().body}\n{LONG}\n类别 | 金额\nA类 | 500万元\n{LONG}",
        benefits=benefits,
        deadlines=(Deadline(kind="apply", end=end, quote="申报截止时间为2026年4月30日"),),
        links=(Link(kind="cites", title="某规划", quote="不在正文里的话"),),
        attachments=(Attachment(url="https://rsj.hecheng.example/a.pdf", name="申报表.pdf"),),
        published=today().isoformat(),
        topics=TOPICS[:10],
    )
    changes = (Change("benefits[0].amount_max", 300_000, 500_000, "引"),)
    key = store(engine, full, kind="changed", revision=2, changes=changes)
    for number in range(45):
        code, town = (("410100", "郑州市"), ("320500", "苏州市"), ("440100", "广州市"))[number % 3]
        one = dataclasses.replace(
            full.benefits[0], amount_max=100_000 * (number + 1), quote=f"给予{number + 1}0万元补贴"
        )
        store(
            engine,
            release(f"第{number}项引进人才措施", region=code, region_path=("中国", "某省", town), benefits=(one,),
                    published=(today() - dt.timedelta(days=number)).isoformat(), deadlines=full.deadlines),
            kind=None,
        )  # fmt: skip
    store(engine, release("一项无法判断的通知", is_talent_policy=None), kind=None)
    withdrawn = store(engine, release("一项撤下的办法"), kind=None, current=False)
    held = Quarantine("empty", "", "")
    quarantine.put(engine, "hecheng", "tz", "https://rsj.hecheng.example/x", held, now=NOW, kind="article")
    _health(site)
    feed = subscriptions.add(engine, name="河南的住房", query={}, channel="feed", address="", now=NOW)
    ended = subscriptions.add(engine, name="结束了的", query={}, channel="feed", address="", now=NOW)
    subscriptions.remove(engine, ended.id)
    asked = signups.add(
        engine, address="boshi@post.example", name="郑州的住房", query={"region": ["410100"], "topic": ["housing"]},
        cadence="daily", language="zh", client="", now=now(),
    )  # fmt: skip
    site.index()
    words = quote("购房补贴")
    return {
        "start": "/",
        "hits": f"/?words={words}&topic=housing&region=410100&min_amount=1000",
        "second page": "/?page=2",
        "no hits": "/?words=zzz",
        "bad query": "/?page=0",
        "nothing there": "/nix",
        "release": f"/releases/{key}",
        "withdrawn release": f"/releases/{withdrawn}",
        "deadlines": "/deadlines",
        "compare": "/compare",
        "compare nothing": "/compare?region=110000",
        "health": "/health/sites",
        "review": "/review",
        "subscribe": f"/subscribe?words={words}&region=410100",
        "confirm": f"/subscribe/confirm/{confirm.token(asked, signups.signing_key(engine))}",
        "manage": f"/subscriptions/{feed.token}",
        "correct": f"/review/releases/{key}?field=doc_type",
        "unsubscribe": f"/unsubscribe/{feed.token}",
        "unsubscribed": f"/unsubscribe/{ended.token}",
    }


def _health(site: Site) -> None:
    with writing(site.engine) as connection:
        for key, verdict, reasons in (("tz", "ok", "[]"), ("gg", "drift", '["没有一行可读"]'), ("new", None, "[]")):
            connection.execute(
                columns.insert().values(
                    site="hecheng", key=key, url=f"https://rsj.hecheng.example/{key}", enabled=True,
                    verdict=verdict, last_ok="2026-02-20T09:00:00+08:00", reasons=reasons,
                )
            )  # fmt: skip
        for number in range(30):
            moment = iso(now() - dt.timedelta(hours=number))
            verdict = "drift" if number % 7 == 0 else "ok"
            runs.add_in(
                connection,
                Run(f"r{number}", f"r{number}", "hecheng", "gg", moment, moment, verdict=verdict),  # type: ignore[arg-type]
            )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, ended afterwards; skips the test where there is none."""
    program = installed.executable()
    if program is None:
        words = "no Chromium is installed (apt-get install chromium)"
        if os.environ.get("REAL") == "required":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        # As root Chromium runs only without its sandbox; it sees nothing but our own pages.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
