# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Listings as JSON, feeds, datastores and sitemaps."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.pager import next_query
from crawler.model import ListRules, Page

TODAY = dt.date(2026, 11, 22)
URL = "http://rsj.linjiang.example.gov.cn/tzgg/index.html"
LIST = "".join(
    f'<li><a href="/a/2026/{i}771.html">关于申报第{i}批青年人才补贴的通知</a><span class="d">2026-10-{10 + i}</span></li>'
    for i in range(1, 8)
)


def read(body, rules=None, url=URL, **more):
    return read_listing(Page(url, body, **more), rules, today=TODAY)


class TestJson:
    def rows(self):
        return [
            {
                "id": i,
                "bt": f"<em>人才</em>政策第{i}号文件的通知&amp;解读",
                "lj": f"/art/{i}.html",
                "sj": 1792890000000 - i * 86400000,
            }
            for i in range(5)
        ]

    def test_rules_name_the_keys(self):
        body = json.dumps({"data": {"count": 50, "infolist": self.rows()}})
        rules = ListRules(items=("data", "infolist"), title="bt", link="lj", date="sj", total=("data", "count"))
        listing = read(body, rules)
        assert listing.total == 50
        assert listing.rows[0].title == "人才政策第0号文件的通知&解读"
        assert listing.rows[0].url == "http://rsj.linjiang.example.gov.cn/art/0.html"
        assert listing.rows[0].date == "2026-10-25"

    def test_a_template_builds_the_address_and_a_part_tells_posts_apart(self):
        body = json.dumps({"list": self.rows()})
        listing = read(body, ListRules(items=("list",), title="bt", link_template="https://x.example.cn/d?id={id}"))
        assert listing.rows[3].url == "https://x.example.cn/d?id=3"
        listing = read(body, ListRules(items=("list",), title="bt", part="id"))
        assert [(r.url, r.part) for r in listing.rows][:2] == [(URL, "0"), (URL, "1")]

    def test_lost_items_are_drift(self):
        assert read(json.dumps({"list": self.rows()}), ListRules(items=("gone",), title="bt", link="lj")).drift == (
            "selector_lost",
        )

    def test_rows_are_found_without_rules(self):
        rows = [
            {
                "DOCTITLE": f"关于第{i}批博士后资助的公告",
                "DOCPUBURL": f"http://a.example.gov.cn/t{i}.html",
                "PUBDATE": f"2026-11-1{i}T16:30:00.000Z",
            }
            for i in range(4)
        ]
        listing = read(
            json.dumps({"page": {"content": rows, "total": "41"}, "facets": [{"name": "类别", "count": 3}]})
        )
        assert [r.date for r in listing.rows] == ["2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14"]
        assert listing.total == 41

    def test_wrapped_html_is_read(self):
        listing = read(json.dumps({"success": True, "data": {"html": f"<ul>{LIST}</ul>"}}))
        assert len(listing.rows) == 7

    def test_jsonp(self):
        body = (
            "callback("
            + json.dumps([{"title": f"第{i}期人才公寓配租公告", "url": f"/x/{i}.html"} for i in range(3)])
            + ");"
        )
        assert len(read(body).rows) == 3

    def test_the_next_page_of_an_interface(self):
        assert next_query("http://x/api?page=2&n=10", rows=10, total=35) == "http://x/api?page=3&n=10"
        assert next_query("http://x/api?page=4&n=10", rows=10, total=35) is None
        assert next_query("http://x/api?q=1", rows=10, total=35) is None

    def test_deep_or_broken_json_does_not_crash(self):
        assert read("[" * 100_000).rows == ()
        assert read('{"a": ').rows == ()


class TestFeeds:
    def test_rss(self):
        items = "".join(
            f"<item><title>人才新政第{i}条</title><link>http://n.example.cn/{i}.shtml</link><pubDate>Fri, 0{i} Nov 2026 20:00:00 GMT</pubDate></item>"
            for i in range(1, 4)
        )
        listing = read(
            f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>频道</title>{items}</channel></rss>'
        )
        assert (listing.rows[0].title, listing.rows[0].date) == ("人才新政第1条", "2026-11-02")

    def test_atom_rdf_and_sitemap(self):
        atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>引才公告</title><link href="/e/1.html"/><updated>2026-11-02T08:00:00+08:00</updated></entry></feed>'
        assert read(atom).rows[0].url == "http://rsj.linjiang.example.gov.cn/e/1.html"
        rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="http://n.cn/1"><title>引才</title><link>http://n.cn/1</link><dc:date>2026-10-01</dc:date></item></rdf:RDF>'
        assert read(rdf).rows[0].date == "2026-10-01"
        sitemap = "<urlset><url><loc>http://n.cn/zcfg/post_1.html</loc><lastmod>2026-10-01</lastmod></url></urlset>"
        assert read(sitemap).rows[0].url == "http://n.cn/zcfg/post_1.html"

    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        ],
    )
    def test_entities_are_refused(self, doctype):
        listing = read(
            f'<?xml version="1.0"?>{doctype}<rss><channel><item><title>&x;</title><link>http://n.cn/1</link></item></channel></rss>'
        )
        assert listing.rows == ()
        assert listing.quarantine is not None
        assert listing.quarantine.reason == "unreadable"

    def test_datastore(self):
        records = "".join(f"<record><![CDATA[{row}]]></record>" for row in LIST.split("</li>") if row)
        text = f'<?xml version="1.0"?><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=5"></a>]]></nextgroup><totalrecord>70</totalrecord><recordset>{records}</recordset></datastore>'
        listing = read(text)
        assert len(listing.rows) == 7
        assert listing.total == 70
        assert listing.next == "http://rsj.linjiang.example.gov.cn/module/web/jpage/dataproxy.jsp?page=2&columnid=5"
