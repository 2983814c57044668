from __future__ import annotations

import datetime as dt

from lxml import html

from crawler.clock import iso, today
from crawler.model import Run
from crawler.storage.state import runs
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns
from crawler.web.analysis import WEEKS
from tests.alerts.world import NOW, release, store
from tests.web.conftest import Site


def test_the_strip_counts_this_search_by_week_and_leads_there(site: Site) -> None:
    monday = today() - dt.timedelta(days=today().weekday())
    for name, day, topic in (
        ("甲", monday, "housing"), ("乙", monday - dt.timedelta(days=1), "housing"),
        ("丙", monday - dt.timedelta(days=7), "housing"), ("丁", monday, "postdoc"),
        ("戊", monday - dt.timedelta(weeks=WEEKS), "housing"),
    ):  # fmt: skip
        store(site.engine, release(name, published=day.isoformat(), topics=(topic,)), kind=None)
    site.index()
    tree = html.fromstring(site.get("/?topic=housing").text)
    counts = [cell.text_content() for cell in tree.cssselect(".weeks td")]
    assert counts == ["0"] * (WEEKS - 2) + ["2", "1"]
    links = [one.get("href") for one in tree.cssselect(".weeks svg a")]
    assert len(links) == 2
    found = html.fromstring(site.get(links[0]).text)
    assert sorted(one.text_content() for one in found.cssselect(".hit h2")) == ["丙", "乙"]
    bounded = html.fromstring(site.get(f"/?topic=housing&published_after={monday}").text)
    assert [cell.text_content() for cell in bounded.cssselect(".weeks td")][-2:] == ["0", "1"]


def test_no_strip_where_nothing_was_published_lately(site: Site) -> None:
    store(site.engine, release(published="2020-01-01"), kind=None)
    site.index()
    assert 'class="weeks"' not in site.get("/").text
    assert 'class="weeks"' not in site.get("/?words=zzz").text


def test_health_shows_how_the_last_runs_went(site: Site) -> None:
    with writing(site.engine) as connection:
        connection.execute(
            columns.insert().values(
                site="hecheng", key="tz", url="https://rsj.hecheng.example/tz", enabled=True, verdict="drift",
                reasons="[]",
            )
        )  # fmt: skip
        for number, verdict in enumerate(("ok", "quiet", "drift")):
            moment = iso(NOW + dt.timedelta(hours=number))
            run = Run(f"r{number}", f"r{number}", "hecheng", "tz", moment, verdict=verdict)  # type: ignore[arg-type]
            runs.add_in(connection, run)
    tree = html.fromstring(site.get("/health/sites").text)
    (strip,) = tree.cssselect("svg.beats")
    assert strip.cssselect("title")[0].text == "最近 3 次抓取中 2 次正常"
    assert len(strip.cssselect("rect.good")) == 2
    assert "2026-03-02 11:00" in strip.cssselect("desc")[0].text_content()
