from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import icalendar
import pytest
from lxml import html

from crawler.clock import today
from crawler.model import Column, Deadline, Quarantine
from crawler.storage.state import columns as states
from crawler.storage.state import incidents, quarantine, releases, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns
from crawler.web.serve import bind, server
from pipelines.again import plain_site
from tests.alerts.world import NOW, configuration, database, release, store
from tests.web.conftest import Site

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def guarded(tmp_path: pathlib.Path) -> Iterator[Site]:
    config = configuration(tmp_path)
    config = dataclasses.replace(config, web=dataclasses.replace(config.web, token="s3same", requests_per_minute=8))
    engine = database(config)
    sock = bind("127.0.0.1", 0)
    running = server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
    thread.start()
    yield Site(config, engine, sock.getsockname()[1])
    running.should_exit = True
    thread.join()
    sock.close()
    engine.dispose()


def test_deadlines_and_their_calendar(site: Site) -> None:
    end = (today() + dt.timedelta(days=3)).isoformat()
    store(site.engine, release(f"措施{SCRIPT}", deadlines=(Deadline(kind="apply", end=end, quote="截止"),)))
    store(site.engine, release("过期", deadlines=(Deadline(kind="apply", end="2020-01-01", quote="截止"),)))
    site.index()
    page = site.get("/deadlines")
    assert page.status == 200
    assert "剩 3 天" in page.text
    assert "过期" not in page.text
    assert SCRIPT not in page.text
    answer = site.get("/calendars/search.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.body).walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == end
    again = site.get("/calendars/search.ics")
    assert icalendar.Calendar.from_ical(again.body).walk("VEVENT")[0]["uid"] == event["uid"]


def test_the_calendar_of_a_feed_ends_with_it(site: Site) -> None:
    made = subscriptions.add(site.engine, name="全部", query={}, channel="feed", address="", now=NOW)
    assert site.get(f"/calendars/{made.token}.ics").status == 200
    subscriptions.remove(site.engine, made.id)
    assert site.get(f"/calendars/{made.token}.ics").status == 410
    assert site.get("/calendars/nobody.ics").status == 404


def test_blind_sites_come_first(site: Site) -> None:
    with writing(site.engine) as connection:
        for key, verdict in (("a", "ok"), ("b", "drift"), ("c", None)):
            connection.execute(
                columns.insert().values(
                    site="hecheng", key=key, url=f"https://rsj.hecheng.example/{key}", enabled=True,
                    verdict=verdict,
                    last_ok="2026-02-20T09:00:00+08:00", reasons="[]",
                )
            )  # fmt: skip
    page = site.get("/health/sites")
    assert "其中 1 个看不到更新" in page.text
    assert page.text.index("hecheng/b") < page.text.index("hecheng/a")


def test_present_trouble_is_told_above_the_columns(site: Site) -> None:
    since = "2026-02-20T09:00:00+08:00"
    members = tuple(("hecheng", str(n)) for n in range(3))
    host = incidents.Incident("host", f"rsj.hecheng.example{SCRIPT}", "blocked", members, since, since)
    platform = incidents.Incident("family", "jpaas", "drift", members[:1], since, since)
    incidents.change(site.engine, lambda _: [host, platform])
    page = site.get("/health/sites").text
    assert "rsj.hecheng.example&lt;script&gt;" in page
    assert "被拒绝，3 个栏目自 2026-02-20 09:00 起看不到更新。" in page
    assert "平台 jpaas：版式变化" in page
    assert "Platform jpaas: Layout changed; 1 column not seen" in site.get("/health/sites?lang=en").text
    incidents.change(site.engine, lambda held: [dataclasses.replace(one, closed_at=since) for one in held])
    assert "当前故障" not in site.get("/health/sites").text


def test_without_a_token_nothing_is_written(site: Site) -> None:
    key = store(site.engine, release(is_talent_policy=None))
    page = site.get("/review")
    assert "web.token" in page.text
    assert "<button" not in page.text
    assert site.get("/review", "POST", urlencode({"token": "", "accept": key})).status == 403
    assert releases.get(site.engine, key).release.is_talent_policy is None


def test_accept_reject_and_correct(guarded: Site) -> None:
    key = store(guarded.engine, release(is_talent_policy=None))
    held = quarantine.put(
        guarded.engine, "hecheng", "tz", "https://rsj.hecheng.example/x", Quarantine("empty", "", ""), now=NOW,
        kind="article",
    )  # fmt: skip
    assert guarded.get("/review", "POST", urlencode({"token": "wrong", "accept": key})).status == 403
    for choice in ({"accept": key}, {"reject": f"q{held}"}, {"item": key, "field": "doc_type", "value": "call"}):
        assert guarded.get("/review", "POST", urlencode({"token": "s3same", **choice})).status == 303
    stored = releases.get(guarded.engine, key)
    assert (stored.release.is_talent_policy, stored.release.doc_type) == (True, "call")
    assert quarantine.listed(guarded.engine)[0].next_at is None
    assert guarded.get("/review", "POST", urlencode({"token": "s3same", "accept": "qx"})).status == 400
    statuses = [guarded.get("/deadlines").status for _ in range(8)]
    assert statuses[-1] == 429, "and nobody tries all tokens"
    assert guarded.get("/healthz").status == 200


def test_an_empty_installation_says_what_to_do(site: Site) -> None:
    assert "talentwatch crawl" in site.get("/").text
    assert "talentwatch crawl" in site.get("/health/sites?lang=en").text
    assert "talentwatch crawl" not in site.get("/?words=zzz").text, "a search that finds nothing is another matter"


def test_the_health_page_calls_a_column_by_its_name(site: Site) -> None:
    found = dataclasses.replace(
        plain_site("hecheng", "https://rsj.hecheng.example/"), title="合成市人社局",
        columns=(Column(key="tz", name="通知公告", url="https://rsj.hecheng.example/tz/"),),
    )  # fmt: skip
    states.sync(site.engine, [found], now=NOW)
    page = html.fromstring(site.get("/health/sites").text)
    (lead,) = page.xpath("//td[@class='lead']")
    assert lead.xpath("text()") == ["合成市人社局 · 通知公告"]
    assert lead.xpath("string(small)") == "hecheng/tz"
    # On a phone each value stands beside its heading.
    assert page.xpath("//tbody//td[position() > 1]/@data-label") == page.xpath("//thead//th[position() > 1]/text()")
