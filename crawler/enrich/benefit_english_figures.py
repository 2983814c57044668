"""The figures of English benefits: sums, shares, areas, and what costs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from crawler.enrich.english import NUMBER, number

_SCALE = r"(?:\s?(?P<{0}>thousand|million|billion|bn|m|k)\b)?"
_CURRENCY = r"RMB|CNY|yuan|US\$|USD|HK\$|HKD|\$|¥|€|EUR|£"
_TAIL = r"yuan|RMB|renminbi|US dollars|U\.S\. dollars|dollars|euros|Hong Kong dollars|HKD|USD"
_MONEY = re.compile(
    rf"(?P<cur>{_CURRENCY})\s?(?P<a>{NUMBER}){_SCALE.format('sa')}"
    rf"(?:\s?(?:to|and|-|–)\s?(?:{_CURRENCY})?\s?(?P<b>{NUMBER}){_SCALE.format('sb')}"
    rf"(?!\s?(?:percent|%|months?|years?)))?"
    rf"|(?P<c>{NUMBER}){_SCALE.format('sc')}"
    rf"(?:\s?(?:yuan|RMB)?\s?(?:to|and|-|–)\s?(?P<d>{NUMBER}){_SCALE.format('sd')})?\s?(?P<tail>{_TAIL})\b"
)
_DOLLARS = ("US$", "USD", "$", "US dollars", "U.S. dollars", "dollars")
_FOREIGN = dict.fromkeys(_DOLLARS, "USD")
_FOREIGN |= dict.fromkeys(("HK$", "HKD", "Hong Kong dollars"), "HKD")
_FOREIGN |= {"€": "EUR", "EUR": "EUR", "euros": "EUR", "£": "GBP"}
_RATE = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?:percent|per cent|%)")
#: half of what they spend, half the market price
_HALF = re.compile(
    r"\bhalf(?=\s(?:of\s(?:the|what|their|its|that)|the|their|its)\b)(?!\sof\sthe\s(?:people|staff|members))", re.I
)
_HALF_OF = Decimal("0.5")
_AREA = re.compile(
    rf"(?P<a>{NUMBER})(?:\s?(?:to|-|–)\s?(?P<b>{NUMBER}))?(?:[-\s]?square[-\s]met(?:er|re)s?|\s?sq\.? ?m|\s?m²)"
)
_CAP = re.compile(
    r"(?:up to|a maximum of|maximum|no more than|not exceeding|capped at|at most|"
    r"as much as|ceiling of|cap of|not more than|limited to)(?:\s\w+)?\s?\Z",
    re.I,
)
_FLOOR = re.compile(
    r"(?:at least|start(?:ing|s) (?:from|at)|no less than|not less than|a minimum of|minimum of)\s?\Z", re.I
)
#: Sums that say who qualifies, not what is paid.
_LIMIT = re.compile(
    r"\b(?:income|salar(?:y|ies)|wages?|earnings?|investments?|revenues?|turnover|output|sales|"
    r"(?<!start-up )(?<!startup )capital|profits?|tax(?:es)?)\b"
    r"[^,.;]{0,24}\b(?:above|over|exceed(?:s|ing)?|more than|at least|of|no less than|topping)\s(?:RMB\s?)?\Z",
    re.I,
)
_SHARE_OF = re.compile(
    r"\b(?:exceed(?:s|ing)?|above|over|more than|at least|up|down|by|rose|grew|account(?:s|ing)? for)\s\Z",
    re.I,
)
#: The sum that a new one replaces: from 10 million yuan to 20 million yuan.
_FORMER = re.compile(r"\bfrom\s(?:RMB\s?|¥\s?)?\Z", re.I)
_FREE = re.compile(
    r"\b(?:rent-free|free of (?:charge|rent)|without (?:paying )?rent|free(?:\s[a-z-]+){0,2}\s"
    r"(?:workspaces?|offices?"
    r"|office space|accommodation|housing|apartments?|lodging|stays?"
    r"|training|rides?|travel|check-?ups?|rent|desks?|premises)"
    r"|exempt(?:ed)? from rent"
    r"|rent (?:is )?waived)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sentence. ``kind``: money, rate, area or free; a ceiling has no ``low``."""

    kind: str
    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    cap: bool = False
    currency: str = "CNY"


