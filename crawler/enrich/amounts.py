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
from typing import Literal

from crawler.enrich.folding import SPACE, fold
from crawler.enrich.numerals import ARABIC, HAN, SCALE, parse_number, scale_of
from crawler.model.values import Period

Kind = Literal["money", "rate", "area", "months", "days", "count"]

_CURRENCIES = {
    "美元": "USD", "美金": "USD", "US$": "USD", "USD": "USD", "$": "USD",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "HK$": "HKD", "HKD": "HKD",
    "欧元": "EUR", "€": "EUR", "EUR": "EUR", "英镑": "GBP", "£": "GBP", "日元": "JPY", "日圆": "JPY",
    "澳门元": "MOP", "澳门币": "MOP", "新台币": "TWD", "台币": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "澳元": "AUD", "加元": "CAD", "瑞士法郎": "CHF", "韩元": "KRW", "卢布": "RUB",
}  # fmt: skip
_FOREIGN = "|".join(re.escape(k) for k in sorted(_CURRENCIES, key=len, reverse=True))
_UNIT = re.compile(
    rf"(?P<money>(?:元|圆)?人民币(?:元)?整?|(?:元|圆)(?![旦宵素宇])(?:人民币)?整?|块钱|{_FOREIGN})"
    r"|(?P<rate>%)"
    r"|(?P<area>平方米|平方公尺|平米|㎡|m²|m2|平(?=户型|的|以|、|，|左右))"
    r"|(?P<months>个?月(?!\d{1,2}日|底|初|末|中旬|上旬|下旬|[一二三]?十?[一二三四五六七八九十]日))"
    r"|(?P<years>个?(?:年|周年)(?!代|度|级|薪|龄|均|底|初|末|来|前|\d{1,2}月|[一二三四五六七八九十]{1,2}月))"
    r"|(?P<days>个?(?:工作日|自然日|日历日|天|日))"
    r"|(?P<tenth>成(?=[，。；的以及、给予至到领补由发返奖比标]|$))"
    r"|(?P<count>人次|人天|人(?!才|民|员|社|力|大|事)|名|位|家(?!庭|属|长)|个(?!人(?!才|选)|月|体|性|百分点|税)|套|间|项(?!目)|所|支|场|座|处|件|门|条|批|对|户|亩|篇|次|届|期|台|辆|张|份|册|种|类|层|级|倍|岁|周岁)"
)
_NUMBER = re.compile(
    rf"(?P<cur>人民币|RMB|CNY|¥|{_FOREIGN})?(?P<hundredths>百分之)?"
    rf"(?<![\d.])(?:(?P<arabic>{ARABIC})(?P<scale>{SCALE})?|(?P<han>{HAN}))"
    r"(?P<fuzzy>[余多几]|(?:以上)(?=元))?(?P<more>[万亿千百](?=[元美港人名个套家块]))?"
)
_RATIO = re.compile(
    r"(?<![\d：.])1：(?P<b>[0-9](?:\.\d{1,2})?)(?![\d：])(?=[^，。；]{0,6}(?:比例|配套|匹配|配比|给予|资助))"
)
#: 8万的安家补贴: a sum without 元 is one where what is paid follows, or a ceiling precedes.
_BARE = re.compile(
    r"(?:的)?(?:一次性)?(?:安家|购房|租房|生活|住房|人才|创业|科研|启动|资助|奖励|补贴|补助|津贴|奖金|经费|贷款)|/年|/月"
)
#: 买房补10万，…: so does one that closes its clause behind such a verb.
_PAID = re.compile(r"(?:补贴?|奖励?|领|给|发|资助|拿到?|补助|最高|可达)(?:最高)?\Z")
#: 减半, 七折, 8.5折: shares in words.
_SHARE = re.compile(
    r"(?<!不)(?:减半|半价)|(?:(?P<han>[一二三四五六七八九])(?P<half>[一二三四五六七八九])?|(?P<arabic>\d(?:\.\d)?))折(?![算叠磨合腾返射])"
)
_WAIVED = re.compile(r"全免|免费|免收|免租金?|全额减免")
_UP_TO = re.compile(
    r"(?:的)?[、，但且并至到]{0,2}(?:最高)?(?:不高于|不超过|不得超过|最高|不多于|至多|最多)(?:不超过|为|可达)?\Z"
)
_HEADS = re.compile(r"(?:人才|人员|学生|岗位|人数|博士|硕士|毕业生)(?:近|约|超过?|突破|达到?|逾){1,2}\Z")
_JOIN = re.compile(r"(?:、|，|和|及|以及|或|或者|与|/)\Z")
_NAMED = re.compile(r"[、，；和][^，。；、\d]{1,10}\Z")
_RANGE = re.compile(r"(?:-{1,2}|至|到)\Z")
_CAP = re.compile(
    r"(?:最高|最多|至多|顶格|上限|封顶|限额|不超过|不得超过|不超|不高于|不多于|以不超过|超过部分不予)[^，。；\d]{0,14}\Z"
)
_FLOOR = re.compile(r"(?:不低于|不少于|不得低于|不得少于|至少|最低|最少|起步)[^，。；\d]{0,6}\Z")
_CAP_AFTER = re.compile(r"(?:/[年月人]{1,2})?(?:封顶|上限|为限|以内|之内|（?(?:最高|上限|封顶)）)")
_FLOOR_AFTER = re.compile(r"(?:以上|及以上|起)(?!的)")
_SLASH = re.compile(
    r"(?:/|每)(?:(?:人|名|户|家|个|次|平方米)(?:/|·|每|·)?)?(?P<p>年|月)|/(?:人|名|户)?·?(?P<q>年|月)"
)
_PERIOD = re.compile(
    r"(?P<month>(?<!\d)一个月(?=\d)|每(?:人|户|名)?每?(?:个)?月|每?月均|按月|逐月|月(?=标准|补贴|补助|津贴|发放))|(?P<year>(?<![\d第每十前近满分连])一年(?=\d|补|给|发|能?领|可领|不超过|最[高多]|就)|(?<![\d一二三四五六七八九十两几多整全当去今明个每成周])年(?=补贴|补助|津贴|发放)|每(?:人|户|名|家|个)?每?年|年均|按年|逐年|每学年|每(?:个)?(?:会计)?年度)|(?P<once>一次性|一次付清|一次发放)"
)


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
    raws = [raw for found in _NUMBER.finditer(text, start, stop) if (raw := _raw(text, found, stop))]
    amounts = _joined(text, _shared(text, raws))
    for found in _RATIO.finditer(text, start, stop):
        rate = Decimal(found["b"])
        amounts = [a for a in amounts if not found.start() <= a.start < found.end()]
        if 0 < rate <= 10:
            amounts.append(Amount("rate", found.start(), found.end(), rate, rate, unit="1:n"))
    for found in _SHARE.finditer(text, start, stop):
        share = _share(found)
        if 0 < share < 1:
            amounts = [a for a in amounts if not found.start() <= a.start < found.end()]
            amounts.append(Amount("rate", found.start(), found.end(), share, share, unit="折"))
    amounts.sort(key=lambda a: a.start)
    return tuple(_group(text, _waived(text, amounts, start, stop)))


