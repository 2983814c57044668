# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Credits told by the borders of their elements (synthetic)."""

from __future__ import annotations

import pytest

from tests.extract.article_world import BODY, TITLE, page, read


def _credit(head: str) -> str | None:
    article = read(page(f"<div class='a'><h1>{TITLE}</h1>{head}</div><div class='y'>{BODY}</div>"))
    assert article.paragraphs[0].startswith("为进一步")
    return article.source_credit


@pytest.mark.parametrize(("head", "credit"), [
    ("<div>2024-03-27 11:22　来源: <a href='/m/1'>长岭融媒</a><span>江苏</span><a href='#'>举报</a></div>", "长岭融媒"),
    ("<div><span>2024-03-27 07:42</span><span>来源：<a>南方号外</a></span><span>李某 张某</span></div>", "南方号外"),
    ("<div><span>2024-03-27</span><span>来源：甲市日报</span><span>记录人</span></div>", "甲市日报"),
    ("<div>2024-03-27 来源：<a href='/a'>人民网</a>－<a href='/b'>人民日报</a></div>", "人民网－人民日报"),
    ("<div>2024-03-27 来源: <a href='#'>新京报</a>(北京)　有<i>2</i>人参与</div>", "新京报(北京)"),
    ("<div>2024-03-27 来源：<font>甲市</font><font>日</font><font>报</font></div>", "甲市日报"),
    ("<div><span>来源：</span><a href='/a'>人民日报海外版</a><a href='/b'>中国青年网</a><span>2024-03-27</span></div>", "人民日报海外版"),
    ("<div>来源: <a href='/m'>甲市发布</a> 2024-03-27</div>", "甲市发布"),
    ("<div>来源：甲市日报 发布时间：2024-03-27</div>", "甲市日报"),
    ("<div>来源：甲市日报发布时间：2024-03-27</div>", "甲市日报"),
])  # fmt: skip
def test_a_credit_ends_with_its_element(head: str, credit: str) -> None:
    assert _credit(head) == credit


@pytest.mark.parametrize(("head", "credit"), [
    ("<div class='m'><div>甲市发布</div><div class='s'><div><span>2024-03-27 19:45</span></div><div>浙江</div></div></div>",
     "甲市发布"),
    ("<p><i>甲市新闻客户端</i><i>2024-03-27 07:55</i><i>阅读 1.2万</i></p>", "甲市新闻客户端"),
    ("<p><span><i class='icon'></i>2024-03-27</span><span><i class='icon'></i>县人社局</span><span>236</span></p>", "县人社局"),
    ("<div><span>原创</span><span>2024-03-27 18:08</span><span>·</span><span><a href='/u'>海宁融媒</a></span></div>", "海宁融媒"),
    ("<div><span>甲市新闻客户端</span><span>03-20 08:14</span></div>", "甲市新闻客户端"),
    ("<div><a href='/gn'>国内新闻</a><span>2024-03-27 18:08</span></div>", None),
    ("<div><span>信息发布</span><span>2024-03-27 18:08</span></div>", None),
    ("<div><span>张三</span><span>2024-03-27 18:08</span></div>", None),
    ("<div><span>2024-03-27 18:08</span><span>发布于互联网</span></div>", None),
])  # fmt: skip
def test_a_medium_beside_the_day_needs_no_label(head: str, credit: str | None) -> None:
    assert _credit(head) == credit
