"""Requests and stored texts that mean harm: answered, shown inert, kept well-formed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Page

from crawler.alerts import match_due
from crawler.clock import today
from crawler.model import Attachment, Benefit, Change, Deadline, Link, Quarantine, Reason
from crawler.storage.state import quarantine, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns
from tests.alerts.world import NOW, database, release, store
from tests.web.conftest import Site, serving
from tests.web.gallery import chromium, open_config

SCRIPT = "<script>window.pwned=1;alert(1)</script>"
NASTY = (
    f"\"'>{SCRIPT}<img src=x onerror=alert(2)><svg onload=alert(3)></title></style></textarea>"
    "<a href='javascript:alert(4)'>&lt;{{7*7}}{%25 x %25}\u202e\u2066\x00\x08\r\nSet-Cookie: a=b]]>-->"
)
PATHS = (
    "/", "/compare", "/deadlines", "/calendars/search.ics", "/api/search", "/api/compare", "/health/sites",
    "/review", "/subscribe", "/language/en",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    config = open_config(tmp_path_factory.mktemp("hostile"))
    engine = database(config)
    with serving(config, engine) as site:
        yield site, _fill(site)


def _fill(site: Site) -> dict[str, str]:
    engine, end = site.engine, (today() + dt.timedelta(days=30)).isoformat()
    nasty = release(
        NASTY,
        url="javascript:alert(5)//x",
        body=f"{NASTY}\n{NASTY} | {NASTY}\n购房补贴",
        subtitle=NASTY, source_credit=NASTY, site_name=NASTY, doc_no=NASTY, issuers=(NASTY,), zone=NASTY,
        region_path=("中国", NASTY), validity_basis=NASTY,
        reasons=(Reason(NASTY, NASTY),),
        benefits=(Benefit("housing", NASTY, NASTY, amount_max=9_000_000, condition=NASTY),),
        deadlines=(Deadline(kind="apply", end=end, quote=NASTY),),
        links=(Link(kind="cites", title=NASTY, doc_no=NASTY, quote=NASTY),),
        attachments=(
            Attachment(url="javascript:alert(6)", name=NASTY),
            Attachment(url="JaVaScRiPt\t:alert(7)", name="点我"),
            Attachment(url="data:text/html,<script>alert(8)</script>", name="资料"),
            Attachment(url=f"https://rsj.hecheng.example/a.pdf\"{NASTY}", name="表"),
        ),
    )  # fmt: skip
    made = subscriptions.add(engine, name=NASTY, query={}, channel="feed", address="", now=NOW)
    key = store(engine, nasty, kind="changed", revision=2, changes=(Change("title", NASTY, NASTY, NASTY),))
    store(engine, dataclasses.replace(nasty, url="javascript:alert(9)", is_talent_policy=None), kind=None)
    held = Quarantine("empty", NASTY, NASTY)
    quarantine.put(engine, "hecheng", NASTY, f"javascript:alert(10)//{NASTY}", held, now=NOW, kind="article")
    with writing(engine) as connection:
        connection.execute(
            columns.insert().values(
                site=_storable(NASTY), key="<b>", url="javascript:alert(11)", enabled=True, verdict="drift",
                reasons='["<script>alert(12)</script>"]',
            )
        )  # fmt: skip
    match_due(engine, site.config, now=NOW)
    site.index()
    return {
        "search": "/", "words": "/?words=alert", "all": "/?relevance=all", "release": f"/releases/{key}",
        "deadlines": "/deadlines", "compare": "/compare", "health": "/health/sites", "review": "/review",
        "unsubscribe": f"/unsubscribe/{made.token}", "bad": "/?sort=%3Cscript%3Ealert(1)%3C/script%3E",
        "feed": f"/feeds/{made.token}.atom", "calendar": "/calendars/search.ics",
        "own calendar": f"/calendars/{made.token}.ics",
        "correct": f"/review/releases/{key}?field=title", "manage": f"/subscriptions/{made.token}",
        "subscribe": "/subscribe?words=%3Cscript%3Ealert(1)%3C/script%3E",
        "words that look": "/?words=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        "api": f"/api/releases/{key}", "api search": "/api/search",
    }  # fmt: skip


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def status(site: Site, target: bytes) -> int:
    """The status that a raw request line is answered with; http.client would not send these."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as wire:
        wire.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with wire.makefile("rb") as answer:
            return int(answer.readline().split()[1])


