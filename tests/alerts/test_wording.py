from __future__ import annotations

import datetime as dt

import pytest

from crawler.alerts import wording
from crawler.model import Benefit, Change, Deadline, to_json


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (5_000_000, "500万元"), (1_500, "1,500元"), (10_000, "1万元"), (12_500, "1.25万元"), (99_999, "99,999元"),
        (130_000_000, "1.3亿元"), (10**12, "10,000亿元"), (100_000_001, "100,000,001元"),
        (0, "0元"), (1_234_567_891, "1,234,567,891元"),
        (10_001, "10,001元"), (9_999, "9,999元"),
    ],
)  # fmt: skip
def test_money_is_never_rounded(amount: int, text: str) -> None:
    assert wording.money(amount) == text


def test_other_currencies_are_named() -> None:
    assert wording.money(30_000, "USD") == "3万美元"
    assert wording.money(500, "XAU") == "500 XAU"


def benefit(**values: object) -> Benefit:
    return Benefit(topic=None, recipient=None, quote="", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (benefit(amount_max=5_000_000, amount_is_cap=True), "最高500万元"),
        (benefit(amount_max=5_000_000), "最高500万元"),
        (benefit(amount_min=1_500, amount_max=1_500), "1,500元"),
        (benefit(amount_min=20_000, amount_max=50_000), "2万元至5万元"),
        (benefit(amount_min=20_000), "2万元起"),
        (benefit(rate=0.5), "50%"),
        (benefit(rate=0.333), "33.3%"),
        (benefit(rate=0.3, amount_max=10_000, amount_is_cap=True), "最高1万元，30%"),
        (benefit(area_m2_min=80, area_m2_max=80), "80㎡"),
        (benefit(area_m2_max=120), "最大120㎡"),
        (benefit(), ""),
    ],
)
def test_what_somebody_gets(made: Benefit, text: str) -> None:
    assert wording.amount(made) == text


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (benefit(period="once"), "一次性"),
        (benefit(period="month", duration_months=36), "每月，共36个月"),
        (benefit(duration_months=36), "分36个月"),
        (benefit(), ""),
    ],
)
def test_how_it_is_paid(made: Benefit, text: str) -> None:
    assert wording.period(made) == text


def test_a_past_deadline_is_past() -> None:
    today = dt.date(2026, 3, 2)
    ends = {"2026-03-01": "已截止", "2026-03-02": "今天截止", "2026-03-03": "还有 1 天", None: ""}
    for end, text in ends.items():
        assert wording.days_left(Deadline(kind="apply", quote="", end=end), today) == text


def test_changed_values_read_like_values() -> None:
    assert wording.value("benefits.amount_max", 300_000) == "30万元"
    assert wording.value("doc_no", None) == "（无）"
    assert wording.value("topics", ["housing", "postdoc"]) == "住房；博士后"
    assert wording.value("validity", "expired") == "已失效"
    whole = to_json(benefit(amount_max=10_000, amount_is_cap=True, period="year"))
    assert wording.value("benefits", whole) == "最高1万元 每年"
    deadline = to_json(Deadline(kind="apply", quote="q", start="2026-03-01", end="2026-03-31"))
    assert wording.value("deadlines", deadline) == "申报 2026-03-01 至 2026-03-31"
    assert len(wording.value("body", "长" * 10_000)) == 400
    assert wording.field_name("benefits.amount_max") == "待遇 最高金额"


def test_a_fixed_sum_that_changed_is_told_once() -> None:
    low = Change("benefits.amount_min", 1_500, 2_000, "每月2000元")
    high = Change("benefits.amount_max", 1_500, 2_000, "每月2000元")
    (one,) = wording.told([low, high])
    assert (wording.field_name(one.field), wording.value(one.field, one.new)) == ("待遇 金额", "2,000元")
    assert wording.field_name(one.field, "en") == "Benefits Amount"
    for apart in ([low, Change("benefits.amount_max", 1_500, 3_000, "q")], [high, low], [low], [high]):
        assert wording.told(apart) == apart
    assert wording.field_name("benefits[0].amount_max") == "待遇 最高金额"
