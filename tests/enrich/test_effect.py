"""Clauses that say from when and until when a policy holds: our own sentences, in a synthetic release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article
from tests.enrich.print_forms import FORMS

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


@pytest.mark.parametrize("form", FORMS)
def test_every_print_form_says_the_same(form: str) -> None:
    for row in CASES:
        said, _, wanted = row.partition(" => ")
        assert period(FORMS[form](said)) == wanted.strip(), FORMS[form](said)


@pytest.mark.parametrize("row", CASES, ids=lambda r: r[:32])
def test_clause_sets_the_period_it_says(row: str) -> None:
    said, _, wanted = row.partition(" => ")
    assert period(said) == wanted.strip()


def period(said: str) -> str:
    article = Article(
        url="https://www.example.gov.cn/a.html", title="丹阳市人民政府关于印发《丹阳市高层次人才引进办法》的通知",
        paragraphs=(*HEAD, "第三条 " + said), published="2026-03-12T09:00:00+08:00", language="zh",
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    return f"{found.effective_from or ''}~{found.effective_to or ''} {found.validity}"


@pytest.mark.parametrize(("clause", "wanted"), [
    ("These Measures shall take effect on May 1, 2026 and remain valid for three years.",
        "2026-05-01~2029-04-30 in_force"),
    ("These Measures are effective as of 1 May 2026 until 30 April 2029.", "2026-05-01~2029-04-30 in_force"),
    ("These Measures shall come into force as of the date of promulgation and be valid for five years.",
        "2026-03-12~2031-03-11 in_force"),
    ("These Measures shall be implemented from May 1, 2026, with a trial period of two years.",
        "2026-05-01~2028-04-30 trial"),
    ("The Measures will come into effect 30 days after the date of promulgation.", "2026-04-11~ in_force"),
])  # fmt: skip
def test_english_clause_sets_the_period_it_says(clause: str, wanted: str) -> None:
    article = Article(
        url="https://www.example.gov.cn/a.html", title="Measures of Sanya City for Attracting Young Talent",
        paragraphs=("Article 1 Doctors who work in Sanya get 100,000 yuan.", "Article 9 " + clause),
        published="2026-03-12T09:00:00+08:00", language="en",
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert f"{found.effective_from or ''}~{found.effective_to or ''} {found.validity}" == wanted


@pytest.mark.parametrize(("title", "clause", "wanted"), [
    ("《丹阳市人才安居办法》政策解读", "《办法》将于4月1日起正式实施，有效期三年。",
        "2026-04-01~2029-03-31 in_force"),
    ("《丹阳市人才安居办法》政策解读", "原《丹阳市人才补贴办法》自2026年4月1日起废止。", "~ unknown"),
    ("丹阳出台人才安居新政 博士购房补贴10万元", "据悉，新政将从今年4月1日起执行，有效期至2028年底。",
        "2026-04-01~2028-12-31 in_force"),
    ("丹阳：博士购房补贴10万元", "据悉，《丹阳市人才安居十条措施》4月8日起实施。", "2026-04-08~ in_force"),
    ("丹阳：博士购房补贴10万元", "办法4月1日起施行，首批申报随之启动。", "2026-04-01~ in_force"),
    ("丹阳市人民政府办公室关于继续执行《丹阳市人才购房补贴办法》的通知",
        "《丹阳市人才购房补贴办法》（丹政办发〔2023〕5号）于2026年3月31日到期，有效期延长两年至2028年3月31日。",
        "~2028-03-31 in_force"),
])  # fmt: skip
def test_a_report_or_extension_tells_the_period_of_what_it_is_about(title: str, clause: str, wanted: str) -> None:
    article = Article(
        url="https://www.example.gov.cn/a.html", title=title,
        paragraphs=("丹阳市近日出台人才安居办法，博士可领10万元购房补贴。", clause),
        published="2026-03-12T09:00:00+08:00", language="zh",
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert f"{found.effective_from or ''}~{found.effective_to or ''} {found.validity}" == wanted
