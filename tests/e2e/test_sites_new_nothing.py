"""``sites new`` where there is nothing to watch: what an operator is told, and what helps. All synthetic."""

from __future__ import annotations

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, listing
from tests.e2e.test_round import day
from tests.e2e.test_round_bad_manners import CHALLENGE, LOGIN

MENU = (
    "<ul>"
    + "".join(f"<li><a href='/c{n}/'>{t}</a></li>" for n, t in enumerate(("首页", "机构", "政策", "服务")))
    + "</ul>"
)
FRIENDS = [(f"http://www.dept{n}.example.cn/", f"某某省第{n}人力资源和社会保障厅网站", day(n)) for n in range(1, 9)]
MOVED = "<p>本网站已迁移，新网址：https://new.example.gov.cn/，请访问新网站。</p>"
ABROAD = "<h1>访问受限</h1><p>很抱歉，本网站仅限中国大陆地区访问，您所在的地区无法访问。</p>"


@pytest.mark.parametrize(
    ("answer", "said", "helps"),
    [
        (Answer(LOGIN), "login: ", "only public lists"),
        (Answer("<h1>403 Forbidden</h1>", 403), "blocked: 403", "ask its operator"),
        (Answer(CHALLENGE, 412), "challenge: ", "not worked around"),
        (Answer(ABROAD), "geo_blocked: ", "proxy in China"),
        (Answer(MOVED), "moved: ", "give that address"),
        (Answer("busy", 503, headers={"Retry-After": "3600"}), "error: HTTP 503", "try again later"),
        (Answer(""), "empty: ", "browser = true"),
        (Answer("<h1>404 Not Found</h1>", 404), "removed: ", "the site's home page"),
        (Answer("<div id='app'></div><script src='/a.js'></script>"), "no rows that look like", "made by scripts"),
        # What its links led to is not what ails the page; links to other sites' front pages are no list.
        (Answer(MENU), "no rows that look like releases; nor at ", "the list itself"),
        (Answer(listing(FRIENDS)), "no rows that look like", "the list itself"),
    ],
)  # fmt: skip
def test_what_there_is_instead_of_a_list(
    home: Home, replica: ReplicaSite, answer: Answer, said: str, helps: str
) -> None:
    replica.pages["/zc/list"] = answer
    done = home.run("sites", "new", f"{replica.base}/zc/list", "--yes")
    assert done.returncode == 2
    words, mend = done.stderr.split("→")
    assert f"no list was found at {replica.base}/zc/list: {said}" in words
    assert helps in mend
    assert list((home.folder / "sites").iterdir()) == []


def test_rules_that_are_out_of_reach(home: Home, replica: ReplicaSite) -> None:
    replica.pages["/robots.txt"] = Answer("oops", 500)
    done = home.run("sites", "new", f"{replica.base}/zc/list", "--yes")
    assert done.returncode == 2
    assert "has trouble: try again later" in done.stderr
