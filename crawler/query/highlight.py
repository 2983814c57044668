"""Where a query's words stand in a document's texts: for highlights, and to quote the sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawler.query.document import OCR_MARK
from crawler.query.folding import BREAK, fold, spans

#: Characters of a quoted sentence, and of a highlight's fragment.
QUOTE_LENGTH = 240
#: Texts in which words are looked for, the one to be shown first.
TEXTS = ("title", "body", "subtitle", "doc_no", "issuers", "attachments")
#: Stands before every piece that was read from a picture, in alerts, on pages and in answers.
OCR_LABEL = "〔OCR，可能有误〕"
_END = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A verbatim piece of a text with the hits in it: ``marks`` are ``(start, end)`` in ``text``. What was read
    from a picture stands behind `OCR_LABEL`."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


def marked(highlight: Highlight, before: str = "<mark>", after: str = "</mark>") -> str:
    """The piece as HTML: everything escaped, the hits between ``before`` and ``after``."""
    return _render(highlight, before, after, html.escape)


def plain(highlight: Highlight, before: str = "", after: str = "") -> str:
    """The piece as text for a terminal: on one line, without control characters."""
    return _render(highlight, before, after, lambda text: "".join(c if c.isprintable() else " " for c in text))


def highlights(
    doc: Mapping[str, Any], phrases: Iterable[str], limit: int = 3, texts: Iterable[str] = TEXTS
) -> tuple[Highlight, ...]:
    """The first pieces of the document that hold one of the phrases (token strings), in that order of texts."""
    wanted = [phrase.split(" ") for phrase in phrases]
    names = tuple(texts) if wanted else ()
    # Line by line: a phrase that reaches over a line's end is rare, and most lines need no tokens.
    for whole in (False, True):
        out: list[Highlight] = []
        for name in names:
            for text, doubtful in _texts(doc, name, whole):
                if len(out) < limit and _may_hold(text, wanted):
                    found = _pieces(name, text, wanted, limit - len(out))
                    out += [_doubted(one) for one in found] if doubtful else found
        if out:
            return tuple(out)
    return ()


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The borders of the sentence around a span, at most `QUOTE_LENGTH` long, without outer spaces."""
    left = max((m.end() for m in _END.finditer(text, max(0, start - QUOTE_LENGTH), start)), default=None)
    if left is None:
        left = max(0, start - QUOTE_LENGTH // 2) if start > QUOTE_LENGTH else 0
    found = _END.search(text, end)
    right = found.end() if found else len(text)
    if right - left > QUOTE_LENGTH:
        left = max(left, start - QUOTE_LENGTH // 3)
        right = max(end, min(right, left + QUOTE_LENGTH))
    while left < start and text[left].isspace():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right


def _texts(doc: Mapping[str, Any], name: str, whole: bool) -> list[tuple[str, bool]]:
    """The texts of a field, and whether a machine read each from a picture."""
    value = doc.get(name) or ()
    if not isinstance(value, str):
        return [(text, False) for text in value]
    sure, mark, doubtful = value.partition(f"{OCR_MARK}\n") if name == "attachments" else (value, "", "")
    if whole:
        return [(sure, False), (doubtful, True)] if mark else [(sure, False)]
    lines = [(line, False) for line in sure.split("\n")]
    return lines + [(line, True) for line in doubtful.split("\n")] if mark else lines


def _doubted(found: Highlight) -> Highlight:
    """The piece behind words that say what it is: nobody takes a misread figure for a quotation."""
    shift = len(OCR_LABEL)
    return Highlight(found.field, OCR_LABEL + found.text, tuple((s + shift, e + shift) for s, e in found.marks))


def _may_hold(text: str, wanted: list[list[str]]) -> bool:
    """Whether the characters of a phrase are there at all: a hundred times faster than tokens."""
    folded = _folded(text)
    return any(all(token == BREAK or token in folded for token in phrase) for phrase in wanted)


def _pieces(name: str, text: str, wanted: list[list[str]], limit: int) -> list[Highlight]:
    found = _find(text, wanted)
    out: list[Highlight] = []
    last = -1
    for start, end in found:
        if start < last:
            continue
        if len(out) == limit:
            break
        left, last = (0, len(text)) if len(text) <= QUOTE_LENGTH and name != "body" else sentence(text, start, end)
        inside = [(max(s, left) - left, e - left) for s, e in found if s >= left and e <= last]
        out.append(Highlight(name, text[left:last], tuple(inside)))
    return out


#: Subscriptions are put to a document one after another, and each quotes from the same few lines.
_folded = lru_cache(maxsize=512)(fold)
_lines = lru_cache(maxsize=256)(spans)
#: Characters up to which the tokens of a line are kept for the next query.
_LINE = 1_000


def _find(text: str, wanted: list[list[str]]) -> list[tuple[int, int]]:
    """Spans of the phrases, merged where they overlap, in order."""
    tokens = _lines(text) if len(text) <= _LINE else spans(text)
    heads: dict[str, list[list[str]]] = {}
    for phrase in wanted:
        heads.setdefault(phrase[0], []).append(phrase)
    hits: list[tuple[int, int]] = []
    for at, (token, start, _) in enumerate(tokens):
        for phrase in heads.get(token, ()):
            run = tokens[at : at + len(phrase)]
            if len(run) == len(phrase) and all(t[0] == p for t, p in zip(run, phrase, strict=True)):
                end = run[-1][2]
                if hits and start <= hits[-1][1]:
                    hits[-1] = (hits[-1][0], max(end, hits[-1][1]))
                else:
                    hits.append((start, end))
    return hits


def _render(highlight: Highlight, before: str, after: str, escape: Any) -> str:
    out, at = [], 0
    for start, end in highlight.marks:
        out += [escape(highlight.text[at:start]), before, escape(highlight.text[start:end]), after]
        at = end
    return "".join([*out, escape(highlight.text[at:])])
