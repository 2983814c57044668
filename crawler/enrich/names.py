"""Names of documents in running text: 《title》, nested or broken, and the number that follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.enrich import docno
from crawler.text import narrow

#: A longer title is a bracket that was never closed.
_MAX_TITLE = 120
_STOP = re.compile(r"[，。；;！？\n（(]")
#: 《根据《…》: a bracket too many.
_STRAY = re.compile(r"^(?:根据|依据|按照|参照|和|及|与|、|，)《")
#: What stands in brackets right after a title; brackets inside are those of a number.
_OPENED = re.compile(r"\s?(?:[0-9]{4}年?版)?\s?[（(](?:[^（）()]|[（(][^（）()]{0,8}[）)]){4,48}[）)]")


_ANNEXED = re.compile(
    r"[（(][^（()）]{0,24}(?:见附件|附后|详见附件|附件\s?[0-9一二三四五六七八九十]?)[^（()）]{0,8}[）)]"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A named document in a line: its title, where, and the number that follows it."""

    title: str | None
    start: int
    end: int
    doc_no: str | None = None


def names(text: str) -> list[Name]:
    """The documents that a text names by 《title》 or by a number of its own. Nested brackets belong to the
    outer title; a bracket that is never closed ends at the next punctuation."""
    out: list[Name] = []
    taken = 0
    at = text.find("《")
    while at >= 0:
        end = _close(text, at)
        if end is None:
            # No further than a title is long: a thousand open brackets are no thousand walks to the end.
            stop = _STOP.search(text, at, at + _MAX_TITLE + 2)
            end = stop.start() if stop else len(text)
            if end - at > _MAX_TITLE or end - at < 5:
                at = text.find("《", at + 1)
                continue
            title, after = text[at + 1 : end], end
        else:
            title, after = text[at + 1 : end], end + 1
        stray = _STRAY.match(title)
        if stray:
            at, title = at + stray.end(), title[stray.end() :].rstrip("》")
        if _ANNEXED.match(text, after):
            taken = after  # 《…目录》（见附件）: a part of the release itself
            at = text.find("《", taken)
            continue
        number, after = _number_after(text, after)
        out.append(Name(title.strip(), at, after, number))
        taken = after
        at = text.find("《", taken)
    spans = [(n.start, n.end) for n in out]
    for found in docno.IN_TEXT.finditer(text):
        if all(found.end() <= s or found.start() >= e for s, e in spans):
            previous = max((e for _, e in spans if e <= found.start()), default=-1)
            own = found.start() + len(found["code"]) - len(docno.trim(found["code"]))
            if previous >= 0 and own - previous <= 2 and not re.search(r"[和及与、，]", text[previous:own]):
                continue
            if len(docno.trim(found["code"])) <= 12:
                out.append(Name(None, found.start(), found.end(), docno.form(found)))
    return sorted(out, key=lambda n: n.start)


def _close(text: str, at: int) -> int | None:
    depth = 0
    for i in range(at, min(len(text), at + _MAX_TITLE)):
        if text[i] == "《":
            if depth and i + 1 < len(text) and text[i - 1] in "、，和及":
                return None
            depth += 1
        elif text[i] == "》":
            depth -= 1
            if depth == 0:
                return i
    found = text.find("》", at, at + _MAX_TITLE)
    return found if found >= 0 else None


def _number_after(text: str, at: int) -> tuple[str | None, int]:
    rest = text[at : at + 60]
    opened = _OPENED.match(rest)
    if opened:
        found = docno.IN_TEXT.search(opened.group())
        if found:
            return docno.form(found), at + opened.end()
        order = re.search(r"([\u4e00-\u9fff、]{0,24}令)\s?第?\s?([0-9０-９]{1,4})\s?号", opened.group())
        if order:
            return f"{order[1]}第{int(narrow(order[2]))}号", at + opened.end()
        return None, at
    bare = docno.IN_TEXT.match(rest.lstrip(" |"))
    if bare:
        return docno.form(bare), at + len(rest) - len(rest.lstrip(" |")) + bare.end()
    return None, at


def row_name(line: str) -> Name | None:
    """A row of a list of repealed documents whose title stands without brackets."""
    if "《" in line:
        return None
    found = docno.IN_TEXT.search(line)
    cells = [c.strip() for c in line.split(" | ")]
    title = (
        max((c for c in cells if not docno.own_line(c)), key=len, default="")
        if len(cells) > 1
        else re.sub(r"^\s?[（(]?[0-9一二三四五六七八九十]{1,3}[）)、.．\s]+", "", line)
    )
    title = re.split(r"\s?[（(](?=[^（()）]*[〔\[［【（(]?[12][09]\d\d)", title)[0].strip(" 。；;")
    if not 6 <= len(title) <= _MAX_TITLE or docno.IN_TEXT.fullmatch(narrow(title)):
        return None
    return Name(title, 0, len(line), docno.form(found) if found else None)


def is_row(line: str) -> bool:
    """Whether a line is a row of a list or table."""
    return (
        bool(re.match(r"^\s?(?:\d{1,3}\s?[.．、|]|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|\|)", line))
        or " | " in line
    )
