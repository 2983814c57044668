"""Articles that an interface hands out as data. All of them are synthetic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.extract import read_page
from crawler.extract.data_article import as_page
from crawler.model import Page, Reading, Row
from tests.extract.listing_worlds import TODAY

URL = "https://paper.example.com/api/article"
BODY = (
    "<p>市科技部门近日印发通知，启动青年科技人才专项，首批资助三百人，每人每年补助十万元，连续支持三年。</p>"
    "<p>申报截止到2026年12月31日，请各单位认真组织，按程序推荐人选，逾期不予受理，相关材料通过系统提交。</p>"
)
WHOLE = {
    "title": "青年<b>科技</b>人才专项启动 & 首批名额",
    "content": BODY,
    "publishTime": "2026-11-20 09:30:00",
    "source": "示例科技报",
}


def answer(article: dict[str, Any], **more: Any) -> Page:
    return Page(URL, json.dumps({"status": "200", "obj": {"vo": article, **more}}), "application/json")


def test_an_article_in_an_answer_is_read_like_its_page() -> None:
    made = as_page(answer(WHOLE))
    assert isinstance(made, Page)
    (article,) = read_page(made, today=TODAY).articles
    assert article.title == "青年科技人才专项启动 & 首批名额"
    assert (article.published or "")[:10] == "2026-11-20"
    assert article.source_credit == "示例科技报"
    assert len(article.paragraphs) == 2
    assert not any("{" in text or "status" in text for text in article.paragraphs)


def test_the_row_names_what_the_answer_does_not() -> None:
    made = as_page(answer({"content": BODY}), listed=Row("青年人才专项<启动>", URL, "2026-11-21"))
    assert isinstance(made, Page)
    (article,) = read_page(made, listed=Row("青年人才专项<启动>", URL, "2026-11-21"), today=TODAY).articles
    assert article.title == "青年人才专项<启动>"
    assert (article.published or "")[:10] == "2026-11-21"


@pytest.mark.parametrize("body", ['{"status":"500","msg":"no access!"}', "[]", '{"obj":{"vo":null}}'])
def test_data_without_an_article_is_quarantined(body: str) -> None:
    found = as_page(Page(URL, body, "application/json"))
    assert isinstance(found, Reading)
    assert found.quarantine is not None
    assert found.quarantine.reason == "empty"


@pytest.mark.parametrize("body", ["<html>{}</html>", "{ 人才 } 政策", "", "[公告] 关于人才工作的通知"])
def test_any_other_page_stays(body: str) -> None:
    page = Page(URL, body, "text/html")
    assert as_page(page) is page
