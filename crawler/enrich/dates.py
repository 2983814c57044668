"""issued (成文日期), effective_from and effective_to, and the clause that they rest on."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from crawler.enrich import english, workdays
from crawler.enrich.anatomy import Anatomy, day
from crawler.model.values import Provenance
from crawler.text import narrow

_D = r"[0-9０-９]{4}\s?年\s?[0-9０-９]{1,2}\s?月\s?[0-9０-９]{1,2}\s?日"
_RUN = r"(?:起)?(?:正式)?(?:试行|施行|实施|执行|生效|试实施|实行|启用|调整|提高)"
#: Days within which a site publishes what was signed; later it is a repost.
_POSTED = 31
#: 起30个工作日后施行
_AFTER = (
    r"起?\s?(?P<after%d>满?\s?[0-9０-９一二三四五六七八九十]{1,4}\s?(?:个?月|个?工作日|日|天)(?:之?后)?)"
    r"(?:的次日)?(?:起)?(?:正式)?(?:试行|施行|实施|执行|生效)"
)
_FROM = re.compile(
    rf"(?:自|从|于)\s?(?P<from>{_D})\s?(?:{_AFTER % 1}|{_RUN})|"
    rf"(?:自|从)\s?(?:本(?:办法|措施|意见|规定|通知|细则|方案|政策))?"
    rf"(?P<rel>(?:印发|发布|公布|颁布|发文|下发|公告|通过|签发|印制)(?:之日的?|的)?(?:次日|第二[日天]|之?日))"
    rf"\s?(?:{_AFTER % 2}|{_RUN})"
)
_UNTIL = re.compile(
    rf"(?:有效期|试行期|执行期|实施期|执行期限|实施期限|试行期限|施行期限|有效期限|"
    rf"期限|有效)[^。；;]{{0,12}}?(?:至|到|截至|截止到?|截止至)\s?(?P<to>{_D})"
    rf"|(?:有效期|试行期|执行期|实施期|期限|有效)[^。；;]{{0,20}}?{_D}\s?(?:至|到|—|－|-|~)\s?(?P<to3>{_D})"
    r"|(?:有效期|试行期|执行期|实施期|期限|有效)[^。；;]{0,12}?(?:至|到)\s?(?P<year>20[0-9]{2})\s?年(?:年底|底|末)"
    rf"|{_D}\s?(?:起|施行|实施|执行|试行)[^。；;]{{0,14}}?(?:至|到)\s?(?P<to2>{_D})"
)
_SPAN = re.compile(
    r"(?:有效期|试行期|有效期限|试行期限|执行期限|实施期限|执行期|实施期|期限|试行)(?:限)?(?:暂定|暂)?(?:为)?\s?"
    r"(?P<n>[0-9０-９]{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<u>年|个月|个?周年)"
)
_EN_FROM = re.compile(
    r"(?:take[s]? effect|came into force|(?:come|enter)[s]? into (?:force|effect)|effective|implemented|"
    r"in force)(?: on| from| as of| since| starting)? "
    r"(?P<d>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})"
)
_EN_TO = re.compile(
    r"(?:valid|remain[s]? in force|in force|effective)[^.;]{0,60}?(?:until|through|till) "
    r"(?P<d>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})"
)
_EN_SPAN = re.compile(
    r"(?:valid|in force|effective|validity)[^.;]{0,20}? (?:for|of|is) (?:a (?:period|term) of )?"
    r"(?P<n>[0-9]{1,2}|[a-z]{2,6}) (?P<u>year|month)s?\b"
)
_CHANGES = re.compile(r"延长|延续|废止|停止执行|失效")
#: A notice that says no more than that something goes on.
_PROLONGS = re.compile(r"延长|延续|顺延|继续(?:执行|实施|有效|施行)")
_GOES_ON = r"(?:延长|延续|顺延|展期|继续(?:执行|实施|有效|施行))"
_PROLONGED = re.compile(
    rf"(?:(?:自|从)\s?(?P<from>{_D})\s?起[^。；]{{0,12}})?{_GOES_ON}[^。；]{{0,30}}?(?:至|到)\s?(?P<to>{_D})"
)
_ANEW = re.compile(
    rf"(?:自|从)\s?(?P<from>{_D})\s?起[^。；]{{0,16}}{_GOES_ON}[^。；]{{0,16}}?"
    r"(?P<n>[0-9０-９]{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<u>年|个月|个?周年)"
)
_OURS = re.compile(r"本(?:办法|措施|意见|规定|通知|细则|方案|政策|实施)")
_NAMED = re.compile(r"本(?:办法|措施|意见|规定|通知|细则|方案|政策|公告|通告|指南|计划)|\b(?:This|These) [A-Z]")
#: 从2026年1月起执行
_MONTH = re.compile(
    r"(?:自|从)\s?(?P<y>20[0-9]{2})\s?年\s?(?P<m>1[0-2]|0?[1-9])\s?月份?\s?起(?:正式)?(?:试行|施行|实施|执行|生效)"
)
_MONTHS = {m: i for i, m in enumerate(calendar.month_name) if m}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


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
    anatomy: Anatomy, *, issued: str | None, published: str | None, draft: bool, named: bool = False
) -> Effect:
    """The release's own period of validity. A draft has none yet; another document's clause is not ours.
    ``named``: only a clause that names the release itself (本公告自…) counts."""
    if draft:
        return Effect()
    start = day(anatomy.header.get("effective_from", ""))
    end = day(anatomy.header.get("effective_to", ""))
    clause: str | None = None
    for line in reversed(anatomy.lines):
        if (
            not any(w in line for w in ("施行", "实施", "执行", "试行", "生效", "有效", "期限", "日起"))
            and "effect" not in line
            and "force" not in line
        ):
            continue
        for sentence in re.split(r"(?<=[。；;])", line):
            if _foreign(sentence) or (named and not _NAMED.search(sentence)):
                continue
            first, last = _clause(sentence, issued, published)
            stated = _in_english(sentence)
            first, last = first or stated[0], last or stated[1]
            span = _SPAN.search(sentence)
            if last is None and first and (lasting := _EN_SPAN.search(sentence)):
                last = _add(first, lasting)
            if first is None and last is None and not (span and _own(sentence)):
                continue
            start = start or first
            if last is None and span and start is not None:
                last = _add(start, span)
            end = end or last
            clause = clause or sentence.strip(" 。；;")
            break
        if clause and (end or start):
            break
    if clause and start is None:
        start = next((s for s in (_start(line, issued, published) for line in reversed(anatomy.lines)) if s), None)
    if clause and end is None and start:
        for line in anatomy.lines:
            span = _SPAN.search(line) if "有效期" in line or "试行期" in line else None
            if span and not _foreign(line) and _own(line):
                end = _add(start, span)
                break
            until = _UNTIL.search(line) if "有效期" in line or "试行期" in line else None
            if until and not _foreign(line):
                end = _last(until)
                break
    if end is None and not named and _PROLONGS.search(anatomy.title):
        prolonged = _prolonged(anatomy)
        start, end, clause = start or prolonged.start, prolonged.end, clause or prolonged.clause
    if clause is None and (start or end):
        clause = anatomy.header.get("effective_to") or anatomy.header.get("effective_from")
    return Effect(start, end, clause)


def _start(line: str, issued: str | None, published: str | None) -> str | None:
    """The first day that one of a line's own sentences states."""
    for sentence in re.split(r"(?<=[。；;])", line):
        first = None if _foreign(sentence) else _clause(sentence, issued, published)[0]
        if first:
            return first
    return None


