"""Sites whose lists scripts, forms and sitemaps hold, added and crawled under their own host names. Synthetic."""

from __future__ import annotations

import json
import pathlib
from urllib.parse import parse_qs

from tests.e2e.crawling import Home
from tests.e2e.replay_proxy import Recorded, ReplayProxy
from tests.e2e.replica_site import article
from tests.e2e.test_rehearsal import add
from tests.e2e.test_replay_proxy import through
from tests.e2e.test_round import day

TITLES = [f"关于申报第{n}批高层次人才创新创业项目的通知" for n in "一二三四五六七八九十"]
HOST = "https://rsj.example.gov.cn"
ROWS = [(title, f"/info/{2600 + n}.html", day(2 * n + 1)) for n, title in enumerate(TITLES)]


def shown(body: str, script: str = "") -> Recorded:
    head = "<head><title>通知公告-示例市人社局</title></head>"
    text = f"<html>{head}<body>{body}<script>{script}</script></body></html>"
    return Recorded(text.encode(), "text/html; charset=utf-8")


def as_json(value: object) -> Recorded:
    return Recorded(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def items(rows: list[tuple[str, str, str]]) -> str:
    return "".join(f"<li><a href='{path}'>{title}</a><b>{at}</b></li>" for title, path, at in rows)


def crawled(home: Home, name: str) -> tuple[str, set[tuple[str, str]]]:
    checked = json.loads(home.run("sites", "check", name, "--json").stdout)
    done, report = home.crawl("--since", day(400), name)
    assert done == 0, report
    return checked["verdict"], set(home.rows("select title, url from releases"))


def test_lists_that_are_posted_for_are_proposed_and_turned(tmp_path: pathlib.Path) -> None:
    pages = {
        HOST + path: Recorded(article(title, at).encode(), "text/html; charset=utf-8") for title, path, at in ROWS
    }
    pages[f"{HOST}/list.html"] = shown(
        "<p>当前位置：<a href='/'>首页</a> &gt; 通知公告</p><ul id='l'></ul>",
        "function load(pageIndex){$.ajax({url:'/rest/getPageInfoList',type:'post',"
        "data:{params:JSON.stringify({cat:'7',pageIndex:pageIndex})}})} load(0);",
    )
    form = "<form method='post' action='/doc/list.do'><input type='hidden' name='cat' value='7'>"
    form += "<input type='hidden' name='pageNo' value='1'></form><a href='javascript:turn(2)'>下一页</a>"
    pages[f"{HOST}/doc/list.do?cat=7"] = shown(form + f"<ul>{items(ROWS[:5])}</ul>")

    def rest(body: str) -> Recorded:
        asked = json.loads(parse_qs(body)["params"][0])
        part = ROWS[5 * asked["pageIndex"] :][:5] if asked["cat"] == "7" else []
        return as_json({"custom": {"count": 10, "infodata": [
            {"title": title, "infourl": path, "infodate": at} for title, path, at in part
        ]}})  # fmt: skip

    def turned(body: str) -> Recorded:
        fields = parse_qs(body)
        part = ROWS[5 * int(fields["pageNo"][0]) - 5 :][:5] if fields["cat"] == ["7"] else []
        return shown(form + f"<ul>{items(part)}</ul>")

    with ReplayProxy(pages) as proxy:
        proxy.posts = {f"{HOST}/rest/getPageInfoList": rest, f"{HOST}/doc/list.do": turned}
        for number, url in enumerate((f"{HOST}/list.html", f"{HOST}/doc/list.do?cat=7")):
            home = Home(tmp_path / str(number))
            through(home, proxy)
            said = add(home, url)
            assert 'method = "POST"' in said["toml"]
            verdict, releases = crawled(home, said["name"])
            assert verdict == "ok"
            assert releases == {(title, HOST + path) for title, path, _ in ROWS}


def test_an_articles_address_and_a_front_page_lead_to_their_list(tmp_path: pathlib.Path) -> None:
    rows = [(title, f"/zwgk/tzgg/202611/t20261101_{n}.html", at) for n, (title, _, at) in enumerate(ROWS)]
    pages = {
        HOST + path: Recorded(article(title, at).encode(), "text/html; charset=utf-8") for title, path, at in rows
    }
    pages[f"{HOST}/zwgk/tzgg/"] = shown(f"<ul>{items(rows)}</ul>")
    news = [(f"我市举行第{n}场人才座谈会共商发展大计", f"/yw/{n}00.html", day(n)) for n in range(1, 6)]
    pages[f"{HOST}/"] = shown(f"<a href='/zwgk/tzgg/'>通知公告</a><ul>{items(news)}</ul><ul>{items(rows[:3])}</ul>")
    with ReplayProxy(pages) as proxy:
        for number, url in enumerate((HOST + rows[3][1], f"{HOST}/")):
            home = Home(tmp_path / str(number))
            through(home, proxy)
            done = home.run("sites", "new", url, "--json")
            assert [row["url"] for row in json.loads(done.stdout)["rows"]] == [HOST + path for _, path, _ in rows]
        for url, advice in (
            ("https://user:secret@rsj.example.gov.cn/", "Leave them out"),
            ("https://rsj.example.gov,cn/", "no host's name"),
            (f"{HOST}/nothing/", "from the site's home page"),
            ("http://10.0.0.8/list/", "Only public addresses"),
        ):
            done = home.run("sites", "new", url)
            assert (done.returncode, advice in done.stderr) == (2, True), done.stderr
