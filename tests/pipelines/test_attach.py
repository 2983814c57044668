"""The attach stage: addresses in order, and the text of fetched files (synthetic)."""

from __future__ import annotations

from types import SimpleNamespace

from crawler.model import Article, Attachment, Page
from pipelines.attach import attach
from pipelines.item import PageItem
from tests.extract import file_worlds as made

BASE = "https://www.a.gov.cn/art/1.html"


def test_files_that_were_fetched_give_their_text() -> None:
    item = PageItem(site=SimpleNamespace(name="a"), column=None, page=Page(BASE, ""))  # type: ignore[arg-type]
    links = (Attachment("../f/%E6%8C%87.docx", "申报指南.docx"), Attachment("https://www.a.gov.cn/f/b.pdf#p2", ""))
    item.articles = (
        Article(BASE, title="申报指南", paragraphs=("见附件。",), attachments=links, body_in_attachment=True),
    )
    address = "https://www.a.gov.cn/f/%E6%8C%87.docx"
    item.files = {address: made.docx(made.paragraph("对博士研究生给予补贴20万元。"))}
    article = attach(item, SimpleNamespace(ocr=None)).articles[0]  # type: ignore[arg-type]
    assert [(a.name, a.type, bool(a.text)) for a in article.attachments] == [
        ("申报指南.docx", "docx", True),
        ("b.pdf", "pdf", False),
    ]
    assert article.paragraphs == ("见附件。", "对博士研究生给予补贴20万元。")
    assert article.read_by["body"] == f"attachment:{address}"
