"""Attachments on their way: fetched, kept, read, understood, refused; nothing of it holds an article up."""

from __future__ import annotations

import json
import signal

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day
from tests.extract import file_worlds as made

TITLE = "关于印发甲市高层次人才支持办法的通知"
PDF, XLSX = "application/pdf", "application/octet-stream"


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows: tuple[str, ...]) -> bytes:
    return made.xlsx("".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows))


GUIDE = [
    ["申报指南", "一、申报条件如下，请各单位认真阅读。"],
    ["二、对新引进的博士研究生，一次性给予购房补贴30万元。"],
]
TABLE = sheet(("人才类别", "安家补贴（万元）"), ("A类人才", "200"), ("B类人才", "80"))


def page(*files: tuple[str, str], title: str = TITLE, text: str = "", kind: str = "") -> str:
    links = "".join(f'<p><a href="{href}">{name}</a></p>' for href, name in files)
    return article(title, day(1), text).replace("</div></div></body>", f"{links}</div></div></body>")


def publish(replica: ReplicaSite, **extra: Answer) -> None:
    replica.pages["/list"] = Answer(listing([("/a/1.html", TITLE, day(1))]))
    replica.pages["/a/1.html"] = Answer(
        page(("/f/guide.pdf", "附件1：申报指南.pdf"), ("/f/table.xlsx", "附件2：补贴标准.xlsx"))
    )
    replica.pages["/f/guide.pdf"] = Answer(made.pdf(GUIDE), kind=PDF)
    replica.pages["/f/table.xlsx"] = Answer(TABLE, kind=XLSX)


