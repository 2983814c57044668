"""Tables of benefits: rows are classes of recipients, columns are kinds of support."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from crawler.enrich.amounts import period_in, scan, whole
from crawler.enrich.benefit_frames import free_in, term_of
from crawler.enrich.benefit_header_units import CEILING, UNIT, bare_amount, capped, slash_period
from crawler.enrich.benefit_lexicon import HEAD, topic_in
from crawler.enrich.benefit_recipients import CLASS as _CLASS
from crawler.enrich.benefit_recipients import is_body
from crawler.enrich.clauses import Text
from crawler.enrich.folding import SPACE, fold
from crawler.model.release import Benefit
from crawler.model.values import Period, Topic

_WHO = re.compile(r"类别|层次|对象|人才|学历|等级|级别|档次|类型|学位|职称|名称|身份|群体|资格|人员|称号")
_NUMBER_COLUMN = re.compile(
    r"序号|编号|咨询|电话|联系|部门|单位|依据|备注|材料|时间|地点|代码|岗位|专业|人数|数量|要求"
)
_WHOM = re.compile(
    r"(?:补贴|补助|奖励|支持|申报|申领|享受|资助|适用|发放|受益|奖补|申请)(?:对象|人群|群体|主体|人员|单位)|^对象\Z"
)
#: What somebody must have or earn, beside columns that say what is paid.
_LIMIT_COLUMN = re.compile(r"年薪|薪酬|收入|投资|营收|产值|条件|税收|纳税|购房面积|总价|年龄|社保")
_NO_GRANT = re.compile(
    r"缴费|费率|招聘|岗位名称|岗位代码|职位|^年度\Z|^年份\Z|^月份\Z|发放金额|拨付金额|已发|实际发放|发放补贴|单价|售价|房号"
)
#: 配偶安置 | 子女入学: what the family of a class may claim.
_KIN_COLUMN = re.compile(r"配偶|子女")
_TERM_COLUMN = re.compile(r"期限|年限|时限|时长|发放方式|享受期|周期|期数|方式")
_WHAT_COLUMN = re.compile(r"项目|事项|内容|种类|补贴类型|支持类型|政策|待遇名称")
_NAMES = re.compile(
    r"姓名|(?:申报|依托|承担|所在|工作|推荐)(?:单位|企业)|(?:企业|单位|团队|项目|获奖者)名称?单?\Z|拟(?:支持|资助|奖励|补贴|发放)"
)
_ALL = re.compile(r"(?:金额)?单位：?(?:人民币)?(?P<unit>[万亿千]?元(?:/(?:人)?[·/]?[年月])?)")
_NONE = frozenset({"", "-", "--", "/", "无", "不享受", "——"})


#: Reads the sentences of a cell (start, end) for a recipient whose cell the quotes begin at, under a column's head.
Reads = Callable[[int, int, str, int, str], list[Benefit]]


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    words: str


def table_at(text: Text, lines: list[tuple[int, int]], at: int) -> int:
    """How many lines from ``at`` on make a table with a header row; 0 where there is none."""
    count = 0
    while at + count < len(lines) and "|" in text.folded[slice(*lines[at + count])]:
        count += 1
    return count if count >= 2 else 0


def read_table(
    text: Text, rows: list[tuple[int, int]], heading: str, title: str, above: str = "", read: Reads | None = None
) -> list[Benefit]:
    """The benefits of a table, row by row. ``heading`` and ``title`` help to tell the topic; ``above`` is the
    line in front of it, which may give the unit of all its sums; ``read`` reads a cell that holds sentences."""
    while len(rows) > 2 and sum(bool(c.words) for c in _cells(text, *rows[0])) < 2:
        above, rows = text.folded[slice(*rows[0])], rows[1:]
    header = _cells(text, *rows[0])
    if len(rows) > 2 and (second := _second_header(text, header, rows[1])):
        header, rows = second, rows[1:]
    if unit := _ALL.search(above + "".join(c.words for c in header)):
        header = [
            replace(c, words=f"{c.words}（{unit['unit']}）")
            if topic_in_column(c.words) and not UNIT.search(c.words)
            else c
            for c in header
        ]
    if turned := _turned(text, header, rows[1:], heading, title):
        return turned
    if any(_NAMES.search(c.words) for c in header):
        return []  # who was chosen, and what they get: no rule for anybody else
    if any(_NO_GRANT.search(c.words) for c in header):
        return []  # contributions, vacancies, what was paid in a year
    if any(scan(c.words) and any(a.kind == "money" for a in scan(c.words)) for c in header):
        return []
    who = next((i for i, c in enumerate(header) if _WHOM.search(c.words)), None)
    if who is None:
        who = next((i for i, c in enumerate(header) if _WHO.search(c.words) and not topic_in_column(c.words)), None)
    if who is None:
        who = next((i for i, c in enumerate(header) if not _NUMBER_COLUMN.search(c.words)), 0)
    while _finer(text, header, rows, who):
        who += 1  # 创业人才|A类: the class is who gets it
    found: list[Benefit] = []
    name: _Cell | None = None
    for start, end in rows[1:]:
        cells = _cells(text, start, end)
        if len(cells) == len(header) - 1 and name:  # a merged first cell
            cells.insert(0, name)
        if len(cells) <= who:
            continue
        name = cells[who] if cells[who].words else name
        if name:
            found += _row(text, header, cells, who, name, (heading, title, header[who].words), read)
    return found


def _finer(text: Text, header: list[_Cell], rows: list[tuple[int, int]], who: int) -> bool:
    """Whether the column behind ``who`` divides its classes further: 创业人才 into A类, B类, C类."""
    if who + 1 >= len(header) or not _WHO.search(header[who + 1].words) or topic_in_column(header[who + 1].words):
        return False
    first = _cells(text, *rows[1])
    return len(first) > who + 1 and bool(_CLASS.match(first[who + 1].words) or HEAD.search(first[who + 1].words))


def _second_header(text: Text, header: list[_Cell], row: tuple[int, int]) -> list[_Cell] | None:
    """The header of two rows as one: 补贴标准 over 购房 and 租房."""
    cells = _cells(text, *row)
    if re.search(r"\d", text.folded[slice(*row)]) or not any(topic_in(c.words) for c in cells):
        return None
    if len(cells) == len(header):
        return [
            replace(b, words=a.words if a.words == b.words else a.words + b.words)
            for a, b in zip(header, cells, strict=True)
        ]
    if len(cells) > 1 and len(header) > 1 and _WHO.search(header[0].words) and not _WHO.search(cells[0].words):
        return [header[0], *cells]  # the first cell reaches over both rows
    return None


def _turned(
    text: Text, header: list[_Cell], rows: list[tuple[int, int]], heading: str, title: str
) -> list[Benefit] | None:
    """A table whose columns are the classes and whose rows are the kinds of support."""
    classes = header[1:]
    if len(classes) < 1 or not all((HEAD.search(c.words) or _CLASS.match(c.words)) for c in classes):
        return None
    if any(topic_in_column(c.words) or (_WHO.search(c.words[-2:]) and len(classes) < 2) for c in classes):
        return None
    found: list[Benefit] = []
    for start, end in rows:
        cells = _cells(text, start, end)
        if len(cells) == len(header) and _TERM_COLUMN.search(cells[0].words) and found:
            found = _with_terms(text, found, classes, cells)
            continue
        if len(cells) != len(header) or not topic_in_column(cells[0].words):
            return None
        for column, cell in zip(classes, cells[1:], strict=True):
            if cell.words not in _NONE:
                found += _cell(text, cells[0], cell, column, heading, title)
    return found


def _with_terms(text: Text, found: list[Benefit], classes: list[_Cell], cells: list[_Cell]) -> list[Benefit]:
    """The sums of the classes together with a last row that says how long each is paid."""
    out = list(found)
    for column, cell in zip(classes, cells[1:], strict=True):
        terms = [a for a in scan(cell.words) if a.kind == "months"]
        for i, benefit in enumerate(out):
            if terms and benefit.recipient == column.words and benefit.duration_months is None and benefit.period:
                start = text.folded.rfind(text_of(benefit.quote), 0, cell.start)
                quote = text.quote(start, cell.end) if start >= 0 and cell.end - start < 1200 else benefit.quote
                out[i] = replace(benefit, duration_months=int(terms[-1].value), quote=quote)
    return out


def text_of(quote: str) -> str:
    """A quote in its folded form."""
    return SPACE.sub("", fold(quote))


def topic_in_column(words: str) -> bool:
    """Whether a header cell names what is paid rather than who gets it."""
    return bool(re.search(r"补贴|补助|津贴|奖励|资助|经费|金额|标准|面积|租金|安家费|待遇(?!名称)", words))


def _cells(text: Text, start: int, end: int) -> list[_Cell]:
    cells, at = [], start
    for words in text.folded[start:end].split("|"):
        cells.append(_Cell(at, at + len(words), words))
        at += len(words) + 1
    if cells and not cells[0].words:
        cells.pop(0)
    if cells and not cells[-1].words:
        cells.pop()
    return cells[:40]


def _row(
    text: Text,
    header: list[_Cell],
    cells: list[_Cell],
    who: int,
    name: _Cell,
    around: tuple[str, str, str],
    read: Reads | None,
) -> list[Benefit]:
    months: int | None = None
    period: Period | None = None
    what: _Cell | None = None
    paid = [c for c in header if topic_in_column(c.words)]
    for column, cell in zip(header, cells, strict=False):
        if _WHAT_COLUMN.search(column.words) and not re.search(r"\d", cell.words):
            what = cell
            period = period_in(cell.words) or period
        if _TERM_COLUMN.search(column.words):
            terms = [a for a in scan(cell.words) if a.kind == "months"]
            months = int(terms[-1].value) if terms else months
            period = "once" if "一次性" in cell.words else period_in(cell.words) or period
    found: list[Benefit] = []
    for i, (column, cell) in enumerate(zip(header, cells, strict=False)):
        if i == who or cell is what or cell.words in _NONE or _TERM_COLUMN.search(column.words):
            continue
        if _LIMIT_COLUMN.search(column.words) and paid and column not in paid:
            continue
        if CEILING.search(column.words) and found and found[-1].rate and found[-1].amount_max is None:
            quote = text.quote(min(name.start, cell.start), cell.end)
            found[-1] = capped(found[-1], column.words, cell.words, quote)
            continue
        long = len(cell.words) > 12 and re.search(r"[，；]", cell.words) and re.search(r"\d", cell.words)
        if long and {a.kind for a in scan(cell.words)} - {"months"} == {"area", "rate"}:
            long = None  # 100平方米，租金减免50%: one home
        if (
            read
            and long
            and (
                told := read(cell.start, cell.end, name.words, min(name.start, cell.start), (what or column).words)
            )
        ):
            found += told
            continue
        if (kin := _KIN_COLUMN.search(column.words)) and not re.search(r"\d", cell.words):
            quote = text.quote(min(name.start, cell.start), cell.end)
            found.append(
                Benefit("spouse_employment" if kin[0] == "配偶" else "children_education", name.words, quote)
            )
            continue
        if _NUMBER_COLUMN.search(column.words) and not topic_in_column(column.words):
            continue
        heading, title, of_whom = around
        made = _cell(text, column, cell, name, (what.words if what else "") + "|" + heading, title + "|" + of_whom)
        for benefit in made:
            if what:
                start, end = min(what.start, name.start, cell.start), max(what.end, name.end, cell.end)
                benefit = replace(benefit, quote=text.quote(start, end))
            fitted = replace(
                benefit,
                period=benefit.period or period,
                duration_months=benefit.duration_months if benefit.duration_months is not None else months,
            )
            if months is not None and fitted.duration_months == months and cell.end < cells[-1].end:
                start = min(name.start, cell.start, what.start if what else cell.start)
                fitted = replace(fitted, quote=text.quote(start, cells[-1].end))
            found.append(fitted)
    return found


def _cell(text: Text, column: _Cell, cell: _Cell, name: _Cell, heading: str, title: str) -> list[Benefit]:
    amounts = [a for a in scan(cell.words) if a.kind in ("money", "rate", "area")]
    period = period_in(cell.words) or period_in(column.words) or slash_period(column.words)
    if not amounts and (bare := bare_amount(column.words, cell.words)):
        amounts = [bare]
    free = free_in(cell.words)
    if not amounts and not free:
        return []
    months = [a for a in scan(cell.words) if a.kind == "months" and term_of(cell.words, a, 0)]
    topic: Topic | None = topic_in(column.words, cell.words, *heading.split("|"), *title.split("|"))
    if topic is None and name.words.endswith("奖"):
        topic = "talent_title"
    if free and not amounts:
        period = None
    quote = text.quote(min(name.start, cell.start), max(name.end, cell.end))
    several = [a for a in amounts if a.kind == "money"]
    if len(several) == len(amounts) > 1 and re.match(r"[\u4e00-\u9fff]{1,6}\d", cell.words):
        # 省内200元、省外500元: a sum for each case
        cells = [_Cell(cell.start + a.start, cell.start + a.end, cell.words[a.start : a.end]) for a in several]
        alone = [b for c in cells for b in _cell(text, column, c, name, heading, title)]
        return [replace(b, quote=quote, period=b.period or period) for b in alone]
    money = next(iter(several), None)
    rate = next((a for a in amounts if a.kind == "rate"), None)
    area = next((a for a in amounts if a.kind == "area"), None)
    if money and whole(money.low) is None and whole(money.high) is None:
        return []
    return [
        Benefit(
            topic=topic or ("employer_reward" if is_body(name.words) else "living_allowance"),
            recipient=name.words or None,
            quote=quote,
            currency=money.currency if money else "CNY",
            amount_min=whole(money.low) if money else None,
            amount_max=whole(money.high) if money else None,
            amount_is_cap=bool(money and money.is_cap),
            rate=float(rate.value) if rate else None,
            area_m2_min=float(area.low) if area and area.low is not None else None,
            area_m2_max=float(area.high) if area and area.high is not None else None,
            period=(money.period if money else None) or period,
            duration_months=int(months[-1].value) if months else None,
        )
    ]
