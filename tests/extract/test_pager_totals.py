# ruff: noqa: E501  (pages stand on one line, as sites print them)
"""How many items a list says it has, in the ways in which sites print it (synthetic)."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_listing
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
ROWS = "".join(
    f"<li><a href='/art/{1000 + i}.html'>关于开展第{i}批高层次人才认定工作的通知</a><span>2026-11-{i + 1:02}</span></li>"
    for i in range(10)
)


@pytest.mark.parametrize(("foot", "total"), [
    ("共128条", 128), ("共 128 条记录 1/13页", 128), ("总记录数:128", 128), ("记录总数：128", 128), ("128条记录，共13页", 128),
    ("共有<b>128</b>条信息", 128), ("共<span class=c>128</span>条", 128), ("第1页/共13页 总共128条", 128),
    ("共检索到128条结果", 128), ("共13页128条", 128), ("总条数：128", 128), ("全部 128 篇", 128), ("共128条数据", 128),
    ("总数 128 当前 1/13", 128), ("１/１３页　共 １２８ 条", 128), ("total:128", 128), ("共计13页 共1,128条", 1128),
    ("<div id=p data-total='128'></div>", 128), ("<script>var totalCount = 128; var pageSize=10</script>", 128),
    ("<script>createPageHTML(13, 0, 'index', 'html', 128)</script>", 128), ("<script>laypage({count:128,limit:10})</script>", 128),
    ("<script>$('#page').pagination({totalData:128,showData:10})</script>", 128),
    ("每页10条 共13页", None), ("第1页", None), ("全部12条措施已落实", None),
])  # fmt: skip
def test_the_stated_total(foot: str, total: int | None) -> None:
    listing = read_listing(
        Page("https://www.a.gov.cn/tzgg/", f"<body><ul>{ROWS}</ul><div class='page'>{foot}</div></body>"),
        today=TODAY,
    )
    assert listing.total == total
    assert len(listing.rows) == 10