def shown(home: Home, url: str) -> dict[str, object]:
    done = home.run("show", url, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def later(home: Home) -> None:
    """Every visit's day has come."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{home.folder / 'var' / 'talentwatch.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("update visits set next_at = '2020-01-01T00:00:00+08:00'"))
    engine.dispose()


def test_files_are_read_kept_found_and_not_fetched_again(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    status, report = home.crawl("city")
    assert status == 0, report
    found = shown(home, f"{replica.base}/a/1.html")
    states = [(a["name"], a["type"], a["state"]) for a in found["attachments"]]
    assert states == [("附件1：申报指南.pdf", "pdf", "read"), ("附件2：补贴标准.xlsx", "xlsx", "read")]
    grants = {(b["recipient"], b["amount_max"]): b["source"] for b in found["benefits"]}
    assert grants["博士研究生", 300000] == "attachment: 附件1：申报指南.pdf p.2"
    assert [s for (_, amount), s in grants.items() if amount == 2_000_000] == [
        "attachment: 附件2：补贴标准.xlsx 工作表：补贴名单"
    ]
    assert [s for (_, amount), s in grants.items() if amount == 100_000] == [None]
    hits = json.loads(home.run("search", "购房补贴30万元", "--json").stdout)
    assert hits["total"] == 1
    assert home.rows("select count(*) from release_files") == [(2,)]
    assert len(home.rows("select url from evidence")) == 3

    replica.forget()
    home.crawl("city")
    assert replica.asked["/f/guide.pdf"] == 0
    later(home)
    replica.forget()
    status, report = home.crawl("city")
    assert status == 0, report
    assert replica.statuses("/f/guide.pdf") == replica.statuses("/f/table.xlsx") == [304]
    assert home.rows("select count(*) from revisions") == [(1,)]
    assert len(home.rows("select url from evidence")) == 3


def test_a_changed_file_is_a_revision_of_its_article_and_is_told(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    home.crawl("city")
    replica.pages["/f/guide.pdf"] = Answer(
        made.pdf([GUIDE[0], [GUIDE[1][0].replace("30万元", "50万元")]]), kind=PDF
    )
    later(home)
    _, report = home.crawl("city")
    assert report["columns"][0]["changed"] == 1
    assert replica.statuses("/a/1.html") == [200, 304, 200]
    done = home.run("diff", f"{replica.base}/a/1.html", "--json")
    changes = {c["field"]: (c["old"], c["new"]) for c in json.loads(done.stdout)["changes"]}
    assert changes["benefits.amount_max"] == (300000, 500000)
    assert "50万元" in changes["attachments.text"][1]
    assert home.rows("select kind from events order by seq") == [("new",), ("changed",)]


def test_reread_restores_the_files_from_what_was_kept(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    home.crawl("city")
    before = shown(home, f"{replica.base}/a/1.html")
    replica.pages.clear()
    done = home.run("reread", "--json")
    assert done.returncode == 0, done.stderr
    after = shown(home, f"{replica.base}/a/1.html")
    assert after["attachments"] == before["attachments"]
    assert after["benefits"] == before["benefits"]
    assert home.rows("select count(*) from revisions") == [(1,)]


BAD = {
    "gone.pdf": (Answer("gone", 404, etag=""), "missing"),
    "busy.pdf": (Answer("busy", 503, etag=""), "unreachable"),
    "shut.pdf": (Answer("no", 403, etag=""), "blocked"),
    "big.pdf": (Answer(b"%PDF-" + b"x" * 300_000, kind=PDF), "too_large"),
    "page.pdf": (Answer("<html><body><p>请登录后下载</p></body></html>"), "unreadable"),
    "cut.docx": (Answer(made.docx(made.paragraph("甲"))[:-30], kind=XLSX), "unreadable"),
    "locked.doc": (Answer(made.doc("甲乙\r", flags=0x0300), kind=XLSX), "encrypted"),
    "scan.pdf": (Answer(made.pdf([[]], picture=True), kind=PDF), "scanned"),
    "film.rar": (Answer(b"Rar!\x1a\x07\x00" + b"x" * 50, kind=XLSX), "unsupported"),
}


def test_files_that_cannot_be_had_or_read_are_named_and_block_nothing(home: Home, replica: ReplicaSite) -> None:
    home.configure("max_attachment_bytes = 200000")
    home.site("city", replica)
    publish(replica)
    links = [(f"/f/{name}", f"附件{n}：{name}") for n, name in enumerate(BAD, 1)]
    replica.pages["/a/1.html"] = Answer(
        page(*links, ("/private/a.pdf", "附件10.pdf"), ("http://127.0.0.2/b.pdf", "附件11.pdf"))
    )
    replica.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n", kind="text/plain")
    for name, (answer, _) in BAD.items():
        replica.pages[f"/f/{name}"] = answer
    status, report = home.crawl("city")
    assert status == 0, report
    found = shown(home, f"{replica.base}/a/1.html")
    states = {
        a["name"].partition("：")[2] or a["name"]: (a["state"], bool(a["text"])) for a in found["attachments"]
    }
    assert states == {name: (state, False) for name, (_, state) in BAD.items()} | {
        "附件10.pdf": ("robots", False), "附件11.pdf": ("foreign", False)
    }  # fmt: skip
    assert all(a["evidence"] for a in found["attachments"])
    assert replica.asked["/private/a.pdf"] == 0

    # What was in the way may go: asked again a day later, and told then.
    replica.pages["/f/busy.pdf"] = Answer(made.pdf(GUIDE), kind=PDF)
    later(home)
    home.crawl("city")
    found = shown(home, f"{replica.base}/a/1.html")
    assert {a["state"] for a in found["attachments"] if "busy" in a["name"]} == {"read"}
    assert 300000 in {b["amount_max"] for b in found["benefits"]}


def test_what_was_read_stays_when_the_file_is_gone(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    home.crawl("city")
    replica.pages["/f/guide.pdf"] = Answer("gone", 404, etag="")
    later(home)
    status, _ = home.crawl("city")
    assert status == 0
    found = shown(home, f"{replica.base}/a/1.html")
    assert found["attachments"][0]["state"] == "missing"
    assert "30万元" in found["attachments"][0]["text"]
    assert home.rows("select count(*) from revisions") == [(1,)]


def test_lists_of_persons_are_linked_and_neither_fetched_nor_kept(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    names = sheet(("序号", "姓名"), *((str(n), f"张{c}{c}") for n, c in enumerate("伟芳娜敏静磊洋", 1)))
    replica.pages["/a/1.html"] = Answer(
        page(("/f/names.xlsx", "附件1：拟资助人员名单.xlsx"), ("/f/2.xlsx", "附件2.xlsx"))
    )
    replica.pages["/f/names.xlsx"] = replica.pages["/f/2.xlsx"] = Answer(names, kind=XLSX)
    home.crawl("city")
    found = shown(home, f"{replica.base}/a/1.html")
    assert [(a["state"], a["text"], a["sha256"]) for a in found["attachments"]] == [("personal", None, None)] * 2
    assert replica.asked["/f/names.xlsx"] == 0
    assert home.rows("select count(*) from release_files") == [(0,)]
    assert [url for (url,) in home.rows("select url from evidence")] == [f"{replica.base}/a/1.html"]


def test_irrelevant_articles_and_a_number_beyond_the_limit(home: Home, replica: ReplicaSite) -> None:
    home.configure("max_attachments = 1")
    home.site("city", replica)
    publish(replica)
    rows = [("/a/1.html", TITLE, day(1)), ("/a/2.html", "关于中秋节放假安排的通知", day(1))]
    replica.pages["/list"] = Answer(listing(rows))
    text = "根据安排，中秋节放假三天，请各单位做好值班工作，确保节日期间安全稳定。"
    replica.pages["/a/2.html"] = Answer(page(("/f/duty.pdf", "附件：值班表.pdf"), title=rows[1][1], text=text))
    home.crawl("city")
    assert replica.asked["/f/guide.pdf"] == 1
    assert (replica.asked["/f/table.xlsx"], replica.asked["/f/duty.pdf"]) == (0, 0)
    found = shown(home, f"{replica.base}/a/1.html")
    assert [a["state"] for a in found["attachments"]] == ["read", "too_many"]


@pytest.mark.parametrize("path", ["/f/guide.pdf", "/f/table.xlsx"])
def test_a_kill_between_the_article_and_its_files_loses_neither(
    home: Home, replica: ReplicaSite, path: str
) -> None:
    home.site("city", replica)
    publish(replica)
    child = home.start("crawler.cli.main", "crawl", "city")
    replica.before = lambda asked: child.send_signal(signal.SIGKILL) if asked == path else None
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    replica.before = None
    assert home.rows("select count(*) from pending") == [(1,)]
    status, report = home.crawl("city")
    assert status == 0, report
    assert home.rows("select count(*) from releases") == home.rows("select count(*) from revisions") == [(1,)]
    assert home.rows("select count(*) from release_files") == [(2,)]
    assert home.rows("select count(*) from events") == [(1,)]


BODY = "对全职引进的博士研究生，一次性给予安家补贴25万元。本办法由市人力资源和社会保障局负责解释。"


def framed(replica: ReplicaSite, *inner: str) -> None:
    head = f'<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body><h1>{TITLE}</h1>'
    tags = "".join(f'<iframe src="{src}" width="800" height="600"></iframe>' for src in inner)
    replica.pages["/a/1.html"] = Answer(f"{head}<div>发布时间：{day(1)}</div>{tags}</body></html>")
    replica.pages["/f/body.html"] = Answer(
        f"<html><body><div><p>{BODY}</p><p>{BODY[:20]}之后另行通知各有关单位和个人。</p></div></body></html>"
    )


def test_a_body_in_a_frame_is_followed_kept_and_reread(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    framed(replica, "/nav/top.html", "http://127.0.0.2/x.html", "/f/shell.html")
    replica.pages["/f/shell.html"] = Answer('<html><frameset><frame src="body.html" name="main"></frameset></html>')
    status, report = home.crawl("city")
    assert status == 0, report
    found = shown(home, f"{replica.base}/a/1.html")
    assert (found["title"], BODY in str(found["body"])) == (TITLE, True)
    assert found["read_by"]["body"] == f"frame:{replica.base}/f/shell.html"
    assert 250_000 in {b["amount_max"] for b in found["benefits"]}
    assert (replica.asked["/nav/top.html"], replica.asked["/x.html"]) == (0, 0)
    later(home)
    replica.forget()
    home.crawl("city")
    assert set(replica.statuses("/f/body.html")) == {304}
    assert home.rows("select count(*) from revisions") == [(1,)]
    replica.pages.clear()
    assert home.run("reread", "--json").returncode == 0
    assert shown(home, f"{replica.base}/a/1.html")["body"] == found["body"]
    assert home.rows("select count(*) from revisions") == [(1,)]


def test_a_frame_that_cannot_be_had_leaves_nothing_invented(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica)
    framed(replica, "/f/missing.html")
    home.crawl("city")
    assert home.rows("select count(*) from releases") == [(0,)]
    assert home.rows("select reason from quarantine") == [("moved",)]
