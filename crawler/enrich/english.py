"""English sentences, numbers and days: what the English readers of this room share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,4})?"
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "k": 10**3, "m": 10**6, "bn": 10**9}
WORDS = {w: i for i, w in enumerate(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
)}  # fmt: skip
MONTHS = {m: i for i, m in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
)}  # fmt: skip
_END = re.compile(r"(?:(?<=[a-z0-9%)\"”’'])(?<![ap]\.m)[.!?]|[;\n])[\"”’']?(?:\s+|\Z)")
_MONTH = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DATE = re.compile(
    rf"\b{_MONTH.format('m1')}\s{{1,2}}(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{{1,2}}(?P<y1>20\d\d))?\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,2}}(?:of\s)?{_MONTH.format('m2')}(?:,?\s{{1,2}}(?P<y2>20\d\d))?\b"
    r"|\b(?P<y3>20\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)\b"
)


def sentences(paragraphs: Sequence[str]) -> Iterator[str]:
    """Every sentence, as printed, at most 1,500 characters long."""
    for paragraph in paragraphs:
        start = 0
        for found in _END.finditer(paragraph):
            piece = paragraph[start : found.start()].strip()
            start = found.end()
            if piece:
                yield piece[:1500]
        if rest := paragraph[start:].strip():
            yield rest[:1500]


def number(text: str, scale: str | None) -> Decimal:
    """``1.5`` and ``million`` → 1500000."""
    return Decimal(text.replace(",", "")) * SCALES.get((scale or "").lower(), 1)


def small(text: str) -> int | None:
    """A count in figures or in words up to twelve."""
    return int(text) if text.isdigit() and len(text) < 5 else WORDS.get(text.lower())


def day_of(found: re.Match[str], base: dt.date | None, year: int | None = None) -> dt.date | None:
    """The day that a match of ``DATE`` names; its year is its own, else ``year``, else ``base``'s."""
    if found["y3"]:
        return _day(int(found["y3"]), int(found["m3"]), int(found["d3"]))
    word, number_, own = (
        (found["m1"], found["d1"], found["y1"]) if found["m1"] else (found["m2"], found["d2"], found["y2"])
    )
    which = int(own) if own else year or (base.year if base else None)
    return _day(which, MONTHS[word[:3].lower()], int(number_)) if which else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
