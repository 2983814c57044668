"""Amounts side by side: what regions give for a topic, each figure with the sentence it stands in.

Only like is set beside like: one topic and one way of paying (once, a month, a year, not stated) make
one comparison; nothing is converted. What isn't stated in yuan is left out, and so is what is known to
have ended or is a draft.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler import regions
from crawler.query import Query
from crawler.storage.index import PolicyIndex

#: Releases that one comparison reads, the latest published first, and how many are in memory at once.
MAX_RELEASES = 3_000
_PAGE = 500
#: What isn't given, or not any more, is left out unless the query asks for it.
_NOT_GIVEN = frozenset({"expired", "repealed", "draft"})
#: Comparisons on one page, and regions in one comparison.
MAX_TABLES, MAX_REGIONS = 8, 40
_PERIODS = ("once", "month", "year", None)
#: Cities that are provinces: 北京, 天津, 上海, 重庆.
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One benefit in yuan, and where it stands: the number of the benefit in its release."""

    topic: str
    period: str | None
    region: str
    amount: int
    recipient: str
    quote: str
    release_id: str
    number: int
    title: str
    validity: str


@dataclass(frozen=True, slots=True)
class Row:
    """A region's offers in one comparison: how many, their median and the highest one."""

    region: str
    count: int
    median: int
    highest: Offer


@dataclass(frozen=True, slots=True)
class Table:
    """One topic paid in one way, by region, highest first. ``left_out``: regions below those shown."""

    topic: str
    period: str | None
    rows: tuple[Row, ...]
    left_out: int = 0

    @property
    def count(self) -> int:
        """Offers in all rows."""
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``total`` releases were hits, ``read`` of them looked into; ``tables`` has most offers first."""

    tables: tuple[Table, ...]
    total: int
    read: int
    left_out: int = 0


def compare(index: PolicyIndex, query: Query, as_of: dt.date) -> Comparison:
    """The comparison of a query's hits. Raises `IndexUnavailable` and `QueryError`."""
    least = query.min_amount or 1
    asked = dataclasses.replace(query, min_amount=least)
    wanted: list[Offer] = []
    total = read = 0
    for offset in range(0, MAX_RELEASES, _PAGE):
        found = index.search(asked, as_of=as_of, sort="published", limit=_PAGE, offset=offset, facets=False)
        total, read = found.total, read + len(found.hits)
        wanted += (
            offer
            for hit in found.hits
            for offer in offers(hit.release_id, hit.document)
            if offer.amount >= least
            and (not query.topic or offer.topic in query.topic)
            and (query.validity or offer.validity not in _NOT_GIVEN)
        )
        if len(found.hits) < _PAGE:
            break
    tables = side_by_side(wanted, query.region)
    return Comparison(tables[:MAX_TABLES], total, read, max(0, len(tables) - MAX_TABLES))


def offers(release_id: str, document: Mapping[str, Any]) -> Iterator[Offer]:
    """The benefits of one document that name yuan, a topic and a region."""
    for number, benefit in enumerate(document["benefits"]):
        amount = benefit["amount_max"]
        if benefit["currency"] != "CNY" or not amount or not benefit["topic"] or not document["region"]:
            continue
        yield Offer(
            topic=benefit["topic"], period=benefit["period"], region=document["region"], amount=amount,
            recipient=benefit["recipient"] or "", quote=benefit["quote"], release_id=release_id, number=number,
            title=document["title"] or document["url"], validity=document["validity"],
        )  # fmt: skip


def side_by_side(given: Iterable[Offer], asked: Sequence[str] = ()) -> tuple[Table, ...]:
    """The comparisons, those with most offers first. ``asked``: the regions of the query."""
    groups: dict[tuple[str, str | None], dict[str, list[Offer]]] = {}
    for offer in given:
        places = groups.setdefault((offer.topic, offer.period), {})
        places.setdefault(place(offer.region, asked), []).append(offer)
    tables = []
    for (topic, period), places in groups.items():
        rows = [_row(region, held) for region, held in places.items()]
        rows.sort(key=lambda row: (-row.highest.amount, -row.median, row.region))
        tables.append(Table(topic, period, tuple(rows[:MAX_REGIONS]), max(0, len(rows) - MAX_REGIONS)))
    tables.sort(key=lambda table: (-table.count, table.topic, _PERIODS.index(table.period)))
    return tuple(tables)


def place(code: str, asked: Sequence[str] = ()) -> str:
    """The region that a release's code counts for: its city, or the county where one city is asked for."""
    one = asked[0] if len(asked) == 1 else ""
    is_city = is_municipality(one) or (one != "" and not one.endswith("0000"))
    if is_city and regions.holds(one, code):
        return code
    if is_municipality(code):
        return code[:2] + "0000"
    # Counties right below a province (省直辖县) have no city.
    city = code[:4] + "00"
    return city if regions.by_code(city) else code


def is_municipality(code: str) -> bool:
    """Whether it lies in a city that is a province (直辖市)."""
    return code[:2] in _MUNICIPALITIES


def _row(region: str, held: Sequence[Offer]) -> Row:
    highest = max(held, key=lambda offer: (offer.amount, offer.release_id, -offer.number))
    return Row(region, len(held), round(statistics.median(offer.amount for offer in held)), highest)
