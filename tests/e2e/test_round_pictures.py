"""Scans and picture-only releases in a real round: marked without OCR, read with it, never understood."""

from __future__ import annotations

import json

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, listing
from tests.e2e.test_round import day
from tests.e2e.test_round_files import PDF, later, page, shown
from tests.extract.ocr.conftest import LINES, Printer
from tests.extract.ocr.conftest import engine as engine
from tests.extract.ocr.conftest import font as font
from tests.extract.ocr.conftest import printer as printer

pytestmark = pytest.mark.real

TITLE = "关于印发甲市高层次人才购房补贴办法的通知"
POSTER = "一图读懂甲市高层次人才购房补贴办法"


def publish(replica: ReplicaSite, printer: Printer) -> None:
    replica.pages["/list"] = Answer(listing([("/a/1.html", TITLE, day(1)), ("/a/2.html", POSTER, day(1))]))
    replica.pages["/a/1.html"] = Answer(page(("/f/scan.pdf", "附件：办法.pdf"), title=TITLE))
    replica.pages["/f/scan.pdf"] = Answer(printer.scan(LINES), kind=PDF)
    replica.pages["/a/2.html"] = Answer(
        f'<html><head><meta charset="utf-8"><title>{POSTER}</title><meta name="ArticleTitle" content="{POSTER}">'
        f'<meta name="PubDate" content="{day(1)}"></head><body><h1>{POSTER}</h1><div class="TRS_Editor">'
        '<p><img src="/img/1.png" alt="图解"></p><p><img src="//elsewhere.example/2.png"></p></div></body></html>'
    )
    replica.pages["/img/1.png"] = Answer(
        printer.bytes(("博士最高可获购房补贴伍拾万元", "可登录平台申请")), kind="image/png"
    )


def files(home: Home, url: str) -> list[tuple[str, str, bool]]:
    return [(a["name"], a["state"], bool(a["text"])) for a in shown(home, url)["attachments"]]


def test_pictures_are_left_alone_then_read_then_kept(home: Home, replica: ReplicaSite, printer: Printer) -> None:
    home.site("city", replica)
    publish(replica, printer)
    status, report = home.crawl("city")
    assert status == 0, report
    one, two = f"{replica.base}/a/1.html", f"{replica.base}/a/2.html"
    assert files(home, one) == [("附件：办法.pdf", "scanned", False)]
    assert shown(home, two)["body_in_image"] is True
    assert files(home, two) == []
    assert replica.asked["/img/1.png"] == 0
    benefits = [shown(home, url)["benefits"] for url in (one, two)]

    home.configure("ocr = true")
    later(home)
    status, report = home.crawl("city")
    assert status == 0, report
    assert files(home, one) == [("附件：办法.pdf", "ocr", True)]
    assert files(home, two) == [("图解", "ocr", True), ("2.png", "foreign", False)]
    assert [shown(home, url)["benefits"] for url in (one, two)] == benefits
    # Nothing of it is the site's doing: no revision, no event, and it is found.
    assert home.rows("select count(*) from revisions") == [(2,)]
    assert home.rows("select distinct kind from events") == [("new",)]
    found = json.loads(home.run("search", "伍拾万元", "--json").stdout)
    assert [hit["url"] for hit in found["hits"]] == [two]
    assert "OCR" in found["hits"][0]["highlights"][0]["text"]
    assert "read by OCR, may contain errors" in home.run("show", two).stdout

    # What was read stays where it is no longer read, as long as the bytes are the same.
    home.configure()
    later(home)
    home.crawl("city")
    assert files(home, one) == [("附件：办法.pdf", "ocr", True)]
    assert files(home, two) == [("图解", "ocr", True), ("2.png", "foreign", False)]
    assert home.rows("select count(*) from revisions") == [(2,)]
