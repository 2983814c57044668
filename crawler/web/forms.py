"""Addresses ↔ queries: every search has one permanent address, every address one search."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crawler.errors import QueryError
from crawler.query import Query
from crawler.storage.index import SORTS, Sort

#: Hits on one page.
PAGE = 20
#: What an address may say besides the filters of `Query`.
_OWN = ("sort", "page", "lang")
#: Where all hits are read, a hundred at a time.
_ONWARD = ("sort", "cursor", "lang")
_FLAGS = ("reposts", "withdrawn")
#: A search that people type stays far below; longer ones are mistakes or attacks.
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What one address asks for. ``page`` counts from 1."""

    query: Query
    sort: Sort = "relevance"
    page: int = 1
    #: Where a reading of all hits goes on; only there.
    cursor: str = ""

    @property
    def offset(self) -> int:
        """Hits before this page."""
        return (self.page - 1) * PAGE

    def address(self, path: str = "/", *, page: int | None = None, changes: Mapping[str, Any] | None = None) -> str:
        """The permanent address of this search, with some filters changed; back on its first page
        unless told otherwise."""
        query = dataclasses.replace(self.query, **changes) if changes else self.query
        pairs: list[tuple[str, str]] = []
        for name, value in query.to_json().items():
            pairs += [(name, _text(one)) for one in (value if isinstance(value, list) else [value])]
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        if page is not None and page > 1:
            pairs.append(("page", str(page)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def toggled(self, name: str, value: str) -> str:
        """The address with one value of a filter added, or taken away where it is set."""
        held: tuple[str, ...] = getattr(self.query, name)
        rest = tuple(one for one in held if one != value)
        return self.address(changes={name: rest if value in held else (*held, value)})


def read(pairs: Iterable[tuple[str, str]], *, onward: bool = False) -> Search:
    """The search of an address's query string; blank values of its keys are as good as none.

    ``onward``: it may have a cursor, and has no page; the order is then by publication where none is given.
    Raises `QueryError` for what can't be understood, also for keys that don't exist, blank or not.
    """
    values: dict[str, list[str]] = {}
    given: set[str] = set()
    for name, value in pairs:
        given.add(name)
        if value.strip():
            values.setdefault(name, []).append(value.strip())
    known = {field.name for field in dataclasses.fields(Query)}
    own = _ONWARD if onward else _OWN
    unknown = given - known - set(own)
    if unknown:
        name = sorted(unknown)[0]
        there = ", ".join(sorted(known))
        raise QueryError(
            f"there is no filter {name[:60]!r}",
            f"There are: {there}.",
            code="unknown_filter",
            field=name[:60],
            known=there,
        )
    cursor = values.pop("cursor", [""])[-1]
    sort = _sort(values.get("sort", ["published"] if onward else []))
    return Search(_query(values), sort, _page(values.get("page", [])), cursor)


def _query(values: Mapping[str, Sequence[str]]) -> Query:
    loose: dict[str, object] = {}
    for name, given in values.items():
        if name in _OWN:
            continue
        single = name not in _MANY
        if single and len(given) > 1:
            raise QueryError(
                f"{name} is given {len(given)} times",
                "Give it once.",
                code="given_twice",
                field=name,
                number=len(given),
            )
        if name in _FLAGS:
            loose[name] = _flag(name, given[0])
        else:
            loose[name] = given[0] if single else list(given)
    words = loose.get("words")
    if isinstance(words, str) and len(words) > LONGEST_WORDS:
        raise QueryError(
            f"{len(words)} characters are too long a search",
            f"Use at most {LONGEST_WORDS}.",
            code="words_too_long",
            length=len(words),
            most=LONGEST_WORDS,
        )
    return Query.build(**loose)


_MANY = frozenset(field.name for field in dataclasses.fields(Query) if isinstance(field.default, tuple))


def _flag(name: str, given: str) -> bool:
    if given.lower() in _SWITCHES:
        return _SWITCHES[given.lower()]
    value = given[:60]
    raise QueryError(
        f"{name} {value!r} is neither true nor false",
        "Write true or false.",
        code="bad_flag",
        field=name,
        value=value,
    )


_SWITCHES = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)


def _sort(given: Sequence[str]) -> Sort:
    for one in SORTS:
        if [one] == list(given):
            return one  # type: ignore[return-value]
    if not given:
        return "relevance"
    known = ", ".join(SORTS)
    raise QueryError(
        f"unknown sort {given[0][:60]!r}",
        f"There are: {known}.",
        code="unknown_sort",
        value=given[0][:60],
        known=known,
    )


def _page(given: Sequence[str]) -> int:
    text = given[0] if given else "1"
    if len(given) > 1 or not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise QueryError(
            f"page {text[:60]!r} is no page", "Pages count from 1.", code="not_a_page", value=text[:60]
        )
    return int(text)


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
