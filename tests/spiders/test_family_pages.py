# ruff: noqa: E501 - markup as the platforms print it
"""Pages in the structure of their platforms, read as the catalogue's own files say. All of them are synthetic."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from crawler.config import Config
from crawler.extract import read_listing
from crawler.model import Article, Column, Listing, Page, Site
from crawler.sites import allowed_host, find
from pipelines.read import read_as
from spiders import families

TODAY = dt.date(2026, 11, 23)
TEXT = (
    "<p>　　本报讯　为加快集聚青年人才，示范市近日出台若干措施，对新引进的博士给予每人十万元安家补贴。</p>"
    "<p>　　措施自二〇二六年十二月一日起施行，有效期三年，由市人力资源和社会保障局负责解释。</p>"
)


def of(name: str, key: str) -> tuple[Site, Column]:
    site = find(Config(), name)
    return site, next(column for column in site.columns if column.key == key)


def listed(name: str, key: str, url: str, body: str, kind: str = "text/html; charset=utf-8") -> Listing:
    site, column = of(name, key)
    page = Page(url, body.encode(), kind)
    found: Listing = read_listing(page, column.rules, family=column.family, charset=site.charset, today=TODAY)
    return found


def article(name: str, url: str, markup: str) -> Article:
    site = find(Config(), name)
    reading = read_as(
        Page(url, markup.encode(), "text/html; charset=utf-8"), site, site.columns[0], row=None, today=TODAY
    )
    assert reading.quarantine is None
    assert reading.drift == ()
    (found,) = reading.articles
    return found


def rows(listing: Listing) -> list[tuple[str, str, str | None]]:
    return [(row.title, row.url, row.date) for row in listing.rows]


def test_peoples_daily() -> None:
    base = "https://paper.people.com.cn/rmrb/pc"
    page = listed(
        "people_daily", "rmrb", f"{base}/layout/202611/23/node_01.html",
        '<div class="paper"><p class="ban">第01版：要闻</p><p class="btn"><a href="node_02.html">下一版</a></p></div>'
        '<div class="swiper-container" id="list"><ul><li><a href="node_01.html">01版：要闻</a></li>'
        '<li><a href="node_02.html">02版：政策</a></li></ul></div><div class="news"><ul class="news-list">'
        '<li><a href="../../../content/202611/23/content_1.html">加快建设人才高地</a></li>'
        '<li><a href="../../../content/202611/23/content_2.html">多地出台青年人才安居新举措</a></li></ul></div>',
    )  # fmt: skip
    assert rows(page) == [
        ("加快建设人才高地", f"{base}/content/202611/23/content_1.html", "2026-11-23"),
        ("多地出台青年人才安居新举措", f"{base}/content/202611/23/content_2.html", "2026-11-23"),
    ]
    assert page.next == f"{base}/layout/202611/23/node_02.html"
    read = article(
        "people_daily", f"{base}/content/202611/23/content_2.html",
        '<div class="article"><h1>多地出台青年人才安居新举措</h1><p class="sec">本报记者 某某 <span class="newstime">'
        f'《人民日报》（2026年11月23日 第 02 版）</span></p><div id="ozoom"><!--enpcontent-->{TEXT}<!--/enpcontent-->'
        "</div></div>",
    )  # fmt: skip
    assert (read.title, read.published, len(read.paragraphs)) == ("多地出台青年人才安居新举措", "2026-11-23", 2)


@pytest.mark.parametrize(
    ("name", "key", "url", "markup"),
    [
        (
            "hnrb", "hnrb_epaper", "https://hnrb.voc.com.cn/hnrb_epaper/html/2026-11/23/node_201.htm",
            '<table><tr><td><table><tbody><tr><td><a id="pageLink" href="./node_201.htm">第01版:头版</a></td></tr>'
            '<tr><td><a id="pageLink" href="./node_202.htm">第02版:要闻</a></td></tr></tbody></table></td><td><table>'
            '<tbody><tr><td><a href="content_1.htm?div=-1"><div>示范省出台人才安居十条</div></a></td></tr><tr><td>'
            '<a href="content_2.htm?div=-1"><div>首批人才公寓交付使用</div></a></td></tr></tbody></table></td></tr></table>',
        ),
        (
            "zjrb", "paperindex", "https://zjrb.zjol.com.cn/html/2026-11/23/node_18.htm",
            '<ul class="main-ed-articlenav-list"><li><a href="content_1.htm?div=-1">示范省出台人才安居十条</a></li>'
            '<li><a href="content_2.htm?div=-1">首批人才公寓交付使用</a></li></ul><div>'
            '<a id="pageLink" href="./node_18.htm">01版：要闻</a><a id="pageLink" href="./node_19.htm">02版：综合</a></div>',
        ),
        (
            "fjrb", "col", "https://fjrb.fjdaily.com/pc/col/202611/23/node_01.html",
            '<div id="list"><ul><li><a href="node_01.html">01版：要闻</a></li><li><a href="node_02.html">02版：综合</a></li>'
            '</ul></div><div class="news"><ul><li><a href="../../../con/202611/23/content_1.html">示范省出台人才安居十条</a>'
            '</li><li><a href="../../../con/202611/23/content_2.html">首批人才公寓交付使用</a></li></ul></div>',
        ),
        (
            "jxrb", "layout", "https://jxrb.cnjxol.com/jxrbPaper/pc/layout/202611/23/node_01.html",
            '<div id="list"><ul><li><a href="node_01.html">01版：要闻</a></li><li><a href="node_02.html">02版：综合</a></li>'
            '</ul></div><ul id="articlelist"><li class="clearfix"><a href="../../../con/202611/23/content_1.html">'
            '示范省出台人才安居十条</a></li><li class="clearfix"><a href="../../../con/202611/23/content_2.html">'
            "首批人才公寓交付使用</a></li></ul>",
        ),
    ],
)  # fmt: skip
def test_founder_editions(name: str, key: str, url: str, markup: str) -> None:
    page = listed(name, key, url, f"<html><body>{markup}</body></html>")
    assert [(row.title, row.date) for row in page.rows] == [
        ("示范省出台人才安居十条", "2026-11-23"), ("首批人才公寓交付使用", "2026-11-23"),
    ]  # fmt: skip
    assert all("content_" in row.url and allowed_host(find(Config(), name), row.url) for row in page.rows)
    assert page.next is not None
    assert page.next.rpartition("/")[2] in ("node_202.htm", "node_19.htm", "node_02.html")


def test_founder_article() -> None:
    read = article(
        "hnrb", "https://hnrb.voc.com.cn/hnrb_epaper/html/2026-11/23/content_1.htm",
        '<table><tr><td class="font02">引题</td></tr><tr><td class="font01">示范省出台人才安居十条</td></tr><tr><td>'
        f'<div id="ozoom"><founder-content>{TEXT}</founder-content></div></td></tr></table>',
    )  # fmt: skip
    assert (read.title, read.published, len(read.paragraphs)) == ("示范省出台人才安居十条", "2026-11-23", 2)


def test_an_edition_whose_links_stand_in_an_attribute_of_their_own() -> None:
    page = listed(
        "mrdx", "mrdx", "http://mrdx.cn/content/20261123/Page01DK.htm",
        '<div class="listdaohang"><ul><li><h4>第01版</h4><a daoxiang="Articel01001BB.htm" href="#">人才工作综述</a>'
        '<a daoxiang="Articel01002BB.htm" href="javascript:void(0)">多地推出引才新举措</a></li><li><h4>第02版</h4>'
        '<a daoxiang="Articel02001BB.htm" href="#">博士后资助标准提高</a></li></ul></div>',
    )  # fmt: skip
    base = "http://mrdx.cn/content/20261123/Articel"
    assert rows(page) == [
        ("人才工作综述", f"{base}01001BB.htm", "2026-11-23"), ("多地推出引才新举措", f"{base}01002BB.htm", "2026-11-23"),
        ("博士后资助标准提高", f"{base}02001BB.htm", "2026-11-23"),
    ]  # fmt: skip


def test_chinanews() -> None:
    lines = "".join(
        f'<li><div class="dd_lm">[<a href="/gn.shtml">国内</a>]</div><div class="dd_bt"><a href="//www.chinanews.com.cn/gn/'
        f'2026/11-{22 - n}/1050000{n}.shtml">示范市出台第{n}批人才新政</a></div><div class="dd_time">11-{22 - n} 10:30</div></li>'
        for n in range(4)
    )
    url = "https://www.chinanews.com.cn/scroll-news/news1.html"
    page = listed("chinanews", "scroll", url, f'<div class="content_list"><ul>{lines}</ul></div>')
    assert rows(page)[3] == (
        "示范市出台第3批人才新政", "https://www.chinanews.com.cn/gn/2026/11-19/10500003.shtml", "2026-11-19"
    )  # fmt: skip
    assert len(page.rows) == 4
    _, column = of("chinanews", "scroll")
    assert families.following(column, url, 2, page) == "https://www.chinanews.com.cn/scroll-news/news2.html"
    read = article(
        "chinanews", page.rows[0].url,
        '<h1 class="content_left_title">示范市出台第0批人才新政</h1><div class="content_left_time">2026年11月22日 10:30　'
        f'来源：中国新闻网</div><div class="left_zw">{TEXT}<div class="adInContent">广告</div></div>',
    )  # fmt: skip
    assert (read.published, read.source_credit, len(read.paragraphs)) == (
        "2026-11-22T10:30:00+08:00", "中国新闻网", 2
    )  # fmt: skip


def test_dataproxy_goes_on_by_its_own_numbers() -> None:
    base = "http://www.jiangsu.gov.cn/module/web/jpage/dataproxy.jsp?columnid=66109&unitid=1&webid=1"
    records = "".join(
        f"<record><![CDATA[<li><a href='/art/2026/11/{20 - n}/art_66109_{n}.html'>示范办法第{n}号的通知</a>"
        f"<b>2026-11-{20 - n}</b></li>]]></record>"
        for n in range(3)
    )
    answer = f"<datastore><totalrecord>45</totalrecord><totalpage>15</totalpage><recordset>{records}</recordset></datastore>"
    key = next(column.key for column in find(Config(), "js_gov").columns if "66109" in column.url)
    page = listed("js_gov", key, f"{base}&page=2", answer, "text/xml")
    assert [row.date for row in page.rows] == ["2026-11-20", "2026-11-19", "2026-11-18"]
    assert page.total == 45
    _, column = of("js_gov", key)
    following = families.following(column, f"{base}&page=2", 3, page)
    assert following is not None
    assert following.endswith("page=3")


def test_a_sitemap_chooses_by_pattern_and_one_of_sitemaps_names_them() -> None:
    base = "https://hrss.gd.gov.cn"
    page = listed(
        "gd_hrss", "sitemap", f"{base}/sitemap.xml",
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>'
        f"<loc>{base}/zcfg/zcjd/content/post_1.html</loc><lastmod>2026-11-20</lastmod></url><url><loc>{base}/zwgk/gsgg/"
        "content/post_2.html</loc><lastmod>2026-11-19T20:00:00+00:00</lastmod></url></urlset>", "application/xml",
    )  # fmt: skip
    assert [(row.url, row.date) for row in page.rows] == [
        (f"{base}/zcfg/zcjd/content/post_1.html", "2026-11-20"), (f"{base}/zwgk/gsgg/content/post_2.html", "2026-11-20"),
    ]  # fmt: skip
    index = listed(
        "gd_hrss", "sitemap", f"{base}/sitemap.xml",
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>'
        f"<loc>{base}/sitemap1.xml</loc></sitemap></sitemapindex>", "application/xml",
    )  # fmt: skip
    assert index.rows == ()
    assert index.quarantine is not None
    assert f"{base}/sitemap1.xml" in index.quarantine.evidence


def test_zhejiangs_search_asks_for_a_window_and_names_the_releases_themselves() -> None:
    site, column = of("zj_search", "rencai")
    assert site.enabled
    request = families.request_of(site, column, column.url, 2, since=dt.date(2026, 9, 1))
    assert b"&p=2&" in request.body
    assert b"&begin=20260901&end=20" in request.body
    assert request.method == "POST"
    inner = "https%3A%2F%2Frsj.hangzhou.gov.cn%2Fart%2F2026%2F11%2F20%2Fart_1_2.html"
    results = [
        '<div class="jcse-result-box"><div class="titleWrapper"><a target="_blank" href="visit/link.do?url='
        f'{inner.replace("_2.", f"_{n}.")}&q=%E4%BA%BA%E6%89%8D">关于第{n}批<em>人才</em>项目的通知</a></div>'
        f'<div class="sourceTime"><span>来源:示范市人社局</span><span>时间:2026-11-{20 - n}</span></div></div>'
        for n in range(6)
    ]
    page = listed(
        "zj_search", "rencai", column.url, json.dumps({"result": results, "total": 321}), "application/json"
    )
    assert len(page.rows) == 6
    assert page.rows[1].url == "https://rsj.hangzhou.gov.cn/art/2026/11/20/art_1_1.html"
    assert (page.rows[1].title, page.rows[1].date) == ("关于第1批人才项目的通知", "2026-11-19")
    assert page.total == 321
    assert allowed_host(site, page.rows[0].url)
    assert not allowed_host(site, "https://hangzhou.gov.cn.example.com/")
    assert not allowed_host(dataclasses.replace(site, hosts=("zj.gov.cn",)), "https://rsj.zj.gov.cn/")
