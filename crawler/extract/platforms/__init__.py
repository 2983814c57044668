"""Families of content platforms: fingerprint, list shapes, pagination, detail selectors. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

from ahocorasick_rs import BytesAhoCorasick

from crawler.extract.platforms import founder, gkmlpt, hanweb, jpaas, trs, ucap, wcm
from crawler.extract.platforms.family import SEARCHED, Family, Platform

#: In the order in which equal scores are decided: the more particular first.
FAMILIES: tuple[Family, ...] = (
    gkmlpt.FAMILY, ucap.FAMILY, founder.FAMILY, jpaas.FAMILY, hanweb.FAMILY, trs.FAMILY, *wcm.FAMILIES,
)  # fmt: skip

__all__ = ["FAMILIES", "Family", "Platform", "candidates", "detect"]


#: The least weight of marks that makes a platform.
_SURE = 0.5
_MARKS = tuple(dict.fromkeys(mark for family in FAMILIES for mark, _ in family.source))


@cache
def _automaton() -> Any:
    """All marks at once: one pass over a page (60 separate searches took 3 ms a page). Over bytes, since
    lower case of Chinese text and positions in it took longer than the search."""
    return BytesAhoCorasick([mark.encode() for mark in _MARKS])


def candidates(page: Any, url: str) -> list[Platform]:
    """All families that a page (source text, or a parsed tree) may belong to, surest first."""
    source = page if isinstance(page, str) else page.text
    hits = _automaton().find_matches_as_indexes(
        source[:SEARCHED].encode("utf-8", "surrogatepass").lower(), overlapping=True
    )
    marks = frozenset(_MARKS[hit[0]] for hit in hits)
    weighed = [(min(1.0, family.weigh(marks, url)), family) for family in FAMILIES]
    found = sorted(((w, f) for w, f in weighed if w >= _SURE), key=lambda item: -item[0])
    return [family.platform(weight) for weight, family in found]


def detect(page: Any, url: str) -> Platform | None:
    """The platform of a page, or None where no family is at least half sure."""
    found = candidates(page, url)
    return found[0] if found else None
