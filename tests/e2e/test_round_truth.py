"""What is a change of a release and what is furniture, through whole rounds. All synthetic."""

from __future__ import annotations

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day

#: What sites change around an article: (what stands there, what comes instead).
FURNITURE = {
    "a suffix in the window's title": ("</title>", "_某某市人民政府网站</title>"),
    "a counter": ("来源：市人社局", "来源：市人社局 浏览次数：1234 字体：大 中 小"),
    "recommended articles": (
        "</body>",
        '<div class="related"><h3>相关阅读</h3><ul><li><a href="/x">关于其他人才的通知</a></li></ul></div></body>',
    ),
    "share buttons": (
        "</div></body>", '<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div></body>'
    ),
    "tools": ("</div></body>", '<div class="tools">【打印本页】【关闭窗口】</div></div></body>'),
    "an editor": ("</div></body>", '<p class="editor">责任编辑：张某</p></div></body>'),
    "a footer": ("</body>", '<div class="footer">版权所有 某市 您是第99位访客</div></body>'),
    "a token": ("</head>", '<meta name="csrf" content="abc123"></head>'),
    "white space": ("<p>", "<p>　　\n"),
    "hard spaces": ("，", "，&nbsp;"),
    "a picture": ("<p>本通知", '<p><img src="/1.jpg"></p><p>本通知'),
}  # fmt: skip
#: What is news: the same, and what the event has to name.
NEWS = {
    "an amount": ("10万元", "20万元"),
    "a title": ("关于第", "关于调整第"),
    "a deadline": ("<p>本通知", "<p>申报截止时间为2027年4月30日。</p><p>本通知"),
    "an annex": ("</p></div>", '</p><p>附件：<a href="/f/1.doc">申报表.doc</a></p></div>'),
}  # fmt: skip


def test_furniture_makes_no_revision_and_a_change_of_the_release_makes_one(
    home: Home, replica: ReplicaSite
) -> None:
    home.site("city", replica)
    kinds = [*FURNITURE, *NEWS]
    rows = [(f"/a/{n}.html", f"关于第{n}批高层次人才项目的通知", day(n)) for n in range(len(kinds))]
    replica.pages["/list"] = Answer(listing(rows))
    for path, title, date in rows:
        replica.pages[path] = Answer(article(title, date))
    assert home.crawl()[0] == 0
    for kind, (path, title, date) in zip(kinds, rows, strict=True):
        old, new = (FURNITURE | NEWS)[kind]
        page = article(title, date)
        assert old in page, kind
        replica.pages[path] = Answer(page.replace(old, new))
    status, report = home.crawl()
    assert status == 0
    revised = {
        kinds[int(url.rpartition("/")[2][:-5])]
        for (url,) in home.rows("select url from releases where revision > 1")
    }
    assert revised == set(NEWS)
    assert report["columns"][0]["changed"] == len(NEWS)
    assert home.rows("select count(*), count(distinct release_id) from events where kind = 'changed'") == [
        (len(NEWS), len(NEWS))
    ]
    # The same pages again, and the same pages read again, are no news.
    assert home.crawl()[1]["columns"][0]["changed"] == 0
    done = home.run("reread", "--dry-run")
    assert done.stdout.strip() == f"{len(kinds)} unchanged"
    verified = home.run("index", "status", "--verify")
    assert "agrees with the database" in verified.stdout


def test_one_article_under_several_spellings_is_one_release(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    title, date = "关于青年人才安家补贴办法的通知", day(1)
    spellings = [
        "/a/1.html", "/a/1.html?utm_source=wx&spm=3.1", "/a/1.html#top", "/x/../a/1.html",
        f"HTTP://127.0.0.1:{replica.port}/a/1.html", "  /a/1.html ",
    ]  # fmt: skip
    replica.pages["/list"] = Answer(listing([(href, title, date) for href in spellings]))
    replica.pages["/a/1.html"] = Answer(article(title, date))
    status, _ = home.crawl()
    assert status == 0
    assert home.rows("select url from releases") == [(replica.base + "/a/1.html",)]
    assert replica.asked["/a/1.html"] == 1


def test_a_copy_that_changes_with_its_original_is_told_once(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    title, date = "关于青年人才安家补贴办法的通知", day(1)
    paths = ("/a/1.html", "/b/1.html")
    replica.pages["/list"] = Answer(listing([(path, title, date) for path in paths]))
    for path in paths:
        replica.pages[path] = Answer(article(title, date))
    home.crawl()
    for path in paths:
        replica.pages[path] = Answer(article(title, date).replace("10万元", "20万元"))
    home.crawl()
    assert home.rows("select kind from events order by seq") == [("new",), ("changed",)]


def test_a_page_that_was_away_for_one_round_is_no_event(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    rows = [(f"/a/{n}.html", f"关于第{n}批高层次人才项目的通知", day(n)) for n in range(3)]
    replica.pages["/list"] = Answer(listing(rows))
    for path, title, date in rows:
        replica.pages[path] = Answer(article(title, date))
    home.crawl()
    for _ in range(2):
        page = replica.pages.pop("/a/1.html")
        home.crawl()
        assert home.rows("select max(missing_rounds) from releases") == [(1,)]
        replica.pages["/a/1.html"] = page
        home.crawl()
        assert home.rows("select max(missing_rounds), min(current) from releases") == [(0, 1)]
    assert home.rows("select distinct kind from events") == [("new",)]
