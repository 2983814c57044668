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
