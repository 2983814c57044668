"""When a column is looked at next: as often as it posts, in the hours in which offices post.

For a given number of requests the mean delay is shortest where each column's interval goes with one over
the square root of what it posts. ``every_minutes`` is the start value, kept until enough is known; the
learnt mean interval lies between a quarter and four times of it, half an hour and a day. Start values
below half an hour are kept as they are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math

from crawler.clock import SHANGHAI, parse
from crawler.model.watch import Verdict
from crawler.monitor.history import is_office_day

#: Minutes: the shortest and the longest interval that is learnt.
SHORTEST, LONGEST = 30, 1440
#: Verdicts of a host that answers, but not us: asking as often as ever would be no guest's way.
REFUSED: frozenset[Verdict] = frozenset({"blocked", "geo_blocked", "login"})
#: Days whose releases are counted, and how many of them say something.
DAYS, LEAST = 90, 8
#: Releases of a working day at which the start value is right.
_USUAL = 1.0
_FREEDOM = 4
#: Minutes; the clock's hours are walked in such steps.
_STEP = 10
_JITTER = 0.1


def interval(every_minutes: int, releases: int, workdays: int) -> float:
    """The mean minutes between two looks at a column with so many releases in so many working days."""
    if every_minutes < SHORTEST or releases < LEAST or workdays < 1:
        return every_minutes
    wish = every_minutes * math.sqrt(_USUAL * workdays / releases)
    low, high = max(SHORTEST, every_minutes / _FREEDOM), min(LONGEST, every_minutes * _FREEDOM)
    return min(max(wish, low), max(high, low))


def minutes_until(every_minutes: int, releases: int, workdays: int, *, name: str, now: dt.datetime) -> int:
    """Minutes from ``now`` until the next look; the same for the same column and moment.

    ``name`` tells columns apart, so that those that were begun together don't stay together.
    """
    if every_minutes < SHORTEST or releases < LEAST or workdays < 1:
        return every_minutes
    digest = hashlib.sha256(f"{name} {now:%Y%m%d%H}".encode()).digest()
    spread = 1 + _JITTER * (2 * int.from_bytes(digest[:4], "big") / 0xFFFFFFFF - 1)
    left = interval(every_minutes, releases, workdays) * spread
    moment, passed = now.astimezone(SHANGHAI), 0
    while left > 0 and passed < LONGEST:
        left -= _STEP * _weight(moment)
        moment += dt.timedelta(minutes=_STEP)
        passed += _STEP
    return max(passed, SHORTEST)


def minutes_refused(minutes: int, last_ok: str | None, now: dt.datetime) -> int:
    """Minutes until the next look at a column whose host refuses us (`REFUSED`), in place of ``minutes``: half of
    the time that it has lasted, a day at most. Who was never let in is asked once a day."""
    blind = (now - parse(last_ok)).total_seconds() / 60 if last_ok else 2 * LONGEST
    return max(minutes, min(int(blind / 2), LONGEST))


def _weight(moment: dt.datetime) -> float:
    """How fast a column's interval passes; nights and days off count for little."""
    office = is_office_day(moment.date())
    if 8 <= moment.hour < 19:
        return 2.0 if office else 0.5
    return 0.7 if 19 <= moment.hour < 22 and office else 0.15
