"""Days whose parts stand in elements of their own (synthetic)."""

import datetime as dt

import pytest

from crawler.extract import read_listing, read_page
from crawler.extract.date_parts import calendar_day
from crawler.model import Page
from tests.extract.article_world import BODY, TITLE, page

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(("texts", "day"), [
    ([], None),
    (["182026-11"], "2026-11-18"),
    (["18 2026-11"], "2026-11-18"),
    (["18", "2026-11"], "2026-11-18"),
    (["2026年11月", "18日"], "2026-11-18"),
    (["2026.11 18"], "2026-11-18"),
    (["１８", "２０２６－１１"], "2026-11-18"),
    (["31", "2026-11"], None),
    (["28", "2026-11"], None),
    (["阅读 18", "2026-11"], None),
    (["18", "次", "2026-11"], None),
    (["共18条2026-11"], None),
    (["202611"], None),
])  # fmt: skip
def test_a_calendar_day(texts: list[str], day: str | None) -> None:
    found = calendar_day(texts, today=DAY)
    assert (found.moment.day.isoformat() if found else None) == day


@pytest.mark.parametrize("parts", [
    "<p><span>18</span><span>2024-03</span></p>",
    "<div><div>18</div><div>2024-03</div></div>",
    "<p><em>18</em> <i>2024年03月</i></p>",
])  # fmt: skip
def test_an_article_dated_by_a_calendar_leaf(parts: str) -> None:
    source = page(f"<h1>{TITLE}</h1>{parts}<div>{BODY}</div>")
    article = read_page(Page("http://www.a.example/detail.html", source), today=DAY).articles[0]
    assert article.published == "2024-03-18"
    assert article.provenance["published"] == "label"
    assert article.read_by["published"] == "calendar_day"


def test_rows_dated_by_a_calendar_leaf() -> None:
    rows = "".join(
        f"<li><div class='d'><span>{day}</span><span>2026-11</span></div>"
        f"<a href='/art/{day}.html'>关于申报第{day}批人才计划的通知公告</a></li>"
        for day in range(10, 20)
    )
    found = read_listing(Page("http://a.example/", f"<html><body><ul>{rows}</ul></body></html>"), today=DAY)
    assert [row.date for row in found.rows] == [f"2026-11-{day}" for day in range(10, 20)]
