"""Lists of every kind through whole rounds: where they end, what they state, thousands of rows. All synthetic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day

ITEMS = '{ items = ["data", "list"], title = "t", link = "u", date = "d", total = ["data", "total"] }'
ROWS = [(f"/a/{n}.html", f"关于第{n}批高层次人才项目的通知", day(n)) for n in range(1, 7)]


def publish(replica: ReplicaSite) -> None:
    for path, title, date in ROWS:
        replica.pages[path] = Answer(article(title, date))


def answer(rows: list[tuple[str, str, str]], total: int | None = None) -> Answer:
    data: dict[str, Any] = {"list": [{"u": u, "t": t, "d": d} for u, t, d in rows]}
    if total is not None:
        data["total"] = total
    return Answer(json.dumps({"data": data}), kind="application/json")


def column_of(report: dict[str, Any]) -> dict[str, Any]:
    assert not report["problems"], report
    (column,) = report["columns"]
    return {k: column[k] for k in ("pages", "new", "verdict", "reasons")}


@pytest.mark.parametrize("beyond", ["not there", "no rows", "gone politely", "never asked"])
def test_a_list_that_is_shorter_than_max_pages_is_whole(home: Home, replica: ReplicaSite, beyond: str) -> None:
    """Its further addresses are worked out, not named by the page: the first that is not there is the end."""
    home.site(
        "city",
        replica,
        column=f'page_url = "{replica.base}/list_{{n}}"\nmax_pages = 9\nfamily = "json"',
        rules=ITEMS,
    )
    publish(replica)
    total = 6 if beyond == "never asked" else None
    for number, path in enumerate(("/list", "/list_2", "/list_3")):
        replica.pages[path] = answer(ROWS[2 * number : 2 * number + 2], total)
    if beyond == "no rows":
        replica.pages["/list_4"] = answer([])
    elif beyond == "gone politely":
        replica.pages["/list_4"] = Answer("<html><body><p>您访问的页面已被删除</p></body></html>")
    status, report = home.crawl()
    assert column_of(report) == {"pages": 3, "new": 6, "verdict": "ok", "reasons": []}
    assert status == 0
    assert replica.asked["/list_4"] == (beyond != "never asked")
    assert home.rows("select baseline_at is not null from columns") == [(1,)]
    status, report = home.crawl()
    assert (status, column_of(report)["verdict"]) == (0, "unchanged")


def test_a_page_that_the_list_names_but_does_not_have_is_trouble(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column="max_pages = 5")
    publish(replica)
    more = '<div class="page"><a href="/list_2">下一页</a></div>'
    replica.pages["/list"] = Answer(listing(ROWS, more))
    status, report = home.crawl()
    assert status == 1
    assert column_of(report)["verdict"] == "failed"
    assert "page 2 of the list: HTTP 404" in column_of(report)["reasons"][0]


def test_a_list_that_ends_before_its_own_total_is_suspicious(home: Home, replica: ReplicaSite) -> None:
    home.site(
        "city",
        replica,
        column=f'page_url = "{replica.base}/list_{{n}}"\nmax_pages = 9\nfamily = "json"',
        rules=ITEMS,
    )
    publish(replica)
    replica.pages["/list"] = answer(ROWS[:4], 322)
    status, report = home.crawl()
    assert status == 1
    assert column_of(report) == {
        "pages": 1, "new": 4, "verdict": "suspicious", "reasons": ["4 rows read, the list states 322"]
    }  # fmt: skip
    # What was wished for is no shortness of the list.
    _, report = home.crawl("city", "--since", day(0))
    assert column_of(report)["verdict"] == "ok"


def test_a_posted_list_is_read_page_by_page(home: Home, replica: ReplicaSite) -> None:
    home.site(
        "city", replica, column='method = "POST"\nbody = "page={n}"\nmax_pages = 3\nfamily = "json"', rules=ITEMS
    )
    publish(replica)
    for number in (1, 2, 3):
        replica.pages[f"/list page={number}"] = answer(ROWS[2 * number - 2 : 2 * number], 6)
    status, report = home.crawl()
    assert status == 0
    assert column_of(report) == {"pages": 3, "new": 6, "verdict": "ok", "reasons": []}
    replica.forget()
    _, report = home.crawl()
    assert column_of(report)["pages"] == 1
    assert {status for path, status in replica.log if path.startswith("/a/")} == {304}


def test_a_trs_list_of_one_page(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, column='max_pages = 3\nfamily = "trs"')
    path = home.folder / "sites" / "city.toml"
    path.write_text(path.read_text().replace("/list", "/zc/index.html"))
    publish(replica)
    replica.pages["/zc/index.html"] = Answer(listing(ROWS))
    status, report = home.crawl()
    assert status == 0
    assert column_of(report) == {"pages": 1, "new": 6, "verdict": "ok", "reasons": []}


def test_a_long_list_is_worked_off_round_by_round(home: Home, replica: ReplicaSite) -> None:
    home.configure("max_pages_per_site = 25")
    home.site("city", replica)
    rows = [(f"/b/{n}.html", f"关于第{n}批青年人才公寓的通知", day(n // 20)) for n in range(60)]
    replica.pages["/list"] = Answer(listing(rows))
    for path, title, date in rows:
        replica.pages[path] = Answer(article(title, date))
    done = []
    for _ in range(3):
        status, report = home.crawl()
        assert status == 0
        done.append(report["columns"][0]["new"])
    assert sum(done) == 60
    assert max(done) <= 25
    assert home.rows("select count(*), count(distinct url) from releases") == [(60, 60)]
    assert home.rows("select count(*) from pending") == [(0,)]


def test_a_page_that_its_scripts_fill_is_read_from_their_answer(home: Home, replica: ReplicaSite) -> None:
    """jpaas: the page is a shell with a menu; a script's answer wraps the list. Another answer fails."""
    home.site("city", replica, rules="{}")
    publish(replica)
    script = '<script parseType="buildstatic" url="{}" queryData="{{\'tagId\':\'%E5%BD%93\'}}"></script>'
    menu = '<ul><li><a href="/about.html">关于我们</a></li><li><a href="/map.html">网站地图</a></li></ul>'
    page = f"<html><body>{menu}{script.format('/front/menu')}{script.format('/front/unit')}</body></html>"
    replica.pages["/list"] = Answer(page)
    markup = "".join(f'<li><a href="{p}" title="{t}">{t}</a><span>{d}</span></li>' for p, t, d in ROWS)
    wrapped = json.dumps({"success": True, "data": {"html": f"<ul>{markup}</ul>"}})
    replica.pages["/front/unit?tagId=%25E5%25BD%2593"] = Answer(wrapped, kind="application/json")
    status, report = home.crawl()
    assert column_of(report) == {"pages": 1, "new": 6, "verdict": "ok", "reasons": []}
    assert status == 0
    assert replica.asked["/front/menu?tagId=%25E5%25BD%2593"] == 1


