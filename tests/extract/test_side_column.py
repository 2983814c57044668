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