FILTERS = (
    b"words", b"page", b"sort", b"region", b"topic", b"min_amount", b"published_after", b"deadline_before",
    b"issuer", b"doc_no", b"relevance", b"reposts", b"lang", b"back", b"nix", b"%00", b"",
)  # fmt: skip
PIECES = (
    b"%00", b"%", b"%zz", b"%ff%fe", b"%ed%a0%80", b"%F0%9F%98%80", b"%E2%80%AE", b"%E2%81%A6", b"(" * 300,
    b"%22" * 5, b"-", b"%7C", b"*", b"%5C", b"a", b"1", b"-1", b"1e999", b"NaN", b"9" * 400, b"0x10",
    b"%D9%A3", b"2026-02-30",
    b"%E8%A1%A5%E8%B4%B4", b"..%2f..%2f", b"'%20OR%201=1--", b"%3Cscript%3E", b"{{7*7}}", b"+", b"&", b"=", b";",
    b"%0d%0aSet-Cookie:a=b", b"100000", b"housing", b"NEAR(", b"words_title:", b"%C2%B6", b"%1f%1e",
)  # fmt: skip


def encoded(raw: bytes) -> bytes:
    return b"".join(b"%%%02x" % byte for byte in raw)


values = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3).map(encoded), max_size=5).map(b"".join)
queries = st.lists(st.tuples(st.sampled_from(FILTERS), values).map(b"=".join), max_size=5).map(b"&".join)


@settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), query=queries)
@example(path="/", query=b"page=1" + b"0" * 30)
@example(path="/", query=b"page=-1&page=2")
@example(path="/", query=b"words=" + b"%28" * 160 + b"a" + b"%29" * 160)
@example(path="/", query=b"words=%22")
@example(path="/api/search", query=b"words=%ed%a0%80")
@example(path="/", query=b"&".join(b"topic=housing" for _ in range(1000)))
@example(path="/", query=b"&".join(b"region=%d" % n for n in range(1000)))
@example(path="/compare", query=b"min_amount=99999999999999999999")
@example(path="/deadlines", query=b"deadline_before=0001-01-01")
@example(path="/deadlines", query=b"deadline_before=9999-12-31")
@example(path="/", query=b"published_before=9999-12-31&published_after=0001-01-01")
def test_no_query_string_breaks_a_page(world: tuple[Site, dict[str, str]], path: str, query: bytes) -> None:
    site, _ = world
    assert status(site, path.encode() + b"?" + query) in (200, 303, 400, 404, 422)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("size", [10_000, 100_000])
def test_endless_queries_are_refused(world: tuple[Site, dict[str, str]], path: str, size: int) -> None:
    assert status(world[0], path.encode() + b"?words=" + b"a" * size) in (200, 303, 400, 404, 414, 431)


@pytest.mark.parametrize(
    "key", [b"%00", b"%ff", b"..%2f..%2fetc", b"%ed%a0%80", b"x" * 20_000, b"%E2%80%AE", b"%", b"'"]
)
@pytest.mark.parametrize(
    "path", [b"/releases/", b"/api/releases/", b"/unsubscribe/", b"/feeds/", b"/calendars/", b"/static/"]
)
def test_no_key_breaks_a_page(world: tuple[Site, dict[str, str]], path: bytes, key: bytes) -> None:
    site, _ = world
    for end in (b"", b".atom", b".ics"):
        assert status(site, path + key + end) in (400, 404, 414, 431)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(accept_downloads=False)
    yield made
    made.close()