def test_a_gkmlpt_column_is_read_from_its_interface(home: Home, replica: ReplicaSite) -> None:
    """The interface counts its own pages; the shell's menu is no list."""
    home.site("city", replica, rules="{}", column="max_pages = 3")
    file = home.folder / "sites" / "city.toml"
    file.write_text(file.read_text("utf-8").replace('/list"', '/gkmlpt/index#2046"'), encoding="utf-8")
    publish(replica)
    replica.pages["/gkmlpt/index"] = Answer(
        "<html><body><a href='/'>首页</a><script>var SID = '755001';</script></body></html>"
    )
    for number in (1, 2):
        articles = [
            {"title": t, "url": replica.base + p, "display_publish_time": d}
            for p, t, d in ROWS[3 * number - 3 : 3 * number]
        ]
        replica.pages[f"/gkmlpt/api/all/2046?page={number}&sid=755001"] = Answer(
            json.dumps({"articles": articles, "total": 6}), kind="application/json"
        )
    status, report = home.crawl()
    assert column_of(report) == {"pages": 2, "new": 6, "verdict": "ok", "reasons": []}
    assert status == 0


def test_a_newspapers_interface_of_three_levels(home: Home, replica: ReplicaSite) -> None:
    """Edition → pages → articles → article, each a POST; headers, dates and keys as the site file says."""
    base = f"{replica.base}/api"
    home.site(
        "paper", replica, extra='revisit_budget = 0\n[headers]\nX-Requested-With = "XMLHttpRequest"',
        rules='{ items = ["list"], title = "title", part = "id", date = "edition_day", '
        'link_template = "/api/article" }',
        column=f"""
method = "POST"
family = "json"
body = "code=KJ&day={{yyyy}}-{{mm}}-{{dd}}"
detail_method = "POST"
detail_body = "id={{part}}"
expect = {{ rows_min = 2, newest_days = 30 }}

[[column.steps]]
items = ["obj", "editions"]
url = "{base}/articles"
body = "id={{id}}"
""",
    )  # fmt: skip

    def data(value: object) -> Answer:
        return Answer(json.dumps(value, ensure_ascii=False), kind="application/json", etag="")

    replica.pages[f"/list code=KJ&day={day(0)}"] = data({"obj": {"editions": [{"id": "e1"}, {"id": "e2"}]}})
    text = (
        "<p>各区人力资源和社会保障局、市直各单位要认真组织实施，"
        "对符合条件的高层次人才每人补助十万元，确保政策落到实处，让人才得到实惠，有关情况及时报告。</p>"
    )
    for number, (_, title, _) in enumerate(ROWS[:4]):
        held = {"title": title, "content": f"<p>{title}，现将有关事项通知如下。</p>{text}"}
        replica.pages[f"/api/article id=a{number}"] = data({"obj": {"vo": held}})
    for edition, two in (("e1", (0, 1)), ("e2", (2, 3))):
        found = [{"id": f"a{n}", "title": ROWS[n][1]} for n in two]
        replica.pages[f"/api/articles id={edition}"] = data({"list": found})
    status, report = home.crawl()
    assert (status, column_of(report)) == (0, {"pages": 1, "new": 4, "verdict": "ok", "reasons": []}), report
    kept = home.rows("select title, published, part from releases order by part")
    assert [(title, str(published)[:10], part) for title, published, part in kept] == [
        (ROWS[n][1], day(0), f"a{n}") for n in range(4)
    ]
    checked = home.run("sites", "check", "paper")
    assert checked.returncode == 0, checked.stdout
    assert ROWS[3][1] in checked.stdout


