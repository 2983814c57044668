"""Every kind of page in a real Chromium: what axe finds, what the keyboard reaches, what a phone shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.conftest import Site
from tests.web.gallery import TOKEN, chromium, gallery

pytestmark = pytest.mark.real

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
KINDS = (
    "start", "hits", "second page", "no hits", "bad query", "nothing there", "release", "withdrawn release",
    "deadlines", "compare", "compare nothing", "health", "review", "subscribe", "confirm", "manage",
    "correct", "unsubscribe", "unsubscribed",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    with gallery(tmp_path_factory.mktemp("gallery")) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a context of its own; the parameter, where a test gives one, says which."""
    context = browser.new_context(**{"locale": "zh-CN", **getattr(request, "param", {})})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


LOOKS = [
    pytest.param({"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "locale": locale},
                 id=f"{width}-{scheme}-{locale}")
    for width, scheme, locale in (
        (1280, "light", "zh-CN"), (1280, "dark", "en-GB"), (360, "light", "en-GB"), (360, "dark", "zh-CN"),
    )
]  # fmt: skip


BROKEN = """() => [...document.querySelectorAll('.bar nav a')].filter(a => {
  const words = document.createRange();
  words.selectNodeContents(a);
  return words.getClientRects().length > 1;
}).map(a => a.text)"""


def test_every_kind_of_page_is_looked_at(pages: tuple[Site, dict[str, str]]) -> None:
    assert set(pages[1]) == set(KINDS)


def faults(page: Page, kind: str) -> list[str]:
    """What is wrong with the page that is shown, folds opened."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = []
    for one in Axe().run(page, options=RULES).response["violations"]:
        nodes = "; ".join(f"{node['target']} {node['html'][:120]}" for node in one["nodes"][:3])
        found.append(f"{kind}: {one['id']} ({one['help']}): {nodes}")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"{kind}: {word} is broken within the bar" for word in page.evaluate(BROKEN)]
    return [*found, *([f"{kind}: {wide} px too wide"] if wide > 0 else [])]


@pytest.mark.parametrize("page", LOOKS, indirect=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, pages: tuple[Site, dict[str, str]]) -> None:
    site, addresses = pages
    found: list[str] = []
    for kind, path in addresses.items():
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        found += faults(page, kind)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", LOOKS[1:3], indirect=True)
def test_axe_finds_nothing_where_one_may_write(page: Page, pages: tuple[Site, dict[str, str]]) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}/review")
    page.locator("input[name=token]").fill(TOKEN)
    page.keyboard.press("Enter")
    page.locator("button[name=accept]").first.wait_for()
    found = faults(page, "review")
    page.goto(f"http://127.0.0.1:{site.port}{addresses['correct']}")
    assert page.locator("form[method=post]").count() > 0
    found += faults(page, "correct")
    page.goto(f"http://127.0.0.1:{site.port}{addresses['subscribe']}")
    page.locator("input[name=address]").fill("boshi@post.example")
    page.keyboard.press("Enter")
    page.locator("input[name=address]").wait_for(state="detached")
    found += faults(page, "subscribed")
    assert not found, "\n".join(found)


FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const area = one.querySelector ? one.querySelector('.area') : null;
  return {
    words: (one.getAttribute('aria-label') || one.name || one.innerText || one.textContent).trim(),
    place: one.closest('.skip, .bar, .search, .results, .facets, main')?.className ?? '',
    seen: (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0)
      || (area !== null && getComputedStyle(area).stroke !== 'none'),
  };
}"""
STILL = pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)


def tabbed(page: Page, most: int = 200) -> list[dict[str, Any]]:
    """What gets the focus, Tab by Tab, until it leaves the page."""
    out: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if page.evaluate("document.activeElement === document.body"):
            break
        out.append(now)
    return out


@STILL
def test_the_keyboard_reaches_search_results_and_facets_in_order(
    page: Page, pages: tuple[Site, dict[str, str]]
) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}{addresses['hits']}")
    order = tabbed(page)
    places = [one["place"] for one in order]
    assert order[0]["place"] == "skip"
    firsts = [places.index(name) for name in ("skip", "bar", "search", "results", "facets")]
    assert firsts == sorted(firsts)
    assert next(one["words"] for one in order if one["place"] == "search") == "关键词"
    assert not [one for one in order if not one["seen"]], "the focus is always seen"


@STILL
@pytest.mark.parametrize("kind", ["release", "compare", "deadlines", "health", "review"])
def test_the_focus_is_seen_on_every_page(page: Page, pages: tuple[Site, dict[str, str]], kind: str) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}{addresses[kind]}")
    order = tabbed(page, 60)
    assert len(order) >= 5
    assert not [one for one in order if not one["seen"]]


@STILL
def test_the_skip_link_leads_past_the_bar(page: Page, pages: tuple[Site, dict[str, str]]) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}{addresses['start']}")
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["place"] == "search"


@STILL
def test_searching_and_narrowing_need_no_script(page: Page, pages: tuple[Site, dict[str, str]]) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}{addresses['start']}")
    before = page.locator(".count").inner_text()
    page.locator("input[name=words]").focus()
    page.keyboard.type("引进人才 措施")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?words=*")
    facet = page.locator(".facets li a", has_text="苏州市").first
    facet.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**region=320500*")
    assert page.locator(".count").inner_text() != before
    places = set(page.locator(".hit .meta").all_inner_texts())
    assert places
    assert all("苏州市" in one for one in places)
    page.locator(".chip", has_text="苏州市").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "region" not in url)


@STILL
def test_a_fold_opens_and_a_bar_leads_to_its_sentence(page: Page, pages: tuple[Site, dict[str, str]]) -> None:
    site, addresses = pages
    page.goto(f"http://127.0.0.1:{site.port}{addresses['compare']}")
    fold = page.locator(".comparison summary").first
    assert not page.locator(".comparison table").first.is_visible()
    fold.focus()
    page.keyboard.press("Enter")
    assert page.locator(".comparison table").first.is_visible()
    page.locator(".comparison svg a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/releases/*#b0")
