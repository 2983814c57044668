"""Many queries put to one document after another: the same answers as `is_hit`, without asking each for all.

A subscription asks for two or three of the filters that exist, most name a region, and many share their
words. So each query is reduced to the tests that it needs, those of other regions aren't looked at, and
a phrase is looked for once in a document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.query.evaluate import WORD_FIELDS, filters_of, is_visible
from crawler.query.model import Query

Doc = Mapping[str, Any]
#: Between the token strings of a document, so that no phrase reaches from one into the next: no token
#: string holds it.
_WALL = " \x00 "


@dataclass(frozen=True, slots=True)
class _Needed:
    place: int
    query: Query
    tests: tuple[Callable[[Query, Doc], bool], ...]
    #: Padded phrases of each group, and whether it excludes.
    groups: tuple[tuple[tuple[str, ...], bool], ...]


class Many:
    """Queries by their place in the given order."""

    def __init__(self, queries: Iterable[Query]) -> None:
        self._anywhere: list[_Needed] = []
        self._by_region: dict[str, list[_Needed]] = defaultdict(list)
        for place, query in enumerate(queries):
            groups = tuple((tuple(f" {p} " for p in group.phrases), group.excluded) for group in query.groups)
            needed = _Needed(place, query, filters_of(query, without=("region",)), groups)
            if query.region:
                for prefix in set(query.region_prefixes):
                    self._by_region[prefix].append(needed)
            else:
                self._anywhere.append(needed)

    def hits(self, doc: Doc) -> set[int]:
        """The places of the queries that the `crawler.query.document` is a hit of."""
        text = f" {_WALL.join(doc[name] for name in WORD_FIELDS)} "
        seen: dict[str, bool] = {}

        def stands(phrase: str) -> bool:
            if phrase not in seen:
                seen[phrase] = phrase in text
            return seen[phrase]

        return {
            one.place
            for part in self._near(doc["region"])
            for one in part
            if is_visible(one.query, doc)
            and all(test(one.query, doc) for test in one.tests)
            and all(any(map(stands, phrases)) != excluded for phrases, excluded in one.groups)
        }

    def _near(self, region: str | None) -> list[list[_Needed]]:
        """The queries whose region can hold this one, and those that name none."""
        if region is None:
            return [self._anywhere]
        prefixes = {region[:length] for length in range(len(region) + 1)}
        return [self._anywhere, *(self._by_region[p] for p in sorted(prefixes) if p in self._by_region)]
