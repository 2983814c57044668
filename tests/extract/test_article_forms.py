"""Synthetic pages: the ways in which sites print headline, date, credit and body, one by one."""

import pytest

from crawler.extract import read_text
from crawler.model import Article
from tests.extract.article_world import BODY, ONE, THREE, TITLE, TODAY, TWO, page, read


def _head(line: str, *, tag: str = "div", body: str = BODY) -> Article:
    return read(page(f"<h1>{TITLE}</h1><{tag} class='x'>{line}</{tag}><div class='y'>{body}</div>"))


@pytest.mark.parametrize("label", [
    "来源：", "来源:", "稿源：", "文章来源：", "信息来源：", "新闻来源：", "稿件来源：",
    "消息来源：", "来源于：", "转自：", "摘自：", "供稿：", "来 源：", "【来源】", "来源|", "来源 ", "[来源：",
])  # fmt: skip
def test_every_label_of_a_credit(label: str) -> None:
    end = "]" if label.startswith("[") else ""
    assert _head(f"2024-03-27 10:05 {label}甲市日报{end}").source_credit == "甲市日报"


@pytest.mark.parametrize(("line", "credit"), [
    ("<span>2024-03-27 10:05</span><span>甲市日报</span>", "甲市日报"),
    ("<a href='/s'>新华社</a> <em>2024-03-27 10:05</em>", "新华社"),
    ("2024-03-27　市人力资源社会保障局", "市人力资源社会保障局"),
    ("<span>发布时间</span><span>2024-03-27</span><span>来源</span><span>市人社局</span><span>浏览次数</span><span>12</span>",
     "市人社局"),
    ("<p>2024-03-27</p><p>来源</p><p>市科技局</p>", "市科技局"),
    ("2024-03-27 10:05　甲市日报记者 李四", None),
    ("2024-03-27 10:05 文/甲市日报", None),
    ("2024-03-27 10:05 图/张三", None),
])  # fmt: skip
def test_a_credit_without_a_colon(line: str, credit: str | None) -> None:
    assert _head(line).source_credit == credit


@pytest.mark.parametrize(("line", "published"), [
    ("2024/3/26 9:05:01", "2024-03-26T09:05:01+08:00"),
    ("2024.03.26", "2024-03-26"),
    ("发布时间：２０２４年３月２６日", "2024-03-26"),
    ("发布时间：二〇二四年三月二十六日", "2024-03-26"),
    ("发布时间：20240326", "2024-03-26"),
    ("（2024年3月26日）", "2024-03-26"),
    ("<time datetime='2024-03-26T10:05:00+08:00'>2024年3月26日</time>", "2024-03-26T10:05:00+08:00"),
    ("<time datetime='2024-03-26T10:05:00+08:00'>上午</time>", "2024-03-26T10:05:00+08:00"),
])  # fmt: skip
def test_a_date_in_every_form(line: str, published: str) -> None:
    assert _head(line).published == published


def test_a_time_element_of_another_day_changes_nothing() -> None:
    article = _head("发布时间：2024-03-26 <time datetime='2024-04-01T10:00:00+08:00'>更新</time>")
    assert article.published == "2024-03-26"


def test_a_title_element_that_names_the_site_gives_way_to_the_marked_heading() -> None:
    for name in ("甲市人民政府门户网站", "甲市人力资源和社会保障局", ""):
        article = read(page(f"<h1>{TITLE}</h1><p>2024-03-26</p><div>{BODY}</div>", title=name))
        assert article.title == TITLE
        assert TITLE not in article.paragraphs


@pytest.mark.parametrize("sentence", [
    "申报人可扫描下方二维码填写申报信息，逾期不予受理。",
    "请扫描二维码提交报名表。",
])  # fmt: skip
def test_a_sentence_that_sends_readers_to_a_code_belongs_to_the_body(sentence: str) -> None:
    assert sentence in _head("2024-03-26", body=f"{BODY}<p>{sentence}</p>").paragraphs


@pytest.mark.parametrize("caption", ["扫一扫在手机打开当前页", "扫描二维码关注甲市发布", "微信扫一扫"])
def test_a_caption_of_a_code_does_not(caption: str) -> None:
    article = _head("2024-03-26", body=f"{BODY}<p>{caption}</p>")
    assert caption not in article.paragraphs
    assert article.paragraphs[-1] == THREE


def test_of_a_forums_posts_the_first_is_the_article() -> None:
    said = [("楼主", BODY), ("李四", "<p>好政策，支持。</p>"), ("王五", "<p>请问硕士可以申请吗？</p>")]
    posts = "".join(
        f"<div class='post'><div class='u'>{who} 发表于 2024-03-2{n} 11:00</div><div class='c'>{text}</div></div>"
        for n, (who, text) in enumerate(said)
    )
    article = read(page(f"<h1>{TITLE}</h1><div class='thread'>{posts}</div>"))
    assert article.paragraphs == (ONE, TWO, THREE)
    assert {d.text for d in article.ledger if d.rule == "reply"} >= {"好政策，支持。", "请问硕士可以申请吗？"}


@pytest.mark.parametrize("body", [
    f"　　{ONE}<br><br>　　{TWO}<br/>　　{THREE}",
    f"<table><tr><td><table><tr><td><font>{ONE}</font><br><font>{TWO}</font></td></tr></table></td></tr>"
    f"<tr><td><p>{THREE}</p></td></tr></table>",
    f"<div class=WordSection1><p class=MsoNormal><span lang=ZH-CN>{ONE}</span></p>"
    f"<p class=MsoNormal><span>{TWO[:20]}</span><span>{TWO[20:]}</span><o:p></o:p></p><p>{THREE}</p></div>",
    f"<section><section><p><span>{ONE}</span></p></section><section><p>{TWO}</p><p>{THREE}</p></section></section>",
    f"<div>{ONE}</div><div>&nbsp;</div><div>{TWO}</div><div><div>{THREE}</div></div>",
])  # fmt: skip
def test_a_body_in_every_markup(body: str) -> None:
    assert _head("2024-03-26", body=body).paragraphs == (ONE, TWO, THREE)


@pytest.mark.parametrize("menu", ["首页", "首页\n政务公开\n通知公告", "首页 | 登录", "首页 > 通知公告"])
def test_menu_words_above_a_plain_text_are_no_title(menu: str) -> None:
    text = f"{menu}\n停电通知\n因设备检修，11月20日人才服务窗口暂停办公一天。\n"
    (article,) = read_text("http://a.gov.cn/1", text, today=TODAY).articles
    assert article.title == "停电通知"
    assert article.body == "因设备检修，11月20日人才服务窗口暂停办公一天。"
