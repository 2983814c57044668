# ruff: noqa: E501  (rows stand on one line, as sites print them)
"""Synthetic listings: where the date stands, what else a row holds, where rows lead to."""

from __future__ import annotations

import pytest

from crawler.extract import read_listing
from crawler.model import Page
from tests.extract.listing_worlds import DATES, NAV, SIDE, TITLES, TODAY

HERE = "https://www.lj.gov.cn/tzgg/"
SUMMARY = "<p>摘要：为做好相关工作，现将有关事项通知如下，请遵照执行。</p>"
LINK = "<a href='{u}'>{t}</a>"
RELATED = "/zcjd/202611/t2026110{k}_99{i}"
OLD = "<li class='top'><a href='./201905/t20190501_1.html'>[置顶]临江市人才政策汇编（2019年版）</a><span>2019-05-01</span></li>"
HIDDEN = "<li>{a}<span>{d}</span></li>"

#: Name → the form of one row. u: address, t: title, d: date, y/m: its parts, i: number, k: 1-9, a: the link.
ROWS = {
    "date before": "<li><span>{d}</span>{a}</li>",
    "date after": "<li>{a}<em>[{d}]</em></li>",
    "date in the link": "<li><a href='{u}'>{t}<span>{d}</span></a></li>",
    "date first in the link": "<li><a href='{u}'><span>{d}</span>{t}</a></li>",
    "day above month": "<li><div class='date'><b>{m}</b><i>{y}</i></div><div class='tx'><h3>{a}</h3>" + SUMMARY + "</div></li>",
    "month and day": "<li>{a}<span>{m}</span></li>",
    "hits beside the date": "<li>{a}<span>浏览：100{i}</span><span>{d}</span></li>",
    "other dates beside": "<li>{a}<p><span>文号：临人社〔2026〕{k}号</span><span>成文日期：2020-01-01</span>"
    "<span>发布日期：{d}</span></p></li>",
    "column before": "<li><a class='c' href='/zwgk/tzgg/'>[通知公告]</a>{a}<span>{d}</span></li>",
    "heading in the link": "<li><a href='{u}'><h4>{t}</h4>" + SUMMARY + "<span class='d'>{d}</span></a></li>",
    "nested related links": "<li>{a}<span>{d}</span><ul class='xg'><li><a href='" + RELATED + "1.html'>【解读】{t}政策解读之一</a>"
    "</li><li><a href='" + RELATED + "2.html'>【图解】{t}一图读懂</a></li></ul></li>",
    "announced related link": "<li>{a}<span>{d}</span><div class='jd'>相关解读：<a href='" + RELATED + "1.html'>关于{t}的政策解读</a>"
    "</div></li>",
    "announced annex": "<li>{a}<span>{d}</span><p>附件：<a href='/files/t2026110{k}_{i}.pdf'>{t}申报表.pdf</a></p></li>",
}  # fmt: skip
WRAPS = {
    "hidden copy": "<ul>{rows}</ul><div style='display:none'><ul>{rows}</ul></div>",
    "hidden copy first": "<div style='display: none'><ul>{rows}</ul></div><ul>{rows}</ul>",
    "a table around": "<table><tr><td><ul>{rows}</ul></td></tr></table>",
}


def _url(i: int) -> str:
    return f"202611/t202611{i + 1:02}_12{i:03}.html"


def _rows(form: str) -> str:
    return "".join(
        form.format(u=_url(i), t=t, d=d, y=d[:4], m=d[5:], i=i, k=i % 9 + 1, a=LINK.format(u=_url(i), t=t))
        for i, (t, d) in enumerate(zip(TITLES, DATES, strict=True))
    )


def _read(markup: str) -> list[tuple[str, str, str | None]]:
    page = (
        f"<html><head><title>通知公告</title></head><body>{NAV}<div class='main'>{markup}</div>{SIDE}</body></html>"
    )
    return [(row.title, row.url, row.date) for row in read_listing(Page(HERE, page), today=TODAY).rows]


WANTED = [(t, HERE + _url(i), d) for i, (t, d) in enumerate(zip(TITLES, DATES, strict=True))]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_in_every_form(name: str) -> None:
    assert _read(f"<ul class='list'>{_rows(ROWS[name])}</ul>") == WANTED


@pytest.mark.parametrize("name", WRAPS)
def test_each_row_once(name: str) -> None:
    assert _read(WRAPS[name].format(rows=_rows(HIDDEN))) == WANTED


def test_a_pinned_old_row_keeps_its_date() -> None:
    first, *others = _read(f"<ul>{OLD}{_rows(HIDDEN)}</ul>")
    assert first == ("临江市人才政策汇编（2019年版）", HERE + "201905/t20190501_1.html", "2019-05-01")
    assert others == WANTED


def test_rows_that_lead_to_other_hosts() -> None:
    rows = _rows(HIDDEN).replace("202611/", "https://mp.weixin.qq.com/s/AbC")
    assert [url for _, url, _ in _read(f"<ul>{rows}</ul>")] == [
        f"https://mp.weixin.qq.com/s/AbC{_url(i)[7:]}" for i in range(len(TITLES))
    ]


def test_flat_lines_and_lists_in_pieces() -> None:
    lines = _rows("· {a} ({d})<br>")
    assert _read(f"<div>{lines}</div>") == WANTED
    rows = _rows(HIDDEN).split("</li>")
    halves = ["</li>".join(rows[a:b]) + "</li>" for a, b in ((0, 5), (5, 10))]
    assert _read("<div class='line'></div>".join(f"<ul class='l'>{half}</ul>" for half in halves)) == WANTED