def _prolonged(anatomy: Anatomy) -> Effect:
    """The new end that a notice of extension states, for the document that it extends."""
    for line in anatomy.lines:
        for sentence in re.split(r"(?<=[。；;])", line):
            until, anew = _PROLONGED.search(sentence), _ANEW.search(sentence)
            if until:
                start = day(until["from"]) if until["from"] else None
                return Effect(start, day(until["to"]), sentence.strip(" 。；;"))
            start = day(anew["from"]) if anew else None
            if anew and start:
                return Effect(start, _add(start, anew), sentence.strip(" 。；;"))
    return Effect()


def _clause(sentence: str, issued: str | None, published: str | None) -> tuple[str | None, str | None]:
    first = last = None
    month = _MONTH.search(sentence)
    if month:
        first = f"{month['y']}-{int(month['m']):02d}-01"
    found = _FROM.search(sentence)
    if found:
        after = found["after1"] or found["after2"]
        if found["from"]:
            base = day(found["from"])
            first = _later(base, after) if base else None
        else:
            base = issued or (published[:10] if published else None)
            if issued and published and found["rel"].startswith(("发布", "公布", "公告", "颁布")):
                # The site's day, unless it is a repost of long after.
                late = (dt.date.fromisoformat(published[:10]) - dt.date.fromisoformat(issued)).days
                base = published[:10] if 0 <= late <= _POSTED else issued
            first = _later(base, after) if base else None
            if first and not found["rel"].endswith("之日") and re.search(r"次日|第二[日天]", found["rel"]):
                first = (dt.date.fromisoformat(first) + dt.timedelta(days=1)).isoformat()
    # A row of a table of amendments states the old end first.
    untils = list(_UNTIL.finditer(sentence))
    until = untils[-1 if re.search(r" \| |｜", sentence) else 0] if untils else None
    if until:
        last = _last(until)
        if first is None and day(until.group()) != last:
            first = day(until.group())
    return first, last


def _last(until: re.Match[str]) -> str | None:
    if until["year"]:
        return f"{until['year']}-12-31"
    return day(until["to"] or until["to2"] or until["to3"] or "")


def _foreign(sentence: str) -> bool:
    """Whether the clause speaks of another document: 《A》有效期延长至…, 原办法自…起."""
    if not _CHANGES.search(sentence):
        return False
    return not (_OURS.search(sentence) or re.search(r"自动失效|同时废止|同时失效|届满", sentence))


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
        return _DIGITS.get(left, 1) * 10 + _DIGITS.get(right, 0) if left else 10 + _DIGITS.get(right, 0)
    return _DIGITS.get(text, 0)


def _in_english(sentence: str) -> tuple[str | None, str | None]:
    first, last = _EN_FROM.search(sentence), _EN_TO.search(sentence)
    return (_en_day(first["d"]) if first else None), (_en_day(last["d"]) if last else None)


def _en_day(text: str) -> str | None:
    found = re.match(r"([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})", text)
    parts = (found[3], found[1], found[2]) if found else None
    if parts is None:
        other = re.match(r"([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})", text)
        parts = (other[3], other[2], other[1]) if other else None
    if parts is None or parts[1] not in _MONTHS:
        return None
    try:
        return dt.date(int(parts[0]), _MONTHS[parts[1]], int(parts[2])).isoformat()
    except ValueError:
        return None
