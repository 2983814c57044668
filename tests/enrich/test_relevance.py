"""Relevance and doc_type on releases written for the traps: synthetic."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article
from crawler.text import squeeze

CASES = tomllib.loads((Path(__file__).parent / "relevance_cases.toml").read_text(encoding="utf-8"))["case"]


def release(case):
    article = Article(
        url="https://www.example.gov.cn/a.html", title=case["title"], paragraphs=tuple(case["text"].split("|")),
        published="2026-05-30", language=case.get("language", "zh"),
        source_credit=case.get("source"),
    )  # fmt: skip
    return understand(article, as_of=dt.date(2026, 11, 22))


@pytest.mark.parametrize("case", CASES, ids=[c["title"][:20] for c in CASES])
def test_relevance(case):
    found = release(case)
    if case.get("unsure"):
        assert not found.is_talent_policy
    else:
        assert found.is_talent_policy is case["talent"], (found.relevance, found.reasons)
    assert 0 <= found.relevance <= 1


@pytest.mark.parametrize("case", [c for c in CASES if "type" in c], ids=lambda c: c["title"][:16])
def test_doc_type(case):
    assert release(case).doc_type == case["type"]


@pytest.mark.parametrize("case", CASES, ids=[c["title"][:20] for c in CASES])
def test_reasons_are_quoted_from_the_text(case):
    text = case["title"] + "\n" + case["text"].replace("|", "\n")
    found = release(case)
    assert all(r.quote and squeeze(r.quote) in squeeze(text) for r in found.reasons)
    assert found.reasons or found.relevance < 0.2
