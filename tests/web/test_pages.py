from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from lxml import etree, html

from crawler.alerts import match_due
from crawler.model import Change, Link
from crawler.storage.state import alerts, subscriptions
from tests.alerts.world import NOW, release, store
from tests.web.conftest import Answer, Site

HAN = re.compile("[\u4e00-\u9fff]")
SCRIPT = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


def text_of(answer: Answer, selector: str) -> list[str]:
    return [" ".join(e.text_content().split()) for e in html.fromstring(answer.text).cssselect(selector)]


def links(answer: Answer, label: str) -> list[str]:
    found = html.fromstring(answer.text).cssselect("a")
    return [a.get("href", "") for a in found if " ".join(a.text_content().split()) == label]


def test_search_finds_marks_and_narrows(site: Site) -> None:
    store(site.engine, release())
    store(site.engine, release("合成县人才公寓办法", region="410122", doc_type="call", topics=("settlement",)))
    site.index()
    answer = site.get(f"/?words={quote('购房补贴')}")
    assert answer.status == 200
    assert set(text_of(answer, ".hit h2")) == {"合成市引进高层次人才若干措施", "合成县人才公寓办法"}
    assert text_of(answer, ".hit mark") == ["购房补贴"] * 2
    (narrow,) = links(answer, "落户 1") or links(answer, "落户1")
    narrowed = site.get(narrow)
    assert text_of(narrowed, ".hit h2") == ["合成县人才公寓办法"]
    (wide,) = set(links(narrowed, "落户 ×"))
    assert wide == f"/?words={quote('购房补贴')}", "a permanent address"


def test_little_found_offers_what_is_related_apart_from_the_hits(site: Site) -> None:
    store(site.engine, release())
    site.index()
    answer = site.get(f"/?words={quote('购房补贴 细则')}")
    assert text_of(answer, ".results > .hit h2") == []
    assert text_of(answer, ".relaxed .hit h2") == ["合成市引进高层次人才若干措施"]
    assert "不会触发订阅提醒" in text_of(answer, ".relaxed .hint")[0]
    english = site.get(f"/?words={quote('购房补贴 细则')}&lang=en")
    assert text_of(english, ".relaxed > h2") == ["Related results"]
    told = site.get(f"/api/search?words={quote('购房补贴 细则')}").json()
    assert (told["total"], told["hits"], told["relaxed"]["total"]) == (0, [], 1)
    assert "relaxed" not in site.get(f"/api/search?words={quote('购房补贴')}").json()


def test_a_place_among_the_words_is_a_link_to_its_region(site: Site) -> None:
    store(site.engine, release("购房补贴办法", region="410100"))
    site.index()
    answer = site.get(f"/?words={quote('郑州 购房补贴')}&sort=published")
    (link,) = [e.get("href") for e in html.fromstring(answer.text).cssselect(".meant a")]
    assert text_of(answer, ".meant a") == ["购房补贴 · 郑州市 1"]
    assert text_of(site.get(link), ".results > .hit h2") == ["购房补贴办法"]
    slip = site.get(f"/?region={quote('郑洲')}")
    assert (slip.status, "是不是“河南省郑州市" in slip.text) == (400, True)


def test_pages_follow_each_other(site: Site) -> None:
    for number in range(45):
        store(site.engine, release(f"第{number}项措施"), kind=None)
    site.index()
    seen: list[str] = []
    address: str | None = "/?sort=published"
    while address:
        answer = site.get(address)
        seen += text_of(answer, ".hit h2")
        following = links(answer, "下一页 →")
        address = following[0] if following else None
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    ("query", "mend"),
    [
        ("page=0", "count from 1"),
        ("page=x", "count from 1"),
        ("page=999999999", "Narrow the query"),
        ("page=" + "9" * 4000, "count from 1"),
        ("sort=nix", "relevance"),
        ("region=Nirgendwo", "code"),
        ("topic=nix", "housing"),
        ("published_after=yesterday", "2026-11-22"),
        ("min_amount=-1", "yuan"),
        ("nix=1", "There are"),
        ("words=%22a", "end of the phrase"),
        ("words=" + quote("长" * 600), "at most 500"),
        ("sort=amount&sort=deadline", "relevance"),
        ("words=a&words=b", "once"),
        ("reposts=perhaps", "true or false"),
    ],
)
def test_a_bad_query_says_how_to_mend_it(site: Site, query: str, mend: str) -> None:
    page = site.get(f"/?{query}")
    assert page.status == 400
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", " ".join(text_of(page, "main"))), "no English sentence"
    english = site.get(f"/?{query}&lang=en")
    assert english.status == 400
    assert mend in " ".join(text_of(english, "main"))
    shown = " ".join(text_of(english, "main")).replace("50万", "").replace("郑州", "")
    assert not HAN.search(shown), "examples of what one may type are Chinese, and no more"
    api = site.get(f"/api/search?{query}")
    assert api.status == 400
    assert mend in api.json()["error"]["mend"]
    assert re.fullmatch("[a-z_]+", api.json()["error"]["code"])


def test_blank_fields_of_the_form_are_no_filters(site: Site) -> None:
    assert site.get("/?words=&min_amount=&published_after=&sort=relevance").status == 200


