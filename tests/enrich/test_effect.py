"""Clauses that say from when and until when a policy holds: our own sentences, in a synthetic release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article

TABLE = Path(__file__).with_name("effect_sentences.txt").read_text(encoding="utf-8")
CASES = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
HEAD = (
    "各镇人民政府：",
    "现将《丹阳市高层次人才引进办法》印发给你们，请遵照执行。",
    "丹阳市人民政府",
    "2026年3月9日",
    "丹阳市高层次人才引进办法",
    "第一条 为引进人才，制定本办法。",
    "第二条 对引进的博士给予10万元补贴。",
)


@pytest.mark.parametrize("row", CASES, ids=lambda r: r[:32])
def test_clause_sets_the_period_it_says(row: str) -> None:
    said, _, wanted = row.partition(" => ")
    article = Article(
        url="https://www.example.gov.cn/a.html", title="丹阳市人民政府关于印发《丹阳市高层次人才引进办法》的通知",
        paragraphs=(*HEAD, "第三条 " + said), published="2026-03-12T09:00:00+08:00", language="zh",
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert f"{found.effective_from or ''}~{found.effective_to or ''} {found.validity}" == wanted.strip()
