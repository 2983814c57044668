# ruff: noqa: E501  (rows stand on one line, as sites print them)
"""Synthetic listings: pages that a script turns, lists that a component is handed, days beside the row's own."""

from __future__ import annotations

import datetime as dt
import html
import json

import pytest

from crawler.extract import read_listing
from crawler.extract.listing_dates import joined, standalone
from crawler.model import Listing, Page
from tests.extract.listing_worlds import DATES, FOOT, NAV, TITLES, TODAY

HERE = "https://rsj.lj.gov.cn/list.jsp?id=7"
URLS = [f"https://rsj.lj.gov.cn/info/1116/{5946 - i}.htm" for i in range(len(TITLES))]
WANTED = [(t, u, d) for t, u, d in zip(TITLES, URLS, DATES, strict=True)]
ROWS = "".join(f"<li><a href='{u}'>{t}</a><span>{d}</span></li>" for t, u, d in WANTED)


def read(middle: str, url: str = HERE) -> Listing:
    return read_listing(
        Page(url, f"<html><body>{NAV}<div class='con'>{middle}</div>{FOOT}</body></html>"), today=TODAY
    )


def rows(middle: str) -> list[tuple[str, str, str | None]]:
    return [(row.title, row.url, row.date) for row in read(middle).rows]


def turned(link: str, function: str) -> str | None:
    return read(f"<ul>{ROWS}</ul><div class='page'>{link}</div><script>{function}</script>").next


@pytest.mark.parametrize(
    ("link", "function", "following"),
    [
        ("<a href='javascript:goPage(2)'>下一页</a>", "function goPage(n){ window.location.href = 'list.jsp?id=7&page=' + n; }", "list.jsp?id=7&page=2"),
        ("<a href='#' onclick='turn(2)'>下一页&gt;</a>", "var turn = function (p) { location = '/list_' + p + '.html'; }", "list_2.html"),
        # It leads nowhere, to another host, or back to this page: nothing is made of that.
        ("<a href='javascript:goPage(2)'>下一页</a>", "function goPage(n){ $('#list').load(make(n)); }", None),
        ("<a href='javascript:goPage(2)'>下一页</a>", "function goPage(n){ location.href = 'https://elsewhere.example.com/?p=' + n; }", None),
        ("<a href='javascript:goPage(7)'>下一页</a>", "function goPage(n){ location.href = 'list.jsp?id=' + n; }", None),
        ("<a href='javascript:gone(2)'>下一页</a>", "", None),
    ],
)  # fmt: skip
def test_a_page_that_a_function_turns(link: str, function: str, following: str | None) -> None:
    assert turned(link, function) == (f"https://rsj.lj.gov.cn/{following}" if following else None)


DRAWN = "laypage.render({ elem: 'pages', count: %s, limit: 10, curr: %s, jump: function (obj, first) { if (!first) { location.href = 'index_' + obj.curr + '.html'; } } });"


@pytest.mark.parametrize(
    ("count", "current", "following"),
    [("240", "1", "index_2.html"), ("240", "3", "index_4.html"), ("25", "3", None), ("240", "page", None), ("total", "1", None)],
)  # fmt: skip
def test_a_pager_that_a_plugin_draws(count: str, current: str, following: str | None) -> None:
    assert turned("", DRAWN % (count, current)) == (f"https://rsj.lj.gov.cn/{following}" if following else None)


def test_a_list_that_a_component_is_handed() -> None:
    held = json.dumps(
        [{"docTitle": t, "docUrl": u, "docRelTime": f"{d} 10:00:00"} for t, u, d in WANTED], ensure_ascii=False
    )
    assert rows(f'<news-list :list="{html.escape(held)}"></news-list>') == WANTED
    assert rows(f"<news-list data-rows='{held}'></news-list>") == WANTED
    # What is visible and says as much stays.
    assert (
        rows(f'<ul>{ROWS}</ul><side-box :list="{html.escape(held[: held.index("}") + 1] + "]")}"></side-box>')
        == WANTED
    )


@pytest.mark.parametrize("piece", ['a="[{', "a='[{x\" ", 'a="{"b" '])
def test_hostile_attributes_end(piece: str) -> None:
    assert not any(row.date for row in read("<b " + piece * 100_000 + "'>").rows)


def test_the_day_of_the_row_not_of_the_box_beside_its_link() -> None:
    boxed = "".join(
        f"<ul class='row'><li class='mc'><a href='{u}'>{t}</a><div style='display:none'><p>索引号：AB0{i}</p><p>生成日期：2026-01-01</p></div></li>"
        f"<li class='wh'>临人社〔2026〕{i + 1}号</li><li class='rq'>{d}</li></ul>"
        for i, (t, u, d) in enumerate(WANTED)
    )
    assert (
        rows(f"<div class='list'>{boxed}</div><div class='pages'>共 36 条 <a href='index_2.html'>下一页</a></div>")
        == WANTED
    )


