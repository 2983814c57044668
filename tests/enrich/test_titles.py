"""Relevance, doc_type and section of short releases: titles as offices and papers write them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article, Release

HERE = Path(__file__).parent


def rows(name: str) -> list[str]:
    lines = HERE.joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def release(title: str, paragraphs: list[str], source: str | None = None) -> Release:
    article = Article(
        url="https://www.example.gov.cn/a.html", title=title, paragraphs=tuple(paragraphs), language="zh",
        published="2026-04-12T09:00:00+08:00", source_credit=source,
    )  # fmt: skip
    return understand(article, as_of=dt.date(2026, 11, 22))


@pytest.mark.parametrize("row", rows("relevance_titles.txt"), ids=lambda r: r[:40])
def test_a_measure_for_talent_is_told_from_anything_else(row: str) -> None:
    wanted, title, *paragraphs = row.split("|")
    assert release(title, paragraphs).is_talent_policy is (wanted == "T")


@pytest.mark.parametrize("row", rows("type_titles.txt"), ids=lambda r: r[:40])
def test_a_title_tells_its_type_and_section(row: str) -> None:
    doc_type, section, title, *paragraphs = row.split("|")
    found = release(title, paragraphs, "青川日报" if doc_type == "news" else None)
    assert (found.doc_type, found.section or "") == (doc_type, section)


@pytest.mark.parametrize("row", rows("topic_titles.txt"), ids=lambda r: r[:40])
def test_topics_are_what_is_granted_or_called_for(row: str) -> None:
    said, _, wanted = row.partition(" =>")
    doc_type, title, *paragraphs = said.split("|")
    found = release(title, paragraphs, "青川日报" if doc_type == "news" else None)
    optional = {word[:-1] for word in wanted.split() if word.endswith("?")}
    assert found.doc_type == doc_type
    assert found.is_talent_policy
    assert set(found.topics) - optional == {word for word in wanted.split() if not word.endswith("?")}


def test_a_talent_paragraph_in_a_general_plan_is_the_reason() -> None:
    row = next(r for r in rows("relevance_titles.txt") if "五年规划纲要" in r)
    _, title, *paragraphs = row.split("|")
    found = release(title, paragraphs)
    assert any("人才强市" in reason.quote for reason in found.reasons)


def test_what_can_t_be_told_is_left_open() -> None:
    text = "河北雄安新区管委会近日发布“雄才计划”，给予博士补贴。"
    found = release("河北雄安新区发布“雄才计划”", [text], "河北日报")
    assert found.is_talent_policy is None
    assert found.reasons