def test_a_release_shows_its_quotes_where_they_stand(site: Site) -> None:
    key = store(site.engine, release(links=(Link(kind="cites", title="某规划", quote="不在正文里的话"),)))
    answer = site.get(f"/releases/{key}")
    assert text_of(answer, "mark.benefit") == ["对新引进的全日制博士，", "给予最高50万元购房补贴"]
    assert text_of(answer, "mark.deadline") == ["申报截止时间为2026年4月30日"]
    assert text_of(answer, ".benefits tbody tr")[0].startswith("全日制博士最高50万元")
    assert 'id="b0"' in answer.text
    assert "不在正文里的话" in answer.text
    short = site.get(f"/releases/{key[:10]}")
    assert (short.status, short.headers["location"]) == (307, f"/releases/{key}")


def test_everything_foreign_is_escaped(site: Site) -> None:
    nasty = release(
        SCRIPT, body=SCRIPT + "\n" + release().body, issuers=(SCRIPT,), source_credit=SCRIPT, doc_no=SCRIPT,
        url="javascript:alert(1)", attachments=(),
    )  # fmt: skip
    change = (Change("title", SCRIPT, SCRIPT, SCRIPT),)
    made = subscriptions.add(site.engine, name=SCRIPT, query={}, channel="feed", address="", now=NOW)
    key = store(site.engine, nasty, kind="changed", revision=2, changes=change)
    site.index()
    match_due(site.engine, site.config, now=NOW)
    for path in ("/", f"/?words={quote('alert')}", f"/releases/{key}", f"/unsubscribe/{made.token}"):
        answer = site.get(path)
        assert answer.status == 200, path
        tree = html.fromstring(answer.text)
        assert not tree.xpath("//script|//img|//@onerror|//style|//@style|//iframe"), path
        assert not tree.xpath("//a[starts-with(@href, 'javascript')]"), path
    assert site.get(f"/?words={quote(SCRIPT)}").status in (200, 400)
    feed = site.get(f"/feeds/{made.token}.atom")
    assert etree.fromstring(feed.body) is not None


def test_security_headers_are_everywhere(site: Site) -> None:
    for path in ("/", "/nix", "/?page=0", "/healthz", "/api/search", "/unsubscribe/nix"):
        headers = site.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_nothing_comes_from_elsewhere(site: Site) -> None:
    tree = html.fromstring(site.get("/").text)
    sources = [*tree.xpath("//link/@href"), *tree.xpath("//@src")]
    assert sources
    assert all(one.startswith("/static/") for one in sources)
    css = site.get(sources[0])
    assert css.headers["content-type"].startswith("text/css")
    assert "http" not in css.text
    assert site.get("/static/../app.py").status == 404
    assert site.get("/docs").status == 404


def test_unsubscribing_takes_a_button_or_one_click(site: Site) -> None:
    made = subscriptions.add(site.engine, name="a", query={}, channel="mail", address="a@post.example", now=NOW)
    path = f"/unsubscribe/{made.token}"
    shown = site.get(path)
    assert shown.headers["cache-control"] == "no-store"
    assert text_of(shown, "form button") == ["确认退订"]
    assert subscriptions.find(site.engine, made.id).state == "active", "looking ends nothing"
    done = site.get(path, "POST", "List-Unsubscribe=One-Click")
    assert done.status == 200
    assert subscriptions.find(site.engine, made.id).state == "removed"
    assert "已退订" in site.get(path).text
    assert site.get(path, "POST", "").status == 200, "once more does no harm"
    assert site.get("/unsubscribe/" + "x" * 500, "POST", "").status == 404


def test_the_feed_keeps_its_ids(site: Site) -> None:
    made = subscriptions.add(site.engine, name="a\x0b", query={}, channel="feed", address="", now=NOW)
    store(site.engine, release("控制符\x08标题"))
    match_due(site.engine, site.config, now=NOW)
    first = site.get(f"/feeds/{made.token}.atom")
    assert first.headers["content-type"].startswith("application/atom+xml")
    store(site.engine, release("第二项措施"))
    match_due(site.engine, site.config, now=NOW)
    second = site.get(f"/feeds/{made.token}.atom")
    ids = [[e.text for e in etree.fromstring(a.body).findall("{*}entry/{*}id")] for a in (first, second)]
    assert len(ids[1]) == 2
    assert ids[1][1:] == ids[0]
    assert len(alerts.listing(site.engine)) == 2
    entry = etree.fromstring(second.body).find("{*}entry/{*}title")
    assert entry is not None
    assert entry.text == "新发布：第二项措施"
    subscriptions.remove(site.engine, made.id)
    assert site.get(f"/feeds/{made.token}.atom").status == 410


def test_the_json_interface(site: Site) -> None:
    key = store(site.engine, release())
    site.index()
    found = site.get(f"/api/search?words={quote('购房补贴')}&region=410000").json()
    assert (found["total"], found["hits"][0]["release_id"]) == (1, key)
    assert found["hits"][0]["highlights"][0]["text"]
    one = site.get(f"/api/releases/{key}").json()
    assert (one["title"], one["benefits"][0]["amount_max"]) == ("合成市引进高层次人才若干措施", 500_000)
    assert site.get("/api/releases/nix").status == 404
    assert site.get("/api/openapi.json").json()["info"]["title"] == "TalentWatch"


def test_health_and_methods(site: Site) -> None:
    assert site.get("/healthz").json()["status"] == "ok"
    assert site.get("/", "HEAD").status == 200
    assert site.get("/", "DELETE").status == 405


def test_an_index_that_is_gone_says_nothing_of_the_inside(site: Site) -> None:
    store(site.engine, release())
    site.config.index_path.write_bytes(b"no index at all" * 100)
    answer = site.get("/")
    assert answer.status == 503
    assert "暂时不可用" in answer.text
    assert str(site.config.index_path) not in answer.text
