# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Listings by rules, as data, as feeds, hostile ones, and ones that are none."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from crawler.extract import listing_dates as dates
from crawler.extract.listing import read_listing
from crawler.extract.pager import next_query, page_address
from crawler.model import ListRules, Page

TODAY = dt.date(2026, 11, 22)
URL = "http://rsj.linjiang.example.gov.cn/tzgg/index.html"
LIST = "".join(
    f'<li><a href="/a/2026/{i}771.html">关于申报第{i}批青年人才补贴的通知</a><span class="d">2026-10-{10 + i}</span></li>'
    for i in range(1, 8)
)


def read(body, rules=None, url=URL, **more):
    return read_listing(Page(url, body, **more), rules, today=TODAY)


class TestRules:
    def test_selectors_choose_the_rows(self):
        page = f'<ul class="other">{LIST.replace("/a/", "/b/")}</ul><ul class="mine">{LIST}</ul>'
        listing = read(page, ListRules(rows="ul.mine li", link="a", date=".d"))
        assert [r.url for r in listing.rows] == [
            f"http://rsj.linjiang.example.gov.cn/a/2026/{i}771.html" for i in range(1, 8)
        ]
        assert listing.rows[0].date == "2026-10-11"
        assert listing.drift == ()

    def test_a_lost_selector_is_drift_and_no_guess(self):
        listing = read(f"<ul>{LIST}</ul>", ListRules(rows="ul.gone li"))
        assert listing.rows == ()
        assert listing.drift == ("selector_lost",)

    def test_a_lost_link_selector_is_drift(self):
        listing = read(f"<ul>{LIST}</ul>", ListRules(rows="ul li", link="a.gone"))
        assert (listing.rows, listing.drift) == ((), ("selector_lost",))

    def test_a_lost_date_selector_keeps_the_rows_without_dates(self):
        listing = read(f"<ul>{LIST}</ul>", ListRules(rows="ul li", date=".gone"))
        assert len(listing.rows) == 7
        assert {r.date for r in listing.rows} == {None}
        assert listing.drift == ("date_selector_lost",)

    def test_an_invalid_selector_is_said(self):
        assert read(f"<ul>{LIST}</ul>", ListRules(rows="ul >>> li[")).drift == ("selector_invalid",)

    def test_links_alone_may_be_the_rows(self):
        listing = read(f"<ul>{LIST}</ul>", ListRules(rows="ul li a"))
        assert [r.date for r in listing.rows][:2] == ["2026-10-11", "2026-10-12"]

    def test_the_next_page_by_rule(self):
        page = f'<ul>{LIST}</ul><p class="x"><a class="onward" href="p2.html">继续</a></p>'
        assert (
            read(page, ListRules(rows="ul li", next="a.onward")).next
            == "http://rsj.linjiang.example.gov.cn/tzgg/p2.html"
        )

    def test_rules_read_a_fragment_in_json(self):
        body = json.dumps({"data": {"html": f"<ul class='mine'>{LIST}</ul>"}})
        assert len(read(body, ListRules(rows="ul.mine li")).rows) == 7


class TestJson:
    def rows(self):
        return [
            {
                "id": i,
                "bt": f"<em>人才</em>政策第{i}号文件的通知&amp;解读",
                "lj": f"/art/{i}.html",
                "sj": 1792890000000 - i * 86400000,
            }
            for i in range(5)
        ]

    def test_rules_name_the_keys(self):
        body = json.dumps({"data": {"count": 50, "infolist": self.rows()}})
        rules = ListRules(items=("data", "infolist"), title="bt", link="lj", date="sj", total=("data", "count"))
        listing = read(body, rules)
        assert listing.total == 50
        assert listing.rows[0].title == "人才政策第0号文件的通知&解读"
        assert listing.rows[0].url == "http://rsj.linjiang.example.gov.cn/art/0.html"
        assert listing.rows[0].date == "2026-10-25"

    def test_a_template_builds_the_address_and_a_part_tells_posts_apart(self):
        body = json.dumps({"list": self.rows()})
        listing = read(body, ListRules(items=("list",), title="bt", link_template="https://x.example.cn/d?id={id}"))
        assert listing.rows[3].url == "https://x.example.cn/d?id=3"
        listing = read(body, ListRules(items=("list",), title="bt", part="id"))
        assert [(r.url, r.part) for r in listing.rows][:2] == [(URL, "0"), (URL, "1")]

    def test_lost_items_are_drift(self):
        assert read(json.dumps({"list": self.rows()}), ListRules(items=("gone",), title="bt", link="lj")).drift == (
            "selector_lost",
        )

    def test_rows_are_found_without_rules(self):
        rows = [
            {
                "DOCTITLE": f"关于第{i}批博士后资助的公告",
                "DOCPUBURL": f"http://a.example.gov.cn/t{i}.html",
                "PUBDATE": f"2026-11-1{i}T16:30:00.000Z",
            }
            for i in range(4)
        ]
        listing = read(
            json.dumps({"page": {"content": rows, "total": "41"}, "facets": [{"name": "类别", "count": 3}]})
        )
        assert [r.date for r in listing.rows] == ["2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14"]
        assert listing.total == 41

    def test_wrapped_html_is_read(self):
        listing = read(json.dumps({"success": True, "data": {"html": f"<ul>{LIST}</ul>"}}))
        assert len(listing.rows) == 7

    def test_jsonp(self):
        body = (
            "callback("
            + json.dumps([{"title": f"第{i}期人才公寓配租公告", "url": f"/x/{i}.html"} for i in range(3)])
            + ");"
        )
        assert len(read(body).rows) == 3

    def test_the_next_page_of_an_interface(self):
        assert next_query("http://x/api?page=2&n=10", rows=10, total=35) == "http://x/api?page=3&n=10"
        assert next_query("http://x/api?page=4&n=10", rows=10, total=35) is None
        assert next_query("http://x/api?q=1", rows=10, total=35) is None

    def test_deep_or_broken_json_does_not_crash(self):
        assert read("[" * 100_000).rows == ()
        assert read('{"a": ').rows == ()


