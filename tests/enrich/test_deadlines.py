"""Deadlines: windows, relative terms by the working-day calendar, postponements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.enrich.deadlines import find_deadlines
from crawler.enrich.workdays import is_workday, nth_workday
from tests.enrich.print_forms import FORMS

TABLE = Path(__file__).with_name("deadline_sentences.txt").read_text(encoding="utf-8")
CASES = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
ENGLISH = [
    line
    for line in Path(__file__).with_name("deadline_sentences_english.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PUBLISHED = "2026-09-28T09:00:00+08:00"
TITLES = {"call": "关于组织申报的通知", "event": "人才招聘会活动"}


def read(text: str, kind: str, published: str | None = PUBLISHED, language: str = "zh") -> str:
    lines = text.split("⏎")
    found = find_deadlines(TITLES.get(kind, "公告"), lines, published=published, doc_type=kind, language=language)
    assert all(any(d.quote in line for line in lines) for d in found)
    return " ".join(f"{d.kind}:{d.start or ''}~{d.end or ''}{'*' if d.resolved else ''}" for d in found)


@pytest.mark.parametrize("row", CASES, ids=lambda r: r[:32])
def test_sentence_sets_the_window_it_says(row: str) -> None:
    said, _, wanted = row.partition(" =>")
    kind, _, text = said.partition("|")
    assert read(text, kind) == wanted.strip()


@pytest.mark.parametrize("form", FORMS)
def test_every_print_form_says_the_same(form: str) -> None:
    for row in CASES:
        said, _, wanted = row.partition(" =>")
        kind, _, text = said.partition("|")
        assert read(FORMS[form](text), kind) == wanted.strip(), FORMS[form](text)


def test_make_up_saturday_counts_and_holiday_does_not() -> None:
    assert is_workday(dt.date(2026, 10, 10)) is True  # a Saturday
    assert is_workday(dt.date(2026, 10, 1)) is False  # a Thursday
    assert nth_workday(dt.date(2026, 9, 29), 15) == dt.date(2026, 10, 23)


def test_years_without_a_calendar_stay_unknown() -> None:
    assert is_workday(dt.date(2039, 3, 1)) is None
    assert nth_workday(dt.date(2039, 3, 1), 5) is None
    assert read("公示期为自公示之日起5个工作日。", "result", "2039-03-01") == "publicity:2039-03-01~*"


def test_without_a_publication_date_relative_terms_stay_open() -> None:
    assert read("自公告发布之日起30日内提交申请。", "call", None) == "apply:~*"


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.dates(dt.date(2025, 1, 1), dt.date(2026, 11, 1)), st.integers(1, 40))
def test_any_window_is_read_in_any_print(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    wanted = f"apply:{start.isoformat()}~{end.isoformat()}"
    first, last = (f"{d.year}年{d.month}月{d.day}日" for d in (start, end))
    for text in (
        f"申报时间为{first}至{last}。",
        f"报名时间：{first}9:00—{last}17:00。",
        f"网上申请从{first}起至{last}止。",
        f"受理时间为{start.year}.{start.month}.{start.day}-{end.year}.{end.month}.{end.day}。",
    ):
        assert read(text, "call") == wanted, text


@pytest.mark.parametrize("row", ENGLISH, ids=lambda r: r[:48])
def test_english_sentence_sets_the_window_it_says(row: str) -> None:
    text, _, wanted = row.partition(" =>")
    assert read(text, "call", "2026-03-10", "en") == wanted.strip()


def test_english_windows() -> None:
    text = "Applications are accepted from March 2 to April 15, 2026."
    assert read(text, "call", language="en") == "apply:2026-03-02~2026-04-15"
    assert (
        read("The job fair will be held on May 10.", "event", "2026-04-01", "en") == "event:2026-05-10~2026-05-10"
    )


def test_a_drafts_cover_asks_for_answers_within_a_term() -> None:
    cover = [
        "现向社会公开征集意见。请于本公告发布之日起30日内，通过信函或电子邮件反馈。",
        "第三条 自公告发布之日起30日内发放补贴。",
    ]
    found = find_deadlines(
        "关于公开征求《甲市人才办法（征求意见稿）》意见的公告",
        cover,
        published=PUBLISHED,
        doc_type="policy",
        language="zh",
    )
    assert [(d.kind, d.start, d.end) for d in found] == [("comment", "2026-09-28", "2026-10-28")]


def test_papers_that_are_handed_out_are_no_payout() -> None:
    line = ["领取时间：2026年10月12日起，工作日9:00—12:00。"]
    for title, kinds in (("关于领取资格证书的通知", []), ("关于领取生活补贴的通知", ["payout"])):
        found = find_deadlines(title, line, published=PUBLISHED, doc_type="other", language="zh")
        assert [d.kind for d in found] == kinds
