# ruff: noqa: E501  (pages stand on one line, as sites print them)
"""Where an article's files hide: in scripts' calls, attributes, viewers, embedded, without an ending (synthetic)."""

from __future__ import annotations

import pytest

from crawler.model import Article
from tests.extract.article_world import BODY, META_LINE, TITLE, page, read

HOST = "https://www.a.gov.cn"


def _read(main: str) -> Article:
    return read(page(f"<h1>{TITLE}</h1>{META_LINE}<div class='c'>{main}</div>"))


@pytest.mark.parametrize(("link", "name", "url", "kind"), [
    ("<a href='javascript:void(0)' onclick=\"downloadFile('/f/1.docx','申请表')\">申请表</a>", "申请表", "/f/1.docx", "docx"),
    ("<a href=\"javascript:down('/f/1.pdf')\">申请表.pdf</a>", "申请表.pdf", "/f/1.pdf", "pdf"),
    ("<a href='#' data-href='/f/2.xlsx'>汇总表</a>", "汇总表", "/f/2.xlsx", "xlsx"),
    ("<a href='/file/download?id=123'>实施细则</a>", "实施细则", "/file/download?id=123", None),
    ("<a href='/api/file/123' download='名单.xlsx'>名单全文</a>", "名单全文", "/api/file/123", "xlsx"),
    ("<a href='/system/download.jsp?id=77'>申报书.doc</a>", "申报书.doc", "/system/download.jsp?id=77", "doc"),
])  # fmt: skip
def test_a_link_to_a_file_in_every_form(link: str, name: str, url: str, kind: str | None) -> None:
    (found,) = _read(f"{BODY}<p>附件：{link}</p>").attachments
    assert (found.name, found.url, found.type) == (name, HOST + url, kind)


@pytest.mark.parametrize(("shown", "url"), [
    ("<iframe src='/pdf/2024.pdf' width=800></iframe>", "/pdf/2024.pdf"),
    ("<iframe src='/pdfjs/web/viewer.html?file=%2Fupload%2F2024.pdf'></iframe>", "/upload/2024.pdf"),
    ("<embed src='/pdf/2024.pdf' type='application/pdf'>", "/pdf/2024.pdf"),
    ("<object data='/pdf/2024.pdf' type='application/pdf'></object>", "/pdf/2024.pdf"),
    ("<div id='v'></div><script>PDFObject.embed(\"/pdf/2024.pdf\", \"#v\");</script>", "/pdf/2024.pdf"),
])  # fmt: skip
def test_a_page_that_only_shows_a_file_has_its_body_in_it(shown: str, url: str) -> None:
    article = _read(shown)
    assert [(a.url, a.type) for a in article.attachments] == [(HOST + url, "pdf")]
    assert article.body_in_attachment
    assert article.paragraphs == ()


@pytest.mark.parametrize("other", [
    "<a href='javascript:window.print()'>打印本页</a>",
    "<a href='#' onclick=\"share('weixin')\">分享</a>",
    "<iframe src='/share.html?url=https%3A%2F%2Fwww.a.gov.cn%2F1.html'></iframe>",
    "<embed src='/banner.swf'>",
    "<script>var tpl = '/static/guide.pdf';</script>",
])  # fmt: skip
def test_what_is_no_file_of_the_article(other: str) -> None:
    assert _read(BODY + other).attachments == ()


def test_files_of_the_footer_are_the_sites_own() -> None:
    foot = "</div><div class='footer'><a href='/help.pdf'>网站使用指南.pdf</a><a href='/reader.zip'>阅读器下载</a></div><div>"
    assert _read(BODY + foot).attachments == ()
    behind = "</div><div class='fj'><h4>附件下载</h4><ul><li><a href='/x/1.zip'>材料包.zip</a></li></ul></div><div>"
    assert [a.url for a in _read(BODY + behind).attachments] == [f"{HOST}/x/1.zip"]
