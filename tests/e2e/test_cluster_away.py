"""A crawl whose Elasticsearch is killed in its middle and comes back later. All pages are synthetic."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from tests.conftest import REAL_REQUIRED
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite
from tests.e2e.test_round import article, day, listing
from tests.real.elastic import Elastic, Missing

ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 5)) for n in range(8)]


@pytest.mark.real
@pytest.mark.timeout(600)
def test_killed_in_the_middle_of_a_crawl_and_back_later(
    home: Home, replica: ReplicaSite, tmp_path: pathlib.Path
) -> None:
    server = Elastic("es9", fetch=REAL_REQUIRED)
    try:
        server.start()
    except Missing as missing:
        server.remove()
        pytest.skip(str(missing))
    try:
        home.configure("[elasticsearch]", f'url = "{server.url}"')
        home.site("city", replica)
        for path, title, date in ROWS:
            replica.pages[path] = Answer(article(title, date))
        replica.pages["/list"] = Answer(listing(ROWS[:3]))
        assert home.crawl()[0] == 0
        assert status(home)["documents"] == 3

        def kill(path: str) -> None:
            if path == ROWS[5][0]:
                replica.before = None
                server.stop(immediately=True)

        replica.before = kill
        replica.pages["/list"] = Answer(listing(ROWS))
        done = home.run("crawl", "--all")
        assert replica.before is None, "the server was killed while the crawl ran"
        # The crawl doesn't wait for the cluster, and doesn't fail for it; it says so.
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert "the index is behind: Elasticsearch is out of reach" in done.stderr
        assert "Start it, or check elasticsearch.url" in done.stderr
        assert home.rows("select count(*) from releases") == [(8,)]
        behind = status(home, expect=1)
        assert (behind["usable"], behind["lag"], behind["refused"]) == (False, 5, 0)
        assert behind["oldest"]
        assert "✗ index: Elasticsearch is out of reach" in home.run("doctor").stdout
        server.start()
        assert status(home)["lag"] == 5
        assert home.run("index", "sync").stdout == "5 sent, 0 still queued\n"
        equal = status(home, "--verify")
        assert (equal["lag"], equal["documents"], equal["verify"]["agrees"]) == (0, 8, True)
        found = json.loads(home.run("search", "人才", "--json").stdout)
        assert found["total"] == 8
    finally:
        server.remove()


def status(home: Home, *more: str, expect: int = 0) -> dict[str, Any]:
    done = home.run("index", "status", "--json", *more)
    assert done.returncode == expect, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
