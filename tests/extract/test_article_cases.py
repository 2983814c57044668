"""Whole pages in the structures of real platforms (synthetic): the awkward cases."""

from crawler.extract import read_page
from crawler.model import Page
from tests.extract.article_world import BODY, META_LINE, ONE, THREE, TITLE, TODAY, TWO, page, read


def test_a_subtitle_under_the_headline_is_kept_apart() -> None:
    article = read(page(f"<h1>{TITLE}</h1><h2>——让人才安心创业、舒心生活</h2>{META_LINE}<div>{BODY}</div>"))
    assert article.title == TITLE
    assert article.subtitle == "让人才安心创业、舒心生活"
    assert article.paragraphs == (ONE, TWO, THREE)


def test_a_credit_inside_the_last_paragraph_is_cut_off() -> None:
    article = read(page(f"<h1>{TITLE}</h1><div><p>{ONE}</p><p>{TWO}</p><p>{THREE}（责任编辑：张三）</p></div>"))
    assert article.paragraphs == (ONE, TWO, THREE)


def test_files_behind_an_end_mark_are_not_lost() -> None:
    tail = "<p>责任编辑：张三</p><p>附件：<a href='/a.docx'>申请表.docx</a></p>"
    article = read(page(f"<h1>{TITLE}</h1><div>{BODY}{tail}</div>"))
    assert [a.name for a in article.attachments] == ["申请表.docx"]


def test_comments_of_readers_are_not_the_article() -> None:
    comments = "<div><h4>网友评论</h4><p>甲网友：这个政策真好，希望早点落实到位。</p><p>乙网友：支持。</p></div>"
    article = read(page(f"<h1>{TITLE}</h1><div>{BODY * 3}{comments}</div>"))
    assert "网友" not in article.body
    assert {"comments", "after_end"} & {d.rule for d in article.ledger}


def test_a_page_that_is_one_table_has_a_body() -> None:
    lines = "".join(f"<tr><td>{i}</td><td>张某{i}</td><td>B类</td></tr>" for i in range(1, 13))
    table = f"<table><tr><td>序号</td><td>姓名</td><td>类别</td></tr>{lines}</table>"
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}{table}"))
    assert article.paragraphs[0] == "序号 | 姓名 | 类别"
    assert len(article.paragraphs) == 13


def test_lines_of_preformatted_text_are_paragraphs() -> None:
    assert read(page(f"<h1>{TITLE}</h1><pre>{ONE}\n{TWO}\n\n{THREE}</pre>")).paragraphs == (ONE, TWO, THREE)


def test_an_empty_cell_of_the_header_table_takes_nothing_from_the_next_row() -> None:
    table = (
        "<table><tr><td>索引号：</td><td>1144</td></tr><tr><td>发布机构：</td><td>甲市人社局</td></tr>"
        "<tr><td>主题词：</td><td></td></tr><tr><td>发布日期：</td><td>2024-03-27</td></tr></table>"
    )
    article = read(page(f"{table}<h1>{TITLE}</h1><div>{BODY}</div>"))
    assert article.metadata == {"索引号": "1144", "发布机构": "甲市人社局", "发布日期": "2024-03-27"}


def test_a_title_element_that_names_only_the_column_gives_way_to_the_marked_heading() -> None:
    article = read(page(f"<div class='bt'>{TITLE}</div>{META_LINE}<div>{BODY}</div>", title="通知公告"))
    assert article.title == TITLE


def test_teasers_beside_a_short_notice_are_not_its_body() -> None:
    said = "会议指出，要深入实施人才强市战略，推动高质量发展。"
    item = "<li><a href='/{0}'>甲市召开第{0}次人才工作会议</a><p>" + said + "</p></li>"
    side = "".join(item.format(i) for i in range(5))
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div><p>今日停办业务，敬请谅解。</p></div><ul>{side}</ul>"))
    assert article.paragraphs == ("今日停办业务，敬请谅解。",)


def test_metadata_holds_no_counter_and_no_tools() -> None:
    # A value that changes at each visit would make a revision of each visit.
    rows = (
        "<tr><td>索引号：</td><td>1144</td></tr><tr><td>发布机构：</td><td>甲市人社局 浏览次数：17</td></tr>"
        "<tr><td>发布日期：</td><td>2024-03-27 [打印] [关闭]</td></tr>"
        "<tr><td colspan=2>来源：甲市人社局 &nbsp; 浏览次数：1</td></tr>"
        "<tr><td colspan=2>主题分类：人才工作 | 阅读 25 次 字体：大 中 小</td></tr>"
    )
    article = read(f"<h1>关于发放补贴的通知</h1><table>{rows}</table>{BODY}")
    assert article.metadata == {
        "索引号": "1144", "发布机构": "甲市人社局", "发布日期": "2024-03-27", "来源": "甲市人社局",
        "主题分类": "人才工作",
    }  # fmt: skip


def test_the_last_change_is_the_publication_only_where_nothing_else_is() -> None:
    meta = '<meta itemprop="dateUpdate" content="2024-05-02 08:00:00">'
    both = read(f"{meta}<h1>关于发放补贴的通知</h1><p>发布时间：2024-03-27</p>{BODY}")
    assert (both.published, both.modified) == ("2024-03-27", "2024-05-02T08:00:00+08:00")
    alone = read_page(Page("https://www.a.gov.cn/x.html", page(f"{meta}<h1>{TITLE}</h1>{BODY}")), today=TODAY)
    assert alone.articles[0].published == "2024-05-02T08:00:00+08:00"
