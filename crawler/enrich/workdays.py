"""Working days by the State Council's calendar, make-up Saturdays and Sundays included."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
from chinese_calendar.constants import holidays

#: The calendar is announced year by year; a later year is unknown, never guessed.
LAST_KNOWN_YEAR = max(day.year for day in holidays)
FIRST_KNOWN_YEAR = min(day.year for day in holidays)


def is_workday(day: dt.date) -> bool | None:
    """Whether offices work on that day; None for a year that is not announced."""
    if not FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR:
        return None
    return bool(chinese_calendar.is_workday(day))


def nth_workday(first: dt.date, count: int) -> dt.date | None:
    """The ``count``-th working day from ``first`` on, which itself counts if it is one.

    None where the calendar does not reach so far, or for a count that no notice states.
    """
    if not 1 <= count <= 400:
        return None
    day, seen = first, 0
    while True:
        known = is_workday(day)
        if known is None:
            return None
        seen += known
        if seen == count:
            return day
        day += dt.timedelta(days=1)
