"""A day whose parts stand in elements of their own, as calendars print it: ``18`` beside or over ``2026-11``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from crawler.extract.dates import FIRST_YEAR, Found, Moment
from crawler.text import narrow

#: Characters; the longest such pair is ``18日 2026年11月``.
_LONGEST = 16
_DAY = re.compile(r"(\d{1,2})\s?日?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?月?")
_DAY_FIRST = re.compile(rf"{_DAY.pattern}\s?[/|]?\s?{_MONTH.pattern}")
_MONTH_FIRST = re.compile(rf"{_MONTH.pattern}\s{_DAY.pattern}")


def calendar_day(texts: Sequence[str], *, today: dt.date) -> Found | None:
    """The first such day of a header's blocks: in one block of nothing else, or in two that follow each other.

    ``None`` where there is none, where it is no day of the calendar, or where it lies after ``today``.
    """
    short = [narrow(text).strip() if len(text) <= _LONGEST else "" for text in texts]
    for text, following in zip(short, [*short[1:], ""], strict=False):
        if not text or not text[0].isdigit():
            continue
        if whole := _DAY_FIRST.fullmatch(text):
            day, year, month = whole.groups()
        elif whole := _MONTH_FIRST.fullmatch(text):
            year, month, day = whole.groups()
        elif (first := _DAY.fullmatch(text)) and (second := _MONTH.fullmatch(following)):
            day, year, month = first[1], second[1], second[2]
        elif (first := _MONTH.fullmatch(text)) and (second := _DAY.fullmatch(following)):
            year, month, day = first[1], first[2], second[1]
        else:
            continue
        try:
            found = dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
        if found.year >= FIRST_YEAR and found <= today:
            return Found(Moment(found), "label", "calendar_day")
    return None
