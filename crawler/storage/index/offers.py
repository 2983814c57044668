"""What a search offers besides its hits: a second, relaxed list where little was found; names to choose from.

Both work on any `PolicyIndex`. The relaxed list is for people who search, never for alerts: its hits are not
hits of the query.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from crawler.errors import QueryError
from crawler.query import Query
from crawler.query.grammar import MAX_GROUPS
from crawler.regions import mentions
from crawler.storage.index.protocol import PolicyIndex, SearchResult

#: Hits below which a relaxed list is worth its search.
FEW = 3
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PIECE = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
#: Han characters of one piece: most words have two.
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Names that a reader may have meant: regions (code, name) and issuers with their number of releases."""

    regions: tuple[tuple[str, str], ...]
    issuers: tuple[tuple[str, int], ...]


def relaxed(query: Query) -> Query | None:
    """The query with any of its words instead of all, long runs of Han in pairs; filters and exclusions stay.
    None where that is nothing else."""
    positive = [group.typed for group in query.groups if not group.excluded]
    pieces: dict[str, None] = {}
    for typed in positive:
        for run in _PIECE.findall(typed):
            is_han = re.match(rf"[{_HAN}]", run) is not None
            cut = [run[at : at + _PAIR] for at in range(0, len(run), _PAIR)] if is_han else [run]
            pieces |= dict.fromkeys(piece for piece in cut if len(piece) == _PAIR or not is_han)
    if len(pieces) < _PAIR:
        return None
    excluded = [f'-"{group.typed.lstrip("-")}"' for group in query.groups if group.excluded]
    words = " ".join(["|".join(list(pieces)[: MAX_GROUPS // 2]), *excluded])
    try:
        return dataclasses.replace(query, words=words)
    except QueryError:
        return None


def second_list(
    index: PolicyIndex, query: Query, first: SearchResult, *, as_of: dt.date, limit: int = 10
) -> SearchResult | None:
    """Where ``first`` has few hits: what has any of the words, without what is there already. ``total`` counts
    only these. Raises `IndexUnavailable`."""
    wider = relaxed(query) if first.total < FEW else None
    if wider is None:
        return None
    found = index.search(wider, as_of=as_of, limit=limit + FEW, facets=False)
    known = {hit.release_id for hit in first.hits}
    hits = tuple(hit for hit in found.hits if hit.release_id not in known)[:limit]
    return dataclasses.replace(found, total=found.total - first.total, hits=hits) if hits else None


def suggestions(index: PolicyIndex, text: str, *, as_of: dt.date, limit: int = 8) -> Suggestions:
    """Regions whose names stand in ``text``, and issuers in whose names its words stand, the busiest first.
    Raises `IndexUnavailable`."""
    regions = {one.region.code: one.region.name for one in mentions(text)}
    try:
        query = Query(issuer=(text,), relevance="all")
        counted = index.search(query, as_of=as_of, limit=0).facets.get("issuers", {})
    except QueryError:
        counted = {}
    # A release has other issuers too: only names that hold the words are what was meant.
    wanted = _PIECE.findall(text)
    issuers = [(name, count) for name, count in counted.items() if all(word in name for word in wanted)]
    return Suggestions(tuple(regions.items())[:limit], tuple(issuers[:limit]))