def _waived(text: str, amounts: list[Amount], start: int, stop: int) -> list[Amount]:
    """全免、减半、七折: what costs nothing is a member of a list of shares, without a share of its own."""
    if not any(a.kind == "rate" for a in amounts):
        return amounts
    shares = {a.start for a in amounts if a.kind == "rate"}, {a.end for a in amounts if a.kind == "rate"}
    added = list(amounts)
    for found in _WAIVED.finditer(text, start, stop):
        if found.end() + 1 in shares[0] and text[found.end()] in "、，和":
            added.append(Amount("rate", found.start(), found.end(), None, None, unit="免"))
    return sorted(added, key=lambda a: a.start)


def _share(found: re.Match[str]) -> Decimal:
    if found["arabic"]:
        return Decimal(found["arabic"]) / 10
    if not found["han"]:
        return Decimal("0.5")
    tenths = parse_number(found["han"]) or Decimal(0)
    return tenths / 10 + (parse_number(found["half"] or "零") or Decimal(0)) / 100


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
    currency = _CURRENCIES.get(found["cur"] or "", "CNY")
    han = bool(found["han"])
    match = _UNIT.match(text, at, min(stop, at + 8))
    if found["hundredths"]:
        return _Raw(found.start(), at, value / 100, value, 1, "rate", "%", "CNY", False, han)
    if match:
        kind, unit, value = _unit(match, value, han)
        if kind:
            at = match.end()
        if kind == "money":
            currency = _CURRENCIES.get(unit, currency)
        elif kind == "area" or currency == "CNY":
            currency = "CNY"
    elif found["cur"]:
        kind, unit = "money", found["cur"]
    if kind is None and not han and scale >= 10_000 and _BARE.match(text, at, min(stop, at + 10)):
        kind, unit = "money", "元"
    closed = at >= len(text) or text[at] in "，。；、.…\n"
    if (
        kind is None
        and not han
        and scale >= 10_000
        and closed
        and _PAID.search(text, max(0, found.start() - 6), found.start())
    ):
        kind, unit = "money", "元"
    if (
        kind is None
        and scale >= 10_000
        and closed
        and _HEADS.search(text, max(0, found.start() - 8), found.start())
    ):
        kind = "count"  # 引进重点人才近3万: heads are counted, the unit is left out
    if kind == "months" and unit.endswith("年") and coefficient >= 1900 and not han:
        return None
    return _Raw(found.start(), at, value, coefficient, scale, kind, unit, currency, bool(found["fuzzy"]), han)


