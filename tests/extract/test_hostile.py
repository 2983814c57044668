"""Whatever a page contains, it is read or refused with a reason: never an exception (synthetic)."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import read_page
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
