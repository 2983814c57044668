"""A site added from its address, as an operator does it. All pages are synthetic."""

from __future__ import annotations

import json
import pathlib

import pytest

from crawler.schedule.fixtures import differences
from crawler.schedule.propose import shape
from crawler.sites import load_site
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day

ROWS = [(f"/zcwj/t202609{n:02}_{n}.html", f"关于引进第{n}批高层次人才的若干措施", 3 * n) for n in range(1, 9)]
PLACE = "<p>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; 政策文件</p>"


def publish(replica: ReplicaSite, list_path: str = "/zcwj/") -> None:
    page = listing([(path, title, day(ago)) for path, title, ago in ROWS], PLACE)
    replica.pages[list_path] = Answer(
        page.replace("<head>", "<head><title>政策文件-郑州市人力资源和社会保障局</title>")
    )
    for path, title, ago in ROWS:
        replica.pages[path] = Answer(article(title, day(ago)))


def test_a_list_becomes_a_site_that_checks_and_crawls(home: Home, replica: ReplicaSite) -> None:
    publish(replica)
    done = home.run("sites", "new", replica.base + "/zcwj/", "--yes", "--name", "zz", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [row["title"] for row in said["rows"]] == [title for _, title, _ in ROWS]
    assert said["family"] == "trs"
    assert said["score"] >= 0.5
    assert len(said["samples"]) == 5
    path = home.folder / "sites" / "zz.toml"
    assert said["written"] == [str(path), str(home.folder / "sites" / "fixtures" / "zz")]
    assert path.read_text("utf-8") == said["toml"]
    site = load_site(path)
    assert (site.title, site.kind, site.region, site.level) == (
        "郑州市人力资源和社会保障局",
        "hrss",
        "410100",
        "city",
    )
    (column,) = site.columns
    assert (column.name, column.expect.rows_min) == ("政策文件", 4)
    assert column.expect.detail_pattern == r"/t\d{8}_\d+\.html"
    assert home.run("sites", "check", "zz").returncode == 0
    status, report = home.crawl("zz")
    assert (status, report["columns"][0]["new"]) == (0, 8)
    # Its pages are a test of it: read alike now, and told apart when they change.
    fixture = home.folder / "sites" / "fixtures" / "zz"
    assert differences(fixture, site) == []
    listed = fixture / "list-0.bin"
    listed.write_bytes(listed.read_bytes().replace("第3批".encode(), "第13批".encode()))
    (found,) = differences(fixture, site)
    assert "第13批" in found


def test_a_front_page_leads_to_its_lists(home: Home, replica: ReplicaSite) -> None:
    publish(replica)
    links = '<a href="/about.html">关于我们</a><a href="/zcwj/">政策文件</a><a href="/gone/">通知公告</a>'
    replica.pages["/"] = Answer(f"<html><body><div>{links}</div></body></html>")
    done = home.run("sites", "new", replica.base + "/", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [(c["name"], c["rows"]) for c in said["columns"]] == [("政策文件", 8)]
    assert any("/gone/" in finding for finding in said["findings"])
    assert said["written"] == []
    assert not list((home.folder / "sites").glob("*.toml"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("{base}/nothing/", "no list was found"),
        ("not an address", "is no web address"),
        ("ftp://x.cn/", "no web address"),
    ],
)
def test_what_is_no_list_is_said(home: Home, replica: ReplicaSite, address: str, words: str) -> None:
    done = home.run("sites", "new", address.format(base=replica.base), "--yes")
    assert done.returncode != 0
    assert words in done.stderr
    assert "→" in done.stderr
    assert not list((home.folder / "sites").iterdir())


def test_a_host_that_is_watched_already_gets_one_more_column(home: Home, replica: ReplicaSite) -> None:
    publish(replica)
    publish(replica, "/list")
    home.site("city", replica)
    path = home.folder / "sites" / "city.toml"
    done = home.run("sites", "new", replica.base + "/zcwj/", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["name"], said["known"], said["written"]) == ("city", "city", [str(path)])
    assert [p.name for p in path.parent.iterdir()] == ["city.toml"]
    zc, added = load_site(path).columns
    assert (zc.key, added.key, added.family) == ("zc", "zcwj", "trs")
    assert home.run("sites", "check", "city").returncode == 0
    # What is watched already is not written again.
    before = path.read_bytes()
    again = home.run("sites", "new", replica.base + "/zcwj/", "--yes", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["watched"] == ["city/zcwj"]
    assert path.read_bytes() == before
    # A name asks for a file of its own.
    named = home.run("sites", "new", replica.base + "/zcwj/", "--yes", "--name", "other")
    assert named.returncode == 0, named.stderr
    assert path.read_bytes() == before
    assert load_site(path.with_name("other.toml")).columns[0].url == replica.base + "/zcwj/"
    taken = home.run("sites", "new", replica.base + "/zcwj/", "--yes", "--name", "other")
    assert "there is a site other already" in taken.stderr


def test_lists_of_persons_are_not_recorded(home: Home, replica: ReplicaSite) -> None:
    publish(replica)
    path, _, ago = ROWS[0]
    title = "2026年度拟引进高层次人才名单公示"
    page = listing([(path, title, day(ago))] + [(p, t, day(a)) for p, t, a in ROWS[1:]])
    replica.pages["/list"] = Answer(page)
    replica.pages[path] = Answer(article(title, day(ago), "张三、李四、王五。"))
    home.site("city", replica)
    done = home.run("sites", "record", "city")
    assert done.returncode == 0, done.stderr
    assert title in done.stderr
    folder = home.folder / "sites" / "fixtures" / "city"
    assert differences(folder, load_site(home.folder / "sites" / "city.toml")) == []
    held = b"".join(p.read_bytes() for p in folder.iterdir())
    assert "张三".encode() not in held
    assert "若干措施".encode() in held


@pytest.mark.parametrize(
    ("urls", "pattern"),
    [
        (["http://a.cn/x/t20260302_1.html", "http://a.cn/y/t20260304_22.html"], r"/t\d{8}_\d+\.html"),
        (["http://a.cn/art/2026/3/2/art_1_22.html"], r"/art_\d+_\d+\.html"),
        (["http://a.cn/v?id=3", "http://a.cn/v?id=44"], r"/v\?id=\d+"),
        (["http://a.cn/" + "0a" * 16 + ".html", "http://a.cn/" + "1b" * 16 + ".html"], r"/[0-9a-f]{32}\.html"),
        (["http://a.cn/1.html", "http://a.cn/post_2.html"], None),
        (["http://a.cn/about/"], None),
    ],
)
def test_the_shape_of_addresses(urls: list[str], pattern: str | None) -> None:
    assert shape(urls) == pattern


def test_every_recorded_page_is_read_as_it_was() -> None:
    from crawler.config import Config
    from crawler.sites import find

    folders = sorted(p.parent for p in (pathlib.Path(__file__).parents[1] / "sites").glob("*/expected.json"))
    assert [f"{f.name}: {d}" for f in folders for d in differences(f, find(Config(), f.name))] == []
