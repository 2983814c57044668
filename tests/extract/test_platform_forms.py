# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Facts in the forms of single platforms: framed labels, comments of e-newspapers, split stamps, portals' notes (synthetic)."""

from __future__ import annotations

import pytest

from crawler.extract import read_page
from crawler.extract.furniture import furniture
from crawler.model import Page
from tests.extract.article_world import BODY, META_LINE, ONE, THREE, TITLE, TODAY, TWO, page, read


def test_framed_labels_of_a_header_list_need_no_colon() -> None:
    rows = (("主题分类", "劳动、人事"), ("发文机构", "甲市人民政府"), ("联合发文单位", ""), ("成文日期", "2024-03-10"),
            ("发文字号", "甲政发〔2024〕<span>7号</span>"), ("废止日期", ""), ("发布日期", "2024-03-18"), ("有效性", "是"))  # fmt: skip
    items = "".join(f"<li>[{label}] <span>{value}</span></li>" for label, value in rows)
    article = read(page(f"<ol>{items}</ol><h1>{TITLE}</h1><div>{BODY}</div>"))
    assert article.metadata == {
        "主题分类": "劳动、人事", "发文机构": "甲市人民政府", "成文日期": "2024-03-10", "发文字号": "甲政发〔2024〕7号",
        "发布日期": "2024-03-18", "有效性": "是",
    }  # fmt: skip
    assert (article.published, article.paragraphs) == ("2024-03-18", (ONE, TWO, THREE))


def test_framed_labels_on_one_line() -> None:
    line = "[索引号] 1144 [发文机构] 甲市人社局 [成文日期] 2024-03-10 [发布日期] 2024-03-18"
    article = read(page(f"<p>{line}</p><h1>{TITLE}</h1><div>{BODY}</div>"))
    assert article.metadata == {
        "索引号": "1144", "发文机构": "甲市人社局", "成文日期": "2024-03-10", "发布日期": "2024-03-18",
    }  # fmt: skip


PROPERTIES = (
    "<!--enpproperty <articleid>1</articleid><date>2024-03-12 00:00:00.0</date><author>赵某</author>"
    "<title>引才聚才，县域如何破题</title><keyword></keyword><subtitle>安远县的启示</subtitle>"
    "<introtitle>人才强县·观察</introtitle><nodename>03版</nodename>/enpproperty-->"
)


def _newspaper(comments: str) -> str:
    cells = "".join(f"<tr><td>{t}</td></tr>" for t in ("人才强县·观察", "引才聚才，县域如何破题", "——安远县的启示"))
    return page(
        f"{comments}<table>{cells}</table><div id='ozoom'><!--enpcontent-->{BODY}<!--/enpcontent--></div>",
        title="临江日报",
    )


def test_the_comment_of_an_e_newspaper_states_headline_and_subtitles() -> None:
    reading = read_page(Page("http://epaper.a.cn/x/content_1.htm", _newspaper(PROPERTIES)), today=TODAY)
    article = reading.articles[0]
    assert (article.title, article.subtitle) == ("引才聚才，县域如何破题", "人才强县·观察\n安远县的启示")
    assert (article.published, article.author) == ("2024-03-12", "赵某")
    assert article.paragraphs == (ONE, TWO, THREE)


def test_the_comments_of_several_articles_state_nothing_of_one() -> None:
    other = PROPERTIES.replace("引才聚才，县域如何破题", "别的文章的标题在这里")
    reading = read_page(Page("http://epaper.a.cn/x/content_1.htm", _newspaper(PROPERTIES + other)), today=TODAY)
    assert reading.articles[0].published is None


@pytest.mark.parametrize("stamp", [
    "<span><em> 2024</em></span><span><em>03</em>/<em>16</em></span><span> 10:32:45</span>",
    "<div>2024</div><div>03/16</div><div>10:32:45</div>",
])  # fmt: skip
@pytest.mark.parametrize("head", ["", '<meta name="publishdate" content="2024-03-16">'])
def test_a_stamp_whose_year_is_set_apart(stamp: str, head: str) -> None:
    html = page(f"<div class='t'>{stamp}</div><div>来源：甲市网</div><h1>{TITLE}</h1><div>{BODY}</div>", head)
    reading = read_page(Page("http://www.a.cn/local/c.html", html), today=TODAY)
    assert reading.articles[0].published == "2024-03-16T10:32:45+08:00"
    assert reading.articles[0].paragraphs == (ONE, TWO, THREE)


