"""Sites that misbehave: each trouble has its word and its mend, nothing is lost, the others go on."""

from __future__ import annotations

import gzip

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import NAMES, day, publish

CHALLENGE = "<html><head><script>$_ts=window['$_ts'];$_ts.nsd=1;</script></head><body></body></html>"
LOGIN = "<html><head><title>统一身份认证</title></head><body><form><p>请先登录后才能查看</p></form></body></html>"


def test_every_bad_article_has_its_reason_and_its_mend(home: Home, replica: ReplicaSite) -> None:
    """One list, one good article, and every bad manner side by side."""
    home.configure("max_page_bytes = 300000", "timeout = 1")
    with ReplicaSite() as other:
        other.pages["/x.html"] = Answer(article("别处的人才政策文件通知", day(1)))
        bad: dict[str, tuple[Answer, str]] = {
            "/b/403.html": (Answer("<h1>403 Forbidden</h1>", 403), "blocked"),
            "/b/412.html": (Answer("", 412), "blocked|empty"),
            "/b/challenge.html": (Answer(CHALLENGE), "challenge"),
            "/b/login.html": (Answer(LOGIN), "login"),
            "/b/empty.html": (Answer(""), "empty"),
            "/b/huge.html": (Answer(b"<p>" + "人才".encode() * 100_000), "too_large"),
            "/b/bomb.html": (
                Answer(gzip.compress(b"<p>" + b"a" * 5_000_000), headers={"Content-Encoding": "gzip"}), "too_large"
            ),
            "/b/binary.html": (Answer(b"%PDF-1.7\n" + bytes(range(256)), kind="application/pdf"), "binary"),
            "/b/gone.html": (Answer("<h1>404 Not Found</h1>", 404), "removed|error"),
            "/b/moved.html": (
                Answer("", 302, headers={"Location": f"http://localhost:{other.port}/x.html"}), "moved"
            ),
            "/b/private.html": (
                Answer("", 302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
                "forbidden_address",
            ),
            "/b/circle.html": (Answer("", 302, headers={"Location": "/b/circle.html"}), "moved"),
        }  # fmt: skip
        home.site("city", replica)
        good = ("/a/1.html", "关于引进高层次人才的若干措施", 1)
        waiting = {"/b/500.html": Answer("oops", 500), "/b/slow.html": Answer(article("慢", day(1)), slow=4)}
        paths = [good[0], *bad, *waiting]
        rows = [(path, f"人才政策文件之{path[3:-5]}的通知", day(2)) for path in paths]
        # Broken rows: a script, a duplicate, an address that is none, and another publisher.
        for href in ("javascript:void(0)", good[0], "http://[::1", "http://elsewhere.example.com/a.html"):
            rows.append((href, f"人才政策文件第{len(rows)}行的通知", day(2)))
        replica.pages["/list"] = Answer(listing(rows))
        replica.pages[good[0]] = Answer(article(good[1], day(1)))
        for path, (answer, _) in bad.items():
            replica.pages[path] = answer
        replica.pages.update(waiting)
        status, report = home.crawl()
    assert other.asked == {}
    held = {url.removeprefix(replica.base): (reason, mend) for url, reason, mend in
            home.rows("select url, reason, mend from quarantine")}  # fmt: skip
    wrong = {
        path: held.get(path) for path, (_, want) in bad.items() if held.get(path, ("",))[0] not in want.split("|")
    }
    assert not wrong
    assert all(mend for _, mend in held.values())
    assert held["http://elsewhere.example.com/a.html"][0] == "moved"
    pending = {u.removeprefix(replica.base): e for u, e in home.rows("select url, last_error from pending")}
    assert pending.keys() == waiting.keys()
    assert pending["/b/500.html"].startswith("error: HTTP 500")
    assert pending["/b/slow.html"].startswith("timeout")
    assert home.rows("select url from releases") == [(replica.base + good[0],)]
    # Most of its pages could not be had: the column says so.
    assert status == 1
    assert report["columns"][0]["verdict"] not in ("ok", "unchanged")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer("<h1>403 Forbidden</h1>", 403), "blocked"),
        (Answer(CHALLENGE, 412), "blocked"),
        (Answer(LOGIN), "login"),
        (Answer("boom", 500), "failed"),
        (Answer("", 302, headers={"Location": "http://www.example.com/"}), "moved"),
        (Answer("<html><body><ul id='other'><li><a href='/x'>首页</a></li></ul></body></html>"), "drift"),
        (Answer(listing([])), "drift|failed"),
        (Answer("<h1>404 Not Found</h1>", 404), "dead|failed"),
    ],
)
def test_a_bad_list_is_the_columns_verdict_and_other_sites_go_on(
    home: Home, replica: ReplicaSite, answer: Answer, verdict: str
) -> None:
    home.site("bad", replica)
    with ReplicaSite() as healthy:
        home.site("good", healthy)
        publish(healthy, *NAMES)
        replica.pages["/list"] = answer
        status, report = home.crawl()
    found = {c["site"]: (c["verdict"], c["new"], c["reasons"]) for c in report["columns"]}
    assert status == 1
    assert found["good"][:2] == ("ok", 3)
    assert found["bad"][0] in verdict.split("|"), found
    assert found["bad"][2]
    assert home.rows("select last_ok from columns where site = 'bad'") == [(None,)]
    assert home.rows("select etag from visits where kind = 'listing' and site = 'bad'") in ([], [(None,)])


