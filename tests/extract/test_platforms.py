# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
from __future__ import annotations

import pytest

from crawler.extract.platforms import candidates, detect, founder, gkmlpt, hanweb, jpaas, trs
from crawler.extract.tree import parse


@pytest.mark.parametrize(
    ("url", "source", "name"),
    [
        ("http://x.gov.cn/tzgg/202603/t20260302_123.html", "<p>正文</p>", "trs"),
        ("http://x.gov.cn/tzgg/", '<script>createPageHTML(3,0,"index","html")</script>', "trs"),
        ("http://x.gov.cn/art/2026/3/2/art_11_22.html", "<!-- 大汉版通 -->", "hanweb"),
        ("http://x.gov.cn/col/col1659217/index.html", "<datastore></datastore>", "hanweb"),
        ("https://www.gov.cn/zhengce/content/202603/content_701.htm", '<div id="UCAP-CONTENT">正文</div>', "ucap"),
        ("http://x.gov.cn/gkmlpt/content/7/7904/post_7904914.html", '<div id="zoomcon"></div>', "gkmlpt"),
        ("http://x.gov.cn/zwgk/content/post_55.html", "", "gkmlpt"),
        ("http://paper.cn/html/2026-03/02/content_11.htm", '<div id="ozoom"></div>', "founder"),
        (
            "http://x.gov.cn/zwgk/index.html",
            '<script parseType="bulidstatic" url="/a" querydata="{}"></script>',
            "jpaas",
        ),
        ("http://x.edu.cn/info/1063/45959.htm", '<div id="vsb_content"></div>', "boda"),
        ("http://x.gov.cn/002/002001/", '<div class="ewb-list">epoint</div>', "epoint"),
        ("http://hrss.x.gov.cn/articles/ch00237/202603/a.shtml", "", "shandong"),
    ],
)
def test_fingerprints(url, source, name):
    found = detect(source, url)
    assert found is not None
    assert found.name == name
    assert 0.5 <= found.score <= 1
    assert found == detect(parse(source, url), url)


def test_an_unknown_page_is_none():
    assert detect("<html><body>hello</body></html>", "http://example.cn/") is None
    assert candidates("", "http://example.cn/") == []


def test_selectors_are_valid():
    from crawler.extract.platforms import FAMILIES

    tree = parse("<html><body></body></html>")
    for family in FAMILIES:
        for selector in (family.detail.title, family.detail.date, family.detail.body, family.detail.source):
            if selector:
                assert tree.select(selector) == []


def test_paging_shapes():
    assert trs.FAMILY.page is not None
    assert trs.FAMILY.page("http://x.gov.cn/a/index.shtml", 2) == "http://x.gov.cn/a/index_1.shtml"
    assert (
        hanweb.page("http://x.gov.cn/col/col1/index.html?uid=5&pageNum=2", 3)
        == "http://x.gov.cn/col/col1/index.html?uid=5&pageNum=3"
    )
    assert hanweb.proxy_query("url:'/module/web/jpage/dataproxy.jsp?page=1&columnid=5'") == "page=1&columnid=5"
    assert (
        founder.edition_of("http://p.cn/html/2026-03/02/node_2.htm", "2026-03-03")
        == "http://p.cn/html/2026-03/03/node_2.htm"
    )
    assert founder.edition_of("http://p.cn/node_2.htm", "2026-03-03") is None


def test_gkmlpt_lists_are_json():
    assert (
        gkmlpt.list_api("http://x.gov.cn/gkmlpt/index#2046", "var SID = '755001';", 2)
        == "http://x.gov.cn/gkmlpt/api/all/2046?page=2&sid=755001"
    )
    assert gkmlpt.list_api("http://x.gov.cn/tzgg/", "") is None


def test_jpaas_fragments():
    source = """<script parseType="buildstatic" url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'webId':'8d','pageId':'1','tagId':'%E5%BD%93','pageNo':1}"></script>"""
    (address,) = jpaas.fragment_urls(source, "https://www.x.gov.cn/zwgk/index.html")
    assert address.startswith(
        "https://www.x.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=8d"
    )
    assert "tagId=%25E5%25BD%2593" in address
