"""Verdicts on a column's round."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from crawler.clock import SHANGHAI
from crawler.model import Column, Expect, Quarantine
from crawler.monitor import HEALTHY, Tally, judge, mend, past_of

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)


def tally(expect: Expect | None = None, **values: object) -> Tally:
    made = Tally("x", Column("zc", "政策", "https://www.example.gov.cn/", expect=expect or Expect()), NOW)
    for name, value in ({"pages": 1, "rows": 10, "healthy": 2, "new": 2, "dates": ["2026-11-21"]} | values).items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (tally(), "ok", ""),
        (tally(listing_unchanged=True, rows=0), "unchanged", ""),
        (tally(rows=0), "failed", "no rows at all"),
        (tally(Expect(zero_ok=True), rows=0, dates=[]), "ok", ""),
        (tally(Expect(rows_min=20)), "suspicious", "at least 20"),
        (tally(Expect(rows_max=5)), "suspicious", "at most 5"),
        (tally(Expect(newest_days=30), dates=["2026-09-01"]), "suspicious", "82 days old"),
        (tally(Expect(newest_days=30), dates=["2026-11-01"], new=0), "quiet", "21 days"),
        (tally(drift={"selector_lost"}, rows=0), "drift", "selector_lost"),
        (tally(read=3, selectors=Counter(body_selector_lost=3)), "drift", "3 of 3 articles: body_selector_lost"),
        (tally(read=3, selectors=Counter(body_selector_lost=1)), "ok", ""),
        (tally(read=2, selectors=Counter(body_selector_lost=2)), "ok", ""),
        (tally(read=3, selectors=Counter(source_selector_lost=3)), "ok", ""),
        (tally(off_pattern=6), "suspicious", "6 of 10"),
        (tally(malformed=1), "ok", ""),
        (tally(malformed=2), "suspicious", "no usable address"),
        (tally(total_stated=40, complete=True), "suspicious", "states 40"),
        (tally(total_stated=40), "ok", ""),
        (tally(trouble=Quarantine("blocked", "HTTP 403")), "blocked", "HTTP 403"),
        (tally(trouble=Quarantine("geo_blocked", "x")), "geo_blocked", "x"),
        (tally(trouble=Quarantine("challenge", "x")), "blocked", "x"),
        (tally(trouble=Quarantine("login", "x")), "login", "x"),
        (tally(trouble=Quarantine("moved", "x")), "moved", "x"),
        (tally(trouble=Quarantine("removed", "x")), "dead", "x"),
        (tally(trouble=Quarantine("timeout", "x")), "failed", "x"),
        (tally(crash="the database is locked"), "failed", "locked"),
    ],
)  # fmt: skip
def test_verdicts(given: Tally, verdict: str, reason: str) -> None:
    run = judge(given, "r1", now=NOW)
    assert run.verdict == verdict
    assert reason in "; ".join(run.reasons)
    assert (verdict in HEALTHY) or mend(verdict)


def test_articles_that_are_refused_speak_for_the_column() -> None:
    given = tally(listing_unchanged=True, healthy=1)
    given.refused.update({"challenge": 5})
    assert judge(given, "r1", now=NOW).verdict == "blocked"


def test_listed_pages_that_are_not_there_are_said_and_no_fault_of_the_list() -> None:
    given = tally(healthy=1, new=1)
    for _ in range(4):
        given.refuse(Quarantine("error", "HTTP 404: not found"), 404)
    given.refuse(Quarantine("removed", "该文章已删除"), 200)
    run = judge(given, "r1", now=NOW)
    assert (run.verdict, run.reasons) == ("ok", ("5 of 6 listed pages are not there (HTTP 404 or the like)",))
    assert run.quarantined == 5


@pytest.mark.parametrize(("days", "verdict"), [(1, "ok"), (3, "suspicious")])
@pytest.mark.parametrize("unchanged", [False, True])
def test_a_list_of_which_no_page_is_ever_there_is_not_healthy_for_long(
    days: int, verdict: str, unchanged: bool
) -> None:
    absent = tally(healthy=0, new=0, absent=10, quarantined=10)
    first = judge(absent, "r0", now=NOW)
    assert first.verdict == "ok"
    given = tally(healthy=0, new=0, listing_unchanged=unchanged)
    given.started = NOW + dt.timedelta(days=days)
    run = judge(given, "r1", now=given.started, past=past_of([first]))
    assert run.verdict == ("unchanged" if unchanged and verdict == "ok" else verdict)
    # One that was read makes good for all.
    read = judge(tally(healthy=1, new=1, absent=9, quarantined=9), "r0", now=NOW)
    assert judge(given, "r1", now=given.started, past=past_of([first, read])).verdict in HEALTHY


def test_friend_links_are_suspicious() -> None:
    given = tally()
    given.foreign.update({"www.friend.com": 6})
    run = judge(given, "r1", now=NOW)
    assert (run.verdict, "www.friend.com" in run.reasons[0]) == ("suspicious", True)


def test_the_pattern_of_a_feed_chooses() -> None:
    feed = Column("map", "地图", "https://www.example.gov.cn/sitemap.xml", family="feed")
    assert judge(tally(column=feed, off_pattern=9), "r", now=NOW).verdict == "ok"
    assert judge(tally(column=feed, off_pattern=10), "r", now=NOW).verdict == "suspicious"


def test_a_short_list_is_told_from_a_list_of_navigation() -> None:
    short, odd = tally(total_stated=40, complete=True), tally(off_pattern=6)
    judge(short, "r", now=NOW)
    judge(odd, "r", now=NOW)
    assert (short.short, odd.short) == (True, False)
