"""What stands at a list's address instead of the list, and the verdict on it. All pages are synthetic."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, XmlResponse

from crawler.model import Column, Expect, Proof, Row, Site
from crawler.monitor import HEALTHY, Past, Tally, judge, mend
from spiders import sitemaps
from spiders.data_pages import listing_of
from spiders.list_rows import judge_page, sift

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
URL = "https://rsj.example.gov.cn/tzgg/"
COLUMN = Column(
    "tzgg", "通知公告", URL, expect=Expect(rows_min=5, newest_days=60, detail_pattern=r"/t\d{8}_\d+\.html$")
)
SITE = Site(
    "city", "示例市人社局", "https://rsj.example.gov.cn/", ("rsj.example.gov.cn",), "generic", "hrss", None, None,
    (COLUMN,), Proof("t", "A"),
)  # fmt: skip
PAST = Past(rows=12.0, newest="2026-11-20", dated=True)


def rows(*, host: str = "", path: str = "/tzgg/t{day:%Y%m%d}_{n}.html", newest: int = 2, back: bool = False) -> str:
    days = [NOW.date() - dt.timedelta(days=newest + 3 * n) for n in range(12)]
    made = [
        f"<li><a href='{host}{path.format(day=day, n=n + 100)}'>关于申报第{n}批人才创新创业项目的通知</a>"
        f"<b>{day}</b></li>"
        for n, day in enumerate(days)
    ]
    return f"<html><title>通知公告</title><ul>{''.join(made[::-1] if back else made)}</ul></html>"


def verdict(body: str, status: int = 200) -> tuple[str, str]:
    tally = Tally("city", COLUMN, NOW)
    response = HtmlResponse(
        URL, status=status, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}
    )
    listing = listing_of(response, SITE, COLUMN, NOW.date())
    sift(SITE, listing, COLUMN, tally)
    judge_page(listing, tally, 1)
    run = judge(tally, "r", now=NOW, past=PAST)
    return run.verdict, mend(run.verdict, run.reasons)


@pytest.mark.parametrize("body", [rows(), rows(back=True)], ids=["newest first", "oldest first"])
def test_a_list_is_healthy(body: str) -> None:
    assert verdict(body)[0] in HEALTHY


@pytest.mark.parametrize(
    ("body", "status", "expected", "advice"),
    [
        ("<html><script>$_ts=window['$_ts'];$_ts.nsd=1;</script></html>", 200, "blocked", "not worked"),
        ("<script>document.cookie='__jsl_clearance_s=1'</script>", 521, "blocked", "not worked"),
        ("<h2>您的请求可能存在威胁，已被云防火墙拦截</h2>", 200, "blocked", "proxy"),
        ("<title>安全验证</title><p>请完成安全验证</p><img src='/c.jpg'>", 200, "blocked", "not worked"),
        ("<h1>Forbidden</h1>", 403, "blocked", "proxy"),
        ("<p>x</p>", 412, "blocked", "proxy"),
        ("<title>用户登录</title><form><input type='password'></form><p>请先登录</p>", 200, "login", "not public"),
        ("<h2>页面不存在</h2><p>抱歉，您访问的页面不存在</p>", 200, "dead", "new address"),
        ("<title>404</title><h1>找不到该页面</h1>", 200, "dead", "new address"),
        ("<h1>404 Not Found</h1>", 404, "dead", "new address"),
        ("<p>gone</p>", 410, "dead", "new address"),
        ("<p>本网站已迁移至 <a href='https://www.example.cn/'>新网站</a></p>", 200, "moved", "new address"),
        ("<h2>网站正在维护升级中，请稍后访问</h2>", 200, "failed", "tried again"),
        ("<h3>您所在的地区无法访问本网站</h3>", 200, "geo_blocked", "China"),
        (rows(host="https://www.example.cn"), 200, "suspicious", "open the list"),
        (rows(path="/art/{n}.html"), 200, "suspicious", "open the list"),
        (rows(newest=900), 200, "suspicious", "open the list"),
        ("<div id='app'></div><script src='/app.js'></script><p>通知公告</p>", 200, "failed", "tried again"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_named_with_what_helps(body: str, status: int, expected: str, advice: str) -> None:
    said, helps = verdict(body, status)
    assert said == expected
    assert advice in helps


def test_a_host_without_its_rules_is_told_from_one_that_forbids() -> None:
    assert "tried again by itself" in mend(
        "blocked", ["robots: robots.txt of www.example.gov.cn answers HTTP 503: …"]
    )
    assert "forbids" in mend("blocked", ["robots: robots.txt forbids this address"])


HOST = "https://www.example.gov.cn"


def test_children_of_a_sitemap_that_changed_lately() -> None:
    def child(name: str, day: str | None) -> Row:
        return Row(name, f"{HOST}/{name}.xml", day)

    index = [child("old", "2019-01-01"), child("s1", "2026-11-20"), child("s2", "2026-11-21"), child("s10", None)]
    index.append(Row("x", "https://cdn.example.com/x.xml", "2026-11-22"))
    chosen = sitemaps.chosen(index, NOW.date(), "www.example.gov.cn")
    assert chosen == [f"{HOST}/s10.xml", f"{HOST}/s2.xml", f"{HOST}/s1.xml"]
    assert sitemaps.chosen(index[:1], NOW.date(), "www.example.gov.cn") == [f"{HOST}/old.xml"]
    undated = [dataclasses.replace(child(f"s{n}", None)) for n in range(20)]
    assert sitemaps.chosen(undated, NOW.date(), "www.example.gov.cn") == [
        f"{HOST}/s{n}.xml" for n in (19, 18, 17, 16)
    ]


def test_a_sitemap_of_sitemaps_is_read_as_one() -> None:
    def xml(url: str, body: str) -> Response:
        return XmlResponse(url, body=body.encode(), headers={"Content-Type": "application/xml"})

    index = xml(
        f"{HOST}/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{HOST}/a.xml</loc></sitemap><sitemap><loc>{HOST}/b.xml</loc></sitemap></sitemapindex>",
    )
    answers = {
        f"{HOST}/a.xml": xml(f"{HOST}/a.xml", f"<urlset><url><loc>{HOST}/1.html?a=1&amp;b=2</loc></url></urlset>"),
        f"{HOST}/b.xml": xml(f"{HOST}/b.xml", "<html>not there</html>"),
    }

    class Engine:
        async def download_async(self, request: Request) -> Response:
            return answers[request.url]

    engine: Any = Engine()
    whole = asyncio.run(sitemaps.joined(engine, Request(index.url), index))
    assert [row.url for row in listing_of(whole, SITE, COLUMN, NOW.date()).rows] == [f"{HOST}/1.html?a=1&b=2"]
    answers.clear()
    assert asyncio.run(sitemaps.joined(engine, Request(index.url), index)) is index