def _unit(match: re.Match[str], value: Decimal, han: bool) -> tuple[Kind | None, str, Decimal]:
    unit = match[0]
    group = match.lastgroup
    if group == "rate":
        return "rate", "%", value / 100
    if group == "tenth":
        return ("rate", unit, value / 10) if han and value <= 10 else (None, "", value)
    if group == "years":
        return "months", unit, value * 12
    if group in ("money", "area", "months", "days", "count"):
        return group, unit, value  # type: ignore[return-value]
    return None, "", value


def _shared(text: str, raws: list[_Raw]) -> list[_Raw]:
    """Numbers without a unit take that of the next one in their list or range: 5、3、1万元."""
    for i in range(len(raws) - 2, -1, -1):
        left, right = raws[i], raws[i + 1]
        link = text[left.end : min(right.start, left.end + 12)]
        bare = left.kind is None and right.kind == "money" and not left.han and left.scale >= 10_000
        if bare and right.start - left.end <= 12 and _NAMED.match(link):
            # 硕士3万、博士8万元: each sum has its own name in between.
            raws[i] = replace(left, kind="money", unit=right.unit, currency=right.currency)
            continue
        if left.kind is not None or right.kind is None or right.start - left.end > 2:
            continue
        ranged = bool(_RANGE.match(link))
        if not ranged and not _JOIN.match(link):
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
        if nxt and nxt.kind == raw.kind and _RANGE.match(text[raw.end : nxt.start]) and nxt.value >= raw.value:
            high, stop, skip = nxt.value, nxt.end, True
        amounts.append(_bounded(text, raw, low, high, stop))
    return amounts


def _bounded(text: str, raw: _Raw, low: Decimal, high: Decimal, stop: int) -> Amount:
    head = text[max(0, raw.start - 22) : raw.start]
    kind = raw.kind or "count"
    is_cap, above = False, False
    period: Period | None = None
    lower: Decimal | None = low
    upper: Decimal | None = high
    if _CAP.search(head) or _CAP_AFTER.match(text, stop):
        is_cap = True
        lower = low if low != high else None
    elif _FLOOR.search(head):
        upper = high if low != high else None
    if _FLOOR_AFTER.match(text, stop) or text.startswith("以上", stop):
        above = True
    if kind == "money":
        slash = _SLASH.match(text, stop)
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
            and _UP_TO.match(text[last.end : amount.start])
        ):
            # 不低于30万元、不高于100万元: one range.
            grouped[-1] = replace(last, high=amount.high, is_cap=True, end=amount.end, period=amount.period)
            continue
        if last and last.kind == amount.kind and _JOIN.match(text[last.end : amount.start]):
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
    found = _PERIOD.search(text)
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
