"""The amount reader: money, shares, areas, terms and head counts in a folded Chinese text.

``scan`` finds every number with its unit, exact; ranges (10-50万元), shared units (5、3、1万元),
ceilings (最高不超过), floors (不低于), periods (每人每月, 元/年) and currencies belong to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from crawler.enrich.amount_marks import (
    BARE,
    CAP,
    CAP_AFTER,
    CURRENCIES,
    FLOOR,
    FLOOR_AFTER,
    HEADS,
    JOIN,
    NAMED,
    NUMBER,
    PARTS,
    PERIOD,
    PLAIN,
    RANGE,
    RATIO,
    SHARE,
    SLASH,
    UNIT,
    UP_TO,
    WAIVED,
    Kind,
    paid_before,
    share_of,
    unit_of,
)
from crawler.enrich.folding import SPACE, fold
from crawler.enrich.numerals import parse_number, scale_of
from crawler.model.values import Period


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount, and where it stands in the folded text.

    ``low``/``high``: yuan or units of ``currency``; shares 0..1; square metres; months; days; heads.
    A plain amount has both equal; a ceiling has no ``low``, a floor no ``high``.
    """

    kind: Kind
    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    currency: str = "CNY"
    unit: str = ""
    is_cap: bool = False
    #: Written so close to the amount that it belongs to no other: 元/月.
    period: Period | None = None
    #: Amounts that share a unit or stand in one enumeration have the same number.
    group: int = -1
    fuzzy: bool = False
    #: The amount ends in 以上 or the like: a threshold where a clause limits, a floor where it grants.
    above: bool = False

    @property
    def value(self) -> Decimal:
        """The one value, the ceiling, or the floor."""
        return self.high if self.high is not None else (self.low or Decimal(0))


@dataclass(frozen=True, slots=True)
class _Raw:
    start: int
    end: int
    value: Decimal
    coefficient: Decimal
    scale: int
    kind: Kind | None
    unit: str
    currency: str
    fuzzy: bool
    han: bool


def scan(text: str, start: int = 0, end: int | None = None) -> tuple[Amount, ...]:
    """Every amount between two positions of a folded text, in reading order."""
    stop = len(text) if end is None else end
    raws = [raw for found in NUMBER.finditer(text, start, stop) if (raw := _raw(text, found, stop))]
    amounts = _joined(text, _shared(text, raws))
    amounts = _instead(amounts, [*_ratios(text, start, stop), *_shares(text, start, stop)])
    return tuple(_group(text, _waived(text, amounts, start, stop)))


def _waived(text: str, amounts: list[Amount], start: int, stop: int) -> list[Amount]:
    """全免、减半、七折: what costs nothing is a member of a list of shares, without a share of its own."""
    if not any(a.kind == "rate" for a in amounts):
        return amounts
    shares = {a.start for a in amounts if a.kind == "rate"}
    free = [
        Amount("rate", m.start(), m.end(), None, None, unit="免")
        for m in WAIVED.finditer(text, start, stop)
        if m.end() + 1 in shares and text[m.end()] in "、，和"
    ]
    return sorted([*amounts, *free], key=lambda a: a.start)


def _ratios(text: str, start: int, stop: int) -> list[Amount]:
    found = ((m, Decimal(m["b"])) for m in RATIO.finditer(text, start, stop))
    return [Amount("rate", m.start(), m.end(), rate, rate, unit="1:n") for m, rate in found if 0 < rate <= 10]


def _shares(text: str, start: int, stop: int) -> list[Amount]:
    found = ((m, share_of(m)) for m in SHARE.finditer(text, start, stop))
    read = ((m, share, "%" if m["of"] else "折") for m, share in found if 0 < share < 1)
    return [Amount("rate", m.start(), m.end(), share, share, unit=unit) for m, share, unit in read]


def _instead(amounts: list[Amount], better: list[Amount]) -> list[Amount]:
    """Both lists in reading order, without those of the first that stand inside one of the second."""
    if not better:
        return amounts
    inside = {at for b in better for at in range(b.start, b.end)}
    return sorted([*(a for a in amounts if a.start not in inside), *better], key=lambda a: a.start)


def within(amounts: Sequence[Amount], start: int, end: int) -> Sequence[Amount]:
    """Those of ascending amounts that begin between two positions."""
    first = bisect_left(amounts, start, key=lambda a: a.start)
    return amounts[first : bisect_left(amounts, end, first, key=lambda a: a.start)]


def _raw(text: str, found: re.Match[str], stop: int) -> _Raw | None:
    number = found["han"] or found["arabic"] + (found["scale"] or "")
    value = parse_number(number)
    if value is None:
        return None
    scale = scale_of(found["scale"] or "") if found["arabic"] else 1
    coefficient = value / scale
    if found["more"]:
        value, scale = value * scale_of(found["more"]), scale * scale_of(found["more"])
    at, kind, unit = found.end(), None, ""
    currency = CURRENCIES.get(found["cur"] or "", "CNY")
    han = bool(found["han"])
    match = UNIT.match(text, at, min(stop, at + 8))
    if found["hundredths"]:
        return _Raw(found.start(), at, value / PARTS[found["hundredths"]], value, 1, "rate", "%", "CNY", False, han)
    if match:
        kind, unit, value = unit_of(match, value, han)
        if kind:
            at = match.end()
        if kind == "money":
            currency = CURRENCIES.get(unit, currency)
        elif kind == "area" or currency == "CNY":
            currency = "CNY"
    elif found["cur"]:
        kind, unit = "money", found["cur"]
    if kind is None and not han and scale >= 10_000 and BARE.match(text, at, min(stop, at + 10)):
        kind, unit = "money", "元"
    closed = at >= len(text) or text[at] in "，。；、.…+！\n|）"
    if kind is None and not han and scale >= 10_000 and closed and paid_before(text, found.start()):
        kind, unit = "money", "元"
    plain = not han and closed and 100 <= value < 10_000 and not 1990 <= value < 2050
    if kind is None and plain and PLAIN.search(text, max(0, found.start() - 12), found.start()):
        kind, unit = "money", "元"
    if (
        kind is None
        and scale >= 10_000
        and closed
        and HEADS.search(text, max(0, found.start() - 14), found.start())
    ):
        kind = "count"  # 引进重点人才近3万: heads are counted, the unit is left out
    if kind == "months" and unit.endswith("年") and coefficient >= 1900 and not han:
        return None
    return _Raw(found.start(), at, value, coefficient, scale, kind, unit, currency, bool(found["fuzzy"]), han)


