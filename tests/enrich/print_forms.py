"""The ways in which pages print the same days and marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_DAY = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日")
_HAN = "〇一二三四五六七八九"


def _count(text: str) -> str:
    tens, ones = divmod(int(text), 10)
    return ("" if tens < 2 else _HAN[tens]) + ("十" if tens else "") + (_HAN[ones] if ones else "")


def _han(found: re.Match[str]) -> str:
    year = "".join(_HAN[int(c)] for c in found[1])
    return f"{year}年{_count(found[2])}月{_count(found[3])}日"


FORMS: Mapping[str, Callable[[str], str]] = {
    "wide figures": lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "spaces around figures": lambda text: re.sub(r"(\d+)", r" \1 ", text),
    "Chinese figures": lambda text: _DAY.sub(_han, text),
    "leading zeros": lambda text: re.sub(r"(?<!\d)(\d)(?=[月日])", r"0\1", text),
    "tildes": lambda text: re.sub(r"(?<=日)[至—-](?=\d)", "～", text),
    "Latin marks": lambda text: text.replace("：", ":").replace("，", ","),
    "dots": lambda text: _DAY.sub(r"\1.\2.\3 ", text),
    "dashes": lambda text: _DAY.sub(lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d} ", text),
    "slashes": lambda text: _DAY.sub(r"\1/\2/\3 ", text),
}
