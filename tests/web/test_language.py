"""Which language a visitor gets, and how it is changed."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler.web.language import choose
from crawler.web.shell import local
from tests.alerts.world import release, store
from tests.web.conftest import Site


def scope(query: str = "", cookie: str = "", accept: str = "") -> dict[str, object]:
    headers = [(b"cookie", cookie.encode("latin-1")), (b"accept-language", accept.encode("latin-1"))]
    return {"type": "http", "query_string": query.encode("latin-1"), "headers": headers}


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "wanted"),
    [
        ("", "", "", "zh"),
        ("", "", "en-US,en;q=0.9", "en"),
        ("", "", "fr,de", "zh"),
        ("", "", "en;q=0.4, zh-TW;q=0.8", "zh"),
        ("", "", "zh;q=0, en", "en"),
        ("", "", "fr, en;q=0.3", "en"),
        ("", "", "en;q=x", "zh"),
        ("", "language=en", "zh-CN", "en"),
        ("", "a=b; language=zh", "en", "zh"),
        ("", "language=fr", "en", "en"),
        ("lang=zh", "language=en", "en", "zh"),
        ("lang=en-GB&words=x", "language=zh", "", "en"),
        ("lang=xx", "", "en", "en"),
        ("lang=", "", "", "zh"),
    ],
)
def test_address_then_cookie_then_browser_then_chinese(query: str, cookie: str, accept: str, wanted: str) -> None:
    assert choose(scope(query, cookie, accept)) == wanted  # type: ignore[arg-type]


@given(st.text(max_size=200), st.text(alphabet=st.characters(max_codepoint=255), max_size=200))
def test_no_header_breaks_it(query: str, header: str) -> None:
    assert choose(scope(quote(query), header, header)) in ("zh", "en")  # type: ignore[arg-type]


def test_the_switch_keeps_the_address_and_the_choice(site: Site) -> None:
    store(site.engine, release())
    site.index()
    address = f"/?words={quote('购房补贴')}&topic=housing"
    page = site.get(address)
    assert html.fromstring(page.text).get("lang") == "zh-CN"
    assert page.headers["content-language"] == "zh-CN"
    assert "Accept-Language" in page.headers["vary"]
    (switch,) = html.fromstring(page.text).cssselect("nav a[hreflang]")
    answer = site.get(switch.get("href", ""))
    assert (answer.status, answer.headers["location"]) == (303, address)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert cookie == "language=en"
    assert "SameSite=Lax" in answer.headers["set-cookie"]
    english = site.get(address, cookie=cookie)
    assert html.fromstring(english.text).get("lang") == "en"
    assert "Subscribe to this search" in english.text
    assert "up to CNY 500,000" in english.text
    assert "housing" not in english.headers.get("set-cookie", "")
    assert "检索" not in english.text
    assert "Search" in site.get(address + "&lang=en").text, "also by the address alone"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/a\r\nX: y",
        "javascript:x",
        "",
        "/" + "x" * 9000,
    ],
)
def test_the_switch_leads_nowhere_else(site: Site, back: str) -> None:
    answer = site.get(f"/language/en?back={quote(back)}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "x" not in answer.headers or answer.headers["x"] != "y"


def test_an_unknown_language_is_no_page(site: Site) -> None:
    assert site.get("/language/fr").status == 404
    assert local("/deadlines?a=1") == "/deadlines?a=1"


def test_errors_are_told_in_the_language_of_the_page(site: Site) -> None:
    for path in ("/nix", "/releases/nix", "/subscriptions/nix", "/calendars/nix.ics", "/unsubscribe/nix"):
        assert "没有" in site.get(path).text, path
        assert "no such" in site.get(path + "?lang=en").text, path
    told = site.get("/api/releases/nix?lang=zh").json()["error"]
    assert told["code"] == "no_release"
    assert "names no release" in told["message"]


def test_values_are_named_in_english(site: Site) -> None:
    key = store(site.engine, release())
    page = site.get(f"/releases/{key}?lang=en")
    main = html.fromstring(page.text).cssselect("main")[0].text_content()
    for text in (
        "up to CNY 500,000",
        "Housing",
        "Application",
        "until 2026-04-30",
        "In force",
        "Issued by",
        "Policy",
    ):
        assert text in main
