"""What a site asks of its guests, and what an operator is told of its lists. All pages are synthetic."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler import clock
from crawler.fetch.backoff import ENOUGH
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import NAMES, day, publish
from tests.e2e.test_round_bad_manners import CHALLENGE, LOGIN

LISTS = "select reason, kind, title, mend, resolved_at is null from quarantine where kind = 'listing'"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("<h1>403 Forbidden</h1>", 403), "blocked"),
        (Answer(CHALLENGE, 412), "challenge"),
        (Answer(LOGIN), "login"),
        (Answer("", 302, headers={"Location": "http://www.example.com/"}), "moved"),
    ],
)
def test_a_list_that_is_none_waits_in_quarantine_until_it_is_one_again(
    home: Home, replica: ReplicaSite, answer: Answer, reason: str
) -> None:
    home.site("city", replica)
    replica.pages["/list"] = answer
    home.crawl()
    held = home.rows(LISTS)
    assert [(row[0], row[2], row[4]) for row in held] == [(reason, "政策", 1)]
    assert held[0][3]
    publish(replica, *NAMES)
    status, _ = home.crawl()
    assert status == 0
    assert [row[4] for row in home.rows(LISTS)] == [0]


def test_what_was_not_taken_is_kept_with_the_rule(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column="expect = { detail_pattern = '/a/\\d+\\.html' }")
    publish(replica, *NAMES)
    rows = [(path, title, day(ago)) for path, title, ago in NAMES]
    odd = [("/menu/1.html", "市人社局办事指南与网上办理", day(1)),
           ("http://www.example.com/a/9.html", "上级机关关于人才工作的通知", day(2))]  # fmt: skip
    replica.pages["/list"] = Answer(listing(rows + odd))
    status, report = home.crawl()
    assert status == 0
    column = report["columns"][0]
    assert column["dropped_rows"] == 2
    assert [(d["title"], d["rule"]) for d in column["dropped"]] == [
        (odd[0][1], "detail_pattern /a/\\d+\\.html"),
        (odd[1][1], "host www.example.com is not among the site's hosts"),
    ]  # fmt: skip
    checked = home.run("sites", "check", "city")
    assert odd[0][1] in checked.stdout
    assert "2 rows not taken" in checked.stdout


def test_a_list_shorter_than_it_states_has_a_baseline(home: Home, replica: ReplicaSite) -> None:
    rules = '{ items = ["data"], total = ["total"], title = "t", link = "u", date = "d" }'
    home.site("city", replica, column='family = "json"\nmax_pages = 3', rules=rules)
    publish(replica, *NAMES)
    rows = ",".join(f'{{"t": "{title}", "u": "{path}", "d": "{day(ago)}"}}' for path, title, ago in NAMES)
    replica.pages["/list"] = Answer(f'{{"total": 40, "data": [{rows}]}}', kind="application/json")
    status, report = home.crawl()
    assert (status, report["columns"][0]["verdict"]) == (1, "suspicious")
    assert home.rows("select baseline_at is not null, last_ok from columns") == [(1, None)]


@pytest.mark.parametrize("trouble", ["5xx", "429", "silence"])
def test_robots_out_of_reach_is_a_no_for_this_round(home: Home, replica: ReplicaSite, trouble: str) -> None:
    home.configure("timeout = 0.5")
    home.site("city", replica)
    publish(replica, *NAMES)
    answers = {"5xx": Answer("oops", 503), "429": Answer("oops", 429), "silence": Answer("", slow=30)}
    replica.pages["/robots.txt"] = answers[trouble]
    status, report = home.crawl()
    assert status == 1
    assert report["columns"][0]["verdict"] == "blocked"
    assert "robots.txt of 127.0.0.1" in report["columns"][0]["reasons"][0]
    assert set(replica.asked) == {"/robots.txt"}
    assert "tried again by itself" in home.run("crawl", "city").stderr
    # An error page isn't a set of rules.
    home.configure()
    replica.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /", 404)
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 3)


@pytest.mark.parametrize("status", [503, 429])
def test_while_robots_is_out_of_reach_its_last_copy_counts_for_a_day(
    home: Home, replica: ReplicaSite, status: int
) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    replica.pages["/robots.txt"] = Answer(f"User-agent: *\nDisallow: {NAMES[2][0]}\n", kind="text/plain")
    assert home.crawl()[0] == 0
    publish(replica, *NAMES, ("/a/9", "关于青年人才驿站的通知", 1))
    replica.pages["/robots.txt"] = Answer("oops", status)
    replica.asked.clear()
    done, report = home.crawl()
    assert (done, report["columns"][0]["new"]) == (0, 1), report
    assert NAMES[2][0] not in replica.asked
    # The copy is a day old at most.
    (copy,) = (home.folder / "var" / "robots").iterdir()
    head, _, rules = copy.read_bytes().partition(b"\n")
    copy.write_bytes(head.split(b" ")[0] + b" 2026-01-01T00:00:00+08:00\n" + rules)
    _, report = home.crawl()
    assert report["columns"][0]["verdict"] == "blocked"


def test_retry_after_is_respected(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column="every_minutes = 10")
    publish(replica, *NAMES)
    for path, _, _ in NAMES:
        replica.pages[path] = Answer("busy", 429, headers={"Retry-After": "7200"})
    home.crawl()
    # Nothing more is asked of that host in this round, and what wasn't asked stays due.
    assert sum(replica.asked[path] for path, _, _ in NAMES) == 1
    assert home.rows("select attempts from pending order by attempts") == [(0,), (0,), (1,)]
    [(due, tried)] = home.rows("select due_at, (select max(attempts) from pending) from columns")
    wait = clock.parse(due) - clock.now()
    assert dt.timedelta(minutes=110) < wait <= dt.timedelta(hours=2)
    assert tried == 1
    replica.forget()
    home.crawl("--due")
    assert replica.asked == {}


def test_a_front_page_leads_to_todays_edition(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)

    def front(target: str) -> Answer:
        return Answer(f'<html><head><meta http-equiv="refresh" content="0; url={target}"></head></html>')

    publish(replica, *NAMES[:1])
    replica.pages["/today"] = replica.pages["/list"]
    replica.pages["/list"] = front("/today")
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 1)
    publish(replica, *NAMES)
    replica.pages["/today"] = replica.pages["/list"]
    replica.pages["/list"] = front("/today")
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 2)
    replica.pages["/list"] = front("http://169.254.169.254/latest")
    status, report = home.crawl()
    assert status == 1
    assert "169.254.169.254" in report["columns"][0]["reasons"][0]


KEYED = """family = "json"
method = "POST"
body = "page={n}"
detail_method = "POST"
detail_body = "id={part}&show=1"
"""
KEYED_RULES = '{ items = ["rows"], title = "t", date = "d", part = "k", link_template = "/open" }'


def test_items_that_share_one_address_are_opened_by_their_key(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column=KEYED, rules=KEYED_RULES)
    keys = ["7", "8&x=1", "人才"]
    sent = ["7", "8%26x%3D1", "%E4%BA%BA%E6%89%8D"]
    titles = [title for _, title, _ in NAMES]

    def fill(count: int) -> None:
        rows = ",".join(
            f'{{"t": "{t}", "d": "{day(1)}", "k": "{k}"}}' for t, k in list(zip(titles, keys, strict=True))[:count]
        )
        replica.pages["/list page=1"] = Answer(f'{{"rows": [{rows}]}}', kind="application/json")

    for title, key in zip(titles, sent, strict=True):
        replica.pages[f"/open id={key}&show=1"] = Answer(article(title, day(1)))
    fill(2)
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 2)
    fill(3)
    replica.pages[f"/open id={sent[0]}&show=1"] = Answer(article(titles[0], day(1)).replace("10万元", "30万元"))
    replica.forget()
    status, report = home.crawl()
    column = report["columns"][0]
    assert (status, column["new"], column["changed"], column["unchanged"]) == (0, 1, 1, 1)
    assert home.rows("select url, part from releases order by part") == [
        (f"{replica.base}/open", key) for key in sorted(keys)
    ]
    assert replica.asked["/open"] == 0
    assert home.run("sites", "check", "city").returncode == 0


def test_a_host_that_keeps_failing_is_left_alone_and_nothing_is_lost(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    rows = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 3)) for n in range(15)]
    replica.pages["/list"] = Answer(listing(rows))
    for path, _, _ in rows:
        replica.pages[path] = Answer("", 503)
    home.crawl()
    asked = sum(count for path, count in replica.asked.items() if path.startswith("/a/"))
    assert ENOUGH <= asked <= ENOUGH + 1, "no more is asked of a host in trouble; one was on its way"
    assert home.rows("select count(*) from pending") == [(15,)]
    assert home.rows("select due_at from columns")[0][0] > clock.iso(clock.now() + dt.timedelta(minutes=5))
    for path, title, date in rows:
        replica.pages[path] = Answer(article(title, date))
    home.back_off_passes()
    home.crawl()
    assert home.rows("select count(*) from releases") == [(15,)]
    assert home.rows("select count(*) from pending") == [(0,)]


def test_a_host_that_asks_for_patience_is_asked_by_no_other_site(home: Home, replica: ReplicaSite) -> None:
    """Two sites of one host, in one round and in another process's next: one answer is enough for all."""
    publish(replica, *NAMES)
    for name in ("first", "second"):
        home.site(name, replica, column="every_minutes = 10")
    replica.pages["/list"] = Answer("busy", 503, headers={"Retry-After": "3600"})
    home.crawl()
    assert replica.asked["/list"] == 1
    replica.forget()
    # In another process none of its columns is looked at, and nothing is said of them that nobody has seen.
    runs = home.rows("select count(*) from runs")
    status, report = home.crawl("--due")
    assert (status, report["columns"], dict(replica.asked)) == (0, [], {})
    assert home.rows("select count(*) from runs") == runs
    # Named by hand it is told why.
    _, report = home.crawl("second")
    assert "asks for patience" in str(report["columns"][0]["reasons"])
    assert replica.asked["/list"] == 0


def test_what_was_not_asked_for_is_not_judged(home: Home, replica: ReplicaSite) -> None:
    """In the round in which one site is told, the other of that host says nothing of its own list."""
    for name in ("first", "second"):
        home.site(name, replica, column="every_minutes = 10")
    replica.pages["/list"] = Answer("busy", 503, headers={"Retry-After": "3600"})
    _, report = home.crawl("--due")
    assert [(run["site"], run["verdict"]) for run in report["columns"]] == [("first", "failed")], report
    assert not report["problems"]
    assert "second" not in str(report)
    assert replica.asked["/list"] == 1
    assert home.rows("select site from runs") == [("first",)]
    assert home.rows("select verdict, last_run from columns where site = 'second'") == [(None, None)]
