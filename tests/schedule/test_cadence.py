from __future__ import annotations

import datetime as dt

import pytest

from crawler.clock import SHANGHAI, parse
from crawler.schedule.cadence import Daily, Every, between


def at(text: str) -> dt.datetime:
    return parse(text)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-02T00:00:00+08:00", "2026-03-02T00:00:00+08:00"),
        ("2026-03-02T00:09:59+08:00", "2026-03-02T00:00:00+08:00"),
        ("2026-03-01T16:10:00+00:00", "2026-03-02T00:10:00+08:00"),
    ],
)
def test_slots_of_ten_minutes_are_aligned_in_china(now: str, slot: str) -> None:
    assert Every(600).slot(at(now)) == slot


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-02T03:29:59+08:00", "2026-03-01T03:30:00+08:00"),
        ("2026-03-02T03:30:00+08:00", "2026-03-02T03:30:00+08:00"),
        ("2026-03-01T23:00:00+00:00", "2026-03-02T03:30:00+08:00"),
    ],
)
def test_daily_slots_are_of_the_chinese_day(now: str, slot: str) -> None:
    assert Daily(3, 30).slot(at(now)) == slot


def test_what_lies_between_two_slots() -> None:
    tick = Every(600)
    start = dt.datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    first = tick.slot(start)
    assert between(tick, first, tick.after(first)) == (tick.after(first), 0)
    assert between(tick, first, tick.slot(start + dt.timedelta(hours=2)))[1] == 11
    # A clock that was put back gives nothing, never a negative number.
    assert between(tick, first, tick.slot(start - dt.timedelta(days=3)))[1] == 0
    assert between(Daily(3), "2026-03-01T03:00:00+08:00", "2026-03-05T03:00:00+08:00")[1] == 3