class TestFeeds:
    def test_rss(self):
        items = "".join(
            f"<item><title>人才新政第{i}条</title><link>http://n.example.cn/{i}.shtml</link><pubDate>Fri, 0{i} Nov 2026 20:00:00 GMT</pubDate></item>"
            for i in range(1, 4)
        )
        listing = read(
            f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>频道</title>{items}</channel></rss>'
        )
        assert (listing.rows[0].title, listing.rows[0].date) == ("人才新政第1条", "2026-11-02")

    def test_atom_rdf_and_sitemap(self):
        atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>引才公告</title><link href="/e/1.html"/><updated>2026-11-02T08:00:00+08:00</updated></entry></feed>'
        assert read(atom).rows[0].url == "http://rsj.linjiang.example.gov.cn/e/1.html"
        rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="http://n.cn/1"><title>引才</title><link>http://n.cn/1</link><dc:date>2026-10-01</dc:date></item></rdf:RDF>'
        assert read(rdf).rows[0].date == "2026-10-01"
        sitemap = "<urlset><url><loc>http://n.cn/zcfg/post_1.html</loc><lastmod>2026-10-01</lastmod></url></urlset>"
        assert read(sitemap).rows[0].url == "http://n.cn/zcfg/post_1.html"

    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        ],
    )
    def test_entities_are_refused(self, doctype):
        listing = read(
            f'<?xml version="1.0"?>{doctype}<rss><channel><item><title>&x;</title><link>http://n.cn/1</link></item></channel></rss>'
        )
        assert listing.rows == ()
        assert listing.quarantine is not None
        assert listing.quarantine.reason == "unreadable"

    def test_datastore(self):
        records = "".join(f"<record><![CDATA[{row}]]></record>" for row in LIST.split("</li>") if row)
        text = f'<?xml version="1.0"?><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=5"></a>]]></nextgroup><totalrecord>70</totalrecord><recordset>{records}</recordset></datastore>'
        listing = read(text)
        assert len(listing.rows) == 7
        assert listing.total == 70
        assert listing.next == "http://rsj.linjiang.example.gov.cn/module/web/jpage/dataproxy.jsp?page=2&columnid=5"


class TestEdition:
    def test_articles_and_the_next_edition_page(self):
        page = (
            '<div id="pageLink"><a href="node_2.htm">第01版：要闻</a><a href="node_3.htm">第02版：人才</a></div>'
            '<map><area shape="rect" href="content_11.htm?div=-1"><area href="content_12.htm"></map>'
            '<ul><li><a href="content_11.htm">本市发布青年人才安居新政</a></li><li><a href="content_12.htm">高校毕业生专场招聘开幕</a></li></ul>'
        )
        listing = read_listing(
            Page("http://paper.example.cn/html/2026-11/20/node_2.htm", page), family="epaper", today=TODAY
        )
        assert [(r.title, r.date) for r in listing.rows] == [
            ("本市发布青年人才安居新政", "2026-11-20"),
            ("高校毕业生专场招聘开幕", "2026-11-20"),
        ]
        assert listing.next == "http://paper.example.cn/html/2026-11/20/node_3.htm"


