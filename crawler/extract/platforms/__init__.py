"""Families of content platforms: fingerprint, list shapes, pagination, detail selectors. Pure."""

from __future__ import annotations

import re

from crawler.extract.held import FACT_WORDS
from crawler.extract.marks import Marks
from crawler.extract.platforms import founder, gkmlpt, hanweb, jpaas, trs, ucap, wcm
from crawler.extract.platforms.family import SEARCHED, Family, Platform
from crawler.extract.tree import Tree

#: In the order in which equal scores are decided: the more particular first.
FAMILIES: tuple[Family, ...] = (
    gkmlpt.FAMILY, ucap.FAMILY, founder.FAMILY, jpaas.FAMILY, hanweb.FAMILY, trs.FAMILY, *wcm.FAMILIES,
)  # fmt: skip

__all__ = ["FAMILIES", "Family", "Platform", "as_post", "candidates", "detect", "marks_of"]

as_post = hanweb.as_post


#: The least weight of marks that makes a platform.
_SURE = 0.5
_MARKS = Marks((*(mark for family in FAMILIES for mark, _ in family.source), *FACT_WORDS))


_ADDRESSES = re.compile("|".join(pattern for family in FAMILIES for pattern, _ in family.address))


def marks_of(page: str | Tree) -> frozenset[str]:
    """The marks of families, and the words for publication facts, that stand in a page's source."""
    source = page.encode("utf-8", "replace") if isinstance(page, str) else page.data
    return _MARKS.seen(source[:SEARCHED])


def candidates(page: str | Tree, url: str, marks: frozenset[str] | None = None) -> list[Platform]:
    """All families that a page (source text, or a parsed tree) may belong to, surest first. ``marks`` are
    those of the page where they are known already."""
    marks = marks_of(page) if marks is None else marks
    if not marks and not _ADDRESSES.search(url):
        return []
    weighed = [(min(1.0, family.weigh(marks, url)), family) for family in FAMILIES]
    found = sorted(((w, f) for w, f in weighed if w >= _SURE), key=lambda item: -item[0])
    return [family.platform(weight) for weight, family in found]


def detect(page: str | Tree, url: str, marks: frozenset[str] | None = None) -> Platform | None:
    """The platform of a page, or None where no family is at least half sure."""
    found = candidates(page, url, marks)
    return found[0] if found else None


def data_addresses(source: str, url: str) -> tuple[str, ...]:
    """The answers (JSON) from which a list page's own scripts would fill it, in page order."""
    found = list(jpaas.fragment_urls(source, url))
    if (api := gkmlpt.list_api(url, source)) is not None:
        found.insert(0, api)
    return tuple(dict.fromkeys(found))


def numbered(url: str, number: int, rows: int = 0) -> str | None:
    """Page ``number`` (from 1) of an answer's address, where its platform counts pages in it; ``rows`` is how many
    the page before had."""
    return gkmlpt.page(url, number) or hanweb.proxy_page(url, number) or jpaas.page(url, number, rows)
