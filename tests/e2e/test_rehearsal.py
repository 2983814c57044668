"""Acceptance rehearsed: recorded lists and pages of real sites under their own host names, through a proxy.

`sites new URL`, `sites check NAME` and `crawl NAME` as an operator types them; nothing of a page is known
beforehand. Counted: rows found, wrong and missing, releases read right, verdicts that are false.
"""

from __future__ import annotations

import csv
import json
import pathlib
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.monitor import HEALTHY
from crawler.urls import canonical
from tests.e2e.crawling import Home
from tests.e2e.replay_proxy import Recorded, ReplayProxy
from tests.e2e.replica_site import listing
from tests.e2e.test_replay_proxy import through

#: Releases of one host that are crawled from a list of ours: each is one request.
MOST = 25
_SAME = re.compile(r"\W+")


def data(shared: pathlib.Path) -> pathlib.Path:
    folder = shared / "data" / "pages"
    if not (folder / "lists.jsonl").is_file():
        pytest.skip("the folder ../shared/data/pages is not beside the project")
    return folder


def lines(path: pathlib.Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def add(home: Home, url: str) -> dict[str, Any]:
    """`sites new`; the written file is then told to ask without a delay, as nobody is there to be spared."""
    done = home.run("sites", "new", url, "--yes", "--json")
    assert done.returncode == 0, (url, done.stderr)
    said: dict[str, Any] = json.loads(done.stdout)
    path = pathlib.Path(next(one for one in said["written"] if one.endswith(".toml")))
    path.write_text(path.read_text("utf-8").replace("family =", "delay = 0\nfamily =", 1), encoding="utf-8")
    return said


def look(folder: pathlib.Path, proxy: ReplayProxy, url: str) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """What `sites new`, `sites check` and two crawls say of one address."""
    home = Home(folder)
    through(home, proxy)
    said = add(home, url)
    done = home.run("sites", "check", said["name"], "--json")
    checked = json.loads(done.stdout)
    runs = [home.crawl(said["name"])[1]["columns"] for _ in range(2)]
    return said, checked, runs


@pytest.mark.shared
def test_recorded_lists_are_found_read_and_called_healthy(tmp_path: pathlib.Path, shared: pathlib.Path) -> None:
    """Their articles are not recorded: that is said, and makes no list ill."""
    folder = data(shared)
    truth = lines(folder / "lists.jsonl")
    pages = {one["url"]: Recorded((folder / one["path"]).read_bytes(), "text/html") for one in truth}
    with ReplayProxy(pages) as proxy, ThreadPoolExecutor(3) as threads:
        looks = threads.map(lambda n: look(tmp_path / str(n), proxy, truth[n]["url"]), range(len(truth)))
        for one, (said, checked, runs) in zip(truth, looks, strict=True):
            want = {canonical(row["url"]): (row["title"], row["date"]) for row in one["rows"]}
            for rows in (said["rows"], checked["columns"][0]["rows"]):
                assert {row["url"]: (row["title"], row["date"]) for row in rows} == want, one["url"]
            assert checked["verdict"] in HEALTHY, checked["reasons"]
            assert any("not there" in reason for reason in checked["reasons"])
            assert [run[0]["verdict"] in HEALTHY for run in runs] == [True, True], runs
            assert runs[0][0]["rows"] == len(want)


@pytest.mark.shared
def test_recorded_answers_of_searches_are_lists_whose_hosts_join(
    tmp_path: pathlib.Path, shared: pathlib.Path
) -> None:
    files = sorted((data(shared) / "api_listing").glob("*.json"))
    assert len(files) >= 6
    urls = [f"https://search{n}.example.gov.cn/list?p=1" for n in range(len(files))]
    pages = {url: Recorded(file.read_bytes(), "application/json") for url, file in zip(urls, files, strict=True)}
    with ReplayProxy(pages) as proxy, ThreadPoolExecutor(len(urls)) as threads:
        looks = list(threads.map(lambda n: look(tmp_path / str(n), proxy, urls[n]), range(len(urls))))
    for url, (said, checked, runs) in zip(urls, looks, strict=True):
        assert said["family"] == "json"
        rows = checked["columns"][0]["rows"]
        assert len(rows) >= 10, url
        assert [row["url"] for row in said["rows"]] == [row["url"] for row in rows]
        assert all(row["date"] for row in rows)
        assert checked["columns"][0]["total_stated"] >= len(rows)
        # They were recorded years ago: quiet, and said so, but nothing is wrong with them.
        assert checked["verdict"] == "quiet", checked["reasons"]
        assert [run[0]["verdict"] for run in runs] == ["quiet", "quiet"], runs


@pytest.mark.shared
def test_a_recorded_challenge_is_no_list_and_blocks_one_that_was(
    tmp_path: pathlib.Path, shared: pathlib.Path
) -> None:
    folder = data(shared)
    wall = Recorded((folder / "html/block/sbj.cnipa.gov.cn_ruishu-challenge.html").read_bytes(), "text/html", 202)
    (one, *_) = lines(folder / "lists.jsonl")
    url = one["url"]
    with ReplayProxy({"https://sbj.cnipa.gov.cn/sbj/tzgg/": wall}) as proxy:
        home = Home(tmp_path)
        through(home, proxy)
        done = home.run("sites", "new", "https://sbj.cnipa.gov.cn/sbj/tzgg/", "--yes")
        assert done.returncode == 2
        assert "challenge" in done.stderr
        proxy.record(url, Recorded((folder / one["path"]).read_bytes(), "text/html"))
        said = add(home, url)
        for page, verdict in (
            (wall, "blocked"),
            (Recorded(b"<html><body><h1>403 Forbidden</h1></body></html>", "text/html", 403), "blocked"),
            (Recorded(b"", "text/html", 302, (("Location", "https://www.example.com/"),)), "moved"),
            (Recorded(b"<h1>502 Bad Gateway</h1>", "text/html", 502), "failed"),
            (Recorded("<html><body><p>请先登录后才能查看</p></body></html>".encode(), "text/html"), "login"),
        ):
            proxy.record(url, page)
            checked = json.loads(home.run("sites", "check", said["name"], "--json").stdout)
            assert (checked["verdict"], home.crawl(said["name"])[1]["columns"][0]["verdict"]) == (verdict, verdict)


@pytest.mark.shared
def test_recorded_articles_are_read_right_through_a_list(tmp_path: pathlib.Path, shared: pathlib.Path) -> None:
    """The list is ours, the pages behind it are real: their titles and days as their publishers tag them."""
    folder = data(shared)
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        real = {
            r["path"]
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if r["kind"] == "article"
        }
    hosts: dict[str, dict[str, dict[str, Any]]] = {}
    for one in lines(folder / "truth.jsonl"):
        host = urlsplit(one.get("url") or "").hostname or ""
        if host.endswith(".gov.cn") and one["path"] in real and one.get("title") and one.get("date"):
            hosts.setdefault(host, {}).setdefault(canonical(one["url"]) or "", one)
    hosts = {host: pages for host, pages in hosts.items() if len(pages) >= 3}
    assert len(hosts) >= 3
    pages = {}
    for host, held in hosts.items():
        held = dict(list(held.items())[:MOST])
        rows = [(url, one["title"], one["date"][:10]) for url, one in held.items()]
        pages[f"https://{host}/zwgk/list/"] = Recorded(listing(rows).encode(), "text/html; charset=utf-8")
        pages |= {url: Recorded((folder / one["path"]).read_bytes(), "text/html") for url, one in held.items()}
    right = asked = 0
    wrong: list[str] = []
    with ReplayProxy(pages) as proxy, ThreadPoolExecutor(3) as threads:
        names = list(hosts)
        looks = list(
            threads.map(
                lambda n: look(tmp_path / str(n), proxy, f"https://{names[n]}/zwgk/list/"), range(len(names))
            )
        )
        for n, (_, checked, runs) in enumerate(looks):
            assert checked["verdict"] in HEALTHY, checked["reasons"]
            assert [run[0]["verdict"] in HEALTHY for run in runs] == [True, True], runs
            found = {
                url: (title, published)
                for url, title, published in Home(tmp_path / str(n)).rows(
                    "select url, title, published from releases"
                )
            }
            for url, one in list(hosts[names[n]].items())[:MOST]:
                asked += 1
                title, published = found.get(url, ("", ""))
                good = _SAME.sub("", title or "") == _SAME.sub("", one["title"])
                good = good and (published or "")[:10] == one["date"][:10]
                right += good
                wrong += [] if good else [f"{url}: {title!r} {published} for {one['title']!r} {one['date']}"]
    assert right >= 0.95 * asked, f"{right} of {asked}: " + "\n".join(wrong)
