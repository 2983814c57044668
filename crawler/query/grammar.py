"""The words of a query: space is AND, ``|`` is OR (binds tighter), ``-`` excludes, quotes make a phrase.

``落户 补贴|津贴 -招聘 "青年 人才"``. A word without quotes is a phrase too (its characters stand in a
row) and is widened by synonyms; what stands in quotes or behind ``-`` is taken as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.errors import QueryError
from crawler.query.folding import BREAK, words
from crawler.query.synonyms import expand

#: Characters that a query's words may have, and groups that they may make.
MAX_LENGTH = 1_000
MAX_GROUPS = 40

_OPENING = {'"': '"', "“": "”", "＂": "＂", "「": "」"}
_BARS = "|｜"
_DASHES = "-－−"
_SPACE = re.compile(r"\s")
_WORD_END = re.compile(r'[\s|｜"“”＂「」]')


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives of which one must stand in the text (or none, if ``excluded``): token strings."""

    phrases: tuple[str, ...]
    excluded: bool = False
    #: As typed, for the reason of a hit.
    typed: str = ""


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[Group, ...]:
    """The groups that must all hold. Raises `QueryError` with what is wrong and how to mend it."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the words are {len(text)} characters long, more than {MAX_LENGTH}",
            "Search for fewer words.",
            code="words_too_long",
            length=len(text),
            most=MAX_LENGTH,
        )
    groups: list[Group] = []
    current: list[_Word] = []
    bar = False
    for item in _scan(text):
        if item is None:
            if not current or bar:
                raise _one_sided()
            bar = True
            continue
        if bar and item.excluded:
            raise QueryError(
                f"-{item.text} is an exclusion and can't be an alternative",
                "Set it apart: a|b -c.",
                code="exclusion_in_alternatives",
                word=item.text,
            )
        if current and not bar:
            groups.append(_group(current))
            current = []
        current.append(item)
        bar = False
    if bar:
        raise _one_sided()
    if current:
        groups.append(_group(current))
    if not groups and text.strip():
        raise _nothing(text.strip())
    if len(groups) > MAX_GROUPS:
        raise QueryError(
            f"{len(groups)} words are more than {MAX_GROUPS}",
            "Search for fewer words.",
            code="too_many_words",
            number=len(groups),
            most=MAX_GROUPS,
        )
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool
    excluded: bool


def _scan(text: str) -> list[_Word | None]:
    """Words in order; None is a bar."""
    out: list[_Word | None] = []
    at = 0
    while at < len(text):
        char = text[at]
        if _SPACE.match(char):
            at += 1
            continue
        if char in _BARS:
            out.append(None)
            at += 1
            continue
        excluded = char in _DASHES
        start = at + 1 if excluded else at
        if excluded and (start == len(text) or _SPACE.match(text[start]) or text[start] in _BARS):
            at = start  # a dash on its own, as in a pasted title, is punctuation
            continue
        closing = _OPENING.get(text[start])
        if closing:
            end = text.find(closing, start + 1)
            if end < 0:
                raise QueryError(
                    f"the quote {text[start]} before {text[start + 1 : start + 21] or 'the end'!r} is never closed",
                    f"Write {closing} at the end of the phrase, or leave both out.",
                    code="open_quote",
                    quote=text[start],
                    closing=closing,
                )
            word, at = _Word(text[start + 1 : end], True, excluded), end + 1
        else:
            found = _WORD_END.search(text, start)
            end = found.start() if found else len(text)
            if end == start:  # a closing quote that nothing opened
                raise QueryError(
                    f"the quote {text[start]} closes nothing",
                    "Open the phrase with “ or use straight quotes.",
                    code="stray_quote",
                    quote=text[start],
                )
            word, at = _Word(text[start:end], False, excluded), end
        out.append(word)
    return out


def _group(items: list[_Word]) -> Group:
    first = items[0]
    phrases: list[str] = []
    for item in items:
        phrase = words(item.text).strip(f" {BREAK}")
        if not phrase:
            raise _nothing(item.text)
        literal = item.quoted or item.excluded or first.excluded
        phrases += [p for p in ((phrase,) if literal else expand(phrase)) if p not in phrases]
    typed = "|".join(f'"{item.text}"' if item.quoted else item.text for item in items)
    return Group(tuple(phrases), first.excluded, typed)


def _nothing(text: str) -> QueryError:
    return QueryError(
        f"there is nothing to search for in {text!r}",
        "Give at least one character, letter or digit.",
        code="no_content",
        word=text,
    )


def _one_sided() -> QueryError:
    return QueryError(
        "there is a | with nothing on one side", "Write alternatives as a|b, or quote the bar.", code="one_sided"
    )