def watched(context: BrowserContext, site: Site) -> tuple[Page, list[str]]:
    """A page, and everything that it must not do."""
    page = context.new_page()
    seen: list[str] = []
    own = f"http://127.0.0.1:{site.port}/"
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss())[0])
    page.on("console", lambda told: seen.append(f"{told.type} {told.text}") if told.type in LOUD else None)
    page.on("pageerror", lambda error: seen.append(f"error {error}"))
    page.on("popup", lambda other: seen.append(f"popup {other.url}"))
    page.on("request", lambda asked: seen.append(f"request {asked.url}") if not asked.url.startswith(own) else None)
    return page, seen


LOUD = ("error", "warning", "log")
SCHEMES = """[...document.querySelectorAll('[href]')].map(
  one => new URL(one.href.baseVal ?? one.href, document.baseURI).protocol)"""


@pytest.mark.real
def test_what_is_stored_is_shown_inert(context: BrowserContext, world: tuple[Site, dict[str, str]]) -> None:
    site, addresses = world
    page, seen = watched(context, site)
    for kind, path in addresses.items():
        if kind in ("feed", "calendar", "own calendar"):
            continue
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        assert page.evaluate("window.pwned") is None, kind
        assert page.locator("script, img, iframe, object, embed").count() == 0, kind
        attributes = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).map(a => a.name)"
            ".filter(n => n.startsWith('on') || n === 'style')"
        )
        assert attributes == [], kind
        schemes = set(page.evaluate(SCHEMES))
        assert schemes <= {"http:", "https:"}, kind
    bad = [one for one in seen if "400 (Bad Request)" not in one]
    assert bad == []


@pytest.mark.real
def test_hostile_links_lead_nowhere(context: BrowserContext, world: tuple[Site, dict[str, str]]) -> None:
    site, addresses = world
    page, seen = watched(context, site)
    address = f"http://127.0.0.1:{site.port}{addresses['release']}"
    page.goto(address)
    for link in page.locator("a[rel=noreferrer]").all():
        if link.get_attribute("href") == "#":
            link.click()
    assert page.url.removesuffix("#") == address
    assert seen == []


def test_feeds_and_calendars_stay_well_formed(world: tuple[Site, dict[str, str]]) -> None:
    site, addresses = world
    feed = site.get(addresses["feed"])
    assert feed.status == 200
    root = etree.fromstring(feed.body, etree.XMLParser(resolve_entities=False))
    entries = root.findall("{*}entry")
    assert entries
    assert "alert(1)" in (entries[0].findtext("{*}title") or "")
    hrefs = [one.get("href", "") for one in root.iter("{*}link")]
    assert [one for one in hrefs if not one.startswith(("http://", "https://"))] == []
    content = entries[0].find("{*}content")
    assert content is not None
    shown = etree.fromstring(f"<div>{content.text}</div>", etree.HTMLParser())
    assert shown.xpath("//script | //img | //@onerror | //@onload") == []
    for kind in ("calendar", "own calendar"):
        answer = site.get(addresses[kind])
        assert answer.status == 200
        events = icalendar.Calendar.from_ical(answer.body).walk("VEVENT")
        assert events
        for event in events:
            assert "\n" not in str(event["summary"])
            assert str(event["url"]).startswith("https://")
            assert "SET-COOKIE" not in event


def test_no_header_carries_what_was_sent(world: tuple[Site, dict[str, str]]) -> None:
    site, addresses = world
    for path in (
        "/?words=%0d%0aSet-Cookie:%20a=b", "/language/en?back=%0d%0aSet-Cookie:%20a=b",
        "/language/en?back=//evil.example/", "/language/en?back=https://evil.example/",
        "/language/en?back=/%5Cevil.example/", "/language/en?back=/%09/evil.example/", "/releases/%0d%0aX:%20y",
        *addresses.values(),
    ):  # fmt: skip
        headers = site.get(path).headers
        assert "a=b" not in headers.get("set-cookie", "")
        assert "x" not in headers
        assert "evil" not in headers.get("location", "")


def test_the_json_is_json(world: tuple[Site, dict[str, str]]) -> None:
    site, addresses = world
    for kind in ("api", "api search"):
        answer = site.get(addresses[kind])
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert isinstance(answer.json(), dict)
    told: dict[str, Any] = site.get("/api/search?words=zzz&relevance=all").json()
    assert told["hits"] == []
