"""Verdicts along whole posting histories: day by day a column's list is read and judged by its own past.

The histories are synthetic; their shapes (a post every working day, bursts, three a year) are those of
real columns. What counts: no false alarm over a year with its holidays, and no break that stays unseen.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator

import pytest

from crawler.clock import SHANGHAI
from crawler.enrich.workdays import is_workday
from crawler.model import Column, Expect, Quarantine, Run
from crawler.monitor import HEALTHY, Tally, judge, past_of

START, END = dt.date(2025, 9, 1), dt.date(2026, 11, 20)
ROWS = 20


def shape(per_workday: float, seed: int, burst: int = 1) -> list[dt.date]:
    """Days on which something is posted, one entry a row; on working days of the State Council's calendar."""
    chance, days = random.Random(seed), []  # noqa: S311 - a history, no secret
    day = START - dt.timedelta(days=int(3 * ROWS / per_workday))
    while day <= END:
        known = is_workday(day)
        if (known if known is not None else day.weekday() < 5) and chance.random() < per_workday / burst:
            days += [day] * chance.randint(1, 2 * burst - 1)
        day += dt.timedelta(days=1)
    return days


SHAPES = {
    "every day": shape(3.0, 1, burst=3),
    "twice a week": shape(0.4, 2),
    "in bursts": shape(0.5, 3, burst=6),
    "twice a month": shape(0.1, 4),
    "three a year": shape(0.012, 5),
}


def expect(name: str) -> Expect:
    """As a site's file would say; for the rarest it says too little on purpose: its own list knows better."""
    days = {"every day": 90, "twice a week": 120, "in bursts": 180, "twice a month": 180, "three a year": 365}
    return Expect(rows_min=5, newest_days=days[name])


def read(posts: list[dt.date], name: str, day: dt.date, before: dt.date | None) -> Tally:
    shown = [one for one in posts if one <= day][-ROWS:]
    tally = Tally("s", Column("c", "c", "https://www.example.gov.cn/", expect=expect(name)), at(day))
    tally.pages, tally.rows, tally.dates = 1, len(shown), [one.isoformat() for one in shown]
    tally.new = sum(before is not None and one > before for one in shown)
    return tally


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)


def replay(
    name: str, spoil: Callable[[Tally, dt.date], None] | None = None, since: dt.date = END, frozen: bool = False
) -> Iterator[tuple[dt.date, Run]]:
    """One look a day; from ``since`` on the list is spoilt, or ``frozen`` as it stood."""
    posts, day = SHAPES[name], START
    past: list[Run] = []
    before: dt.date | None = None
    while day <= END:
        tally = read(posts, name, min(day, since) if frozen else day, before)
        if day >= since and spoil is not None:
            spoil(tally, day)
        run = judge(tally, f"r{day}", now=at(day), past=past_of(past[-30:]))
        if run.verdict in ("ok", "quiet"):
            past.append(run)
        yield day, run
        before, day = day, day + dt.timedelta(days=1)


@pytest.mark.parametrize("name", SHAPES)
def test_a_year_with_their_holidays_raise_no_false_alarm(name: str) -> None:
    wrong = [(day, run.verdict, run.reasons) for day, run in replay(name) if run.verdict not in HEALTHY]
    assert wrong == []


@pytest.mark.parametrize(("first", "last"), [("2026-02-15", "2026-02-23"), ("2025-10-01", "2025-10-08")])
def test_spring_festival_and_national_day_are_no_silence(first: str, last: str) -> None:
    seen = {day.isoformat(): run.verdict for day, run in replay("every day")}
    assert {v for day, v in seen.items() if first <= day <= last} <= HEALTHY


def empty(tally: Tally, _day: dt.date) -> None:
    tally.rows, tally.dates, tally.new = 0, [], 0


def menu(tally: Tally, _day: dt.date) -> None:
    tally.rows, tally.dates, tally.new, tally.short_titles = 12, [], 12, 11


def undated(tally: Tally, _day: dt.date) -> None:
    tally.dates = []


def another_section(tally: Tally, day: dt.date) -> None:
    tally.dates = [(day - dt.timedelta(days=80 + n)).isoformat() for n in range(ROWS)]
    tally.new = ROWS


def few(tally: Tally, _day: dt.date) -> None:
    tally.rows, tally.dates, tally.new = 6, tally.dates[-6:], 0


def friends(tally: Tally, _day: dt.date) -> None:
    tally.foreign["www.friend.example"] = tally.rows


def refused(tally: Tally, _day: dt.date) -> None:
    tally.trouble = Quarantine("blocked", "HTTP 412")


def of_the_future(tally: Tally, _day: dt.date) -> None:
    tally.dates = ["2031-01-01"] * tally.rows


def same_page(tally: Tally, _day: dt.date) -> None:
    tally.total_stated = 400
    tally.show_again(2, promised=False)


BREAKS = [
    (empty, "failed"), (menu, "suspicious"), (undated, "drift"), (another_section, "suspicious"),
    (few, "suspicious"), (friends, "suspicious"), (refused, "blocked"), (of_the_future, "suspicious"),
    (same_page, "suspicious"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["every day", "twice a week", "in bursts"])
@pytest.mark.parametrize(("spoil", "verdict"), BREAKS, ids=[spoil.__name__ for spoil, _ in BREAKS])
def test_a_break_is_seen_on_its_first_day_and_stays_seen(
    name: str, spoil: Callable[[Tally, dt.date], None], verdict: str
) -> None:
    since = dt.date(2026, 6, 10)
    found = {run.verdict for day, run in replay(name, spoil, since) if day >= since}
    assert found == {verdict}


@pytest.mark.parametrize(
    # A column that posts in bursts with months between them can't be told from a dead one any sooner than these.
    ("name", "within"),
    [("every day", 30), ("twice a week", 100), ("twice a month", 200)],
)
@pytest.mark.parametrize("unchanged", [False, True])
def test_a_list_that_a_cache_keeps_for_ever_is_told(name: str, within: int, unchanged: bool) -> None:
    since = dt.date(2026, 3, 10)

    def same(tally: Tally, _day: dt.date) -> None:
        tally.listing_unchanged = unchanged
        if unchanged:
            tally.rows, tally.dates = 0, []

    bad = [day for day, run in replay(name, same, since, frozen=True) if run.verdict not in HEALTHY]
    assert bad
    assert (bad[0] - since).days <= within
    assert bad[-1] == END, "once told, it stays so"


def test_a_list_shorter_than_its_site_says_but_with_news_is_seen_well() -> None:
    """Each January many lists begin anew."""

    def anew(tally: Tally, day: dt.date) -> None:
        tally.dates = [one for one in tally.dates if one >= "2026-01-01"]
        tally.rows, tally.new = max(5, len(tally.dates)), 1

    wrong = [run.reasons for _, run in replay("every day", anew, dt.date(2026, 1, 6)) if run.verdict not in HEALTHY]
    assert wrong == []


def test_a_page_shown_again_past_the_end_is_no_fault() -> None:
    tally = read(SHAPES["every day"], "every day", END, None)
    tally.show_again(2, promised=False)
    assert judge(tally, "r", now=at(END)).verdict == "ok"
