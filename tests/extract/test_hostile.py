"""Whatever a page contains, it is read or refused with a reason: never an exception (synthetic)."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import read_listing, read_page
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<h1>",
        "</h1>",
        "<br>",
        "<ul>",
        "<li>",
        "<a href='/a.pdf'>",
        "<a href='http://[::'>",
        "</a>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "\0",
        "&#xD800;",
        "<meta name=PubDate content='2024-99-99'>",
        "<meta name=ArticleTitle content=''>",
        "<meta http-equiv=refresh content='0;url=//['>",
        "<img src='data:,'>",
        "2024-02-30",
        "2024年3月27日 25:61",
        "来源：",
        "发布时间：",
        "索引号：",
        "责任编辑：",
        "相关阅读",
        "上一篇",
        "——",
        "（国办发〔2018〕1号）",
        "为吸引和留住人才，对新引进的博士给予一次性安家补贴。",
        "\u3000\u00a0",
        "\ud7ff",
        "𠮷",
        "<founder-content>",
        "<UCAPCONTENT>",
        "<svg>",
        "<template>",
    ]
)


LISTED = [
    "<li><a href='t20240327_1.html'>关于申报补贴的通知</a><span>2024-03-27</span></li>",
    "<a href='/2.html'>查看</a>", "<datastore>", "<record><![CDATA[", "]]></record>", "<script>document.write('",
    "');</script>", "var listData = [{",
    "createPageHTML(9, 0,", "<frameset><frame src='a.html'>", "<dl><dt>", "<dd>", "昨天", "[11-20]", "共9页",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60))
def test_any_markup_is_read_or_refused(pieces: list[str]) -> None:
    reading = read_page(Page("https://www.a.gov.cn/1.html", "".join(pieces)), today=TODAY)
    assert bool(reading.articles) != bool(reading.quarantine)
    for article in reading.articles:
        assert all(article.paragraphs)
        assert article.published is None or article.published[:10] <= TODAY.isoformat()


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    reading = read_page(Page("https://www.a.gov.cn/1.html", body), today=TODAY)
    assert bool(reading.articles) != bool(reading.quarantine)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.sampled_from(LISTED), max_size=50))
def test_any_listing_is_read_or_refused(pieces: list[str]) -> None:
    listing = read_listing(Page("https://www.a.gov.cn/tzgg/", "".join(pieces)), today=TODAY)
    assert listing.rows or listing.quarantine or listing.drift
    for row in listing.rows:
        assert row.url.startswith(("http://", "https://"))


LINE = "为吸引和留住人才，对新引进的博士给予一次性安家补贴。"
VIEW = "<p>关于人才政策的通知</p><a href=/t1.html>查看</a>"
MONSTERS = {
    "prose": "<p>" + LINE * 60_000,
    "lines": "<p>a</p>" * 50_000,
    "links": "<a href='/a1.html'>关于人才的通知</a>" * 15_000,
    "rows": f"<li>{VIEW}</li>" * 6_000,
    "one-row": f"<li>{VIEW * 20_000}</li>",
    "labels": "<h1>通知</h1>" + "<p>来源：</p>" * 20_000 + LINE * 10,
    "days": "<p>" + "2024-03-27 " * 100_000,
    "spaces": "<p>发布时间：" + "\u00a0" * 500_000 + "b</p>",
    "brackets": "<p>" + "（" * 500_000,
    "papers": "<p>本报讯（记者张三）</p>" * 20_000,
    "printed": "<script>" + "document.write('<li><a href=/1.html>');" * 30_000 + "</script>",
    "commented": "<!--<li><a href=/1.html>关于人才</a>-->" * 20_000,
    "json": "<script>var listData = [" + '{"title":"关于人才政策的通知","url":"/1.html"},' * 10_000 + "</script>",
}


@pytest.mark.parametrize("page", MONSTERS.values(), ids=MONSTERS)
def test_monsters_take_bounded_time(page: str) -> None:
    start = time.process_time()
    read_page(Page("https://www.a.gov.cn/1.html", page), today=TODAY)
    read_listing(Page("https://www.a.gov.cn/tzgg/", page), today=TODAY)
    # Seconds of CPU; each takes a few here, what grows with the square takes minutes.
    assert time.process_time() - start < 20


DEEP = {
    "div": "<div>",
    "bold": "<b>",
    "cell": "<table><tr><td>",
    "link": "<a href=1>",
    "font": "<font><p>",
    "item": "<ul><li>",
}


@pytest.mark.parametrize("opened", DEEP.values(), ids=DEEP)
def test_a_hundred_thousand_open_elements_are_refused(opened: str) -> None:
    page = Page("https://www.a.gov.cn/1.html", opened * (100_000 // opened.count("<")) + LINE)
    for found in (read_page(page, today=TODAY).quarantine, read_listing(page, today=TODAY).quarantine):
        assert found is not None
        assert found.reason == "unreadable"
        assert "nested" in found.evidence


@pytest.mark.parametrize(
    "body", [b"a" * 20_000_001, "人" * 20_000_001, b"<p>" * 7_000_000], ids=["bytes", "text", "tags"]
)
def test_what_is_larger_than_any_page_is_refused(body: bytes | str) -> None:
    found = read_page(Page("https://www.a.gov.cn/1.html", body), today=TODAY).quarantine
    assert found is not None
    assert found.reason == "too_large"


def test_a_page_just_below_the_limit_is_read() -> None:
    body = ("<p>" + LINE * 200 + "</p>").encode() * 1280
    assert 19_000_000 < len(body) < 20_000_000
    article = read_page(Page("https://www.a.gov.cn/1.html", body), today=TODAY).articles[0]
    assert len(article.paragraphs) == 1280


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "人才">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    + "]><rss><channel><item><title>&a11;</title><link>http://a.cn/1</link></item></channel></rss>"
)


def test_a_bomb_of_entities_is_refused_unexpanded() -> None:
    page = Page("https://www.a.gov.cn/1.xml", BOMB)
    for found in (read_page(page, today=TODAY).quarantine, read_listing(page, today=TODAY).quarantine):
        assert found is not None
        assert found.reason == "unreadable"
        assert "entities" in found.evidence