def _shared(text: str, raws: list[_Raw]) -> list[_Raw]:
    """Numbers without a unit take that of the next one in their list or range: 5、3、1万元."""
    for i in range(len(raws) - 2, -1, -1):
        left, right = raws[i], raws[i + 1]
        link = text[left.end : min(right.start, left.end + 12)]
        bare = left.kind is None and right.kind == "money" and not left.han and left.scale >= 10_000
        if bare and right.start - left.end <= 12 and NAMED.match(link):
            # 硕士3万、博士8万元: each sum has its own name in between.
            raws[i] = replace(left, kind="money", unit=right.unit, currency=right.currency)
            continue
        if left.kind is not None or right.kind is None or right.start - left.end > 2:
            continue
        ranged = bool(RANGE.match(link))
        if not ranged and not JOIN.match(link):
            continue
        factor = right.scale if left.scale == 1 else 1
        # 5000-1万元: the first is written out; 10-50万元: it shares the 万.
        if ranged and factor > 1 and left.coefficient > right.coefficient:
            factor = 1
        value = left.value * factor
        if right.kind == "rate":
            value = left.value / 100
        elif right.kind == "months" and right.unit.endswith("年"):
            if left.value >= 1900:
                continue
            value = left.value * 12
        raws[i] = replace(left, value=value, scale=left.scale * factor, kind=right.kind, unit=right.unit,
                          currency=right.currency)  # fmt: skip
    return raws


def _joined(text: str, raws: list[_Raw]) -> list[Amount]:
    amounts: list[Amount] = []
    skip = False
    for i, raw in enumerate(raws):
        if skip:
            skip = False
            continue
        if raw.kind is None:
            continue
        nxt = raws[i + 1] if i + 1 < len(raws) else None
        low = high = raw.value
        stop = raw.end
        if nxt and nxt.kind == raw.kind and RANGE.match(text[raw.end : nxt.start]) and nxt.value >= raw.value:
            high, stop, skip = nxt.value, nxt.end, True
        amounts.append(_bounded(text, raw, low, high, stop))
    return amounts


def _bounded(text: str, raw: _Raw, low: Decimal, high: Decimal, stop: int) -> Amount:
    head = text[max(0, raw.start - 22) : raw.start]
    kind = raw.kind or "count"
    is_cap = False
    period: Period | None = None
    lower: Decimal | None = low
    upper: Decimal | None = high
    if CAP.search(head) or CAP_AFTER.match(text, stop):
        is_cap = True
        lower = low if low != high else None
    elif FLOOR.search(head):
        upper = high if low != high else None
    above = bool(FLOOR_AFTER.match(text, stop)) or text.startswith("以上", stop)
    if kind == "money":
        slash = SLASH.match(text, stop)
        if slash:
            period = "month" if (slash["p"] or slash["q"]) == "月" else "year"
            stop = slash.end()
    return Amount(kind, raw.start, stop, lower, upper, raw.currency, raw.unit, is_cap, period,
                  fuzzy=raw.fuzzy, above=above)  # fmt: skip


def _group(text: str, amounts: Sequence[Amount]) -> list[Amount]:
    """Number the enumerations, and let a ceiling in front of one hold for all its members."""
    grouped: list[Amount] = []
    number = 0
    for amount in amounts:
        last = grouped[-1] if grouped else None
        if (
            last
            and last.kind == amount.kind == "money"
            and last.high is None
            and last.low is not None
            and amount.is_cap
            and amount.high is not None
            and amount.high > last.low
            and UP_TO.match(text[last.end : amount.start])
        ):
            # 不低于30万元、不高于100万元: one range.
            grouped[-1] = replace(last, high=amount.high, is_cap=True, end=amount.end, period=amount.period)
            continue
        if last and last.kind == amount.kind and JOIN.match(text[last.end : amount.start]):
            if last.is_cap and not amount.is_cap:
                amount = replace(amount, is_cap=True, low=None if amount.low == amount.high else amount.low)
            elif last.high is None and last.low is not None and amount.low == amount.high:
                amount = replace(amount, high=None)
        else:
            number += 1
        grouped.append(replace(amount, group=number))
    return grouped


def period_in(text: str) -> Period | None:
    """How often: 每月 → month, 每年 → year, 一次性 → once. The first that is written counts."""
    found = PERIOD.search(text)
    if not found:
        return None
    return "month" if found["month"] else "year" if found["year"] else "once"


def read_amount(text: str) -> Amount | None:
    """The first sum of money in any text, printed form allowed. None where there is none."""
    return next((a for a in scan(SPACE.sub("", fold(text))) if a.kind == "money"), None)


def whole(value: Decimal | None) -> int | None:
    """Yuan as an exact integer; None where the sum has a fraction of a yuan or is absent."""
    if value is None or value != value.to_integral_value():
        return None
    return int(value)