class TestNoContent:
    def test_login_and_errors_are_quarantined(self):
        listing = read("<html><title>统一身份认证</title><body><form>请先登录 <input></form></body></html>")
        assert listing.quarantine is not None
        assert listing.quarantine.reason == "login"
        listing = read(f"<html><body><ul>{LIST}</ul></body></html>", status=404)
        assert listing.quarantine is not None

    def test_empty_page(self):
        listing = read(b"")
        assert listing.quarantine is not None
        assert listing.quarantine.reason == "empty"

    def test_a_page_without_rows_says_so(self):
        body = "<p>" + "本栏目暂无内容，敬请期待后续更新。" * 40 + "</p>"
        assert read(body).drift == ("no_rows",)

    @pytest.mark.parametrize(
        "body",
        [
            "<div>" * 100_000,
            "<ul>" + "<li><a href='/a/1.html'>" * 50_000,
            "<a href='" * 30_000,
            "<script>" * 20_000 + "var x = {",
            "<record>" * 50_000 + "<datastore>",
            "<table><tr><td>" * 3_000 + LIST,
            "createPageHTML(" * 20_000,
        ],
    )
    def test_hostile_pages_are_bounded(self, body):
        start = time.process_time()
        read(body)
        assert time.process_time() - start < 5


class TestScripted:
    def test_items_that_share_one_address_get_their_key(self):
        rows = "".join(
            f"""<tr><td><a href="javascript:void(0)" onclick="queryDetail('a{i}b2c3d4','2')">第{i}批人才引进计划职位一览表公布</a></td><td>2026-10-1{i}</td></tr>"""
            for i in range(6)
        )
        listing = read(f"<table>{rows}</table>")
        assert [(r.url, r.part, r.date) for r in listing.rows][:2] == [
            (URL, "a0b2c3d4,2", "2026-10-10"),
            (URL, "a1b2c3d4,2", "2026-10-11"),
        ]

    def test_addresses_inside_of_script(self):
        rows = "".join(
            f"""<li><a href="javascript:openWin('/show/{i}88231.html')">第{i}批人才引进计划职位一览表公布</a><i>2026-10-1{i}</i></li>"""
            for i in range(6)
        )
        assert read(f"<ul>{rows}</ul>").rows[5].url == "http://rsj.linjiang.example.gov.cn/show/588231.html"


class TestPaging:
    def test_trs_numbers(self):
        assert page_address("http://x.gov.cn/a/", 1) == "http://x.gov.cn/a/index.html"
        assert page_address("http://x.gov.cn/a/index.shtml", 3) == "http://x.gov.cn/a/index_2.shtml"

    def test_the_last_page_has_no_next(self):
        page = f'<ul>{LIST}</ul><script>createPageHTML(3, 2, "index", "html")</script>'
        assert read(page).next is None

    def test_a_disabled_next_is_none(self):
        page = f'<ul>{LIST}</ul><div class="pages"><a class="next disabled" href="index_9.html">下一页</a></div>'
        assert read(page).next is None

    def test_totals(self):
        assert read(f"<ul>{LIST}</ul><p>共 12 页 每页20条 共计<b>231</b>条记录</p>").total == 231
        assert read(f"<ul>{LIST}</ul><p>共12页</p>").total is None


class TestDates:
    @pytest.mark.parametrize(
        ("token", "day"),
        [
            ("2024/3/27", "2024-03-27"), ("[2024-03-27]", "2024-03-27"), ("２０２４年３月２７日", "2024-03-27"),
            ("发布时间：2024-03-27 09:05", "2024-03-27"), ("2024.03.27", "2024-03-27"), ("20240327", "2024-03-27"),
            ("24-03-27", "2024-03-27"), ("二〇二四年三月二十七日", "2024-03-27"), ("昨天", "2026-11-21"), ("今日", "2026-11-22"),
            ("3小时前", "2026-11-22"), ("2天前", "2026-11-20"), ("2027-01-01", None), ("2024-13-01", None), ("第3期", None),
        ],
    )  # fmt: skip
    def test_tokens(self, token, day):
        found = dates.standalone(token, TODAY)
        assert (found.isoformat() if isinstance(found, dt.date) else found) == day

    def test_years_come_from_context(self):
        days = [dates.MonthDay(x) for x in ((11, 20), (11, 3), (12, 28), (12, 1), (11, 30), (11, 15))]
        found = [d.isoformat() if d else None for d in dates.with_years(days, [""] * 6, TODAY)]
        assert found == ["2026-11-20", "2026-11-03", "2025-12-28", "2025-12-01", "2025-11-30", "2025-11-15"]

    @pytest.mark.parametrize(
        ("value", "day"),
        [
            (1636700679, "2021-11-12"), ("1636700679000", "2021-11-12"), ("2021-11-23T16:35:00.000Z", "2021-11-24"),
            ("2018.11.14 17:44:00", "2018-11-14"), ("Tue, 23 Nov 2021 16:35:00 GMT", "2021-11-24"), (12, None), (None, None), (True, None),
            ("2099-01-01", None),
        ],
    )  # fmt: skip
    def test_stamps(self, value, day):
        found = dates.stamp(value, TODAY)
        assert (found.isoformat() if found else None) == day
