"""Releases that a list puts where nobody looks: a burst over several pages, late and back-dated ones. Synthetic."""

from __future__ import annotations

import datetime as dt
import json
import zlib

import sqlalchemy as sa

from crawler import clock
from tests.e2e.crawling import Home
from tests.e2e.replica_site import ReplicaSite
from tests.e2e.test_round_depth import publish, rows, stored, told


def named(on_its_day: bool) -> str:
    """A site whose column ``zc`` has its weekly look today, or on another day."""
    today = clock.today().weekday()
    return next(f"city{n}" for n in range(99) if (zlib.crc32(f"city{n}/zc".encode()) % 7 == today) == on_its_day)


def a_week_passes(home: Home, ago: int = 8) -> None:
    moment = clock.iso(clock.now() - dt.timedelta(days=ago))
    engine = sa.create_engine(f"sqlite:///{home.folder / 'var' / 'talentwatch.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("update columns set baseline_at = :at, last_ok = :at"), {"at": moment})
        connection.execute(
            sa.text("update runs set started = :at, data = json_set(data, '$.started', :at)"), {"at": moment}
        )
    engine.dispose()


def test_a_burst_is_followed_over_more_pages_than_usual(home: Home, replica: ReplicaSite) -> None:
    home.site(named(False), replica)
    publish(replica, rows(11, 12, 13), rows(20, 21))
    assert home.crawl()[0] == 0
    assert stored(home) == {11, 12, 13}
    publish(replica, rows(1, 2, 3), rows(4, 5, 6), rows(7, 11, 12), rows(13, 20, 21))
    replica.forget()
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 7), report
    assert stored(home) == {1, 2, 3, 4, 5, 6, 7, 11, 12, 13}
    # The page behind the first known row is not asked for.
    assert (replica.asked["/list_3"], replica.asked["/list_4"]) == (1, 0)
    assert told(home) == {1, 2, 3, 4, 5, 6, 7}


def test_a_list_whose_addresses_all_change_tells_no_old_releases(home: Home, replica: ReplicaSite) -> None:
    home.site(named(False), replica)
    publish(replica, rows(1, 2))
    assert home.crawl()[0] == 0
    # All rows are new to us; of further pages only those count that came since the last look.
    publish(replica, rows(3, 5), rows(6, 40), rows(50, 60))
    assert home.crawl()[0] == 0
    assert stored(home) == {1, 2, 3, 5, 6, 40, 50, 60}
    assert told(home) == {1, 2, 3, 5, 6}


def test_once_a_week_further_pages_are_looked_at(home: Home, replica: ReplicaSite) -> None:
    home.site(named(True), replica)
    publish(replica, rows(1, 2, 9), rows(10, 20, 30))
    assert home.crawl()[0] == 0
    assert stored(home) == {1, 2, 9}
    a_week_passes(home)
    replica.pages["/list"].etag = "changed"
    status, report = home.crawl()
    # What lies behind all that is known is history: kept, but told to nobody.
    assert (status, report["columns"][0]["verdict"]) == (0, "ok"), report
    assert stored(home) == {1, 2, 9, 10, 20, 30}
    assert told(home) == {1, 2}
    # A late one, put where its date belongs: the first page says that nothing has changed.
    a_week_passes(home)
    publish(replica, rows(1, 2, 9), rows(10, 15, 20, 30))
    replica.pages["/list"].etag = "changed"
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 1), report
    assert told(home) == {1, 2, 15}
    # That was today's look.
    replica.forget()
    assert home.crawl()[1]["columns"][0]["verdict"] == "unchanged"
    assert replica.asked["/list_2"] == 0


def test_what_is_kept_is_counted_against_what_the_site_counts(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, rows(1, 2, 9))
    answer = replica.pages["/list"]
    assert isinstance(answer.body, str)
    answer.body = answer.body.replace("</body>", "<div class='page'>共45条</div></body>")
    assert home.crawl()[0] == 0
    assert "3 releases kept of 45 that the site counts" in home.run("sites", "show", "city").stdout
    shown = json.loads(home.run("sites", "show", "city", "--json").stdout)
    assert shown["columns"][0]["kept"] == {"releases": 3, "stated": 45}


def test_a_weekly_look_that_finds_no_further_page_is_only_noted(home: Home, replica: ReplicaSite) -> None:
    home.site(named(True), replica)
    publish(replica, rows(1, 2), rows(10, 20))
    assert home.crawl()[0] == 0
    a_week_passes(home)
    replica.pages["/list"].etag = "changed"
    del replica.pages["/list_2"]
    status, report = home.crawl()
    column = report["columns"][0]
    assert (status, column["verdict"]) == (0, "ok"), column
    assert "page 2 of the list: HTTP 404" in column["reasons"][0]
