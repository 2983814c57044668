"""Real pages with their markup changed: what is read of them stays what it is."""

from __future__ import annotations

import datetime as dt
import difflib
import importlib.util
import pathlib
from collections import Counter, defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from crawler.extract import decode, read_page
from crawler.model import Article, Page
from tests.extract.perturbed import CHANGES, Element, parsed, source
from tests.quality.scores import is_development

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"
PAGES = SHARED / "data" / "pages"
TODAY = dt.date(2026, 11, 22)
#: Share right after each change, one hundredth or one page below what was measured. A page that states its
#: date or source in a meta tag alone has none once those are gone; one that states its headline nowhere but
#: in the title element has none without it.
FLOORS = {"title": 0.97, "date": 0.97, "source": 0.94, "body": 0.955, "with": 0.99, "without": 0.98}
LOWER = {
    "meta_removed": {"date": 0.88, "source": 0.90},
    "title_removed": {"title": 0.91},
    "headings_plain": {"title": 0.97},
}


def _scorer() -> ModuleType:
    """The scorer of the labelled material: how it joins truths and compares is how acceptance does."""
    spec = importlib.util.spec_from_file_location("score_pages", SHARED / "tools" / "score_pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _score(
    by: ModuleType, truth: dict[str, Any], page: str, right: defaultdict[str, float], of: Counter[str]
) -> None:
    reading = read_page(Page(truth.get("url") or "http://example.invalid/a.html", page), today=TODAY)
    article = max(reading.articles, key=lambda a: sum(map(len, a.paragraphs)), default=Article("http://a.example/"))
    text = "\n".join(article.paragraphs)

    def check(name: str, share: float) -> None:
        of[name] += 1
        right[name] += share

    if truth.get("title"):
        want, have = by.plain(truth["title"]), by.plain(article.title)
        check("title", difflib.SequenceMatcher(None, want, have, autojunk=False).ratio() >= 0.9)
    if by.day(truth.get("date")):
        check("date", by.day(truth["date"]) == by.day(article.published))
    if truth.get("source"):
        check("source", by.plain(truth["source"]) == by.plain(article.source_credit))
    if truth.get("body"):
        wanted, read = by.shingles(truth["body"]), by.shingles(text)
        check("body", 2 * sum((wanted & read).values()) / (sum(wanted.values()) + sum(read.values())))
    for string in truth.get("with") or ():
        check("with", by.squeeze(string) in by.squeeze(text))
    for string in (truth.get("without") or ()) if truth.get("with") else ():
        check("without", bool(text) and by.squeeze(string) not in by.squeeze(text))


@pytest.fixture(scope="module")
def pages() -> list[tuple[dict[str, Any], str]]:
    truths = {path: truth for path, truth in _scorer().load(PAGES).items() if is_development(path)}
    return [(truth, decode((PAGES / path).read_bytes())[0]) for path, truth in sorted(truths.items())]


@pytest.mark.shared
@pytest.mark.skipif(not PAGES.exists(), reason="no labelled pages beside the project")
@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_a_change_of_the_markup_changes_no_answer(
    change: Callable[[Element], None], pages: list[tuple[dict[str, Any], str]]
) -> None:
    right: defaultdict[str, float] = defaultdict(float)
    of: Counter[str] = Counter()
    by = _scorer()
    for truth, text in pages:
        root = parsed(text)
        change(root)
        _score(by, truth, source(root), right, of)
    shares = {name: right[name] / count for name, count in of.items()}
    floors = FLOORS | LOWER.get(change.__name__, {})
    assert not {name: share for name, share in shares.items() if share < floors[name]}
