"""Benefit clauses: who gets what, for how long, from sentences of our own."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from crawler.enrich.benefits import find_benefits
from crawler.model.release import Benefit
from crawler.model.values import TOPICS

CHINESE = ("benefit_sentences.txt", "benefit_sentences_more.txt")
ENGLISH = ("benefit_sentences_english.txt",)


def cases(*names: str) -> list[tuple[list[str], list[str]]]:
    found = []
    table = "\n\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names)
    for block in table.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        text = [line[2:] for line in lines if line.startswith("> ")]
        if text:
            found.append((text, [line[2:] for line in lines if line.startswith("= ")]))
    return found


def number(text: str) -> float | None:
    return float(Decimal(text)) if text else None


def wanted(row: str) -> dict[str, object]:
    name, *words = row.split()
    values: dict[str, object] = {
        "recipient": name.replace("_", " "), "min": None, "max": None, "cap": False, "rate": None, "area_min": None,
        "area_max": None, "period": None, "months": None, "topic": None, "currency": "CNY",
    }  # fmt: skip
    for word in words:
        if word == "cap":
            values["cap"] = True
        elif word in ("once", "month", "year"):
            values["period"] = word
        elif word in TOPICS:
            values["topic"] = word
        elif re.fullmatch(r"[A-Z]{3}", word):
            values["currency"] = word
        elif word.startswith("r"):
            values["rate"] = number(word[1:])
        elif word.startswith("m"):
            values["months"] = int(word[1:])
        else:
            area = word.startswith("a")
            low, dots, high = word.lstrip("a").partition("..")
            keys = ("area_min", "area_max") if area else ("min", "max")
            values[keys[0]], values[keys[1]] = number(low), number(high if dots else low)
    return values


def said(benefit: Benefit) -> dict[str, object]:
    return {
        "recipient": benefit.recipient, "min": benefit.amount_min, "max": benefit.amount_max,
        "cap": benefit.amount_is_cap, "rate": benefit.rate, "area_min": benefit.area_m2_min,
        "area_max": benefit.area_m2_max, "period": benefit.period, "months": benefit.duration_months,
        "topic": benefit.topic, "currency": benefit.currency,
    }  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), cases(*CHINESE), ids=lambda v: v[0][:24] if v else "")
def test_sentence_grants_what_it_says(text: list[str], rows: list[str]) -> None:
    check(text, rows, "zh")


@pytest.mark.parametrize(("text", "rows"), cases(*ENGLISH), ids=lambda v: v[0][:24] if v else "")
def test_english_sentence_grants_what_it_says(text: list[str], rows: list[str]) -> None:
    check(text, rows, "en")


def test_the_sentences_are_many() -> None:
    assert len(cases(*CHINESE)) >= 400
    assert len(cases(*ENGLISH)) >= 25


def check(text: list[str], rows: list[str], language: str) -> None:
    found = find_benefits("关于人才工作的通知", text, language=language)
    got = [said(b) for b in found]
    expected = [wanted(row) for row in rows]
    for have, want in zip(got, expected, strict=False):
        # A recipient may be named more fully than the table does.
        if have["recipient"] and str(want["recipient"]) in str(have["recipient"]):
            have["recipient"] = want["recipient"]
    assert got == expected
    body = "\n".join(text)
    assert all(b.quote in body for b in found)


def test_english_rights_without_a_sum() -> None:
    text = ["Spouses of newcomers may apply for job placement, and their children can enrol in public schools."]
    found = find_benefits("Talent measures", text, language="en")
    assert [(b.topic, b.recipient) for b in found] == [
        ("spouse_employment", "Spouses of newcomers"),
        ("children_education", "their children"),
    ]
    assert all(b.quote in text[0] for b in found)


def test_a_table_of_amendments_grants_what_it_says_now() -> None:
    text = ["条款 | 修改前 | 修改后", "第二条 | 博士购房补贴10万元 | 博士购房补贴15万元，一次性发放"]
    (found,) = find_benefits("关于修改人才办法的通知", text, language="zh")
    assert (found.recipient, found.amount_max, found.period) == ("博士", 150000, "once")


def test_who_a_release_is_about_gets_what_names_nobody() -> None:
    text = ["第一条 本办法所称青年工匠，是指三十五周岁以下的技能人员。", "第二条 每年发放津贴6000元。"]
    (found,) = find_benefits("扶持办法", text, language="zh")
    assert (found.recipient, found.amount_max, found.period) == ("青年工匠", 6000, "year")


def test_instalments_said_in_a_later_sentence_are_no_sums_of_their_own() -> None:
    text = ["二、安家费。博士20万元，硕士8万元。到岗发放50%，满两年拨付剩余50%。"]
    found = find_benefits("引才措施", text, language="zh")
    assert [(b.recipient, b.amount_max, b.rate, b.duration_months) for b in found] == [
        ("博士", 200000, None, 24),
        ("硕士", 80000, None, 24),
    ]


def test_whom_a_release_calls_for_gets_what_names_nobody() -> None:
    text = ["一、条件", "（一）申报人年龄不超过50周岁，具有博士学位；", "二、政策", "给予每人40万元培养经费。"]
    (found,) = find_benefits("关于申报“产业工程领军人才”的通知", text, language="zh")
    assert (found.recipient, found.amount_max) == ("产业工程领军人才", 400000)
