"""The members of an enumeration of recipients: A类、B类和C类人才 are three."""

from __future__ import annotations

import re

from crawler.enrich.benefit_lexicon import HEAD
from crawler.enrich.benefit_recipients import CLASS, leading_name, strip_lead, trim_name

_SEPARATOR = re.compile(r"、|以及|和|及(?!以上|以下)|或者|或|与|/")
_FIRST = re.compile(
    r"[的，：对给为]|取得|获得|获评|评为|当选|荣获|认定为|认定|入选|引进|培养|新建|建立|达到|属于|具有|具备|招用|招聘|录用|吸纳|晋升|攻读|大赛设|评出|设立?(?=[特一二三四金银铜优][等奖胜秀牌])|建成|创建|新增|聘用|面向|包括"
)
#: 经评审分A、B、C三类.
_LETTERED = re.compile(
    r"分(?:为|成)?(?P<names>[A-Ga-g甲乙丙丁](?:、[A-Ga-g甲乙丙丁]){1,6})[两二三四五六七\d]?个?(?P<unit>[类档级])"
)


def lettered(text: str, count: int) -> list[str] | None:
    """The classes that letters name: 分A、B、C三类 → A类, B类, C类."""
    found = _LETTERED.search(text)
    names = [letter + found["unit"] for letter in found["names"].split("、")] if found else []
    return names if len(names) == count else None


#: 一等奖、二等奖、三等奖的第一完成单位: one recipient, several prizes.
_WINNER = re.compile(r"(?:[奖级牌]|奖项)的(?P<who>[^的]{2,16})\Z")


def split_classes(text: str, count: int) -> list[str] | None:
    """The ``count`` members of the enumeration in a subject: A类、B类和C类人才 → three names."""
    if count < 2:
        return None
    text = text[strip_lead(text) :]
    best: tuple[int, list[str]] | None = None
    for stretch in (text.rpartition("的")[2] if not text.endswith("的") else "", text):
        if not stretch:
            continue
        for separator in (_SEPARATOR, re.compile("、")):
            spans = _items(stretch, separator)
            for first in range(len(spans) - count, -1, -1):
                names = _names(stretch, spans[first : first + count], last_open=first + count < len(spans))
                known = sum(bool(HEAD.search(n) or CLASS.match(n)) for n in names or ())
                if names and (best is None or known > best[0]):
                    best = known, names
        if best and best[0] == count:
            break
    if best and (shared := _WINNER.search(best[1][-1])):
        return [shared["who"]] * count
    return best[1] if best else None


def _items(text: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    spans, start = [], 0
    for found in separator.finditer(text):
        spans.append((start, found.start()))
        start = found.end()
        if len(spans) > 30:
            break
    spans.append((start, len(text)))
    return spans


#: 一等奖1名: how many there are is no part of the name.
_COUNTED = re.compile(r"(?:各?\d{1,4}|各?[一二三四五六七八九十]{1,2})(?:名|个|项|支|人)\Z|若干[名个项]?\Z")


_AT_LEAST = re.compile(r"\d(?:个月|年|人|名|家|项)(?:及)?以上")
_SUM = re.compile(r"\d(?:[万亿千]?元|[万亿]|%)")


def _names(text: str, spans: list[tuple[int, int]], *, last_open: bool) -> list[str] | None:
    names = [text[a:b] for a, b in spans]
    cut = 0
    for found in _FIRST.finditer(names[0]):
        cut = found.end()
    names[0] = names[0][cut:]
    leading = strip_lead(names[0])
    names[0] = names[0][leading:]
    last = names[-1]
    found_head = leading_name(last)
    if found_head and not last_open:
        names[-1] = found_head.recipient
    elif (klass := CLASS.match(last)) and len(last) > 14:
        names[-1] = klass[0]
    names = [_COUNTED.sub("", trim_name(n)).rstrip("的") for n in names]
    if any(_AT_LEAST.search(n) or re.search(r"(?:\A|满)\d{1,2}(?:个月|年)", n) for n in names):
        return None  # 工作1个月以上、3个月以上: what divides them is no name
    if any(_SUM.search(n) for n in names) or any(re.search("财政|政府|部门", n) for n in names):
        return None  # 省、市财政分别给予, 年薪30万元以上、50万元以上: what divides them is no name
    good = all(0 < len(n) <= 24 and (HEAD.search(n) or CLASS.match(n) or len(n) <= 10) for n in names)
    if not good or not any(HEAD.search(n) or CLASS.match(n) for n in names):
        return None
    return names
