"""A column against its own past: what its last rounds and the dates on its list say is usual.

Days are counted as working days, so that Spring Festival and National Day are no silence.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.enrich.workdays import is_workday
from crawler.model import Run
from crawler.monitor.tally import Tally

#: Verdicts of rounds that read the column's list as it is; only they make its past.
SEEN = ("ok", "quiet")
#: Days with a posting that a list must show until its pauses say something.
_DAYS = 8
#: A silence that is odd: so many working days, and so many times the longest pause on the list.
_SILENT, _TIMES = 15, 3
#: Rounds that must have seen the list until its number of rows says something; below this share it is odd.
_ROUNDS, _SHARE = 5, 0.4
#: Rows that a list must usually have to be judged by it, and days that its newest row may go back.
_ROWS, _BACK = 8, 45
#: Days that a list may lead to nothing but pages that are not there: a site may list a page before it is out.
UNREAD_DAYS = 2
#: Working days that are counted at most: a list that was silent for longer is silent.
_FARTHEST = 2000


@dataclass(frozen=True, slots=True)
class Past:
    """What is usual for a column; fields are None where too little is known."""

    #: The newest date that its list ever showed, and the longest pause on it, in working days.
    newest: str | None = None
    pause: int | None = None
    #: Rows of a page.
    rows: float | None = None
    #: Its list prints dates.
    dated: bool = False
    #: It was seen while it was posting: a later silence is a change.
    alive: bool = False
    #: The day of its first round, where most of its pages could not be read then and none ever was since.
    unread: str | None = None


def past_of(runs: Sequence[Run]) -> Past:
    """The past that a column's earlier runs (any order) tell of; those that are not of `SEEN` don't count."""
    seen = sorted((run for run in runs if run.verdict in SEEN), key=lambda run: run.started)
    read = [run for run in seen if run.rows and run.pages]
    newest = next((run.newest for run in reversed(seen) if run.newest), None)
    pause = next((run.pause for run in reversed(seen) if run.pause is not None), None)
    usual = statistics.median(run.rows / run.pages for run in read[-20:]) if len(read) >= _ROUNDS else None
    alive = any(
        run.newest and workdays(run.newest, dt.date.fromisoformat(run.started[:10])) <= allowed(pause)
        for run in reversed(seen)
    )
    dated = bool(read) and all(run.newest for run in read[-_ROUNDS:])
    return Past(newest, pause, usual, dated, alive, _unread(seen))


def _unread(seen: Sequence[Run]) -> str | None:
    if any(run.new or run.changed or run.unchanged or run.not_modified for run in seen):
        return None
    return seen[0].started[:10] if any(run.rows and 2 * run.quarantined >= run.rows for run in seen) else None


def newest_of(dates: Iterable[str], today: dt.date) -> str | None:
    """The newest date that is no slip: pages of the future are announced a day ahead at most."""
    latest = (today + dt.timedelta(days=1)).isoformat()
    return max((day[:10] for day in dates if day[:10] <= latest), default=None)


def pause_of(dates: Iterable[str]) -> int | None:
    """The longest pause between two days with postings, in working days; None where too few are shown."""
    days = sorted({day[:10] for day in dates})
    if len(days) < _DAYS:
        return None
    return max(workdays(one, dt.date.fromisoformat(two)) for one, two in itertools.pairwise(days))


def workdays(since: str, until: dt.date) -> int:
    """Working days after one day up to another, which counts; weekdays where no calendar is announced."""
    day, count = dt.date.fromisoformat(since[:10]), 0
    if (until - day).days > _FARTHEST:
        return _FARTHEST
    while day < until:
        day += dt.timedelta(days=1)
        count += is_office_day(day)
    return count


@functools.lru_cache(maxsize=8192)
def is_office_day(day: dt.date) -> bool:
    """Whether offices work; a weekday where no calendar is announced."""
    known = is_workday(day)
    return day.weekday() < 5 if known is None else known


def allowed(pause: int | None) -> int:
    """Working days of silence that are not odd."""
    return max(_SILENT, _TIMES * pause) if pause is not None else _FARTHEST


def rhythm(tally: Tally, past: Past, today: dt.date) -> tuple[str | None, int | None]:
    """The newest date and the longest pause that are known after this round."""
    if tally.rows and tally.dates:
        return newest_of(tally.dates, today), pause_of(tally.dates) or past.pause
    return past.newest, past.pause


def is_silent(newest: str | None, pause: int | None, past: Past, today: dt.date) -> str | None:
    """Words where a column that used to post has stopped; None where nothing is odd."""
    if newest is None or pause is None or not past.alive:
        return None
    days = workdays(newest, today)
    if days <= allowed(pause):
        return None
    return f"nothing for {days} working days, its longest pause was {pause}"


def in_its_rhythm(newest: str | None, pause: int | None, today: dt.date) -> bool:
    """Whether the list itself shows pauses nearly as long as this one."""
    return newest is not None and pause is not None and 2 * workdays(newest, today) <= 3 * pause


def odd(tally: Tally, past: Past, today: dt.date) -> list[str]:
    """What differs from the column's past in a list that was read."""
    reasons = []
    newest = newest_of(tally.dates, today)
    per_page = tally.rows / max(1, tally.pages)
    if past.rows and past.rows >= _ROWS and per_page < _SHARE * past.rows and not tally.new:
        reasons.append(f"{per_page:.0f} rows a page, {past.rows:.0f} were usual")
    if newest is not None and past.newest is not None:
        back = (dt.date.fromisoformat(past.newest) - dt.date.fromisoformat(newest)).days
        # A few new rows show that it is the list: the date that was seen before was a slip.
        if back > _BACK and not 0 < tally.new <= tally.rows // 4:
            reasons.append(f"the newest row is of {newest}, {past.newest} was seen before")
    if tally.dates and newest is None:
        reasons.append(f"every row is of the future ({min(tally.dates)[:10]})")
    return reasons
