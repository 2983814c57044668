"""The one clock: China Standard Time, which has had no daylight saving since 1991."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

#: Every date that a Chinese site states is meant in this zone.
SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """The present moment, aware, in Asia/Shanghai, without microseconds."""
    return dt.datetime.now(SHANGHAI).replace(microsecond=0)


def today() -> dt.date:
    """The present day in China."""
    return now().date()


def iso(moment: dt.datetime) -> str:
    """``2026-11-22T09:00:00+08:00``; equal offsets make the strings sort as the moments do.

    Raises ``ValueError`` for a naive moment: a time without a zone is a guess.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def parse(text: str) -> dt.datetime:
    """The moment of an ISO string; a plain day is its first second in China."""
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def within(moment: dt.datetime, span: str) -> bool:
    """Whether a moment lies in a daily span of Chinese time, ``22:00-07:00``; midnight may lie inside."""
    at = moment.astimezone(SHANGHAI).strftime("%H:%M")
    start, _, end = span.partition("-")
    return start <= at < end if start < end else at >= start or at < end
