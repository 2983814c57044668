"""`PolicyIndex`: what a search index must do, whoever does it.

An index is a projection of the truth: documents come in with the outbox's sequence as external
version, older versions are ignored, nothing is ever deleted (withdrawn releases carry
``current: false``). The hit set is the one of `crawler.query.is_hit`; only the ranking is the
index's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from crawler.errors import IndexUnavailable, QueryError
from crawler.query import Highlight, Query
from crawler.storage.index.fields import RELEASES, WORD_WEIGHTS
from crawler.text import digest

Sort = Literal["relevance", "published", "first_seen", "deadline", "amount"]
SORTS: tuple[str, ...] = ("relevance", "published", "first_seen", "deadline", "amount")
#: Hits that paging reaches; whoever wants more exports.
MAX_WINDOW = 10_000
#: Hits on one page.
MAX_LIMIT = 1_000
#: Different values of one facet that are told.
MAX_FACET_VALUES = 50


#: Left out of a content hash.
_UNHASHED = frozenset({"last_seen", *WORD_WEIGHTS})


class IndexDiffers(IndexUnavailable):
    """A generation that was filled is not what the truth says: it is given up, the live one stays."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """A document with its external version: the outbox's sequence number. ``hash``: its `content_hash`
    where that is known already."""

    version: int
    document: Mapping[str, Any]
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the index will never take, and why. ``table``: where it was to lie, the index of
    releases or of what hangs on them."""

    release_id: str
    version: int
    reason: str
    table: str = RELEASES


def whole(refused: Iterable[Refused]) -> list[Refused]:
    """One for each release and version: its own document's reason first, then those of what hangs on it,
    in whatever order the index told them."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for one in refused:
        found.setdefault((one.release_id, one.version), {}).setdefault(one.table, one.reason)
    made = []
    for (release_id, version), whys in found.items():
        tables = sorted(whys, key=lambda table: (table != RELEASES, table))
        rest = [f"{table}: {whys[table]}" for table in tables[1:]]
        made.append(Refused(release_id, version, "; ".join([whys[tables[0]], *rest]), tables[0]))
    return made


@dataclass(frozen=True, slots=True)
class PutReport:
    """What became of a batch. ``ignored``: the index held a later version already."""

    written: int = 0
    ignored: int = 0
    refused: tuple[Refused, ...] = ()

    def plus(self, other: PutReport) -> PutReport:
        """Both batches together."""
        return PutReport(
            self.written + other.written, self.ignored + other.ignored, (*self.refused, *other.refused)
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index holds of a release, for comparing with the truth."""

    release_id: str
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit. ``document`` is what was indexed; ``reposts`` counts other releases of its story."""

    release_id: str
    score: float
    document: Mapping[str, Any]
    highlights: tuple[Highlight, ...] = ()
    reposts: int = 0


#: Where a reading of all hits stands: the last one's sort value, publication and id, as the index told them.
Mark = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Following:
    """So many hits further on, and the mark behind them; None: that was the end."""

    hits: tuple[Hit, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer of a search: facets are counted over all hits, most frequent value first."""

    total: int
    took_ms: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()


class Target(Protocol):
    """Something that takes documents."""

    def put(self, documents: Sequence[Versioned]) -> PutReport:
        """Write them, each unless a later version is there. Raises `IndexUnavailable`."""


class PolicyIndex(Target, Protocol):
    """A search index. Every method raises `IndexUnavailable` where it is out of reach."""

    #: Said to people: ``local`` or ``elasticsearch``.
    kind: str

    def search(
        self,
        query: Query,
        *,
        as_of: dt.date,
        sort: Sort = "relevance",
        limit: int = 20,
        offset: int = 0,
        facets: bool = True,
    ) -> SearchResult:
        """The hits; ``as_of`` is the day on which an open deadline is open.

        Ties are broken by publication (latest first), then id. Raises `QueryError` beyond `MAX_WINDOW`.
        """  # fmt: skip

    def following(
        self, query: Query, *, as_of: dt.date, sort: Sort = "published", limit: int = 20, mark: Mark | None = None
    ) -> Following:
        """The hits behind a mark, as many as one likes one after the other: no hit twice, and none left out
        whose place in the order stays, whatever is written meanwhile. Raises `QueryError` for an order by
        relevance, whose places move, and for a mark of another order."""

    def walk(self, query: Query, *, as_of: dt.date, sort: Sort = "published") -> Iterator[Mapping[str, Any]]:
        """Every hit's document in order, as it was when the walk began, however many. Raises `QueryError` as
        `following`."""

    def count(self, query: Query | None = None, *, as_of: dt.date) -> int:
        """How many hits; of None: how many documents there are."""

    def days(self, query: Query, *, as_of: dt.date) -> dict[str, int]:
        """How many hits were published on each day (ISO) that has any; give the query borders."""

    def stamps(self) -> Iterator[Stamp]:
        """Every document's version and content hash, in no order."""

    def rebuilding(self) -> AbstractContextManager[Target]:
        """A new, empty generation beside the live one, which takes its place when the block ends well.

        Meanwhile searches see the old one and `put` writes to both. An exception leaves the old one.
        """

    def identity(self) -> str | None:
        """A name that changes whenever documents were lost: a new file, a new index, a `clear`. None: there
        is no index yet; asking makes none."""

    def refresh(self) -> None:
        """Make everything written visible to the next search."""

    def clear(self) -> None:
        """Forget every document."""

    def close(self) -> None:
        """Give back connections."""


def window(limit: int, offset: int) -> None:
    """Check a page's borders."""
    if not 0 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit {limit} is not between 0 and {MAX_LIMIT}", "Ask page by page with --offset.")
    if offset < 0:
        raise QueryError(f"offset {offset} is negative", "Start at 0.")
    if offset + limit > MAX_WINDOW:
        raise QueryError(
            f"hits beyond {MAX_WINDOW} can't be paged to (offset {offset}, limit {limit})",
            "Narrow the query, or take everything with `talentwatch export`.",
            code="page_too_far",
        )


def check_sort(sort: str) -> None:
    """Raise `QueryError` for an order that doesn't exist."""
    if sort not in SORTS:
        raise QueryError(f"unknown sort {sort!r}", f"There are: {', '.join(SORTS)}.")


def check_lasting(sort: str, limit: int = 1, mark: Mark | None = None) -> None:
    """Raise `QueryError` for an order whose places move, and for what is no mark."""
    check_sort(sort)
    if sort == "relevance":
        raise QueryError(
            "all hits can't be read in the order of relevance, which moves with each new release",
            f"Sort by one of: {', '.join(s for s in SORTS if s != sort)}.",
        )
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit {limit} is not between 1 and {MAX_LIMIT}", "Ask for fewer and go on from there.")
    if mark is not None and not _is_mark(mark):
        raise QueryError("that is no mark of this index", "Begin anew, without a cursor.", code="bad_cursor")


def _is_mark(mark: Mark) -> bool:
    if len(mark) != 3 or not isinstance(mark[2], str):
        return False
    # A number beyond 64 bits is a document's of no index; True is a number to Python alone.
    return all(
        one is None or isinstance(one, str) or (type(one) is int and -(2**63) <= one < 2**63) for one in mark
    )


def content_hash(document: Mapping[str, Any]) -> str:
    """Equal for equal documents; token strings follow from the texts and are left out.

    So is ``last_seen``: a visit that finds a page unchanged moves it on without queuing the release,
    and no search asks for it.
    """
    import json

    kept = {name: value for name, value in document.items() if name not in _UNHASHED}
    return digest(json.dumps(kept, ensure_ascii=True, sort_keys=True))
