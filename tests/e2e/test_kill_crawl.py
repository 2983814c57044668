"""kill -9 of a real crawling process at many points, then a rerun: every row is stored once."""

from __future__ import annotations

import signal

import pytest

from tests.e2e.crawling import RULES, Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing, wait_until
from tests.e2e.test_round import day

ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 5)) for n in range(6)]


def publish(replica: ReplicaSite) -> None:
    replica.pages["/list"] = Answer(listing(ROWS))
    for path, title, date in ROWS:
        replica.pages[path] = Answer(article(title, date))


#: Where the child is killed: while the server holds the answer to this request, or once it was sent.
POINTS = [
    ("/list", "asked"), ("/list", "answered"), ("/a/0.html", "asked"), ("/a/0.html", "answered"),
    ("/a/3.html", "asked"), ("/a/5.html", "answered"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "moment"), POINTS)
def test_nothing_is_lost_and_nothing_stored_twice(home: Home, replica: ReplicaSite, path: str, moment: str) -> None:
    home.site("city", replica)
    publish(replica)
    child = home.start("crawler.cli.main", "crawl", "city")
    pid = child.pid

    def kill(asked: str) -> None:
        if asked == path:
            child.send_signal(signal.SIGKILL)

    if moment == "asked":
        replica.before = kill
    else:
        assert wait_until(lambda: (path, 200) in replica.log)
        child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    assert child.returncode in (-signal.SIGKILL, 0), (pid, child.returncode)
    replica.before = None

    status, report = home.crawl("city")
    assert status == 0, report
    stored = home.rows("select url, count(*) from releases group by url order by url")
    assert stored == [(replica.base + p, 1) for p, _, _ in ROWS]
    assert home.rows("select count(*) from revisions") == [(len(ROWS),)]
    assert home.rows("select count(*), count(distinct story_id || kind) from events") == [(len(ROWS), len(ROWS))]
    assert home.rows("select count(*) from pending") == [(0,)]
    assert home.rows("select count(*) from outbox") == [(0,)]


def test_a_term_signal_ends_in_an_orderly_way(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    replica.pages["/a/5.html"].slow = 1.0
    child = home.start("crawler.cli.main", "crawl", "city", "--json")
    assert wait_until(lambda: replica.asked["/a/5.html"] > 0)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    assert child.returncode == 1
    assert home.rows("select lease_owner from sites") == [(None,)]
    assert home.rows("select verdict from runs") == [("ok",)], "what was cut short was no failure"
    status, _ = home.crawl("city")
    assert status == 0
    assert home.rows("select count(*), count(distinct url) from releases") == [(6, 6)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_list_came_is_no_verdict_on_the_list(
    home: Home, replica: ReplicaSite, number: signal.Signals
) -> None:
    home.site("city", replica)
    publish(replica)
    replica.pages["/list"].slow = 2.0
    child = home.start("crawler.cli.main", "crawl", "city")
    assert wait_until(lambda: replica.asked["/list"] > 0)
    child.send_signal(number)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "interrupted: what was read is stored, the rest stays due" in told
    assert "no rows" not in told
    assert home.rows("select verdict from runs") == []
    assert home.rows("select verdict, last_run, lease_owner from columns join sites on site = name") == [
        (None, None, None)
    ]
    replica.pages["/list"].slow = 0
    status, report = home.crawl("--due")
    assert (status, report["columns"][0]["new"]) == (0, 6), "it stayed due"


def test_a_signal_before_a_column_s_turn_is_no_verdict_on_it(home: Home, replica: ReplicaSite) -> None:
    other = f'[[column]]\nkey = "later"\nname = "通知"\nurl = "{replica.base}/later"\nrules = {RULES}\n'
    home.site("city", replica, column=other)
    publish(replica)
    replica.pages["/list"].slow = 2.0
    child = home.start("crawler.cli.main", "crawl", "city")
    assert wait_until(lambda: replica.asked["/list"] > 0)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    assert home.rows('select "column", verdict from runs') == []
    assert home.rows("select key, verdict, last_run from columns order by key") == [
        ("later", None, None), ("zc", None, None),
    ]  # fmt: skip


def test_an_interrupted_check_judges_nothing(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    replica.pages["/list"].slow = 2.0
    for words in (("sites", "check", "city"), ("sites", "new", f"{replica.base}/list", "--json")):
        before = replica.asked["/list"]
        child = home.start("crawler.cli.main", *words)
        assert wait_until(lambda before=before: replica.asked["/list"] > before)  # type: ignore[misc]
        child.send_signal(signal.SIGINT)
        out, told = child.communicate(timeout=60)
        assert child.returncode == 130, told
        assert "Traceback" not in told
        assert "failed" not in out
