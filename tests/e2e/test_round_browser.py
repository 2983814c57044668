"""A site whose list is made by a script, in the real Chromium. All pages are synthetic."""

from __future__ import annotations

import json
import os
import pathlib
import signal

import pytest

from crawler.fetch import browser
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, wait_until
from tests.e2e.test_round import NAMES, day, publish

SCRIPT = """
<!doctype html><html><head><meta charset="utf-8"><title>人才政策</title></head><body><ul id="list"></ul>
<img src="/logo.png"><script src="/list.js"></script></body></html>"""
LIST_JS = """
fetch('/rows.json').then(r => r.json()).then(rows => {
  for (const [href, title, day] of rows)
    document.getElementById('list').insertAdjacentHTML('beforeend',
      `<li><a href="${href}" title="${title}">${title}</a><span>${day}</span></li>`);
});
for (const url of %s) fetch(url).catch(() => 0);
"""


@pytest.fixture
def chromium() -> None:
    words = browser.missing()
    if words and os.environ.get("REAL") == "required":
        pytest.fail(words)
    if words:
        pytest.skip(words)


def write(replica: ReplicaSite, count: int, *, also: list[str] | None = None) -> None:
    publish(replica, *NAMES)
    replica.pages["/list"] = Answer(SCRIPT)
    replica.pages["/list.js"] = Answer(LIST_JS % json.dumps(also or []), kind="text/javascript")
    rows = [(path, title, day(ago)) for path, title, ago in NAMES[:count]]
    replica.pages["/rows.json"] = Answer(json.dumps(rows), kind="application/json")


def browsers() -> list[int]:
    """Every running browser of a crawl, whoever started it."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if b"--talentwatch=" in words:
            found.append(int(path.parent.name))
    return found


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
def test_a_list_made_by_a_script_is_read_inside_of_the_fence(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, extra="browser = true")
    replica.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /secret", kind="text/plain")
    with ReplicaSite() as other:
        foreign = f"http://localhost:{other.port}/steal"
        write(replica, 2, also=[foreign, "/secret", "http://169.254.169.254/latest"])
        status, report = home.crawl()
        assert (status, report["columns"][0]["new"]) == (0, 2), report
        assert other.asked == {}
    assert replica.asked["/secret"] == 0
    assert replica.asked["/logo.png"] == 0
    assert {agent.split("/")[0] for agent in replica.agents} == {"TalentWatch"}
    # The empty shell is as it was; what its script fetches isn't.
    write(replica, 3)
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 1)
    assert browsers() == []


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
def test_a_page_that_hangs_does_not_hold_the_round(
    home: Home, replica: ReplicaSite, tmp_path: pathlib.Path
) -> None:
    home.site("hangs", replica, extra="browser = true")
    write(replica, 1)
    replica.pages["/list.js"] = Answer("for (;;) {}", kind="text/javascript")
    code = (
        "from crawler.fetch import browser; browser.PAGE_SECONDS = 3.0\n"
        "from crawler.cli.main import main; import sys; sys.argv[0] = 'talentwatch'; main()"
    )
    with ReplicaSite() as healthy:
        home.site("good", healthy)
        publish(healthy, *NAMES)
        child = home.start_code(code, "crawl", "--all", "--json")
        out, err = child.communicate(timeout=100)
    columns = {c["site"]: c for c in json.loads(out)["columns"]}
    assert columns["good"]["new"] == 3, err
    assert columns["hangs"]["verdict"] == "failed"
    assert "did not come to rest" in columns["hangs"]["reasons"][0]
    assert browsers() == []


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_browser_ends_with_the_crawl(home: Home, replica: ReplicaSite, how: signal.Signals) -> None:
    home.site("city", replica, extra="browser = true")
    write(replica, 1)
    replica.pages["/rows.json"].slow = 3
    child = home.start("crawler.cli.main", "crawl", "city")
    assert wait_until(lambda: replica.asked["/rows.json"] > 0, 60)
    assert browsers()
    child.send_signal(how)
    child.communicate(timeout=60)
    assert wait_until(lambda: not browsers(), 20), browsers()


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
def test_a_crashed_browser_is_begun_anew(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, extra="browser = true")
    write(replica, 2)

    def crash(path: str) -> None:
        if path == NAMES[0][0]:
            replica.before = None
            for pid in browsers():
                os.kill(pid, signal.SIGKILL)

    replica.before = crash
    home.crawl()
    # One page may have been hit; what was hit waits for its next turn, nothing is lost.
    [(stored,)], [(waiting,)] = (
        home.rows("select count(*) from releases"),
        home.rows("select count(*) from pending"),
    )
    assert stored >= 1
    assert stored + waiting == 2
    assert browsers() == []


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
def test_more_sites_than_browsers(home: Home, replica: ReplicaSite) -> None:
    """Who has a browser gives way: nobody's page is said to hang because others had their turn."""
    code = (
        "from crawler.fetch import browser; browser.MOST_BROWSERS = 1\n"
        "from crawler.cli.main import main; import sys; sys.argv[0] = 'talentwatch'; main()"
    )
    with ReplicaSite() as other:
        for name, site in (("one", replica), ("two", other)):
            home.site(name, site, extra="browser = true")
            write(site, 2)
        child = home.start_code(code, "crawl", "--all", "--json")
        out, err = child.communicate(timeout=100)
    assert child.returncode == 0, err
    assert [c["verdict"] for c in json.loads(out)["columns"]] == ["ok", "ok"]
    assert browsers() == []


def test_without_a_browser_that_site_says_so_and_the_others_go_on(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, extra="browser = true")
    write(replica, 1)
    code = (
        "from crawler.fetch import browser; browser.NAMES = ('no-such-browser',)\n"
        "from crawler.cli.main import main; import sys; sys.argv[0] = 'talentwatch'; main()"
    )
    with ReplicaSite() as healthy:
        home.site("good", healthy)
        publish(healthy, *NAMES)
        child = home.start_code(code, "crawl", "--all", "--json")
        out, err = child.communicate(timeout=100)
    columns = {c["site"]: c for c in json.loads(out)["columns"]}
    assert columns["good"]["new"] == 3, err
    assert columns["city"]["verdict"] == "failed"
    assert "apt-get install chromium" in columns["city"]["reasons"][0]
    assert replica.asked["/list"] == 0
