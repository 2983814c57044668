"""Whole rounds against a real server: the command line in a child process. All pages are synthetic."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from crawler import clock
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing

TODAY = clock.today()


def day(ago: int) -> str:
    return (TODAY - dt.timedelta(days=ago)).isoformat()


def publish(replica: ReplicaSite, *entries: tuple[str, str, int]) -> None:
    """Articles (path, title, days ago) and the list of them."""
    replica.pages["/list"] = Answer(listing([(path, title, day(ago)) for path, title, ago in entries]))
    for path, title, ago in entries:
        replica.pages[path] = Answer(article(title, day(ago)))


NAMES = [("/a/1.html", "关于引进高层次人才的若干措施", 1), ("/a/2.html", "关于人才公寓租房补贴的通知", 3),
         ("/a/3.html", "关于博士后工作站资助办法的通知", 30)]  # fmt: skip


def test_a_change_is_found_and_what_is_unchanged_costs_one_conditional_request(
    home: Home, replica: ReplicaSite
) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    status, first = home.crawl()
    assert status == 0, first
    assert [(c["new"], c["verdict"], c["rows"]) for c in first["columns"]] == [(3, "ok", 3)]
    assert first["indexed"] == 3
    assert all(count == 1 for count in replica.asked.values()), replica.asked
    # Young rows of the baseline are told, old ones are not.
    assert Counter(r[0] for r in home.rows("select silent from events")) == {0: 2, 1: 1}
    assert home.rows("select count(*) from pending") == [(0,)]
    assert home.rows("select baseline_at is not null, verdict from columns") == [(1, "ok")]

    replica.forget()
    status, second = home.crawl()
    assert status == 0
    assert second["columns"][0]["verdict"] == "unchanged"
    assert {path: replica.statuses(path) for path in ("/list", *(n[0] for n in NAMES))} == {
        "/list": [304], "/a/1.html": [304], "/a/2.html": [304], "/a/3.html": [304],
    }  # fmt: skip

    replica.forget()
    path, title, ago = NAMES[1]
    replica.pages[path] = Answer(article(title, day(ago)).replace("10万元", "20万元"))
    new = ("/a/4.html", "关于引进海外人才的实施意见", 400)
    replica.pages["/list"] = Answer(listing([(p, t, day(a)) for p, t, a in [new, *NAMES]]))
    replica.pages[new[0]] = Answer(article(new[1], day(new[2])))
    status, third = home.crawl()
    column = third["columns"][0]
    assert (column["new"], column["changed"], column["unchanged"]) == (1, 1, 2)
    # After the baseline everything that is new to us is told, back-dated too.
    assert home.rows("select kind, silent from events order by seq desc limit 2") in (
        [("new", 0), ("changed", 0)], [("changed", 0), ("new", 0)],
    )  # fmt: skip
    assert any("TalentWatch" in agent and "tests@example.com" in agent for agent in replica.agents)


def test_a_vanished_page_is_missing_then_withdrawn(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    home.crawl()
    del replica.pages["/a/2.html"]
    replica.pages["/list"] = Answer(listing([(p, t, day(a)) for p, t, a in NAMES if p != "/a/2.html"]))
    home.crawl()
    query = "select missing_rounds, current from releases where url like '%/a/2.html'"
    assert home.rows(query) == [(1, 1)]
    assert home.rows("select kind from events where kind = 'withdrawn'") == []
    home.crawl()
    home.crawl()
    assert home.rows(query) == [(2, 0)]
    assert home.rows("select kind from events where kind = 'withdrawn'") == [("withdrawn",)]


def test_an_unhealthy_host_makes_nothing_missing(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    home.crawl()
    for path, _, _ in NAMES:
        replica.pages[path] = Answer("<h1>404</h1>", 404)
    replica.pages["/list"] = Answer("<h1>500</h1>", 500)
    status, report = home.crawl()
    assert status == 1
    assert report["columns"][0]["verdict"] == "failed"
    assert home.rows("select max(missing_rounds) from releases") == [(0,)]


def test_pending_rows_are_retried_behind_an_unchanged_list(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    replica.pages["/a/1.html"].status = 503
    status, report = home.crawl()
    assert report["columns"][0]["new"] == 2
    assert home.rows("select attempts, last_error from pending") == [(1, "error: HTTP 503")]
    replica.pages["/a/1.html"].status = 200
    home.back_off_passes()
    status, report = home.crawl()
    assert status == 0
    assert (report["columns"][0]["verdict"], report["columns"][0]["new"]) == ("unchanged", 1)
    assert home.rows("select count(*) from pending") == [(0,)]


def test_pages_since_and_backfill(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column=f'page_url = "{replica.base}/list_{{n}}"\nmax_pages = 2')
    for number, path in enumerate(("/list", "/list_2", "/list_3"), 1):
        rows = [
            (f"/a/{number}{n}.html", f"第{number}页第{n}号人才政策文件通知", day(number * 10 + n)) for n in range(3)
        ]
        replica.pages[path] = Answer(listing(rows))
        for href, title, date in rows:
            replica.pages[href] = Answer(
                article(title, date, f"{title}：给予人才补贴{number}{ord(href[-6])}元，由人社局发放并解释。" * 3)
            )
    _, report = home.crawl("city")
    assert (report["columns"][0]["pages"], report["columns"][0]["new"]) == (2, 6), report
    _, report = home.crawl("city", "--since", day(31), "--backfill")
    assert (report["columns"][0]["pages"], report["columns"][0]["new"]) == (3, 2), report
    assert report["matched"] == 0
    assert home.rows("select count(*) from events where silent = 0") == [(0,)]


def test_robots_txt_is_obeyed(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    replica.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /a/3\nCrawl-delay: 0.1\n", kind="text/plain")
    home.crawl()
    assert replica.asked["/a/3.html"] == 0
    assert home.rows("select reason from quarantine") == [("robots",)]
    assert home.rows("select count(*) from releases") == [(2,)]


def test_due_columns_only(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    assert home.crawl("--due")[1]["columns"][0]["new"] == 3
    replica.forget()
    status, report = home.crawl("--due")
    assert (status, report["columns"], replica.asked) == (0, [], {})


def test_scrapy_crawl_is_the_same_run(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    listed = home.start("scrapy", "list").communicate(timeout=60)
    assert listed[0].split() == ["city"], listed
    child = home.start("scrapy", "crawl", "city")
    _, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    assert home.rows("select count(*) from releases") == [(3,)]
    assert home.rows("select count(*) from outbox") == [(0,)]
    assert home.rows("select verdict from runs") == [("ok",)]


def test_unknown_site_names_the_nearest(home: Home, replica: ReplicaSite) -> None:
    home.site("city_hrss", replica)
    done = home.run("crawl", "city_hrs")
    assert done.returncode == 2
    assert "Did you mean city_hrss?" in done.stderr


def test_one_broken_file_does_not_stop_the_others(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    (home.folder / "sites" / "broken.toml").write_text('titel = "x"\n', encoding="utf-8")
    status, report = home.crawl()
    assert status == 1
    assert report["columns"][0]["new"] == 3
    assert "broken.toml: unknown key titel" in report["problems"][0]["error"]
    listed = home.run("sites", "list", "--json")
    assert listed.returncode == 1
    assert "broken.toml" in listed.stderr
    assert '"verdict": "ok"' in listed.stdout


def test_check_stores_nothing(home: Home, replica: ReplicaSite) -> None:
    import json

    home.site("city", replica)
    publish(replica, *NAMES)
    done = home.run("sites", "check", "city", "--json")
    seen = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert seen["verdict"] == "ok"
    assert [row["date"] for row in seen["columns"][0]["rows"]] == [day(1), day(3), day(30)]
    assert seen["samples"][0]["title"] == NAMES[0][1]
    assert not (home.folder / "var").exists()


def test_ingest_addresses(home: Home, replica: ReplicaSite) -> None:
    import json

    home.site("city", replica)
    publish(replica, *NAMES)
    url = replica.base + "/a/1.html"
    done = home.run("ingest", "--json", url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["outcome"] == "new"
    again = home.run("ingest", "--json", url)
    assert json.loads(again.stdout)[0]["outcome"] == "unchanged"
    assert replica.statuses("/a/1.html") == [200, 304]
    assert home.rows("select silent from events") == [(1,)]
    refused = home.run("ingest", "https://elsewhere.example.com/x")
    assert refused.returncode == 2
    assert "elsewhere.example.com belongs to no site" in refused.stderr
