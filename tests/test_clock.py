"""Moments are Chinese, aware, and sort as text."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler import clock


def test_now_is_aware_and_in_china() -> None:
    assert clock.now().utcoffset() == dt.timedelta(hours=8)


def test_a_day_is_its_first_second_in_china() -> None:
    assert clock.iso(clock.parse("2026-11-22")) == "2026-11-22T00:00:00+08:00"


def test_other_zones_become_chinese_so_that_text_sorts_as_time() -> None:
    early, late = clock.parse("2026-11-22T01:00:00+09:00"), clock.parse("2026-11-21T17:00:00+00:00")
    assert early < late
    assert clock.iso(early) < clock.iso(late)
    assert clock.iso(late) == "2026-11-22T01:00:00+08:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.iso(dt.datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        ("22:00-07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "21:59", "12:00"]),
        ("01:30-05:00", ["01:30", "04:59"], ["01:29", "05:00", "23:00"]),
    ],
)
def test_a_span_of_hours_may_hold_midnight(span: str, inside: list[str], outside: list[str]) -> None:
    def at(hour: str) -> dt.datetime:
        return clock.parse(f"2026-11-22T{hour}:00+08:00").astimezone(dt.UTC)

    assert all(clock.within(at(hour), span) for hour in inside)
    assert not any(clock.within(at(hour), span) for hour in outside)
