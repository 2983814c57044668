# ruff: noqa: E501 - markup as the platforms print it
"""What stands at an address before its list: redirects, frames, scripts, other hosts. All pages are synthetic."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from crawler.sites import load_site
from tests.e2e.crawling import Home
from tests.e2e.replay_proxy import Recorded, ReplayProxy
from tests.e2e.replica_site import article, listing
from tests.e2e.test_replay_proxy import through
from tests.e2e.test_round import day

HOST = "https://rsj.example.gov.cn"
HTML = "text/html; charset=utf-8"
ROWS = [
    (f"/zcwj/202609/t202609{n:02}_{n}.html", f"关于引进第{n}批高层次人才的若干措施", 3 * n) for n in range(1, 9)
]


def page(text: str) -> Recorded:
    return Recorded(text.encode(), HTML)


def answer(value: object) -> Recorded:
    return Recorded(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def to(url: str, scheme: str = "", status: int = 301) -> Recorded:
    return Recorded(b"", HTML, status, (("Location", url),), scheme)


def rows(base: str = "", *, dated: bool = True, some: int = 8) -> str:
    text = listing([(base + path, title, day(ago)) for path, title, ago in ROWS[:some]])
    return text if dated else listing([(base + path.replace("202609", "a"), t, "") for path, t, _ in ROWS[:some]])


def world(base: str = HOST) -> dict[str, Recorded]:
    return {base + path: page(article(title, day(ago))) for path, title, ago in ROWS}


Pages = dict[str, Recorded]
CASES: dict[str, tuple[str, Callable[[], Pages], str, tuple[str, ...]]] = {
    "to https": (
        "http://rsj.example.gov.cn/zcwj/",
        lambda: {"http://rsj.example.gov.cn/zcwj/": to(HOST + "/zcwj/", "http"),
                 HOST + "/zcwj/": Recorded(rows().encode(), HTML, scheme="https")},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "to www": (
        "https://example.gov.cn/zcwj/",
        lambda: {"https://example.gov.cn/zcwj/": to("https://www.example.gov.cn/zcwj/", status=302),
                 "https://www.example.gov.cn/zcwj/": page(rows(HOST))},
        "https://www.example.gov.cn/zcwj/", ("www.example.gov.cn", "rsj.example.gov.cn"),
    ),
    "refresh": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": page('<html><head><meta http-equiv="refresh" content="0;url=index_new.html">'
                                       "</head><body></body></html>"),
                 HOST + "/zcwj/index_new.html": page(rows())},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "script": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": page("<html><head><script>window.location.href='/zcwj/2/';</script></head>"
                                       "<body></body></html>"),
                 HOST + "/zcwj/2/": page(rows())},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "frameset": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": page('<html><frameset rows="80,*"><frame src="top.html" name="top">'
                                       '<frame src="list.html" name="main"></frameset></html>'),
                 HOST + "/zcwj/list.html": page(rows())},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "iframe": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": page(
            "<html><body><div class='nav'>" + "".join(f"<a href='/c{n}/'>政务栏目之{n}号</a>" for n in range(9))
            + "</div><div class='con'><iframe src='/zcwj/list.html' height='900'></iframe></div></body></html>"),
                 HOST + "/zcwj/list.html": page(rows())},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "base": (
        HOST + "/zcwj/x/list.html",
        lambda: {HOST + "/zcwj/x/list.html": page(
            rows().replace("<head>", f"<head><base href='{HOST}/'>").replace('href="/', 'href="'))},
        HOST + "/zcwj/x/list.html", ("rsj.example.gov.cn",),
    ),
    "gbk that says utf-8": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": Recorded(rows().encode("gbk"), HTML)},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "held as records": (
        HOST + "/col/col1/index.html",
        lambda: {HOST + "/col/col1/index.html": page(
            "<html><body><script type='text/xml'><datastore><recordset>"
            + "".join(f"<record><![CDATA[<li><a href='{p}'>{t}</a><b>{day(a)}</b></li>]]></record>" for p, t, a in ROWS)
            + "</recordset></datastore></script></body></html>")},
        HOST + "/col/col1/index.html", ("rsj.example.gov.cn",),
    ),
    "a fragment asked for by script": (
        HOST + "/zc/index.html",
        lambda: {HOST + "/zc/index.html": page(
            '<html><body><script src="/u/unitbuild.js" parseType="buildstatic" url="/page/build/unit" '
            "queryData=\"{'webId':'8','tagId':'list'}\"></script></body></html>"),
                 HOST + "/page/build/unit?webId=8&tagId=list": answer({"code": "200", "data": {"html": "<ul>" + "".join(
                     f"<li><a href='{p}'>{t}</a><span>{day(a)}</span></li>" for p, t, a in ROWS) + "</ul>"}})},
        HOST + "/zc/index.html", ("rsj.example.gov.cn",),
    ),
    "gkmlpt": (
        HOST + "/gkmlpt/index#4321",
        lambda: {HOST + "/gkmlpt/index": page(
            '<html><head><script>var SID = "755019";</script></head><body><div id="app"></div></body></html>'),
                 HOST + "/gkmlpt/api/all/4321?page=1&sid=755019": answer({"total": 8, "articles": [
                     {"title": t, "url": HOST + p, "display_publish_time": day(a)} for p, t, a in ROWS]})},
        HOST + "/gkmlpt/index#4321", ("rsj.example.gov.cn",),
    ),
    "an interface": (
        HOST + "/api/list?page=1",
        lambda: {HOST + "/api/list?page=1": answer({"data": {"total": 8, "list": [
            {"title": t, "url": p, "publishDate": day(a)} for p, t, a in ROWS]}})},
        HOST + "/api/list?page=1", ("rsj.example.gov.cn",),
    ),
    "data in the page": (
        HOST + "/zcwj/",
        lambda: {HOST + "/zcwj/": page("<html><body><script>var listData = " + json.dumps([
            {"title": t, "url": p, "time": day(a)} for p, t, a in ROWS], ensure_ascii=False)
            + ";</script></body></html>")},
        HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "two rows": (
        HOST + "/zcwj/", lambda: {HOST + "/zcwj/": page(rows(some=2))}, HOST + "/zcwj/", ("rsj.example.gov.cn",),
    ),
    "no dates": (
        HOST + "/zcwj/", lambda: {HOST + "/zcwj/": page(rows(dated=False))}, HOST + "/zcwj/",
        ("rsj.example.gov.cn",),
    ),
}  # fmt: skip


def try_one(folder: pathlib.Path, case: str) -> str | None:
    """What went wrong with one case, or None."""
    home = Home(folder / case.replace(" ", "_"))
    url, pages, watched, hosts = CASES[case]
    with ReplayProxy({**world(), **pages()}) as proxy:
        through(home, proxy)
        done = home.run("sites", "new", url, "--yes", "--json", "--name", "city")
        if done.returncode:
            return done.stderr
        said = json.loads(done.stdout)
        site = load_site(home.folder / "sites" / "city.toml")
        if [c.url for c in site.columns] != [watched] or set(site.hosts) != set(hosts) or site.hosts[0] != hosts[0]:
            return str(said["toml"])
        undelayed(home.folder / "sites" / "city.toml")
        checked = json.loads(home.run("sites", "check", "city", "--json").stdout)
        status, report = home.crawl("city")
    want = [title for _, title, _ in ROWS][: 2 if case == "two rows" else 8]
    if [row["title"] for row in said["rows"]] != want:
        return str(said["rows"])
    if checked["verdict"] != "ok":
        return str(checked["reasons"])
    (column,) = report["columns"]
    good = (status, column["verdict"]) == (0, "ok") and column["new"] == (0 if case == "no dates" else len(want))
    return None if good else str(column)


def test_what_stands_before_a_list_is_passed(tmp_path: pathlib.Path) -> None:
    # Side by side, as a first look waits between its requests.
    with ThreadPoolExecutor(len(CASES)) as threads:
        said = list(threads.map(lambda case: try_one(tmp_path, case), CASES))
    assert {case: words for case, words in zip(CASES, said, strict=True) if words is not None} == {}


def undelayed(path: pathlib.Path) -> None:
    path.write_text(path.read_text("utf-8").replace("family =", "delay = 0\nfamily =", 1), encoding="utf-8")


def test_a_host_of_the_catalogue_gets_a_file_of_the_operators_own(home: Home) -> None:
    base = "https://hrss.gd.gov.cn"
    with ReplayProxy({base + "/zwgk/other/": page(rows()), **world(base)}) as proxy:
        through(home, proxy)
        home.config.write_text(home.config.read_text("utf-8").replace("only = true\n", ""), encoding="utf-8")
        done = home.run("sites", "new", base + "/zwgk/other/", "--yes", "--json")
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        assert said["known"] == "gd_hrss"
        path = home.folder / "sites" / f"{said['name']}.toml"
        assert said["written"][0] == str(path)
        assert said["name"] != "gd_hrss"
        undelayed(path)
        status, report = home.crawl(said["name"])
    assert (status, report["columns"][0]["new"]) == (0, 8), report
