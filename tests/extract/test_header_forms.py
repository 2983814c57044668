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
        "<p>00:00 / 03:12</p>",
        "<p>温馨提示：本站内容仅供参考，具体以文件为准。</p>",
        "<p>（稿源：某楚网 编辑：李某）</p>",
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


_MADE_TABLE = (
    "<table><tr><td>索 引 号</td><td>014/2019-00123</td><td>分类</td><td>通知</td></tr>"
    "<tr><td>发布机构</td><td>某县人社局</td><td>生成日期</td><td>2019-08-20</td></tr></table>"
)


@pytest.mark.parametrize(
    ("head", "address", "published"),
    [
        (_MADE_TABLE, "art/2019/8/28/art_1_2.html", "2019-08-28"),
        (_MADE_TABLE, "c/2.html", "2019-08-20"),
        ("<div>生成日期：2019-08-20</div>", "t20190828_2.html", "2019-08-28"),
        ("<div>生成日期：2019-08-20</div>", "c/2.html", "2019-08-20"),
        ("<div>发布日期：2019-08-20</div>", "t20190828_2.html", "2019-08-20"),
        (_MADE_TABLE.replace("分类", "发布日期").replace("通知", "2019-08-20"), "t20190828_2.html", "2019-08-20"),
    ],
)
def test_the_day_of_a_record_gives_way_to_the_day_in_the_address(head: str, address: str, published: str) -> None:
    page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{head}<div>{BODY}</div></body></html>"
    found = read_page(Page(f"https://a.example.gov.cn/{address}", page), today=TODAY).articles[0]
    assert found.published == published


def test_a_line_of_labels_earns_a_sidebar_no_place_in_the_body() -> None:
    line = "索引号：5223/2016-1 文章来源：某日报 发布时间：2016/11/11 9:37:15 作者：方某 点击：119 【打印内容】"
    rows = "".join(
        f"<li><a href='/{n}'>老旧小区改造名单第{n}批出炉</a><span>2016-09-0{n}</span></li>" for n in (1, 2, 3)
    )
    article = _read(
        f"<div>{TITLE}</div><div>{line}</div><div>{BODY}</div><div><h3>热点推荐</h3><ul>{rows}</ul></div>"
    )
    assert len(article.paragraphs) == 5
    assert article.source_credit == "某日报"


@pytest.mark.parametrize("line", ["审签：某某　　责编：某某", "（撰稿：周某 审核：吴某）", "供稿：张某 审核：李某"])
def test_credits_of_an_office_close_the_text(line: str) -> None:
    paragraphs = _read(f"<h1>{TITLE}</h1><div>2026-10-02</div><div>{BODY}<p>{line}</p></div>").paragraphs
    assert len(paragraphs) == 5


def test_a_sentence_about_writing_reports_stays() -> None:
    line = "<p>撰稿：要求字数在三千字以内，由各单位统一报送，逾期不再受理。</p>"
    paragraphs = _read(
        f"<h1>{TITLE}</h1><div>2026-10-02</div><div>{BODY}{line}<p>请认真组织。</p></div>"
    ).paragraphs
    assert any(p.startswith("撰稿") for p in paragraphs)


def test_a_paper_with_its_day_is_no_headline() -> None:
    mast = '<div class="dtit"><span>某市晚报</span><span>2026年03月12日 星期四</span></div>'
    article = _read(f"{mast}<h2>{TITLE}</h2><div>{BODY}</div>", "<title>某市晚报-数字报</title>")
    assert article.title == TITLE
    assert article.published == "2026-03-12"


def test_an_office_and_its_column_ahead_are_no_part_of_the_headline() -> None:
    main = f"<div>2026-10-02</div><div>{BODY}</div>"
    title = "关于组织申报技能大师工作室的通知"
    assert _read(main, f"<title>某县人力资源和社会保障局 通知公告 {title}</title>").title == title
    kept = "某县人力资源和社会保障局 某县财政局 关于组织申报技能大师工作室的通知"
    assert _read(main, f"<title>{kept}</title>").title == kept


@pytest.mark.parametrize("name", ["某华每日电讯", "某堰广电"])
def test_a_wire_service_or_a_station_beside_the_day_is_the_source(name: str) -> None:
    article = _read(f"<h1>{TITLE}</h1><div>{name} | 2026-06-30</div><div>{BODY}</div>")
    assert article.source_credit == name


@pytest.mark.parametrize(
    "line",
    [
        "2026-05-05　本报记者 张某三 通讯员 李某四",
        "<span>2026-05-05 07:20</span><span>作者：本报记者 张某三</span>",
    ],
)
def test_a_byline_is_no_source(line: str) -> None:
    article = _read(f"<h1>{TITLE}</h1><div>{line}</div><div>{BODY}</div>")
    assert article.source_credit is None
    assert len(article.paragraphs) == 5
