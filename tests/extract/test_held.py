# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Articles that a page keeps out of its visible markup: in scripts, textareas, veiled parts (synthetic)."""

from __future__ import annotations

import html
import json
import time
from urllib.parse import quote

import pytest

from crawler.extract import read_page
from crawler.extract.held_scripts import scripted_body
from crawler.model import Article, Page
from tests.extract.article_world import BODY, NAV, ONE, SIDE, THREE, TITLE, TODAY, TWO, page, read

SHELL = "<div class='top'>首页 政策文件</div><h1>{0}</h1><div>发布时间：2024-03-27 10:05 来源：甲市日报</div><div id='c'></div>"


def shell(script: str) -> Article:
    return read(
        f"<title>{TITLE}</title><ul>{NAV}</ul>{SHELL.format(TITLE)}<script>{script}</script><ul>{SIDE}</ul>"
    )


@pytest.mark.parametrize("script", [
    f"var content = {json.dumps(BODY)}; document.getElementById('c').innerHTML = content;",
    f"var data={{\"id\":1,\"content\":{json.dumps(BODY, ensure_ascii=False)},\"hits\":3}};",
    f"// it's here\n$('#c').html('{BODY}');",
    f"render(`{BODY}`)",
    f"var h = {json.dumps(html.escape(BODY))}; show(h)",
    f"$('#c').html(decodeURIComponent('{quote(BODY)}'))",
    json.dumps({"text": "\n".join((ONE, TWO, THREE))}),
])  # fmt: skip
def test_an_article_in_a_scripts_string(script: str) -> None:
    article = shell(script)
    assert article.paragraphs == (ONE, TWO, THREE)
    assert article.read_by["body"] == "held"
    # What the page shows of itself stays.
    assert (article.title, article.published, article.source_credit) == (
        TITLE,
        "2024-03-27T10:05:00+08:00",
        "甲市日报",
    )


def test_title_date_and_source_beside_the_string() -> None:
    state = {"detail": {"articleTitle": TITLE, "publishTime": 1711505100000, "source": "甲市发布", "content": BODY},
             "related": [{"title": "别的新闻", "publishTime": "2020-01-01 10:00"}]}  # fmt: skip
    article = read(f"<title>详情</title><div id='app'></div><script>window.__STATE__={json.dumps(state)}</script>")
    assert (article.title, article.published, article.source_credit) == (
        TITLE,
        "2024-03-27T10:05:00+08:00",
        "甲市发布",
    )
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_script_is_no_body_where_the_page_shows_one() -> None:
    other = f"<script>var tip = {json.dumps('<p>' + '别处的文字，不是正文。' * 30 + '</p>')}</script>"
    assert read(page(f"<h1>{TITLE}</h1><div>{BODY * 4}</div>{other}")).paragraphs[:3] == (ONE, TWO, THREE)


def test_a_short_notice_beside_a_scripts_template_stays_the_body() -> None:
    notice = "因系统升级，3月29日暂停办理人才落户业务，请相互转告。"
    popup = (
        "<p>" + "您访问的链接将离开本站前往其他网站，请注意核实对方网站的真实性与安全性，谨防诈骗。" * 4 + "</p>"
    )
    article = read(
        page(
            f"<h1>{TITLE}</h1><p>2024-03-27</p><div><p>{notice}</p></div><script>var t={json.dumps(popup)}</script>"
        )
    )
    assert article.paragraphs == (notice,)


def test_an_error_page_with_a_scripts_template_is_an_error() -> None:
    template = json.dumps(
        "<p>" + "本站提供政策查询、在线申报、进度跟踪等多项服务，欢迎广大人才使用并提出宝贵意见。" * 4 + "</p>"
    )
    html = f"<title>提示</title><p>您访问的页面不存在</p><script>var t={template}</script>"
    found = read_page(Page("https://a.gov.cn/1.html", html), today=TODAY).quarantine
    assert found is not None
    assert found.reason == "error"


def test_a_list_of_links_in_a_script_is_no_article() -> None:
    assert scripted_body([f"var menu = {json.dumps(SIDE * 3)}"]) is None
    assert scripted_body(["var words = '人才,补贴,住房,落户,医疗,教育,创业,就业,职称,博士,硕士'"]) is None


def test_fields_in_textareas_of_their_own() -> None:
    held = html.escape(f"<article><section>{BODY}</section></article>")
    article = read(
        f"<title>{TITLE}</title><div class='data'><textarea class='article-title'>{TITLE}</textarea>"
        "<textarea class='article-source-name'>环城网</textarea><textarea class='article-time'>1711505100000</textarea>"
        f"<textarea class='article-content'>{held}</textarea><textarea class='article-editor-name'>责编：赵某</textarea></div>"
    )
    assert (article.title, article.published, article.source_credit) == (
        TITLE,
        "2024-03-27T10:05:00+08:00",
        "环城网",
    )
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_veiled_article_is_read_and_what_is_switched_off_in_it_is_not() -> None:
    veiled = (
        f"<h1 class='rich_media_title'>{TITLE}</h1>"
        f"<div id='js_content' style='visibility: hidden; opacity: 0;'>{BODY * 2}"
        "<p style='display:none'>长按二维码关注我们的公众号，获取更多资讯，欢迎转发。</p></div>"
    )
    article = read(f"<title></title>{veiled}")
    assert article.paragraphs == (ONE, TWO, THREE) * 2
    # Beside an article that is shown, and where it is switched off for good, hidden text stays hidden.
    assert "公众号" not in read(page(f"<h1>{TITLE}</h1><div>{BODY * 3}</div>{veiled}")).body
    notice = f"<h1>{TITLE}</h1><div><p>因系统升级，3月29日暂停办理人才落户业务，请相互转告。</p></div>"
    assert "公众号" not in read(f"<title>{TITLE}</title>{notice}{veiled[veiled.find('<div') :]}").body
    assert ONE not in read(f"<title>{TITLE}</title>{notice}{veiled[veiled.find('<div') :]}").body
    dialog = veiled[veiled.find("<div") :].replace("visibility: hidden; opacity: 0;", "display:none")
    reading = read_page(
        Page("https://a.gov.cn/1.html", f"<h1>{TITLE}</h1><p>今日停办业务，敬请谅解。</p>{dialog}"), today=TODAY
    )
    assert reading.articles[0].paragraphs == ("今日停办业务，敬请谅解。",)


@pytest.mark.parametrize("script", [
    "\"" * 400_000, "\\\"" * 300_000, "'\\" * 300_000, "`" * 300_000, "\"" + "a\\\"" * 300_000, "'a\n" * 200_000,
], ids=["quotes", "escaped", "mixed", "ticks", "open", "lines"])  # fmt: skip
def test_hostile_scripts_take_bounded_time(script: str) -> None:
    start = time.process_time()
    scripted_body([script])
    assert time.process_time() - start < 10
