"""Units that stand in the header of a table: 购房补贴（万元） over 60."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.enrich.amounts import Amount, scan, whole
from crawler.enrich.numerals import parse_number
from crawler.model.release import Benefit
from crawler.model.values import Period

UNIT = re.compile(r"(?P<scale>[万亿千])?元|平方米|㎡|%|个月|年")
_BARE = re.compile(r"\d{1,12}(?:\.\d{1,4})?(?:-\d{1,12}(?:\.\d{1,4})?)?\Z")


def slash_period(words: str) -> Period | None:
    """The period in the unit of a header cell: 生活津贴（元/月）."""
    found = re.search(r"元/(?:人[·/]?)?(?P<p>年|月)|元每(?P<q>年|月)", words)
    if not found:
        return None
    return "month" if (found["p"] or found["q"]) == "月" else "year"


def bare_amount(column: str, cell: str) -> Amount | None:
    """A number whose unit stands in the header: 购房补贴（万元） | 60."""
    unit = UNIT.search(column)
    number = cell[2:] if cell.startswith(("最高", "至多")) else cell
    if not unit or not _BARE.match(number):
        return None
    if unit[0].endswith("元"):
        whole_unit = (unit["scale"] or "") + "元"
        found = scan(("最高" if number != cell or "最高" in column else "") + number + whole_unit)
    elif unit[0] in ("平方米", "㎡"):
        found = scan(number + "平方米")
    elif unit[0] == "%":
        found = scan(number + "%")
    else:
        return None
    return found[0] if found and parse_number(number.partition("-")[0]) is not None else None


#: 年度上限: the ceiling of what the column beside it pays.
CEILING = re.compile(r"上限|限额|封顶|最高(?:额度|金额|限额)")


def capped(benefit: Benefit, header: str, cell: str, quote: str) -> Benefit:
    """A share together with the ceiling that stands in the column beside it; ``quote`` holds both."""
    most = next((a for a in scan(cell) if a.kind == "money"), None) or bare_amount(header, cell)
    if most is None or most.kind != "money" or (top := whole(most.high)) is None:
        return benefit
    period: Period | None = "year" if "年" in header + cell else benefit.period
    return replace(benefit, amount_max=top, amount_is_cap=True, period=period, quote=quote)
