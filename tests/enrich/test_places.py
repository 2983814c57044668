"""Whose measure a report, digest or notice tells of, whoever prints it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article

TABLE = Path(__file__).with_name("places.txt").read_text(encoding="utf-8")
CASES = [line for line in TABLE.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("row", CASES, ids=lambda r: r.split("|")[5][:30])
def test_the_measure_s_own_place_is_found(row: str) -> None:
    code, zone, language, site, source, title, *paragraphs = row.split("|")
    article = Article(
        url="https://www.example.cn/a.html", title=title, paragraphs=tuple(paragraphs),
        language="en" if language == "en" else "zh", published="2026-05-20T10:00:00+08:00",
        site_name=site or None, source_credit=source or None,
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert (found.region or "", found.zone or "") == (code, zone)
    assert found.is_talent_policy is not False
