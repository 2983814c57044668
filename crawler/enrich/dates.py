"""issued (成文日期), effective_from and effective_to, and the clause that they rest on."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from crawler.enrich import dates_english, english, workdays
from crawler.enrich.anatomy import Anatomy, day
from crawler.enrich.effect_words import (
    ANEW,
    CHANGES,
    COUNTED,
    DASHED,
    DIGITS,
    EN_SPAN,
    FROM,
    HAN,
    HAN_DATE,
    INCLUDED,
    MONTH,
    NAMED,
    OTHER,
    OURS,
    POSTED,
    PROLONGED,
    PROLONGS,
    SPAN,
    SPEAKS,
    THINGS,
    UNTIL,
    YEARLESS,
)
from crawler.enrich.folding import SPACE, fold
from crawler.model.values import Provenance
from crawler.text import narrow, squeeze


@dataclass(frozen=True, slots=True)
class Effect:
    """When a policy holds, and the clause that says so."""

    start: str | None = None
    end: str | None = None
    clause: str | None = None


def find_issued(anatomy: Anatomy, doc_type: str) -> tuple[str | None, Provenance | None]:
    """成文日期: from the header table, else the signature's date. News has none."""
    value = anatomy.header.get("issued")
    if value:
        found = day(value)
        if found:
            return found, "header_table"
    if anatomy.signed and doc_type != "news" and (anatomy.signers or anatomy.formal or doc_type != "other"):
        return anatomy.signed, "body"
    return None, None


def find_effect(
    anatomy: Anatomy,
    *,
    issued: str | None,
    published: str | None,
    draft: bool,
    named: bool = False,
    told: str | None = None,
) -> Effect:
    """The release's own period of validity. A draft has none yet; another document's clause is not ours.
    ``named``: only a clause that names the release itself (本公告自…) counts."""
    if draft:
        return Effect()
    start = day(anatomy.header.get("effective_from", ""))
    end = day(anatomy.header.get("effective_to", ""))
    clause: str | None = None
    for line in reversed(anatomy.lines):
        if not SPEAKS.search(line):
            continue
        for printed in re.split(r"(?<=[。；;])", line):
            sentence = _plain(printed)
            if _foreign(sentence) or _others(sentence, anatomy) or (named and not NAMED.search(sentence)):
                continue
            first, last = _clause(_dated(sentence, told), issued, published)
            stated = dates_english.find(sentence, issued, published)
            first, last = first or stated[0], last or stated[1]
            span = _ours(SPAN, sentence)
            if last is None and first and (lasting := EN_SPAN.search(sentence)):
                last = _add(first, lasting)
            if span and span[0].startswith("期限") and not OURS.search(sentence):
                span = None  # how long a benefit is paid
            if first is None and last is None and not (span and _own(sentence)):
                continue
            start = start or first
            if last is None and span and start is not None:
                last = _add(start, span)
            end = end or last
            clause = clause or printed.strip(" 。；;")
            break
        if clause and (end or start):
            break
    if clause and start is None:
        start = next((s for s in (_start(line, issued, published) for line in reversed(anatomy.lines)) if s), None)
    if clause and end is None and start:
        for line in (_plain(x) for x in anatomy.lines if "有效期" in x or "试行期" in x):
            span = _ours(SPAN, line)
            if span and not _foreign(line) and _own(line):
                end = _add(start, span)
                break
            until = _ours(UNTIL, line)
            if until and not _foreign(line):
                end = _last(until)
                break
    if end is None and not named and PROLONGS.search(anatomy.title):
        prolonged = _prolonged(anatomy)
        start, end, clause = start or prolonged.start, prolonged.end, clause or prolonged.clause
    if clause is None and (start or end):
        clause = anatomy.header.get("effective_to") or anatomy.header.get("effective_from")
    return Effect(start, end, clause)


