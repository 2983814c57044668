# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Listings by rules, as newspaper pages, hostile ones, and ones that are none."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from crawler.extract.listing import read_listing
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

    @pytest.mark.parametrize(
        ("address", "head"),
        [
            ("html/node_2.htm", "<p>江城日报 2026年11月20日 星期五 第01版</p><p>创刊于 1985年3月1日</p>"),
            ("html/node_2.htm", "<div><span>2026年11月20日</span><a href='/old'>2026年11月19日</a></div>"),
            ("html/nw_20261120_2.htm", "<p>江城日报</p>"),
            ("html/node_2.htm?date=2026-11-20", "<p>2026年11月25日 星期三</p>"),
        ],
    )
    @pytest.mark.parametrize("rules", [None, ListRules(rows="ul li", link="a")])
    def test_rows_take_the_day_of_their_edition(self, address, head, rules):
        page = f'{head}<ul><li><a href="content_11.htm">本市发布青年人才安居新政</a></li></ul>'
        read = Page(f"http://paper.example.cn/{address}", page)
        listing = read_listing(read, rules, family="epaper", today=TODAY)
        assert [(r.title, r.date) for r in listing.rows] == [("本市发布青年人才安居新政", "2026-11-20")]

    def test_an_edition_whose_day_is_unclear_dates_no_row(self):
        page = (
            "<p>2026年11月20日</p><p>2026年11月18日</p>"
            '<ul><li><a href="content_11.htm">本市发布青年人才安居新政</a></li></ul>'
        )
        read = Page("http://paper.example.cn/html/node_2.htm", page)
        assert [r.date for r in read_listing(read, family="epaper", today=TODAY).rows] == [None]


class TestNoContent:
    def test_login_and_errors_are_quarantined(self):
        listing = read("<html><title>统一身份认证</title><body><form>请先登录 <input></form></body></html>")
        assert listing.quarantine is not None
        assert listing.quarantine.reason == "login"
        listing = read(f"<html><body><ul>{LIST}</ul></body></html>", status=404)
        assert listing.quarantine is not None

    def test_an_error_page_with_a_menu_is_no_listing(self):
        menu = "".join(f'<li><a href="/c{i}/index.html">第{i}个栏目的名称</a></li>' for i in range(8))
        listing = read(f"<html><title>404</title><body><ul>{menu}</ul><p>您访问的页面不存在</p></body></html>")
        assert listing.quarantine is not None
        assert listing.quarantine.reason in ("error", "removed")
        assert listing.rows == ()

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


def test_half_a_surrogate_pair_in_a_list_of_data_can_be_stored() -> None:
    items = [
        {"title": f"关于申报第{i}批\ud800青年人才补贴的通知😀", "url": f"/a/{i}.html", "date": f"2026-10-1{i}"}
        for i in range(6)
    ]
    rows = read(json.dumps({"rows": items}).encode(), content_type="application/json").rows
    assert rows[0].title == "关于申报第0批?青年人才补贴的通知😀"
    assert all(row.title.encode("utf-8") for row in rows)
