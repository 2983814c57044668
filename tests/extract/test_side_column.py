"""A short notice beside a column that says more than it. Every page is synthetic."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_page
from crawler.model import Article, Page

TODAY = dt.date(2026, 11, 23)
TITLE = "关于假期暂停窗口服务的通知"
ABOUT = (
    "<p>本局主管全县人力资源开发、就业创业、社会保险和人才引进工作，下设七个内设机构，常年接待来访群众咨询。</p>"
)
COLUMN = (
    "<div class='r'><h3>最新公告</h3><ul>"
    + "".join(
        f"<li><a href='/{n}'>关于第{n}批补贴申领名单的公示通告</a><em>2026-10-1{n}</em></li>" for n in range(9)
    )
    + f"</ul><h3>机构简介</h3>{ABOUT}</div>"
)
LINE = "<div>发布时间：2026-10-20　来源：办公室　浏览：8次</div>"


def _read(main: str) -> Article:
    top = "<div><a href='/'>首页</a> &gt; <a href='/t'>通知公告</a> &gt; 正文</div>"
    foot = "<div>主办单位：某县人社局　地址：文化路18号</div>"
    page = f"<html><head><title>{TITLE}-某县人社局</title></head><body>{top}{main}{foot}</body></html>"
    return read_page(Page("https://hrss.example.gov.cn/t/1.html", page), today=TODAY).articles[0]


@pytest.mark.parametrize(
    "body",
    [
        "<p>10月1日至7日窗口暂停服务，10月8日恢复。特此通知。</p>",
        "10月1日至7日窗口暂停服务，<br>10月8日恢复。特此通知。",
        "<p>各乡镇：</p><p>一、时间</p><p>10月8日恢复。特此通知。</p>",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_notice_under_its_headline_is_the_article(body: str, first: bool) -> None:
    notice = f"<div class='l'><h1>{TITLE}</h1>{LINE}<div class='nr'>{body}</div></div>"
    article = _read(notice + COLUMN if first else COLUMN + notice)
    assert "10月8日恢复" in "".join(article.paragraphs)
    assert "主管全县" not in "".join(article.paragraphs)


def test_a_notice_of_one_file_has_no_text_of_its_column() -> None:
    file = "<p><a href='/f/1.xlsx'>补贴发放名单.xlsx</a></p>"
    article = _read(f"<div class='l'><h1>{TITLE}</h1>{LINE}<div class='nr'>{file}</div></div>{COLUMN}")
    assert "主管全县" not in "".join(article.paragraphs)
    assert [a.name for a in article.attachments] == ["补贴发放名单.xlsx"]


def test_a_headline_in_a_part_of_its_own_leaves_the_article_where_it_is() -> None:
    text = "".join(f"<p>第{n}项：有关部门近日研究部署下一阶段工作，并作出具体安排。</p>" for n in range(3))
    related = "".join(
        f"<p><a href='/{n}'>关于第{n}批补贴申领名单的公示通告及相关说明材料</a></p>" for n in range(9)
    )
    article = _read(f"<div><h1>{TITLE}</h1>{LINE}</div><div><div>{text}</div><div>{related}</div></div>")
    assert article.paragraphs[0].startswith("第0项")
    assert len(article.paragraphs) == 3


SIGNED = (
    "<p>现将名单予以公示，公示期为五个工作日。</p>",
    "<p>特此通知。</p>",
    "<p>某市人力资源和社会保障局</p>",
    "<p>2026年10月12日</p>",
)
NAMES = "".join(f"<tr><td>{n}</td><td>{name}</td></tr>" for n, name in enumerate("甲乙丙丁", 1))
LINK = "<a href='/1'>人才市场周末不打烊</a>"
TAILS = (
    "<div class='ew'><img src='q.png'><p>扫一扫在手机打开当前页</p></div>",
    f"<div class='sx'><p>上一篇：{LINK}</p><p>下一篇：{LINK}</p></div>",
    f"<div class='xg'><h4>相关阅读</h4><ul><li>{LINK}</li><li>{LINK}</li></ul></div>",
)


@pytest.mark.parametrize("tail", TAILS)
def test_light_lines_around_the_prose_stay_with_it(tail: str) -> None:
    article = _read(f"<div><h1>{TITLE}</h1>{LINE}<div class='nr'>{''.join(SIGNED)}{tail}</div></div>")
    assert article.paragraphs == (
        "现将名单予以公示，公示期为五个工作日。",
        "特此通知。",
        "某市人力资源和社会保障局",
        "2026年10月12日",
    )
    assert article.source_credit == "办公室"
    table = f"{SIGNED[0]}<table>{NAMES}</table>"
    article = _read(f"<div><h1>{TITLE}</h1>{LINE}<div class='nr'>{table}{tail}</div></div>")
    assert article.paragraphs == ("现将名单予以公示，公示期为五个工作日。", "1 | 甲", "2 | 乙", "3 | 丙", "4 | 丁")


@pytest.mark.parametrize("tail", TAILS)
def test_a_list_of_related_links_does_not_make_the_column_beside_it_cheap(tail: str) -> None:
    notice = f"<div class='l'><h1>{TITLE}</h1>{LINE}<div class='nr'>{SIGNED[0]}{tail}</div></div>"
    assert _read(notice + COLUMN).paragraphs == ("现将名单予以公示，公示期为五个工作日。",)


def test_a_signature_beside_its_day_is_no_source() -> None:
    day = "<div>2026-10-20 10:00</div>"
    article = _read(f"<div><h1>{TITLE}</h1>{day}<div class='nr'>{''.join(SIGNED)}</div></div>")
    assert article.source_credit is None
    assert "某市人力资源和社会保障局" in article.paragraphs


def test_cells_that_name_day_and_office_are_no_text() -> None:
    cells = "<table><tr><td>时间</td><td>2026-10-20</td><td>来源</td><td>某县财政局</td></tr></table>"
    article = _read(f"<div><h1>{TITLE}</h1>{cells}<div class='nr'>{''.join(SIGNED)}</div></div>")
    assert article.source_credit == "某县财政局"
    assert article.published == "2026-10-20"
    assert article.paragraphs[0].startswith("现将名单")


def test_a_place_and_a_time_of_the_notice_stay() -> None:
    text = "<p>时间</p><p>11月1日上午八时。</p><p>地点</p><p>某县第一中学，凭身份证入场，迟到者取消资格。</p>"
    assert "时间" in _read(f"<div><h1>{TITLE}</h1>{LINE}<div class='nr'>{text}</div></div>").paragraphs


MENU = (
    "<div class='l'><div>栏目导航</div><ul><li><a href='/1'>人才要闻</a></li><li><a href='/2'>通知公告</a></li>"
    "<li><a href='/3'>政策解读</a></li></ul><p>地址：某县人才大厦三楼</p><p>电话：0000-1112223</p>"
    "<p>邮箱：rc@example.cn，接待时间为工作日上午九点至下午五点。</p></div>"
)
CARDS = "".join(
    f"<div class='card'><a href='/{n}'><h4>精彩专题第{n}期：基层人才服务群众的故事</h4></a>"
    f"<p>讲述第{n}位人才扎根基层的故事，欢迎收看。</p></div>"
    for n in range(1, 6)
)
NOTE = "<p>因场地维修，原定周三的招聘会改至周五举行，地点不变。</p><p>咨询电话：0000-6667788</p><p>2025年8月</p>"


@pytest.mark.parametrize("stamp", ["2026-10-20 11:11　来源：某教育报", "某组织人事报 2026年10月20日14:00"])
@pytest.mark.parametrize("shape", ["before", "cards"])
def test_a_column_with_a_menu_and_an_address_is_not_the_article(shape: str, stamp: str) -> None:
    notice = f"<h3>{TITLE}</h3><p>{stamp}</p><div class='zw'>{NOTE}</div>"
    page = {
        "before": f"{MENU}<div>{notice}</div>",
        "cards": f"<div><div>{notice}<div>{CARDS}</div></div>{MENU}</div>",
    }[shape]
    article = _read(page)
    assert article.paragraphs == (
        "因场地维修，原定周三的招聘会改至周五举行，地点不变。",
        "咨询电话：0000-6667788",
        "2025年8月",
    )
    assert (article.published or "").startswith("2026-10-20")


def test_a_summary_under_the_headline_is_not_taken_for_the_article() -> None:
    text = "".join(f"<p>第{n}项：有关部门近日研究部署下一阶段工作，并作出具体安排。</p>" for n in range(9))
    links = "".join(f"<p><a href='/{n}'>人才要闻第{n}期</a></p>" for n in range(4))
    head = f"<div><h1>{TITLE}</h1>{LINE}<p>摘要：本市将推出一批便民服务举措，方便群众办事。</p></div>"
    assert _read(f"{head}<div><div>{text}</div><div>{links}</div></div>").paragraphs[-1].startswith("第8项")


def test_a_headline_that_is_named_like_a_medium_is_no_source() -> None:
    title = "学习型机关建设再添新平台"
    main = f"<p class='ttl'><strong>{title}</strong></p><p>某县融媒体中心&nbsp;&nbsp;2026-10-20 08:08:08</p>{NOTE}"
    page = f"<html><head><title>{title}</title></head><body>{main}</body></html>"
    article = read_page(Page("https://hrss.example.gov.cn/t/1.html", page), today=TODAY).articles[0]
    assert article.source_credit == "某县融媒体中心"


def test_a_short_stamp_ahead_of_the_medium_is_a_header_line() -> None:
    stamp = "<p><time datetime='2026-10-20T20:00:00+08:00'>10-20 20:00</time> · <span>某华社客户端</span></p>"
    article = _read(f"<div><h1>{TITLE}</h1>{stamp}<div class='zw'>{NOTE}</div></div>")
    assert article.source_credit == "某华社客户端"
    assert article.paragraphs[0].startswith("因场地维修")
