"""Where a list starts and where its next page is."""

from __future__ import annotations

import dataclasses
import datetime as dt

from crawler.model import Column, Listing, Proof, Site
from crawler.schedule.pool import groups
from spiders.families import WINDOW, entries, following, request_of

TODAY = dt.date(2026, 11, 22)
COLUMN = Column("zc", "政策", "https://www.example.gov.cn/zc/")


def site(name: str, *hosts: str) -> Site:
    return Site(
        name, name, f"https://{hosts[0]}/", hosts, "generic", "government", None, None, (COLUMN,), Proof("t", "A"),
        headers={"Referer": "https://www.example.gov.cn/"},
    )  # fmt: skip


def test_a_newspapers_day_is_filled_in_and_yesterday_stands_in() -> None:
    column = dataclasses.replace(COLUMN, family="epaper", url="https://p.example.com/{yyyy}-{mm}/{dd}/node_1.htm")
    assert entries(column, dt.date(2026, 11, 1)) == (
        "https://p.example.com/2026-11/01/node_1.htm", "https://p.example.com/2026-10/31/node_1.htm"
    )  # fmt: skip
    assert entries(COLUMN, TODAY) == (COLUMN.url,)


def test_next_pages() -> None:
    trs = dataclasses.replace(COLUMN, family="trs")
    assert (
        following(trs, "https://www.example.gov.cn/zc/", 2, Listing())
        == "https://www.example.gov.cn/zc/index_1.html"
    )
    assert following(trs, "https://www.example.gov.cn/zc/index_1.shtml", 3, Listing()) == (
        "https://www.example.gov.cn/zc/index_2.shtml"
    )
    assert following(trs, "https://www.example.gov.cn/zc/list.html", 2, Listing()) is None
    assert following(COLUMN, COLUMN.url, 2, Listing()) is None
    assert following(COLUMN, COLUMN.url, 2, Listing(next="https://x/2")) == "https://x/2"
    templated = dataclasses.replace(COLUMN, page_url="https://www.example.gov.cn/zc/p{n}?from={i}")
    assert (
        following(templated, COLUMN.url, 3, Listing(next="https://x/2"))
        == "https://www.example.gov.cn/zc/p3?from=2"
    )


def test_a_posted_list_counts_in_its_body() -> None:
    column = dataclasses.replace(COLUMN, method="POST", body='{"page": {n}}'.replace("{n}", "{n}"))
    request = request_of(site("a", "www.example.gov.cn"), column, column.url, 3)
    assert (request.method, request.body) == ("POST", b'{"page": 3}')
    assert (request.headers[b"Content-Type"] or b"").startswith(b"application/json")
    assert request.headers[b"Referer"] == b"https://www.example.gov.cn/"
    assert following(column, column.url, 3, Listing()) == column.url
    assert following(dataclasses.replace(column, body='{"page": 1}'), column.url, 3, Listing()) is None


def test_records_that_are_posted_for_are_counted_in_the_address() -> None:
    """大汉 as a site's file may state it: which records in the address, what they belong to in the body."""
    proxy = "https://www.example.gov.cn/module/web/jpage/dataproxy.jsp"
    column = dataclasses.replace(
        COLUMN, method="POST", body="col=1&columnid=9", url=f"{proxy}?startrecord=1&endrecord=45&perpage=15"
    )
    after = following(column, column.url, 2, Listing())
    assert after == f"{proxy}?startrecord=46&endrecord=90&perpage=15"
    assert request_of(site("a", "www.example.gov.cn"), column, after, 2).body == b"col=1&columnid=9"
    assert following(column, after, 3, Listing()) == f"{proxy}?startrecord=91&endrecord=135&perpage=15"


def test_a_search_asks_for_a_window_of_days() -> None:
    column = dataclasses.replace(COLUMN, method="POST", body="p={n}&begin={since}&end={today}")
    asked = request_of(site("a", "www.example.gov.cn"), column, column.url, 2, since=dt.date(2026, 1, 5)).body
    assert asked is not None
    assert asked.startswith(b"p=2&begin=20260105&end=20")
    usual = request_of(site("a", "www.example.gov.cn"), column, column.url).body.decode()
    begin, end = (dt.datetime.strptime(part.partition("=")[2], "%Y%m%d") for part in usual.split("&")[1:])
    assert (end - begin).days == WINDOW


def test_a_site_of_a_whole_domain_puts_no_province_in_one_row() -> None:
    wide, own, other = site("w", "*.zj.gov.cn"), site("o", "rsj.zj.gov.cn"), site("x", "www.example.gov.cn")
    assert [[s.name for s in group] for group in groups([own, other, wide])] == [["o"], ["x"], ["w"]]


def test_sites_that_share_a_host_run_in_series() -> None:
    made = groups(
        [site("a", "one"), site("b", "two"), site("c", "two", "three"), site("d", "three"), site("e", "one")]
    )
    assert sorted(sorted(s.name for s in group) for group in made) == [["a", "e"], ["b", "c", "d"]]
