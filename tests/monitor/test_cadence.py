"""The next look at a column: bounded, spread, and sooner at what posts, for the same number of requests."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from crawler.clock import SHANGHAI, iso
from crawler.monitor.cadence import LONGEST, SHORTEST, interval, minutes_refused, minutes_until
from crawler.monitor.history import is_office_day
from tests.monitor.test_histories import SHAPES

MONDAY = dt.datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)


def test_too_little_is_known_or_the_operator_wants_it_closer() -> None:
    assert minutes_until(360, 7, 60, name="a", now=MONDAY) == 360
    assert minutes_until(5, 500, 60, name="a", now=MONDAY) == 5


@pytest.mark.parametrize(
    ("releases", "mean"), [(60, 360), (240, 180), (15, 720), (6000, 90), (8, 360 * (60 / 8) ** 0.5)]
)
def test_the_interval_follows_what_is_posted(releases: int, mean: float) -> None:
    assert interval(360, releases, 60) == pytest.approx(mean)


def test_it_is_bounded_and_spread_and_always_the_same() -> None:
    found = {
        n: minutes_until(every, posted, 60, name=f"c{n}", now=MONDAY + dt.timedelta(hours=n))
        for n, (every, posted) in enumerate(
            [(every, p) for every in (30, 60, 360, 5000) for p in (8, 60, 9000)] * 6
        )
    }
    assert all(SHORTEST <= minutes <= LONGEST for minutes in found.values())
    assert len({minutes_until(360, 60, 60, name=f"c{n}", now=MONDAY) for n in range(40)}) > 3
    assert minutes_until(360, 60, 60, name="c", now=MONDAY) == minutes_until(360, 60, 60, name="c", now=MONDAY)


def test_nights_and_days_off_are_quiet() -> None:
    def wait(day: int, hour: int) -> int:
        return minutes_until(240, 60, 60, name="c", now=MONDAY.replace(day=day, hour=hour))

    assert wait(16, 9) < 180 < 360 < wait(16, 22)
    assert wait(21, 9) > 2 * wait(16, 9), "a Saturday"


def delays(looks: list[dt.datetime], posts: list[dt.datetime]) -> float:
    """Hours from each posting to the look that sees it, in all."""
    total, at = 0.0, 0
    for post in posts:
        while at < len(looks) and looks[at] < post:
            at += 1
        if at < len(looks):
            total += (looks[at] - post).total_seconds() / 3600
    return total


def test_it_finds_sooner_than_a_fixed_interval_for_as_many_requests(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(9)  # noqa: S311 - a history, no secret
    start, end = dt.datetime(2026, 5, 1, tzinfo=SHANGHAI), dt.datetime(2026, 11, 1, tzinfo=SHANGHAI)
    requests, learnt, fixed, posted = 0, 0.0, 0.0, 0
    histories = []
    for name, days in SHAPES.items():
        posts = sorted(
            dt.datetime(d.year, d.month, d.day, tzinfo=SHANGHAI) + dt.timedelta(minutes=chance.randint(510, 1110))
            for d in days if start.date() <= d < end.date()
        )  # fmt: skip
        looks, moment = [], start
        while moment < end:
            looks.append(moment)
            since = moment.date() - dt.timedelta(days=90)
            lately = sum(since <= day < moment.date() for day in days)
            office = sum(is_office_day(since + dt.timedelta(days=n)) for n in range(90))
            moment += dt.timedelta(minutes=minutes_until(360, lately, office, name=name, now=moment))
        requests += len(looks)
        learnt += delays(looks, posts)
        posted += len(posts)
        histories.append(posts)
    step = (end - start) * len(histories) / requests
    for posts in histories:
        fixed += delays([start + n * step for n in range(int((end - start) / step) + 1)], posts)
    with capsys.disabled():
        print(f"\nmean delay {learnt / posted:.2f} h learnt, {fixed / posted:.2f} h fixed, {requests} requests")  # noqa: T201
    assert learnt < 0.8 * fixed


def test_a_host_that_refuses_us_is_asked_less_and_less_often() -> None:
    start = dt.datetime(2026, 5, 6, 9, tzinfo=SHANGHAI)
    looks, moment = 0, start
    while moment < start + dt.timedelta(days=10):
        moment += dt.timedelta(minutes=minutes_refused(60, iso(start), moment))
        looks += 1
    assert looks < 24, "a day of looking each hour would be as many"
    assert minutes_refused(60, None, start) == 1440
    assert minutes_refused(60, iso(start - dt.timedelta(days=99)), start) == 1440
    assert minutes_refused(2880, None, start) == 2880
    assert minutes_refused(60, iso(start - dt.timedelta(minutes=30)), start) == 60