#: 6 million yuan ($930,000): the same sum once more.
_CONVERTED = re.compile(
    r"(?<=yuan )\((?:about |around |approximately |some |nearly |or )?"
    r"(?:US|HK|A|C)?[$£€]\s?[\d.,]+\s?(?:million|billion|bn|m|k)?\)",
    re.I,
)


def figures_in(words: str) -> list[Figure]:
    """The figures of a sentence in reading order, without those that only say who qualifies."""
    words = _CONVERTED.sub(lambda m: " " * len(m[0]), words)
    found = [s for m in _MONEY.finditer(words) for s in _both(words, m)]
    spans = [(f.start, f.end) for f in found]
    for m in _RATE.finditer(words):
        share = Decimal(m["n"]) / 100
        if share <= 1 and not _SHARE_OF.search(words[max(0, m.start() - 24) : m.start()]):
            found.append(Figure("rate", m.start(), m.end(), share, share))
    found += [Figure("rate", m.start(), m.end(), _HALF_OF, _HALF_OF) for m in _HALF.finditer(words)]
    for m in _AREA.finditer(words):
        cap = bool(_CAP.search(words[max(0, m.start() - 30) : m.start()]))
        high = number(m["b"] or m["a"], None)
        found.append(Figure("area", m.start(), m.end(), None if cap and not m["b"] else number(m["a"], None), high))
    found += [Figure("free", m.start(), m.end()) for m in _FREE.finditer(words)]
    ordered = sorted(found, key=lambda f: f.start)
    if any(_FORMER.search(words[max(0, a - 12) : a]) for a, _ in spans) and _RAISED.search(words):
        ordered = [
            f for f in ordered if not (f.kind == "money" and _FORMER.search(words[max(0, f.start - 12) : f.start]))
        ]
    return ordered


def _both(words: str, found: re.Match[str]) -> list[Figure]:
    """A range, or two sums: 1,200 yuan and 2,500 yuan respectively."""
    made = _sum(words, found)
    second = "b" if found["b"] else "d"
    if made is None or not found[second] or "and" not in words[found.start() : found.start(second)]:
        return [made] if made else []
    if re.search(r"\bbetween\s\Z", words[: found.start()], re.I):
        turned = made.low is not None and made.high is not None and made.high < made.low
        return [replace(made, low=made.high, high=made.low) if turned else made]
    middle = found.start(second)
    return [replace(made, end=middle - 5, high=made.low), replace(made, start=middle, low=made.high)]


_RAISED = re.compile(
    r"\b(?:raised?|increased?|lifted|doubled|tripled|up|goes up|rises?|rose|adjusted|raising)\b", re.I
)


def _sum(words: str, found: re.Match[str]) -> Figure | None:
    first, second = (found["a"], found["b"]) if found["a"] else (found["c"], found["d"])
    scale1, scale2 = (found["sa"], found["sb"]) if found["a"] else (found["sc"], found["sd"])
    low = number(first, scale1 or (scale2 if second and len(first) < 4 else None))
    high = number(second, scale2) if second else low
    if second and high < low and "and" not in words[found.start() : found.start("d" if found["d"] else "b")]:
        high = low  # no range; of two sums the second may well be the smaller
    if second and re.search(r"\bfrom\s\Z", words[: found.start()], re.I) and _RAISED.search(words):
        # raised from 10 million yuan to 20 million yuan
        return Figure("money", found.start("d" if found["d"] else "b"), found.end(), high, high)
    sign = found["cur"] or found["tail"] or ""
    head = words[max(0, found.start() - 30) : found.start()]
    cap = bool(_CAP.search(head))
    floor = bool(_FLOOR.search(head))
    least = None if cap and low == high else low
    most = None if floor and low == high else high
    if _LIMIT.search(words[max(0, found.start() - 60) : found.start()]):
        return None
    return Figure("money", found.start(), found.end(), least, most, cap, _FOREIGN.get(sign, "CNY"))
