"""One incident per host, domain or platform, and its one end."""

from __future__ import annotations

import dataclasses
import datetime as dt

from crawler.clock import SHANGHAI, iso
from crawler.monitor.incidents import PATIENCE, Sight, decide
from crawler.storage.state.incidents import Incident

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)


def sight(host: str, *verdicts: str, family: str = "generic", key: str = "a", days_ago: int = 0) -> Sight:
    last = NOW - dt.timedelta(days=days_ago)
    moments = [iso(last - dt.timedelta(hours=6 * n)) for n in reversed(range(len(verdicts)))]
    return Sight(host.split(".")[0], key, host, family, tuple(zip(moments, verdicts, strict=True)))


def bad(host: str, family: str = "generic", key: str = "a", days_ago: int = 0, verdict: str = "blocked") -> Sight:
    return sight(host, "ok", *[verdict] * PATIENCE, family=family, key=key, days_ago=days_ago)


def well(host: str, family: str = "generic", key: str = "a") -> Sight:
    return sight(host, "ok", "ok", "quiet", "unchanged", family=family, key=key)


def held(made: list[Incident]) -> list[Incident]:
    """As the database gives them back."""
    numbered = [one if one.id else dataclasses.replace(one, id=n) for n, one in enumerate(made, 1)]
    return [one for one in numbered if one.closed_at is None]


def named(made: list[Incident]) -> list[tuple[str, str]]:
    return [(one.kind, one.key) for one in made]


OTHERS = [well(f"w{n}.example.cn") for n in range(6)]


def test_one_bad_round_is_no_incident() -> None:
    assert decide([], [sight("a.example.cn", "ok", "blocked"), *OTHERS], now=NOW) == []
    assert decide([], [sight("a.example.cn", "failed", "ok", "failed", "failed"), *OTHERS], now=NOW) == []


def test_a_hosts_columns_are_one_incident_and_one_recovery() -> None:
    first = decide([], [bad("a.example.cn"), bad("a.example.cn", key="b"), *OTHERS], now=NOW)
    assert named(first) == [("host", "a.example.cn")]
    assert first[0].members == (("a", "a"), ("a", "b"))
    assert first[0].since == iso(NOW - dt.timedelta(hours=12))
    again = held(first)
    # Nothing changes while it stays so; one column that is seen again doesn't end it.
    assert decide(again, [bad("a.example.cn"), bad("a.example.cn", key="b"), *OTHERS], now=NOW) == []
    assert decide(again, [well("a.example.cn"), bad("a.example.cn", key="b"), *OTHERS], now=NOW) == []
    (over,) = decide(again, [well("a.example.cn"), well("a.example.cn", key="b"), *OTHERS], now=NOW)
    assert (over.closed_at, over.cause) == (iso(NOW), "recovered")


def test_a_column_that_left_the_catalogue_ends_its_incident() -> None:
    (over,) = decide(held(decide([], [bad("a.example.cn"), *OTHERS], now=NOW)), OTHERS, now=NOW)
    assert over.cause == "recovered"


def test_a_platform_is_one_incident() -> None:
    trs = [bad(f"t{n}.example.cn", "trs") for n in range(4)] + [well("t9.example.cn", "trs")]
    assert named(decide([], [*trs, *OTHERS], now=NOW)) == [("family", "trs")]
    # Sites of no common platform have nothing that fails together.
    plain = [bad(f"t{n}.example.cn") for n in range(4)]
    assert {kind for kind, _ in named(decide([], [*plain, *OTHERS], now=NOW))} == {"host"}


def test_a_provinces_hosts_are_one_incident() -> None:
    zj = [bad(f"h{n}.zj.gov.cn") for n in range(3)]
    assert named(decide([], [*zj, *OTHERS], now=NOW)) == [("domain", "zj.gov.cn")]


def test_our_own_network_is_one_incident() -> None:
    seen = [bad(f"h{n}.p{n}.gov.cn") for n in range(8)] + [well("w.p1.gov.cn")]
    assert named(decide([], seen, now=NOW)) == [("all", "")]


def test_what_was_blind_for_months_is_no_part_of_a_common_window() -> None:
    trs = [bad(f"t{n}.example.cn", "trs", days_ago=40 * n) for n in range(4)]
    assert {kind for kind, _ in named(decide([], [*trs, *OTHERS], now=NOW))} == {"host"}


def test_one_column_that_drifts_is_its_hosts_trouble() -> None:
    trs = [s for n in range(4) for s in (bad(f"t{n}.example.cn", "trs"), well(f"t{n}.example.cn", "trs", "b"))]
    assert {kind for kind, _ in named(decide([], [*trs, *OTHERS], now=NOW))} == {"host"}


def test_single_hosts_become_part_of_the_platform_and_end_once() -> None:
    first = held(decide([], [bad("t0.example.cn", "trs"), *OTHERS], now=NOW))
    trs = [bad(f"t{n}.example.cn", "trs") for n in range(4)]
    both = decide(first, [*trs, *OTHERS], now=NOW)
    assert {(one.kind, one.cause) for one in both} == {("host", "merged"), ("family", None)}
    wide = held([one for one in both if one.kind == "family"])
    # Three came back: the fourth is still that incident, no new one.
    assert decide(wide, [trs[0], *[well(f"t{n}.example.cn", "trs") for n in (1, 2, 3)], *OTHERS], now=NOW) == []
    (over,) = decide(wide, [well(f"t{n}.example.cn", "trs") for n in range(4)] + OTHERS, now=NOW)
    assert (over.kind, over.cause) == ("family", "recovered")