@pytest.mark.parametrize("refusal", [Answer("", 405), Answer("<datastore></datastore>", etag="")])
def test_records_that_are_had_by_post_only(home: Home, replica: ReplicaSite, refusal: Answer) -> None:
    """大汉: the page holds the first records, its script posts for those behind them."""
    home.site("city", replica, column="max_pages = 5", rules="{}")
    publish(replica)
    proxy, body = "/module/web/jpage/dataproxy.jsp", "col=1&columnid=9&unitid=7"

    def records(some: Sequence[tuple[str, str, str]]) -> str:
        each = "".join(
            f"<record><![CDATA[<li><a href='{u}'>{t}</a><span>{d}</span></li>]]></record>" for u, t, d in some
        )
        return f"<datastore><totalrecord>6</totalrecord><recordset>{each}</recordset></datastore>"

    asks = f"perPage:2,totalRecord:6,proxyUrl:'{proxy}',ajaxParam:{{'col':1,'columnid':'9','unitid':'7'}}"
    held = f"<div id='9'><script type='text/xml'>{records(ROWS[:2])}</script></div>"
    replica.pages["/list"] = Answer(f"<html><body>{held}<script>$('#9').jpage({{{asks}}});</script></body></html>")
    for first in (3, 5):
        spot = f"{proxy}?startrecord={first}&endrecord={first + 1}&perpage=2"
        replica.pages[f"{spot}&{body}"] = refusal
        replica.pages[f"{spot} {body}"] = Answer(records(ROWS[first - 1 : first + 1]), kind="text/xml", etag="")
    status, report = home.crawl()
    assert (status, column_of(report)) == (0, {"pages": 3, "new": 6, "verdict": "ok", "reasons": []}), report
    # It learnt with the first of them how to ask for the next.
    assert [path for path in replica.asked if "dataproxy" in path and " " not in path] == [
        f"{proxy}?startrecord=3&endrecord=4&perpage=2&{body}"
    ]
