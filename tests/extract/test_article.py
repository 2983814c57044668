"""Whole pages in the structures of real platforms (synthetic): the usual cases."""

import pytest

from crawler.extract import read_page
from crawler.model import DetailRules, Page, Row
from tests.extract.article_world import BODY, META_LINE, ONE, SIDE, THREE, TITLE, TODAY, TWO, page, read


def test_an_article_without_any_rule() -> None:
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}</div>"))
    assert article.title == TITLE
    assert article.published == "2024-03-27T10:05:00+08:00"
    assert article.source_credit == "市人力资源社会保障局"
    assert article.paragraphs == (ONE, TWO, THREE)
    assert article.provenance["published"] == "label"
    assert article.read_by["body"] == "density"


@pytest.mark.parametrize(
    ("furniture", "rule"),
    [
        ("<p>责任编辑：张三</p>", "editor_credit"),
        ("<p>【打印本页】【关闭窗口】</p>", "share"),
        ("<p>分享到：微信 微博 QQ空间</p>", "share"),
        ("<p>扫一扫在手机打开当前页</p>", "qr_caption"),
        ("<p>上一篇：<a href='/1.html'>关于召开会议的通知</a></p>", "previous_next"),
        ("<p>版权所有：甲市人民政府</p>", "statement"),
        ("<p>相关阅读：</p><ul><li><a href='/2.html'>一图读懂甲市高层次人才安居办法政策</a></li></ul>", "related"),
        ("<script>var a = 'x'; document.write(a);</script><style>.a{color:red}</style>", None),
        ("<p style='display:none'>隐藏的文字，不应当出现在正文里。</p>", "hidden"),
    ],
)
def test_furniture_goes_to_the_ledger(furniture: str, rule: str | None) -> None:
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}{furniture}</div>"))
    assert article.paragraphs == (ONE, TWO, THREE)
    if rule:
        assert rule in {d.rule for d in article.ledger}


def test_signature_and_date_at_the_end_belong_to_the_body() -> None:
    article = read(
        page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}<p>甲市人力资源和社会保障局</p><p>2024年3月20日</p></div>")
    )
    assert article.paragraphs[-2:] == ("甲市人力资源和社会保障局", "2024年3月20日")
    assert article.published == "2024-03-27T10:05:00+08:00"


def test_nested_boxes_give_each_text_once() -> None:
    article = read(
        page(
            f"<h1>{TITLE}</h1><div><div><div><span>{ONE}</span></div></div><div>{TWO}<div>{THREE}</div></div></div>"
        )
    )
    assert article.paragraphs == (ONE, TWO, THREE)


def test_line_break_soup() -> None:
    article = read(page(f"<h1>{TITLE}</h1><div>　　{ONE}<br><br>　　<font>{TWO}</font><br/>&nbsp;{THREE}</div>"))
    assert article.paragraphs == (ONE, TWO, THREE)


def test_two_html_ends() -> None:
    html = page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}</div>") + "</html>"
    assert (
        read(html.replace("</body></html>", f"</body></html><p>{'补充说明的内容，请注意查看。' * 2}</p>", 1)).title
        == TITLE
    )


def test_textarea_held_article() -> None:
    held = BODY.replace("<", "&lt;").replace(">", "&gt;") * 3
    article = read(f"<title>{TITLE}</title><h1>{TITLE}</h1><textarea style='display:none'>{held}</textarea>")
    assert ONE in article.paragraphs
    assert article.title == TITLE


def test_meta_tags_of_the_standard_are_believed() -> None:
    head = (
        f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-03-27\u00a010:00">'
        '<meta name="ContentSource" content="本网"><meta name="SiteName" content="甲市人民政府门户网站">'
    )
    article = read(page(f"<h2>政策文件</h2><div>{BODY}</div>", head, "政策文件"))
    assert (article.title, article.published, article.source_credit) == (TITLE, "2024-03-27T10:00:00+08:00", "本网")
    assert article.site_name == "甲市人民政府门户网站"
    assert article.provenance["title"] == "meta"


def test_the_header_table_is_metadata_and_never_body() -> None:
    table = (
        "<table><tr><td><b>索 引 号：</b></td><td>000014349/2024-00012</td>"
        "<td>主题分类：</td><td>人才工作</td></tr>"
        "<tr><td>发文机关：</td><td>甲市人民政府</td><td>成文日期：</td><td>2024年03月20日</td></tr>"
        f"<tr><td>标　　题：</td><td>{TITLE}</td></tr>"
        "<tr><td>发文字号：</td><td>甲政发〔2024〕3号</td><td>发布日期：</td><td>2024年03月27日</td></tr></table>"
    )
    article = read(page(f"{table}<div>{BODY}</div>", title=f"{TITLE}（甲政发〔2024〕3号）_政府信息公开专栏"))
    assert article.title == TITLE
    assert article.published == "2024-03-27"
    assert article.metadata["发文字号"] == "甲政发〔2024〕3号"
    assert article.metadata["成文日期"] == "2024年03月20日"
    assert article.metadata["索引号"] == "000014349/2024-00012"
    assert "发文机关" not in article.body
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_data_table_is_rows() -> None:
    table = (
        "<table><tr><th>层次</th><th>补贴标准</th></tr><tr><td>博士</td><td>20万元</td></tr>"
        "<tr><td>硕士</td><td>5万元</td></tr></table>"
    )
    article = read(page(f"<h1>{TITLE}</h1><div>{BODY}{table}</div>"))
    assert article.paragraphs[-3:] == ("层次 | 补贴标准", "博士 | 20万元", "硕士 | 5万元")


