# ruff: noqa: E501  (pages stand on one line, as sites print them)
"""An undated list beside longer lists, dated and undated: pager, headings and places tell which is the page's (synthetic)."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_listing
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
NAV = "".join(f"<a href='/{i}/'>{w}</a>" for i, w in enumerate(("首页", "政务公开", "通知公告", "政策法规")))
OWN = [(f"关于开展第{i}批高层次人才认定工作的通知", f"/art/{1000 + i}.html") for i in range(10)]
OTHER = [(f"我市举办第{i}场高校毕业生专场招聘活动", f"/art/{2000 + i}.html") for i in range(14)]


def _rows(rows: list[tuple[str, str]], tag: str, *, dated: bool = False) -> str:
    return "".join(
        f"<{tag}><a href='{url}'>{title}</a>{f' 2026-11-{n + 1:02}' if dated else ''}</{tag}>"
        for n, (title, url) in enumerate(rows)
    )


PAGER = "<div><a href='?p=1'>1</a><a href='?p=2'>2</a><a href='/tzgg/?p=2'>下一页</a></div>"
PAGES = {
    "pager, dated column": f"<div><div>{_rows(OWN, 'p')}{PAGER}</div><div><h3>最新发布</h3><ul>{_rows(OTHER, 'li', dated=True)}</ul></div></div>",
    "pager, dated box above": f"<div class='gg'><ul>{_rows(OTHER[:5], 'li', dated=True)}</ul></div><div class='zw'><ul>{_rows(OWN, 'li')}</ul>{PAGER}</div>",
    "heading of a ranking": f"<div class='left'><h2>通知公告</h2><ul>{_rows(OWN, 'li')}</ul></div><div class='right'><h3>热点排行</h3><ul>{_rows(OTHER, 'li')}</ul></div>",
    "heading with more": f"<div><h2>通知公告</h2><ul>{_rows(OWN, 'li')}</ul></div><div><div>推荐阅读 <a href='/m/'>更多&gt;&gt;</a></div><ul>{_rows(OTHER, 'li')}</ul></div>",
    "cards beside a dated ranking": "<div class='cards'>"
    + "".join(
        f"<div class='card'><a href='{u}'><img src=1.jpg></a><h4><a href='{u}'>{t}</a></h4><p>近日，有关部门召开会议，研究部署下一阶段的重点任务。</p><a href='{u}'>查看详情</a></div>"
        for t, u in OWN
    )
    + f"</div><div class='news-rank'><ul>{_rows(OTHER, 'li', dated=True)}</ul></div>",
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_the_pages_own_undated_list_is_read(body: str) -> None:
    html = f"<html><head><title>通知公告</title></head><body><div>{NAV}</div>{body}</body></html>"
    listing = read_listing(Page("https://www.a.gov.cn/tzgg/", html), today=TODAY)
    assert [(r.title, r.url, r.date) for r in listing.rows] == [
        (t, f"https://www.a.gov.cn{u}", None) for t, u in OWN
    ]


def test_a_dated_list_still_beats_longer_undated_ones() -> None:
    own = _rows(OWN[:3], "li", dated=True)
    side = f"<div class='z'><h3>专题专栏</h3><ul>{_rows(OTHER, 'li')}</ul></div>"
    html = f"<html><body><div>{NAV}</div><div class='m'><ul>{own}</ul></div>{side}</body></html>"
    listing = read_listing(Page("https://www.a.gov.cn/tzgg/", html), today=TODAY)
    assert [r.title for r in listing.rows] == [t for t, _ in OWN[:3]]


def test_a_heading_that_says_latest_costs_the_only_list_nothing() -> None:
    html = f"<html><body><div>{NAV}</div><h3>最新发布</h3><ul>{_rows(OWN, 'li', dated=True)}</ul></body></html>"
    assert len(read_listing(Page("https://www.a.gov.cn/tzgg/", html), today=TODAY).rows) == len(OWN)
