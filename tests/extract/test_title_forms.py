# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Headlines and subtitles where few pages have them: between header lines, unmarked, with 引题 and 副题 (synthetic)."""

from __future__ import annotations

import pytest

from crawler.extract import read_page
from crawler.model import Page, Row
from tests.extract.article_world import BODY, META_LINE, ONE, THREE, TITLE, TODAY, TWO, page, read


def test_header_lines_inside_the_box_of_the_headline_are_no_part_of_it() -> None:
    head = f"<div class='ar_tit'><h2>{TITLE}</h2><h4><span>来源：人事处</span><span>发布时间：2024-03-19 16:02</span></h4></div>"
    article = read(page(f"<form>{head}<div id='vsb_content'>{BODY}</div></form>"))
    assert (article.title, article.source_credit) == (TITLE, "人事处")


@pytest.mark.parametrize("name", ["详情", "甲市日报", "内容页", ""])
def test_a_headline_that_only_its_place_tells(name: str) -> None:
    dated = f"<div class='hd'><p class='a'>{TITLE}</p><p class='b'>2024-03-07　甲市人社局</p></div><div class='c'>{BODY}</div>"
    article = read(page(dated, title=name))
    assert article.title == TITLE
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_headline_in_a_table_of_an_e_newspaper() -> None:
    rows = "".join(
        f"<tr><td class='f' align='center'>{t}</td></tr>"
        for t in ("评论·观察", "引才聚才，县域如何破题", "——安远县的启示", "□ 本报评论员 赵某")
    )
    article = read(
        page(
            f"<div>2024年03月12日 星期二</div><table>{rows}</table><div id='ozoom'>{BODY * 2}</div>",
            title="临江日报",
        )
    )
    assert (article.title, article.subtitle) == ("引才聚才，县域如何破题", "安远县的启示")


def test_the_listing_knows_better_than_a_place() -> None:
    html = page(f"<p>关于某事的一行文字说明</p><p>2024-03-07　甲市人社局</p><div>{BODY}</div>", title="详情")
    reading = read_page(
        Page("https://a.gov.cn/x", html), listed=Row(TITLE, "https://a.gov.cn/x", None), today=TODAY
    )
    assert reading.articles[0].title == TITLE


def test_nothing_is_made_a_headline() -> None:
    assert read(page(f"<div>{BODY}</div>", title="详情")).title is None
    assert read(page(f"<p>各有关单位：</p><p>一、申报条件</p><div>{BODY}</div>", title="详情")).title is None


@pytest.mark.parametrize(("element", "title"), [
    ("云岭区人民政府 政府信息公开 云岭区2024年度人才工作要点", "云岭区2024年度人才工作要点"),
    ("甲市人民政府门户网站 关于申报人才公寓的通知", "关于申报人才公寓的通知"),
    ("甲市人力资源和社会保障局 甲市财政局关于发放补贴的通知", "甲市人力资源和社会保障局 甲市财政局关于发放补贴的通知"),
    ("关于申报人才公寓的通知 甲市人民政府网", "关于申报人才公寓的通知 甲市人民政府网"),
])  # fmt: skip
def test_site_and_column_ahead_of_the_headline_are_cut(element: str, title: str) -> None:
    assert (
        read(page(f"<div><img src='/t.png'></div><div>2024-02-20</div><div>{BODY}</div>", title=element)).title
        == title
    )


@pytest.mark.parametrize(("head", "subtitle"), [
    ("<h4 class='yinti'>柔性引才见成效</h4><h3>{0}</h3><h4 class='futi'>全县聘请顾问四十余名</h4>", "柔性引才见成效\n全县聘请顾问四十余名"),
    ("<h3>技能人才队伍建设观察（下）</h3><h1>{0}</h1><h2>——来自长岭县的报告</h2>", "技能人才队伍建设观察（下）\n来自长岭县的报告"),
    ("<div class='pretitle'>甲市深化改革</div><h1>{0}</h1>", "甲市深化改革"),
    ("<h1>{0}</h1><div class='sub-title'>让人才安心创业</div>", "让人才安心创业"),
    ("<h3>人民时评</h3><h1>{0}</h1>", None),
    ("<h1>{0}</h1><div class='second-title'>{0}</div>", None),
    ("<p>当前位置：通知公告</p><h1>{0}</h1>", None),
])  # fmt: skip
def test_lines_above_and_under_the_headline_are_kept_as_subtitle(head: str, subtitle: str | None) -> None:
    article = read(page(f"<div class='n'>{head.format(TITLE)}</div>{META_LINE}<div class='t'>{BODY}</div>"))
    assert (article.title, article.subtitle) == (TITLE, subtitle)
    assert article.paragraphs == (ONE, TWO, THREE)
