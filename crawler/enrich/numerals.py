"""Numbers as Chinese texts write them: 1,200 · 1.5亿 · 3千 · 叁拾万 · 二十五. Exact, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

#: Arabic digits, with or without thousands separators, at most fifteen of them.
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,6})?"
HAN_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸"
HAN_SCALES = "十百千万亿拾佰仟萬億"
HAN = f"[{HAN_DIGITS}{HAN_SCALES}]{{1,24}}"
#: What may follow Arabic digits as their order of magnitude: 3千, 5百万, 1.5亿, 2万亿.
SCALE = "[十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[十百千]"

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGIT |= {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2, "貳": 2, "參": 3, "陸": 6}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
_NUMBER = re.compile(rf"({ARABIC})({SCALE})?\Z|({HAN})\Z")


def scale_of(text: str) -> int:
    """The factor of an order of magnitude: ``百万`` → 1000000, empty → 1."""
    factor = 1
    for char in text:
        factor *= _SMALL.get(char) or _LARGE.get(char) or 1
    return factor


def parse_han(text: str) -> int | None:
    """``三百二十万`` → 3200000; ``二〇二六`` → 2026. None where the characters make no number."""
    if not any(c in _SMALL or c in _LARGE for c in text):
        return int("".join(str(_DIGIT[c]) for c in text)) if all(c in _DIGIT for c in text) and text else None
    total = section = 0
    digit: int | None = None
    for char in text:
        if char in _DIGIT:
            if digit:  # 三五百: a guess, no number
                return None
            digit = _DIGIT[char]
        elif char in _SMALL:
            if digit is None and section:
                return None
            section += (1 if digit is None else digit) * _SMALL[char]
            digit = None
        elif char in _LARGE:
            section += digit or 0
            digit = None
            if not section and not total:
                return None
            if _LARGE[char] == 10**8:
                total = (total + section) * 10**8
            else:
                total += section * 10**4
            section = 0
        else:
            return None
    return total + section + (digit or 0)


def parse_number(text: str) -> Decimal | None:
    """The value of one number as written, order of magnitude included. None where it is none.

    Thousands separators must stand at thousands: ``1,20`` is None.
    """
    found = _NUMBER.match(text)
    if not found:
        return None
    if found[3]:
        value = parse_han(found[3])
        return None if value is None else Decimal(value)
    return Decimal(found[1].replace(",", "")) * scale_of(found[2] or "")