def _ours(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that speaks of a document, not of a card, a title or a contract."""
    return next(
        (m for m in pattern.finditer(text) if not THINGS.search(text, max(0, m.start() - 6), m.start())), None
    )


def _start(line: str, issued: str | None, published: str | None) -> str | None:
    """The first day that one of a line's own sentences states."""
    if not SPEAKS.search(line):
        return None
    for sentence in re.split(r"(?<=[。；;])", _plain(line)):
        first = None if _foreign(sentence) else _clause(sentence, issued, published)[0]
        if first:
            return first
    return None


def _prolonged(anatomy: Anatomy) -> Effect:
    """The new end that a notice of extension states, for the document that it extends."""
    for line in anatomy.lines:
        for printed in re.split(r"(?<=[。；;])", line):
            sentence = _plain(printed)
            until, anew = PROLONGED.search(sentence), ANEW.search(sentence)
            if until:
                start = day(until["from"]) if until["from"] else None
                return Effect(start, day(until["to"]), printed.strip(" 。；;"))
            start = day(anew["from"]) if anew else None
            if anew and start:
                return Effect(start, _add(start, anew), printed.strip(" 。；;"))
    return Effect()


def _clause(sentence: str, issued: str | None, published: str | None) -> tuple[str | None, str | None]:
    first = last = None
    month = MONTH.search(sentence)
    if month:
        first = f"{month['y']}-{int(month['m']):02d}-01"
    found = FROM.search(sentence)
    if found:
        after = found["after1"] or found["after2"] or found["after3"]
        if found["on"]:
            first = day(found["on"])
        elif found["from"]:
            base = day(found["from"])
            first = _later(base, after) if base else None
        else:
            said = found["rel"] or found["rel3"] or found["rel4"]
            base = issued or (published[:10] if published else None)
            if issued and published and said.startswith(("发布", "公布", "公告", "颁布")):
                # The site's day, unless it is a repost of long after.
                late = (dt.date.fromisoformat(published[:10]) - dt.date.fromisoformat(issued)).days
                base = published[:10] if 0 <= late <= POSTED else issued
            first = _later(base, after) if base else None
            if first and found["rel4"]:
                first = _months(dt.date.fromisoformat(first).replace(day=1), 1).isoformat()
            if first and not said.endswith("之日") and re.search(r"次日|第二[日天]", said):
                first = (dt.date.fromisoformat(first) + dt.timedelta(days=1)).isoformat()
    elif first is None and (counted := COUNTED.search(sentence)):
        first = day(counted["from"])
    # A row of a table of amendments states the old end first.
    untils = [m for m in UNTIL.finditer(sentence) if not THINGS.search(sentence, max(0, m.start() - 6), m.start())]
    until = untils[-1 if re.search(r"[|｜]", sentence) else 0] if untils else None
    if until:
        last = _last(until)
        if first is None and day(until.group()) != last:
            first = day(until.group())
    return first, last


def _dated(sentence: str, told: str | None) -> str:
    """A report's sentence with the year of its publication where a day has none: 自7月1日起施行."""
    if not told:
        return sentence
    return YEARLESS.sub(lambda m: f"{m[1] or '自'}{told[:4]}年{m[2]}", sentence)


def _written(found: re.Match[str]) -> str:
    return f"{found[1]}年{found[2]}月{found[3]}日"


def _plain(sentence: str) -> str:
    """The sentence without spaces, narrow, its days written 2026年4月1日: 2026-04-01, 二〇二六年四月一日."""
    if HAN.search(sentence):
        # Before the spaces go: 2026-06-01 0时.
        sentence = DASHED.sub(_written, fold(sentence))
        sentence = INCLUDED.sub("", SPACE.sub("", sentence))

    def figures(m: re.Match[str]) -> str:
        year = "".join(str(DIGITS.get(c, 0)) for c in m[1])
        return f"{year}年{_number(m[2])}月{_number(m[3])}日"

    return HAN_DATE.sub(figures, DASHED.sub(_written, sentence))


def _last(until: re.Match[str]) -> str | None:
    if until["year"]:
        year, month = int(until["year"]), int(until["month"] or 12)
        return dt.date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    return day(next((until[name] for name in ("to", "to2", "to3", "to4", "to5", "to6") if until[name]), ""))


def _foreign(sentence: str) -> bool:
    """Whether the clause speaks of another document: 《A》有效期延长至…, 原办法自…起."""
    if not CHANGES.search(sentence):
        return False
    return not (OURS.search(sentence) or re.search(r"自动失效|同时废止|同时失效|届满", sentence))


def _others(sentence: str, anatomy: Anatomy) -> bool:
    """Whether a document tells from when another one holds: 《A》自…起施行."""
    found = OTHER.search(sentence)
    if not found or not anatomy.formal:
        return False
    name = squeeze(found["name"])
    return name not in squeeze(fold(anatomy.title)) and not any(
        squeeze(fold(line)) == name for line in anatomy.lines[:12]
    )


def _own(sentence: str) -> bool:
    return bool(
        re.search(
            r"本(?:办法|措施|意见|规定|通知|细则|方案|政策|实施|若干|暂行|条例|公告)|"
            r"^\s?(?:第|[一二三四五六七八九十]+、|有效期)",
            sentence,
        )
    )


def _later(base: str, after: str | None) -> str | None:
    start = dt.date.fromisoformat(base)
    if not after:
        return base
    found = re.search(r"([0-9]{1,3}|[一二三四五六七八九十]{1,4})\s?(个?月|个?工作日|日|天)", narrow(after))
    if found is None:
        return None
    n = _number(found[1])
    if "工作日" in found[2]:
        working = workdays.nth_workday(start + dt.timedelta(days=1), n)
        return working.isoformat() if working else None
    return _months(start, n).isoformat() if "月" in found[2] else (start + dt.timedelta(days=n)).isoformat()


def _add(start: str, span: re.Match[str]) -> str | None:
    n = english.small(span["n"]) or _number(narrow(span["n"]))
    months = n if "月" in span["u"] or span["u"] == "month" else 12 * n
    if not 0 < months <= 600:
        return None
    return (_months(dt.date.fromisoformat(start), months) - dt.timedelta(days=1)).isoformat()


def _months(start: dt.date, months: int) -> dt.date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last))


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        left, _, right = text.partition("十")
        return DIGITS.get(left, 1) * 10 + DIGITS.get(right, 0) if left else 10 + DIGITS.get(right, 0)
    return DIGITS.get(text, 0)
