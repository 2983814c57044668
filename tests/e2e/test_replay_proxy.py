"""Pages under their own host names, through a real HTTP proxy: as they would be fetched live."""

from __future__ import annotations

import csv
import json
import pathlib

import pytest

from crawler.urls import canonical
from tests.e2e.crawling import Home
from tests.e2e.replay_proxy import Recorded, ReplayProxy
from tests.e2e.replica_site import article, listing
from tests.e2e.test_round import NAMES, day

#: Real pages in one test; all of them are read by the quality gate.
SAMPLE = 40


def through(home: Home, proxy: ReplayProxy, *lines: str, verify: bool = False) -> None:
    own = home.folder / "ca.pem"
    proxy.authority.cert_pem.write_to_path(str(own))
    crawl = [f"verify_certificates = {'true' if verify else 'false'}"]
    home.configure(*crawl, *lines, "[proxy]", f'url = "{proxy.url}"', f'ca_certs = "{own}"')


SITE = """
title = "某市人社局"
home = "https://rsj.example.gov.cn/"
hosts = ["rsj.example.gov.cn"]
family = "generic"
kind = "government"
delay = 0
[proof]
source = "written for the tests"
confidence = "A"
[[column]]
key = "zc"
name = "政策"
url = "https://rsj.example.gov.cn/zc/"
"""


@pytest.mark.parametrize("verify", [False, True])
def test_crawl_through_a_proxy_without_dns(home: Home, verify: bool) -> None:
    (home.folder / "sites" / "city.toml").write_text(SITE, encoding="utf-8")
    base = "https://rsj.example.gov.cn"
    pages = {base + "/zc/": Recorded(listing([(p, t, day(a)) for p, t, a in NAMES]).encode(), "text/html")}
    pages |= {base + p: Recorded(article(t, day(a)).encode(), "text/html; charset=utf-8") for p, t, a in NAMES}
    with ReplayProxy(pages) as proxy:
        through(home, proxy, verify=verify)
        status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 3), report
    tls = {t for (t,) in home.rows("select tls from evidence")}
    assert all((t or "").startswith("verified" if verify else "not verified, sha256") for t in tls), tls


def test_an_unknown_certificate_is_refused_where_that_is_asked_for(home: Home) -> None:
    (home.folder / "sites" / "city.toml").write_text(SITE, encoding="utf-8")
    with ReplayProxy({}) as proxy:
        home.configure("verify_certificates = true", "[proxy]", f'url = "{proxy.url}"')
        status, report = home.crawl()
    assert status == 1
    assert "certificate" in json.dumps(report["columns"][0]["reasons"]).lower()


def test_behind_a_proxy_the_fence_holds_without_dns(home: Home) -> None:
    with ReplayProxy({}) as proxy:
        through(home, proxy)
        for url in ("http://127.0.0.1/x", "http://localhost/x", "http://0x7f000001/x", "http://169.254.169.254/x",
                    "http://[::ffff:10.0.0.1]/x", "http://www.example.com:22/x"):  # fmt: skip
            done = home.run("ingest", "--any-host", "--json", url)
            answer = json.loads(done.stdout)[0]
            assert (answer["outcome"], answer["detail"].split(":")[0]) == ("quarantined", "forbidden_address"), url
    assert proxy.asked == []


@pytest.mark.shared
def test_real_pages_go_the_live_way(home: Home, shared: pathlib.Path) -> None:
    folder = shared / "data" / "pages"
    if not (folder / "INDEX.tsv").is_file():
        pytest.skip("the folder ../shared/data/pages is not beside the project")
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        index = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    usable = {}
    for row in index:
        path, url = folder / row["path"], canonical(row["url"])
        if row["kind"] == "article" and url and path.is_file() and path.suffix in (".html", ".htm"):
            usable.setdefault(url, path)
    step = max(1, len(usable) // SAMPLE)
    chosen = dict(list(usable.items())[::step][:SAMPLE])
    with ReplayProxy({url: Recorded(path.read_bytes(), "text/html") for url, path in chosen.items()}) as proxy:
        through(home, proxy)
        given = home.folder / "urls.txt"
        given.write_text("\n".join(chosen) + "\n", encoding="utf-8")
        done = home.run("ingest", "--any-host", "--json", "--urls", str(given))
    answers = json.loads(done.stdout)
    outcomes = {a["url"]: a["outcome"] for a in answers}
    failed = [a for a in answers if a["outcome"] == "failed"]
    assert not failed, failed[:3]
    kept = [url for url, outcome in outcomes.items() if outcome in ("new", "repost")]
    assert len(kept) >= 0.9 * len(chosen), [a for a in answers if a["url"] not in kept][:5]
    titles = dict(home.rows("select url, title from releases where title is not null"))
    found = 0
    for url in kept[:5]:
        word = max((w for w in titles[url].replace("“", " ").replace("”", " ").split()), key=len)[:8]
        hits = json.loads(home.run("search", "--relevance", "all", "--json", f'"{word}"').stdout)["hits"]
        found += any(hit["url"] == url for hit in hits)
    assert found == 5