def test_a_layout_table_is_paragraphs() -> None:
    html = (
        f"<table><tr><td><h1>{TITLE}</h1><table><tr><td>{BODY}</td></tr></table></td><td>{SIDE}</td></tr></table>"
    )
    assert read(page(html)).paragraphs == (ONE, TWO, THREE)


def test_attachments_are_kept_with_absolute_addresses() -> None:
    links = (
        "<p>附件：<a href='./P020240327.docx'>1.申请表.docx</a> "
        "<a href='/download.jsp?filename=a.pdf'>2.名单.pdf</a></p>"
    )
    article = read(page(f"<h1>{TITLE}</h1><div>{BODY}{links}</div>"))
    assert [(a.name, a.url, a.type) for a in article.attachments] == [
        ("1.申请表.docx", "https://www.a.gov.cn/art/2024/3/27/P020240327.docx", "docx"),
        ("2.名单.pdf", "https://www.a.gov.cn/download.jsp?filename=a.pdf", "pdf"),
    ]
    assert not article.body_in_attachment


def test_a_body_that_is_only_an_attachment_or_a_picture_is_marked() -> None:
    file = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div><p><a href='/a.pdf'>{TITLE}.pdf</a></p></div>"))
    assert file.body_in_attachment
    assert not file.body_in_image
    picture = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div class='content'><p><img src='/a.jpg'></p></div>"))
    assert picture.body_in_image
    assert picture.paragraphs == ()


def test_a_short_notice_is_its_own_text_only() -> None:
    short = "因系统升级，3月29日暂停办理人才落户业务，请相互转告。"
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div><p>{short}</p></div>"))
    assert article.paragraphs == (short,)


def test_a_heading_broken_in_two_is_joined() -> None:
    article = read(page(f"<h1>关于印发甲市高层次人才<br>安居办法的通知</h1>{META_LINE}<div>{BODY}</div>"))
    assert article.title is not None
    assert article.title.replace(" ", "") == TITLE


def test_a_credit_that_is_a_link() -> None:
    line = "<div>2024-03-27 10:05 来源：<a href='http://b.cn'>某某日报</a> 甲市频道 责任编辑：李四</div>"
    assert read(page(f"<h1>{TITLE}</h1>{line}<div>{BODY}</div>")).source_credit == "某某日报"


def test_site_rules_win_and_their_trouble_is_drift() -> None:
    html = page(
        f"<h1>{TITLE}</h1><p class='d'>2024-03-27</p><div id='zw'>{BODY}</div><div id='other'><p>短。</p></div>"
    )
    good = read_page(
        Page("https://a.gov.cn/1.html", html), DetailRules(body="#zw", title="h1", date=".d"), today=TODAY
    )
    assert good.articles[0].read_by["body"] == "site_rule"
    assert good.drift == ()
    thin = read_page(Page("https://a.gov.cn/1.html", html), DetailRules(body="#other"), today=TODAY)
    assert thin.drift == ("body_selector_thin",)
    lost = read_page(Page("https://a.gov.cn/1.html", html), DetailRules(body="#gone", title=".gone"), today=TODAY)
    assert lost.drift == ("title_selector_lost", "body_selector_lost")
    assert lost.articles[0].paragraphs[:3] == (ONE, TWO, THREE)
    bad = read_page(Page("https://a.gov.cn/1.html", html), DetailRules(body="p["), today=TODAY)
    assert "site_selector_invalid" in bad.drift


def test_a_selector_that_yields_far_less_or_nothing_readable_is_drift() -> None:
    html = page(f"<h1>{TITLE}</h1><div class='info'>2024-03-27 10:05</div><div class='c'>{BODY}</div>")
    address = Page("https://www.a.gov.cn/1.html", html)
    for rules, code in (
        (DetailRules(title=".nav li"), "title_selector_thin"),
        (DetailRules(date="h1"), "date_selector_thin"),
        (DetailRules(source=".info"), "source_selector_thin"),
        (DetailRules(body="h1"), "body_selector_thin"),
        (DetailRules(body=".gone"), "body_selector_lost"),
        (DetailRules(date=".gone"), "date_selector_lost"),
    ):
        assert code in read_page(address, rules, today=TODAY).drift
    fine = DetailRules(title="h1", date=".info", body=".c")
    assert read_page(address, fine, today=TODAY).drift == ()


def test_the_listings_row_helps_where_the_page_says_nothing() -> None:
    html = f"<div>{BODY}</div>"
    reading = read_page(
        Page("https://a.gov.cn/x", html), listed=Row(TITLE, "https://a.gov.cn/x", "2024-03-27"), today=TODAY
    )
    article = reading.articles[0]
    assert (article.title, article.published) == (TITLE, "2024-03-27")
    assert article.provenance["published"] == "listing"


def test_a_bilingual_page_is_split() -> None:
    english = (
        "To further improve the environment for talent, the city has decided to grant a one-off housing "
        "allowance to every new doctor."
    )
    article = read(page(f"<h1>{TITLE}</h1><div><p>{english}</p><p>{ONE}</p><p>{english}</p><p>{TWO}</p></div>"))
    assert article.language == "mixed"
    assert article.body_zh is not None
    assert ONE in article.body_zh
    assert english not in article.body_zh


def test_bytes_with_a_wrong_declaration() -> None:
    html = page(f"<h1>{TITLE}</h1><div>{BODY}</div>", '<meta charset="utf-8">').encode("gb18030")
    assert read_page(Page("https://a.gov.cn/1", html), today=TODAY).articles[0].title == TITLE
