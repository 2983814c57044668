"""Rows and next pages that scripts and attributes keep. All pages are synthetic."""

from __future__ import annotations

import datetime as dt
import json

from crawler.extract import read_listing
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
URL = "https://rsj.example.gov.cn/tzgg/list.html"
TITLES = [f"关于申报第{n}批高层次人才创新创业项目的通知" for n in "一二三四五六七八"]


def html(body: str, script: str = "") -> Page:
    return Page(
        URL,
        f"<html><head><title>通知公告</title></head><body>{body}<script>{script}</script></body></html>",
        "",
        200,
    )


def test_rows_that_a_function_of_the_page_opens() -> None:
    rows = "".join(
        f"<li><a href=\"javascript:show('2026','{n}')\">{title}</a><i>2026-11-{20 - n:02}</i></li>"
        for n, title in enumerate(TITLES)
    )
    opens = "function show(y,id){ var a=1; window.open('/show/'+y+'/'+id+'.html'); }"
    listing = read_listing(html(f"<ul>{rows}</ul>", opens), today=TODAY)
    assert [row.url for row in listing.rows] == [f"https://rsj.example.gov.cn/show/2026/{n}.html" for n in range(8)]
    assert {row.part for row in listing.rows} == {""}
    # Nothing says where a function of another file leads: the key stays the item's.
    listing = read_listing(html(f"<ul>{rows}</ul>"), today=TODAY)
    assert {row.part for row in listing.rows} == {f"2026,{n}" for n in range(8)}


def test_rows_by_onclick_that_assign_the_location() -> None:
    rows = "".join(
        f'<tr onclick="go({n})"><td>{title}</td><td>2026-11-{20 - n:02}</td></tr>' for n, title in enumerate(TITLES)
    )
    listing = read_listing(
        html(f"<table>{rows}</table>", "var go = function(id){ location.href = 'view?id=' + id; }"), today=TODAY
    )
    assert [row.url for row in listing.rows] == [f"https://rsj.example.gov.cn/tzgg/view?id={n}" for n in range(8)]


def test_a_title_that_tells_of_title_and_day() -> None:
    rows = "".join(
        f"<tr><td><a href='view.asp?id={n}' title='文章标题：{title}&#13;&#10;发布时间："
        f"2026-11-{20 - n:02} 9:01:02&#13;&#10;点击次数：{n}'>{title[:12]}…</a></td></tr>"
        for n, title in enumerate(TITLES)
    )
    listing = read_listing(html(f"<table>{rows}</table>"), today=TODAY)
    assert [(row.title, row.date) for row in listing.rows] == [
        (title, f"2026-11-{20 - n:02}") for n, title in enumerate(TITLES)
    ]


def test_a_box_beside_rows_of_the_same_element_is_no_row() -> None:
    hot = "".join(f"<li><a href='/zt/{n}.html'>学习贯彻人才工作会议精神之{n}</a></li>" for n in range(4))
    rows = "".join(
        f"<div class='row'><i>{title}</i><b>2026-11-{20 - n:02}</b><a href='/gf/{n}/view'>查看</a></div>"
        for n, title in enumerate(TITLES)
    )
    listing = read_listing(
        html(f"<div class='main'><div class='box'><ul>{hot}</ul></div>{rows}</div>"), today=TODAY
    )
    assert [row.title for row in listing.rows] == TITLES


def test_rows_that_a_script_appends() -> None:
    rows = "".join(
        f"<li><a href='/a/{n}1234.html'>{t}</a><b>2026-11-{20 - n:02}</b></li>" for n, t in enumerate(TITLES)
    )
    asks = "var page=1;$('#more').click(function(){page++;$.get('/tzgg/more?page='+page,function(h){add(h)})});"
    more = html(f"<ul>{rows}</ul><a id='more'>加载更多</a>", asks)
    assert read_listing(more, today=TODAY).next == "https://rsj.example.gov.cn/tzgg/more?page=2"
    # An interface that no button of the list asks for is another box's.
    assert read_listing(html(f"<ul>{rows}</ul>", asks), today=TODAY).next is None


def test_keys_that_are_named_for_what_they_belong_to() -> None:
    items = [
        {"articleTitle": t, "subTitle": "摘要", "coverImgUrl": "/c.jpg", "articleUrl": f"/a/{n}.html",
         "expireTime": "2027-01-01", "releaseDateTime": f"2026-11-{20 - n:02}"} for n, t in enumerate(TITLES)
    ]  # fmt: skip
    page = Page(URL, json.dumps({"rows": items}), "application/json", 200)
    assert [(r.title, r.url, r.date) for r in read_listing(page, today=TODAY).rows] == [
        (t, f"https://rsj.example.gov.cn/a/{n}.html", f"2026-11-{20 - n:02}") for n, t in enumerate(TITLES)
    ]