def test_a_time_element_tells_that_a_zero_offset_is_meant() -> None:
    ld = '<script type="application/ld+json">{"datePublished":"2024-03-10T01:30:00+00:00"}</script>'
    shown = "<time datetime='2024-03-10T09:30:00+08:00'>2024年3月10日</time>"
    assert (
        read(page(f"<h1>{TITLE}</h1><p>{shown}</p><div>{BODY}</div>", ld)).published == "2024-03-10T09:30:00+08:00"
    )
    assert (
        read(page(f"<h1>{TITLE}</h1><p>2024年3月10日</p><div>{BODY}</div>", ld)).published
        == "2024-03-10T01:30:00+08:00"
    )


@pytest.mark.parametrize(("line", "rule"), [
    ("编辑 甘某", "editor_credit"),
    ("校对 柳某某 监制 李某", "editor_credit"),
    ("特别声明：以上文章内容仅代表作者本人观点，不代表本站观点或立场。如有关于作品内容的问题请于30日内联系。", "statement"),
    ("您当前使用的浏览器版本过低，导致网站不能正常访问，建议升级浏览器", "statement"),
    ("未经正式授权严禁转载本文，侵权必究。", "statement"),
    ("打开甲市新闻客户端，查看全部评论", "site_note"),
    ("返回某狐，查看更多", "site_note"),
    ("图片来源：视觉某国", "picture_credit"),
    ("点赞、在看、转发，让更多人看到", "site_note"),
    ("- END -", "site_note"),
    ("您即将离开本网站，访问的链接为外部链接，是否继续？如需继续浏览，请点击“继续访问”，本站对外部网站的内容不负责任。", "popup"),
    ("本网站使用Cookie以改善您的浏览体验。继续使用本网站，即表示您同意我们的隐私政策。", "popup"),
    ("本网站将于近期开通人才补贴在线申报，为了方便各单位使用，现将有关事项说明如下。", None),
    ("编辑 出版 发行工作会议召开", None),
    ("审核通过后，由市财政局拨付资金。", None),
    ("校对 审核 发布流程由办公室负责", None),
    ("申报人可打开政务服务客户端查看办理进度。", None),
])  # fmt: skip
def test_lines_of_portals_and_lines_like_them(line: str, rule: str | None) -> None:
    assert furniture(line) == rule


def test_a_credit_and_the_tool_before_it_go_together() -> None:
    tail = "<div><span><a href='javascript:void(0)'>【纠错】</a></span><span> 【责任编辑:王某】 </span></div>"
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}{tail}</div>"))
    assert article.paragraphs == (ONE, TWO, THREE)


def test_office_and_day_under_a_short_notice_are_its_signature() -> None:
    lines = ("因系统维护，3月29日暂停办理入住手续。", "特此通知。", "甲市人才服务中心", "2024年3月28日")
    body = "".join(f"<p>{line}</p>" for line in lines)
    assert read(page(f"<h1>{TITLE}</h1>{META_LINE}<div class='c'>{body}</div>")).paragraphs == lines


def test_the_day_under_a_documents_title_is_its_own_and_the_day_under_the_headline_is_not() -> None:
    day = "<p align='center'>（2023年12月28日）</p>"
    own = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div id='zoom'>{day}{BODY}</div>"))
    assert own.paragraphs == ("（2023年12月28日）", ONE, TWO, THREE)
    headed = read(page(f"<div class='x'><h1>{TITLE}</h1>{day}{BODY}</div>"))
    assert headed.paragraphs == (ONE, TWO, THREE)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2024年11月22日 星期五 欢迎访问甲市人民政府网站",
        "欢迎您！2024年11月22日",
        "北京时间：2024-11-22 10:05",
    ],
)
def test_the_day_of_the_visit_is_no_publication(line: str) -> None:
    top = f"<div>{line}</div>"
    html = f"<title>{TITLE}</title>{top}<h1>{TITLE}</h1><div>{BODY}</div>"
    assert read_page(Page("https://www.a.gov.cn/x.html", html), today=TODAY).articles[0].published is None
    dated = html.replace("</h1>", "</h1><p>2024-03-26　甲市人社局</p>")
    assert read_page(Page("https://www.a.gov.cn/x.html", dated), today=TODAY).articles[0].published == "2024-03-26"


def test_an_article_in_a_cell_beside_its_labels() -> None:
    rows = (("标　题", TITLE), ("发布日期", "2024-06-05"), ("信息来源", "专技科"), ("内　容", BODY))
    cells = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows)
    article = read(page(f"<table>{cells}</table>", title="通知公告"))
    assert (article.title, article.published, article.source_credit) == (TITLE, "2024-06-05", "专技科")
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_table_of_long_cells_is_still_rows() -> None:
    cells = "".join(
        f"<tr><td>{kind}</td><td><p>{ONE}</p><p>{TWO}</p></td></tr>" for kind in ("博士", "硕士", "技师")
    )
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}<table>{cells}</table></div>"))
    assert article.paragraphs[-1] == f"技师 | {ONE} {TWO}"
