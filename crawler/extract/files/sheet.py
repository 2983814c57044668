"""XLSX: the sheets' rows, ``a | b | c``, with dates as dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from lxml import etree

from crawler.extract.files.package import Package, below, local
from crawler.extract.files.parts import Budget, Part, Refused

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's own clock has no zone
#: The built-in number formats that print a day (ECMA-376 18.8.30, with the East Asian ones).
_DAY_FORMATS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
_DAY_CODE = re.compile(r"[yd]|年|日", re.I)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
#: Days; from 1954 to 2173. Other numbers in a day's format are no days.
_FIRST, _LAST = 20_000, 100_000


def read(package: Package, budget: Budget) -> list[Part]:
    """A part for each sheet that holds something."""
    shared = _shared(package)
    days = _day_styles(package)
    found: list[Part] = []
    for name, path in _sheets(package):
        if budget.full:
            budget.truncated = True
            break
        if paragraphs := budget.take(_rows(package.xml(path), shared, days, budget)):
            found.append(Part(f"工作表：{name}", paragraphs))
    return found


def _sheets(package: Package) -> list[tuple[str, str]]:
    relations = {
        e.get("Id", ""): e.get("Target", "")
        for e in below(package.xml("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    found: list[tuple[str, str]] = []
    for sheet in below(package.xml("xl/workbook.xml"), "sheet"):
        key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        target = relations.get(str(key), "")
        if target and sheet.get("state") not in ("hidden", "veryHidden"):
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in package.names:
                found.append((sheet.get("name", ""), path))
    return found


def _shared(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package.names:
        return []
    return ["".join(_texts(item)) for item in below(package.xml("xl/sharedStrings.xml"), "si")]


def _texts(item: etree._Element) -> Iterator[str]:
    for element in item:
        if local(element) == "t":
            yield element.text or ""
        elif local(element) == "r":
            yield from (t.text or "" for t in below(element, "t"))


def _day_styles(package: Package) -> frozenset[int]:
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = package.xml("xl/styles.xml")
    own = {
        e.get("numFmtId", "")
        for e in below(root, "numFmt")
        if _DAY_CODE.search(_QUOTED.sub("", e.get("formatCode", "")))
    }
    formats = next(below(root, "cellXfs"), None)
    if formats is None:
        return frozenset()
    kinds = [f.get("numFmtId", "0") for f in formats]
    return frozenset(
        i for i, kind in enumerate(kinds) if kind in own or (kind.isdigit() and int(kind) in _DAY_FORMATS)
    )


def _rows(root: etree._Element, shared: list[str], days: frozenset[int], budget: Budget) -> Iterator[str]:
    count = 0
    for row in below(root, "row"):
        count += 1
        if count > budget.limits.rows:
            budget.truncated = True
            return
        if row.get("hidden") == "1":
            continue
        cells = [_cell(c, shared, days) for c in row if local(c) == "c"]
        yield " | ".join(c for c in cells if c)


def _cell(cell: etree._Element, shared: list[str], days: frozenset[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in below(cell, "t")).strip()
    value = next((e.text or "" for e in cell if local(e) == "v"), "")
    if kind == "s":
        if not value.isdigit() or int(value) >= len(shared):
            raise Refused("unreadable", f"no shared text {value[:20]}")
        return shared[int(value)].strip()
    if kind == "n" and value:
        style = cell.get("s", "0")
        return number(value, day=style.isdigit() and int(style) in days)
    return "" if kind == "e" else value.strip()


def number(value: str, *, day: bool) -> str:
    """A number as a reader sees it: a day, or without a needless fraction."""
    try:
        parsed = float(value)
    except ValueError:
        return value.strip()
    if day and _FIRST <= parsed < _LAST:
        return (_EPOCH + dt.timedelta(days=int(parsed))).date().isoformat()
    return str(int(parsed)) if parsed == int(parsed) and abs(parsed) < 1e15 else f"{parsed:.10g}"
