"""Header and end lines in the forms of more sites: where a day and a credit stand that no plain line states.
Every page is synthetic."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_page
from crawler.model import Article, Page

TODAY = dt.date(2026, 11, 23)
TITLE = "某市举办青年人才专场对接活动"
BODY = "".join(
    f"<p>第{n}段：某市近日组织用人单位与青年人才面对面交流，介绍岗位、待遇和生活配套，并解答大家关心的问题。</p>"
    for n in range(5)
)


def _read(main: str, head: str = f"<title>{TITLE}_某市新闻网</title>") -> Article:
    foot = "<div>版权所有 某市</div>"
    page = f"<html><head>{head}</head><body><div><a href='/'>首页</a></div>{main}{foot}</body></html>"
    return read_page(Page("https://a.example.cn/x/1.html", page), today=TODAY).articles[0]


def test_the_moment_of_a_hanweb_page_is_read_from_its_own_tag() -> None:
    head = f"<title>{TITLE}</title><meta name='Maketime' content='2026-03-27 16:05:22'>"
    article = _read(f"<h1>{TITLE}</h1><div>发布日期：2026-03-27</div><div>{BODY}</div>", head)
    assert article.published == "2026-03-27T16:05:22+08:00"


def test_an_element_called_the_day_of_publication_states_it() -> None:
    stamp = '<abbr itemprop="datePublished" title="2026-10-07T23:43:00+08:00">星期三, 10月 07</abbr>'
    article = _read(f"<div><h1>{TITLE}</h1><div>{BODY}</div><div>於 {stamp}</div></div>")
    assert article.published == "2026-10-07T23:43:00+08:00"


@pytest.mark.parametrize(
    ("script", "published"),
    [
        ('var ct = "1778063400";', "2026-05-06T18:30:00+08:00"),
        ("var createTime = '2026-05-06 18:30';", "2026-05-06T18:30:00+08:00"),
        ('var publish_time = "2026-05-06" || "";', "2026-05-06"),
        ('var ct = "1999999999";', None),  # After today.
    ],
)
def test_an_account_keeps_its_moment_in_a_script(script: str, published: str | None) -> None:
    main = (
        f'<h1>{TITLE}</h1><em id="publish_time"></em><div id="js_content" style="visibility: hidden">{BODY}</div>'
    )
    filler = "var a = 1;" * 40
    assert _read(f"{main}<script>{filler}{script}</script>").published == published


@pytest.mark.parametrize(
    "line",
    [
        "<p>分享让更多人看到</p>",
        "<p>信息来源：局办公室　　责任编辑：陈某</p>",
        "<li>更新時間：2026/10/02 18:12</li>",
        "<p>發佈日期：2026/10/02</p>",
        "<div>小字号 点击播报本文，约</div>",
    ],
)
def test_a_line_of_the_site_behind_the_text_is_left_out(line: str) -> None:
    paragraphs = _read(f"<h1>{TITLE}</h1><div>2026-10-02</div><div>{BODY}{line}</div>").paragraphs
    assert len(paragraphs) == 5
    assert paragraphs[-1].startswith("第4段")


def test_a_sentence_about_sharing_stays() -> None:
    line = "<p>主办方表示，将把经验分享让更多人看到，让更多青年了解这座城市。</p>"
    assert (
        _read(f"<h1>{TITLE}</h1><div>2026-10-02</div><div>{BODY}{line}</div>").paragraphs[-1].startswith("主办方")
    )


def test_a_latin_name_behind_the_medium_is_no_part_of_the_headline() -> None:
    main = f"<div>2026-10-02</div><div>{BODY}</div>"
    named = "<title>青年人才安居办法公布_要闻_某湃新闻-The Example</title>"
    assert _read(main, named).title == "青年人才安居办法公布"
    kept = "用好青年人才数据 建设开放平台-OpenTalent"
    assert _read(main, f"<title>{kept}</title>").title == kept


@pytest.mark.parametrize(("label", "name"), [("新聞引據：某新社", "某新社"), ("新聞來源：某焦時報", "某焦時報")])
def test_credits_in_traditional_labels(label: str, name: str) -> None:
    article = _read(f"<h1>{TITLE}</h1><div><span>2026-10-07 21:47</span></div><div>{label}</div><div>{BODY}</div>")
    assert article.source_credit == name
