"""What a family of content platforms is: a fingerprint and where it keeps things."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from crawler.model import DetailRules, ListRules

#: Bytes of a page that fingerprints look at.
SEARCHED = 1_000_000


_compiled = cache(re.compile)


@dataclass(frozen=True, slots=True)
class Platform:
    """A recognised platform. ``score`` 0..1: how sure; ``family`` of the site TOML that reads its lists."""

    name: str
    score: float
    detail: DetailRules
    list: ListRules | None = None
    family: str = "generic"


@dataclass(frozen=True, slots=True)
class Family:
    """One family: weighted marks in the address and in the source, and its selectors."""

    name: str
    #: Pattern over the address, and what a hit is worth.
    address: tuple[tuple[str, float], ...]
    #: Plain strings (fast) over the lower-cased source, and what a hit is worth.
    source: tuple[tuple[str, float], ...]
    detail: DetailRules = field(default_factory=DetailRules)
    list: ListRules | None = None
    family: str = "generic"
    #: Address of page ``n`` (from 1) of a listing, where the family has one shape for it.
    page: Callable[[str, int], str] | None = None

    def weigh(self, marks: frozenset[str], url: str) -> float:
        """How sure: the worth of the marks seen and of the address; one half and more is a yes."""
        score = sum(worth for pattern, worth in self.address if _compiled(pattern).search(url))
        return score + sum(worth for mark, worth in self.source if mark in marks)

    def platform(self, weight: float) -> Platform:
        """The platform, recognised with a weight."""
        return Platform(self.name, min(1.0, round(weight, 2)), self.detail, self.list, self.family)