def test_a_list_of_navigation_is_suspicious(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column="expect = { detail_pattern = '/a/\\d+\\.html', newest_days = 30 }")
    links = [(f"/menu/{n}", f"导航栏目第{n}项的名称文字", day(1)) for n in range(8)]
    replica.pages["/list"] = Answer(listing(links))
    _, report = home.crawl()
    assert report["columns"][0]["verdict"] == "suspicious"
    assert "8 of 8 rows don't match" in report["columns"][0]["reasons"][0]
    assert home.rows("select count(*) from pending") == [(0,)]


def test_wrong_charset_and_broken_markup_are_read(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    broken = article(NAMES[0][1], day(1)).replace("</h1>", "").replace("</div></body></html>", "")
    replica.pages["/a/1.html"] = Answer(broken)
    gbk = article(NAMES[1][1], day(3)).replace('charset="utf-8"', 'charset="utf-8"')
    replica.pages["/a/2.html"] = Answer(gbk.encode("gb18030"), kind="text/html; charset=utf-8")
    status, _ = home.crawl()
    assert status == 0
    titles = {t for (t,) in home.rows("select title from releases")}
    assert NAMES[1][1] in titles
    assert len(titles) == 3


def test_loopback_only_for_sites_that_say_so(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    path = home.folder / "sites" / "city.toml"
    path.write_text(path.read_text().replace("loopback = true", "").replace("127.0.0.1", "localhost"))
    publish(replica, *NAMES)
    status, report = home.crawl()
    assert status == 1
    assert "forbidden_address" in report["columns"][0]["reasons"][0]
    assert replica.asked == {}


def test_a_site_that_is_being_crawled_is_left_alone(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    seen: list[int] = []

    def second(path: str) -> None:
        if path == "/a/1.html" and not seen:
            seen.append(1)
            status, report = home.crawl()
            seen.append(status)
            assert "another process" in report["troubles"]["city"]

    replica.before = second
    status, report = home.crawl()
    assert (status, seen) == (0, [1, 1])
    assert report["columns"][0]["new"] == 3
    assert replica.asked["/a/1.html"] == 1


def test_an_index_out_of_reach_is_a_warning(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    (home.folder / "var" / "index.db").mkdir(parents=True)
    status, report = home.crawl()
    assert report["columns"][0]["new"] == 3, report
    assert report["warning"]
    assert status == 0