@pytest.mark.parametrize(
    "day",
    [
        "<div class='day'><div>{d:%Y-%m}</div><div>{d:%d}</div></div>",
        "<p class='day'><b>{d.day}</b><span>{m} {d.year}</span></p>",
        "<span>{m} {d.day}, {d.year}</span>",
        "<span>{d.day} {long} {d.year}</span>",
    ],
)
def test_days_in_pieces_and_in_english(day: str) -> None:
    stamps = [dt.date.fromisoformat(d) for d in DATES]
    body = "".join(
        f"<li>{day.format(d=d, m=d.strftime('%b'), long=d.strftime('%B'))}<a href='{u}'><h3>{t}</h3></a></li>"
        for d, (t, u, _) in zip(stamps, WANTED, strict=True)
    )
    assert rows(f"<ul>{body}</ul>") == WANTED


@pytest.mark.parametrize(
    "text", ["Room 12, 2026", "Nov 31, 2026", "Nov 20 Dec 2026", "May be 2026", "20 2026", "Decade 3 2026x"]
)
def test_what_is_no_english_day(text: str) -> None:
    assert standalone(text, TODAY) is None


def test_a_future_day_in_pieces_is_none() -> None:
    assert joined(["2026-12", "24"], TODAY) is None


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ("<span onclick=\"location.href='list_2.html'\">下一页</span>", "list_2.html"),
        ("<input type='button' value='下一页' onclick=\"window.location='list_2.html'\">", "list_2.html"),
        ("<button onclick='more()'>下一页</button>", None),
        ("<span onclick=\"location.href='https://elsewhere.example.com/2.html'\">下一页</span>", None),
        ("<a href='list_2.html'><img src='n.gif' alt='下一页'></a>", "list_2.html"),
        ("<a href='list_2.html'><img src='n.gif' alt='下一页'><img src='m.gif'></a>", None),
        ("<select onchange='location=this.value'><option value='list.html' selected>1</option><option value='list_2.html'>2</option></select>", "list_2.html"),
        ("<select onchange='location=this.value'><option value='list.html'>第1页</option><option value='list_2.html' selected>第2页</option></select>", None),
        ("<select onchange='window.open(this.value)'><option>友情链接</option><option value='https://a.example.com/'>某省人社厅</option></select>", None),
        ("<select name='size'><option value='10'>1</option><option value='20'>2</option></select>", None),
    ],
)  # fmt: skip
def test_pagers_that_are_no_links(pager: str, following: str | None) -> None:
    assert turned(pager, "") == (f"https://rsj.lj.gov.cn/{following}" if following else None)


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("<link rel='next' href='list_2.html'>", "https://rsj.lj.gov.cn/list_2.html"),
        ("<link href='https://elsewhere.example.com/2' rel=next>", None),
    ],
)
def test_the_next_page_by_the_head(link: str, following: str | None) -> None:
    page = f"<html><head>{link}</head><body>{NAV}<ul>{ROWS}</ul></body></html>"
    assert read_listing(Page(HERE, page), today=TODAY).next == following


def test_rows_without_keys() -> None:
    held = json.dumps([[t, u, d] for t, u, d in WANTED], ensure_ascii=False)
    assert rows(f"<div id='l'></div><script>var data = {held};</script>") == WANTED
    odd = json.dumps([[t, u, d] for t, u, d in WANTED] + [["合计", 10]], ensure_ascii=False)
    assert rows(f"<div id='l'></div><script>var data = {odd};</script>") != WANTED


def test_a_title_that_is_cut_off_and_held_in_full() -> None:
    cut = "".join(f"<li><a href='{u}' data-title='{t}'>{t[:9]}…</a><i>{d}</i></li>" for t, u, d in WANTED)
    assert rows(f"<ul>{cut}</ul>") == WANTED


def test_a_longer_list_beside_the_one_that_is_turned() -> None:
    beside = "".join(
        f"<li><a href='/tj/t2026090{n % 9 + 1}_{n}.html'>推荐文章第{n}篇：全市人才工作综述</a><i>2026-09-0{n % 9 + 1}</i></li>"
        for n in range(20)
    )
    few = "".join(f"<li><a href='{u}'>{t}</a><i>{d}</i></li>" for t, u, d in WANTED[:5])
    box = f"<div class='b'><h3>推荐阅读</h3><ul>{beside}</ul></div>"
    main = f"<div class='m'><ul>{few}</ul><div class='page'><a href='list_2.html'>下一页</a></div></div>"
    assert rows(box + main) == WANTED[:5]
    # A column that is called so is its own page's list.
    own = f"<div class='m'><h3>推荐阅读</h3><ul>{few}</ul><div class='page'><a href='list_2.html'>下一页</a></div></div>"
    assert rows(own) == WANTED[:5]
