"""The amount reader: constructions × generated values, both directions, and a table by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.enrich.amounts import read_amount, scan
from crawler.enrich.folding import fold
from crawler.enrich.numerals import parse_han, parse_number

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def in_words(number: int) -> str:
    """A number up to 99,999,999 as Chinese writes it."""
    if number >= 10_000:
        rest = number % 10_000
        return in_words(number // 10_000) + "万" + (("零" if rest < 1000 else "") + in_words(rest) if rest else "")
    text, pending = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + word
            pending = False
        elif text:
            pending = True
    return text or "零"


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(1, 99_999_999))
def test_numbers_in_words_come_back(number: int) -> None:
    assert parse_han(in_words(number)) == number
    assert parse_han(in_words(number).translate(FORMAL)) == number
    assert parse_number(f"{number:,}") == number


#: Printed form of a value in units of 10,000 yuan, and what must be read: low, high, is_cap.
FORMS: dict[str, Callable[[int], tuple[str, int | None, int | None]]] = {
    "万元": lambda n: (f"{n}万元", n * 10**4, n * 10**4),
    "万 元": lambda n: (f"{n} 万 元", n * 10**4, n * 10**4),
    "万元人民币": lambda n: (f"{n}万元人民币", n * 10**4, n * 10**4),
    "人民币…整": lambda n: (f"人民币{n}万元整", n * 10**4, n * 10**4),
    "元": lambda n: (f"{n}元", n, n),
    "元,": lambda n: (f"{n * 1000:,}元", n * 1000, n * 1000),
    "半万": lambda n: (f"{n}.5万元", n * 10**4 + 5000, n * 10**4 + 5000),
    "亿": lambda n: (f"{n}亿元", n * 10**8, n * 10**8),
    "点二亿": lambda n: (f"{n}.2亿元", n * 10**8 + 2 * 10**7, n * 10**8 + 2 * 10**7),
    "千元": lambda n: (f"{n}千元", n * 1000, n * 1000),
    "百万元": lambda n: (f"{n}百万元", n * 10**6, n * 10**6),
    "全角": lambda n: (f"{n}".translate(WIDE) + "万元", n * 10**4, n * 10**4),
    "大写": lambda n: (in_words(n).translate(FORMAL) + "万元", n * 10**4, n * 10**4),
    "中文": lambda n: (in_words(n) + "万元", n * 10**4, n * 10**4),
    "中文元": lambda n: (in_words(n) + "元", n, n),
    "￥": lambda n: (f"￥{n}万", n * 10**4, n * 10**4),
    "范围-": lambda n: (f"{n}-{n + 5}万元", n * 10**4, (n + 5) * 10**4),
    "范围—": lambda n: (f"{n}—{n + 5}万元", n * 10**4, (n + 5) * 10**4),
    "范围~": lambda n: (f"{n}～{n + 5}万元", n * 10**4, (n + 5) * 10**4),
    "至": lambda n: (f"{n}万元至{n + 20}万元", n * 10**4, (n + 20) * 10**4),
    "到": lambda n: (f"{n}万到{n + 20}万元", n * 10**4, (n + 20) * 10**4),
    "元至万": lambda n: (f"{n + 100}元至{n}万元", n + 100, n * 10**4),
    "最高": lambda n: (f"最高{n}万元", None, n * 10**4),
    "最高不超过": lambda n: (f"最高不超过{n}万元", None, n * 10**4),
    "不超过": lambda n: (f"不超过人民币{n}万元", None, n * 10**4),
    "最高给予": lambda n: (f"最高给予{n}万元", None, n * 10**4),
    "上限": lambda n: (f"上限为{n}万元", None, n * 10**4),
    "封顶": lambda n: (f"{n}万元封顶", None, n * 10**4),
    "以内": lambda n: (f"{n}万元以内", None, n * 10**4),
    "不低于": lambda n: (f"不低于{n}万元", n * 10**4, None),
    "至少": lambda n: (f"至少{n}万元", n * 10**4, None),
    "美元": lambda n: (f"{n}万美元", n * 10**4, n * 10**4),
    "港元": lambda n: (f"{n}万港元", n * 10**4, n * 10**4),
    "US$": lambda n: (f"US${n}", n, n),
    "元/月": lambda n: (f"{n}元/月", n, n),
    "元/人/年": lambda n: (f"{n}元/人/年", n, n),
    "每人每月": lambda n: (f"每人每月{n}元", n, n),
    "给予": lambda n: (f"给予{n}万元一次性补贴", n * 10**4, n * 10**4),
    "余": lambda n: (f"{n}余万元", n * 10**4, n * 10**4),
    "万的补贴": lambda n: (f"{n}万的购房补贴", n * 10**4, n * 10**4),
    "税后": lambda n: (f"税后{n}万元", n * 10**4, n * 10**4),
    "年薪": lambda n: (f"年薪{n}万元以上", n * 10**4, n * 10**4),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(derandomize=True, max_examples=25, deadline=None)
@given(number=st.integers(1, 990))
def test_construction_is_read_exactly(form: str, number: int) -> None:
    text, low, high = FORMS[form](number)
    amount = read_amount(text)
    assert amount is not None, text
    assert (amount.low, amount.high) == (low, high), text
    assert amount.is_cap == (low is None)
    assert amount.currency == {"美元": "USD", "US$": "USD", "港元": "HKD"}.get(form, "CNY")


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=2, max_size=5), st.sampled_from(["、", "，", "和", "或"]))
def test_enumerations_share_their_unit(numbers: list[int], mark: str) -> None:
    short = mark.join(str(n) for n in numbers) + "万元"
    full = mark.join(f"{n}万元" for n in numbers)
    for text in (short, full):
        if mark == "，" and text is short:
            continue  # 1，200万元 may be one number
        found = [a for a in scan(fold(text)) if a.kind == "money"]
        assert [a.value for a in found] == [n * 10_000 for n in numbers], text
        assert len({a.group for a in found}) == 1


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(1, 100), st.integers(20, 300), st.integers(1, 60))
def test_shares_areas_and_terms(share: int, area: int, months: int) -> None:
    (rate,) = scan(f"按{share}%")
    assert (rate.kind, rate.value) == ("rate", Decimal(share) / 100)
    (space,) = scan(f"{area}平方米")
    assert (space.kind, space.low, space.high) == ("area", area, area)
    (wide,) = scan(f"{area}-{area + 30}㎡")
    assert (wide.low, wide.high) == (area, area + 30)
    (term,) = scan(f"最长{months}个月")
    assert (term.kind, term.value) == ("months", months)
    (years,) = scan(f"连续{months}年")
    assert years.value == months * 12
    (ratio,) = [a for a in scan(fold("按1:1比例配套")) if a.kind == "rate"]
    assert ratio.value == 1


@pytest.mark.parametrize(
    "text",
    ["2026年9月1日", "元旦放假", "第3条", "〔2026〕12号", "十三届", "3元宵", "电话12345678", "二〇二六年"],
)
def test_no_money_where_none_is(text: str) -> None:
    assert not [a for a in scan(fold(text)) if a.kind == "money"]


@pytest.mark.parametrize("text", ["三五百", "十十", "1,20", "", "万"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None
