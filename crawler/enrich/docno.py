"""Document numbers (发文字号): all forms of brackets and digits, one normal form."""

from __future__ import annotations

import re

from crawler.text import narrow, squeeze

_YEAR = r"(?P<year>[12１２][09０９][0-9０-９]{2})"
_OPEN = r"[〔\[［【（(﹝〈<{「『]"
_CLOSE = r"[〕\]］】）)﹞〉>}」』]"
_CODE = r"[\u4e00-\u9fffA-Za-z·]{1,16}(?:[（(][\u4e00-\u9fff]{1,6}[）)])?"
#: A number in running text. The code may have caught words in front of it: `trim` takes them off.
IN_TEXT = re.compile(
    rf"(?P<code>{_CODE})\s?{_OPEN}\s?{_YEAR}\s?年?\s?{_CLOSE}\s?(?:第\s?)?(?P<no>[0-9０-９]{{1,5}})\s?号"
)
_ORDER = re.compile(r"(?P<code>[\u4e00-\u9fff、 ]{2,30}?令)\s?(?:第\s?)?(?P<no>[0-9０-９]{1,4})\s?号")
_NOTICE = re.compile(
    rf"(?P<code>[\u4e00-\u9fff]{{0,20}}(?:公告|"
    rf"通告))\s?{_OPEN}?\s?{_YEAR}\s?年?\s?{_CLOSE}?\s?第\s?(?P<no>[0-9０-９]{{1,4}})\s"
    rf"?号"
)
_LABEL = re.compile(r"^(?:发文字号|文\s?号|发文文号|文件编号|文件号|字号|文件字号)\s?[:：]\s?")
#: Words that stand in front of a number in running text and are no part of its code.
_LEAD = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|落实|执行|贯彻|印发|转发|下发|发布|参照|参见|详见|"
    r"废止|修订|修改|原|和|与|及|以|由|的|见|即|为|文号|字号|号文|"
    r"通知)(?=[\u4e00-\u9fff]{2,})"
)


def normalise(text: str) -> str | None:
    """The normal form of what a field or a line says: ``豫人社办〔2024〕12号``; None if it is no number."""
    words = _LABEL.sub("", narrow(text).strip())
    for pattern in (IN_TEXT, _NOTICE, _ORDER):
        found = pattern.match(words)
        if found:
            return form(found)
    return None


def own_line(text: str) -> str | None:
    """The number of a paragraph that holds nothing else: a number line under the red head."""
    words = _LABEL.sub("", narrow(text).strip()).strip("() ") if len(text) <= 70 else ""
    if not words:
        return None
    words = re.sub(r"\s*(?:签发人|会签人)\s?:.*$", "", words)
    whole = narrow(text).strip()
    for pattern in (IN_TEXT, _NOTICE, _ORDER):
        for candidate in (words, _LABEL.sub("", whole)):
            found = pattern.match(candidate)
            if found and not re.search(r"[\u4e00-\u9fff]", _rest(candidate[found.end() :])):
                return form(found)
    return None


def in_title(title: str) -> str | None:
    """The number that a title carries as its own: in brackets at its end, or in front of it."""
    words = narrow(title)
    for found in IN_TEXT.finditer(words):
        rest = words[found.end() :].strip()
        before = words[: found.start()].rstrip()
        closing = rest in (")", "", "】") and (before.endswith(("(", "【", " ")) or not before)
        if closing and not re.search(r"[》”]\s?\($", before):
            return form(found)
        if not before and rest:
            return form(found)
    order = re.search(r"\(([^()]*令\s?第?\s?[0-9]{1,4}\s?号)\)$", words)
    return normalise(order[1]) if order else None


def form(found: re.Match[str]) -> str:
    """The normal form of a match."""
    code = squeeze(trim(found["code"]))
    number = int(narrow(found["no"]))
    if "year" in found.re.groupindex and found["year"]:
        year = narrow(found["year"])
        if found.re is _NOTICE:
            return f"{code}{year}年第{number}号"
        return f"{code}〔{year}〕{number}号"
    return f"{code}第{number}号"


def trim(code: str) -> str:
    """A code without the words in front of it: ``根据绵府发`` → ``绵府发``."""
    return _LEAD.sub("", code) or code


def _rest(text: str) -> str:
    """What follows a number on its line, without a further number of a joint issue or a date."""
    return _DATE.sub("", IN_TEXT.sub("", text))


_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
