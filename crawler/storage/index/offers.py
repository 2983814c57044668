"""What a search offers besides its hits: a second, relaxed list where little was found; names to choose from.

Both work on any `PolicyIndex`. The relaxed list is for people who search, never for alerts: its hits are not
hits of the query.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
#: Other searches that are offered at most; each is counted first.
MAX_MEANT = 5
#: Likeness (difflib's ratio) from which a name is taken for a slip of another: a character of three or four.
_LIKE = 0.6
#: What makes more of words than a list of them: such a search isn't taken apart.
_GRAMMAR = frozenset('"|-“”｜－')


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Names that a reader may have meant: regions (code, name) and issuers with their number of releases."""

    regions: tuple[tuple[str, str], ...]
    issuers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """Another search that finds more: ``field`` became ``value``, which people call ``name``."""

    field: str
    value: str
    name: str
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered beside few hits. ``words``: those of the relaxed list, which is no part of the hits."""

    words: str = ""
    relaxed: SearchResult | None = None
    meant: tuple[Meant, ...] = ()


def offered(index: PolicyIndex, query: Query, first: SearchResult, *, as_of: dt.date, limit: int = 10) -> Offers:
    """Nothing where ``first`` has hits enough; else a relaxed list of at most ``limit`` hits, and searches that
    may have been meant. Raises `IndexUnavailable`."""
    if first.total >= FEW:
        return Offers()
    wider = relaxed(query)
    second = second_list(index, query, first, as_of=as_of, limit=limit)
    meant: dict[Query, Meant] = {}
    for field, value, name, other in _others(index, query, as_of):
        if len(meant) == MAX_MEANT:
            break
        total = index.count(other, as_of=as_of)
        if total > first.total:
            meant.setdefault(other, Meant(field, value, name, total, other))
    return Offers(wider.words if wider and second else "", second, tuple(meant.values()))


def _others(index: PolicyIndex, query: Query, as_of: dt.date) -> Iterator[tuple[str, str, str, Query]]:
    """Field, value, name and the search with it: places and issuers among the words, issuers of like names."""
    words = query.words
    if words and not _GRAMMAR & set(words):
        if not query.region:
            for place in [one for one in mentions(words) if one.zone is None][:MAX_MEANT]:
                rest = f"{words[: place.start]} {words[place.end :]}"
                yield from _changed(query, "region", place.region.code, place.region.name, words=rest)
        if not query.issuer:
            for name, _ in suggestions(index, words, as_of=as_of, limit=MAX_MEANT).issuers:
                yield from _changed(query, "issuer", name, name, words="")
    if len(query.issuer) == 1:
        for name in like_issuers(index, query.issuer[0], as_of=as_of):
            yield from _changed(query, "issuer", name, name)


def _changed(query: Query, field: str, value: str, name: str, **more: str) -> Iterator[tuple[str, str, str, Query]]:
    try:
        changes: dict[str, Any] = {field: (value,), **more}
        yield field, value, name, dataclasses.replace(query, **changes)
    except QueryError:
        return


def like_issuers(index: PolicyIndex, text: str, *, as_of: dt.date) -> list[str]:
    """Issuers whose names ``text`` shortens (郑州人社局) or nearly is, the likest first. Looks at the busiest
    ones that share a pair of characters with it. Raises `IndexUnavailable`."""
    pairs = [run[at : at + _PAIR] for run in _PIECE.findall(text) for at in range(max(1, len(run) - 1))]
    try:
        query = Query(issuer=tuple(pairs[:MAX_GROUPS]), relevance="all")
    except QueryError:
        return []
    likeness: dict[str, float] = {}
    for name in index.search(query, as_of=as_of, limit=0).facets.get("issuers", {}) if pairs else ():
        rest = iter(name)
        ratio = difflib.SequenceMatcher(None, text, name, autojunk=False).ratio()
        likeness[name] = ratio + all(character in rest for character in text)
    return sorted((name for name in likeness if likeness[name] >= _LIKE and name != text),
                  key=lambda name: -likeness[name])[:MAX_MEANT]  # fmt: skip


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
