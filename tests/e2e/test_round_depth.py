"""How deep a round reads: after a failed page, with ``--since``, for a backfill. All synthetic."""

from __future__ import annotations

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day

BASELINE = 7


def rows(*numbers: int) -> list[tuple[str, str, str]]:
    """Rows that are as many days old as their number says."""
    return [(f"/a/{n}.html", f"关于第{n}批高层次人才项目的通知", day(n)) for n in numbers]


def publish(replica: ReplicaSite, *pages: list[tuple[str, str, str]]) -> None:
    for number, page in enumerate(pages, 1):
        more = f'<div class="page"><a href="/list_{number + 1}">下一页</a></div>' if number < len(pages) else ""
        replica.pages["/list" if number == 1 else f"/list_{number}"] = Answer(listing(page, more))
        for path, title, date in page:
            replica.pages[path] = Answer(article(title, date))


def stored(home: Home) -> set[int]:
    return {int(url.rpartition("/")[2][:-5]) for (url,) in home.rows("select url from releases")}


def told(home: Home) -> set[int]:
    sql = "select r.url from events e join releases r using (release_id) where e.kind = 'new' and e.silent = 0"
    return {int(url.rpartition("/")[2][:-5]) for (url,) in home.rows(sql)}


def test_a_further_page_that_failed_is_read_though_the_first_shows_nothing_new(
    home: Home, replica: ReplicaSite
) -> None:
    home.site("city", replica, column="max_pages = 3")
    publish(replica, rows(5, 6), rows(20, 21), rows(30, 31))
    assert home.crawl()[0] == 0
    # Four new ones at once; the page with the older two fails in this round.
    publish(replica, rows(1, 2), rows(3, 4), rows(5, 6))
    replica.pages["/list_2"].status = 500
    status, report = home.crawl()
    assert (status, report["columns"][0]["verdict"]) == (1, "failed")
    assert {1, 2} <= stored(home)
    replica.pages["/list_2"].status = 200
    status, _ = home.crawl()
    assert status == 0
    assert {1, 2, 3, 4} <= stored(home)
    replica.forget()
    assert home.crawl()[1]["columns"][0]["verdict"] == "unchanged"
    assert replica.asked["/list_2"] == 0


def test_a_process_killed_between_two_list_pages_loses_none(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column="max_pages = 3")
    publish(replica, rows(5, 6), rows(20, 21))
    assert home.crawl()[0] == 0
    publish(replica, rows(1, 2), rows(3, 4), rows(5, 6))
    child = home.start("crawler.cli.main", "crawl", "city")

    def kill(path: str) -> None:
        if path == "/list_2":
            child.kill()

    replica.before = kill
    child.communicate(timeout=60)
    replica.before = None
    assert stored(home) == {5, 6, 20, 21}
    assert home.crawl()[0] == 0
    assert stored(home) == {1, 2, 3, 4, 5, 6, 20, 21}


def test_what_since_left_out_is_neither_lost_nor_told(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, rows(1, 2, 100, 200))
    _, report = home.crawl("city", "--since", day(10))
    assert report["columns"][0]["verdict"] == "ok"
    assert stored(home) == {1, 2}
    assert home.rows("select baseline_at from columns") == [(None,)]
    # The list has not changed, but not all of it is known: this round is the baseline.
    assert home.crawl()[0] == 0
    assert stored(home) == {1, 2, 100, 200}
    assert told(home) == {1, 2}
    publish(replica, rows(1, 2, 90, 100, 200))
    home.crawl()
    assert told(home) == {1, 2, 90}


def test_a_backfill_reads_an_unchanged_list_to_its_end_and_tells_nothing(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, rows(1, 2), rows(50, 51), rows(60, 61))
    home.crawl()
    assert stored(home) == {1, 2}
    status, _ = home.crawl("city", "--backfill", "--max-pages", "9")
    assert status == 0
    assert stored(home) == {1, 2, 50, 51, 60, 61}
    assert told(home) == {1, 2}
