"""Benefit clauses: who gets what, for how long, from sentences of our own."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from crawler.enrich.benefits import find_benefits
from crawler.model.release import Benefit
from crawler.model.values import TOPICS

TABLE = Path(__file__).with_name("benefit_sentences.txt").read_text(encoding="utf-8")


def cases() -> list[tuple[list[str], list[str]]]:
    found = []
    for block in TABLE.split("\n\n"):
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
        "recipient": name, "min": None, "max": None, "cap": False, "rate": None, "area_min": None,
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


@pytest.mark.parametrize(("text", "rows"), cases(), ids=lambda v: v[0][:24] if v else "")
def test_sentence_grants_what_it_says(text: list[str], rows: list[str]) -> None:
    found = find_benefits("关于人才工作的通知", text, language="zh")
    got = [said(b) for b in found]
    expected = [wanted(row) for row in rows]
    for have, want in zip(got, expected, strict=False):
        # A recipient may be named more fully than the table does.
        if have["recipient"] and str(want["recipient"]) in str(have["recipient"]):
            have["recipient"] = want["recipient"]
    assert got == expected
    body = "\n".join(text)
    assert all(b.quote in body for b in found)
