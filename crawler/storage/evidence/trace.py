"""From each value of a release back to where it was read: rule, quote, place in the text, response.

The command line, the pages and the API show the same: `trace`.
"""

from __future__ import annotations

import datetime as dt
import pathlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.enrich.why import grounds
from crawler.errors import NotFound
from crawler.model import Release, Revision, StoredRelease, to_json
from crawler.storage.evidence.blobs import Blobs
from crawler.storage.evidence.responses import describe
from crawler.storage.state import corrections
from crawler.storage.state.stored import revisions_of

#: Fields whose value is one, or a list of plain ones; where they come from stands in the release.
_PLAIN = (
    "title", "subtitle", "doc_no", "issuers", "published", "issued", "effective_from", "effective_to",
    "source_credit", "site_name", "doc_type", "is_talent_policy", "section", "topics", "region", "zone", "level",
    "language", "validity",
)  # fmt: skip
#: Fields whose value is a word of the page itself: it may be looked for there.
_VERBATIM = frozenset({"title", "subtitle", "doc_no", "issuers", "source_credit"})
_DAYS = frozenset({"published", "issued", "effective_from", "effective_to"})
#: Fields whose values carry the sentence that they were read from.
_QUOTED = ("reasons", "benefits", "deadlines", "targets", "achievements", "links")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands. ``part``: ``body``, ``title``, ``subtitle``, ``header_table`` (``name`` is
    the cell's label) or ``attachment`` (``name`` is its address). ``start`` and ``end`` count characters
    of that part's text; ``paragraph`` (from 1) and ``offset`` in it are the same place for people."""

    part: str
    start: int
    end: int
    paragraph: int = 1
    offset: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The response that a revision was read from; ``path`` is its file."""

    id: int
    url: str
    fetched_at: str
    status: int
    sha256: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Traced:
    """One value. ``field`` is ``doc_no``, ``issuers[1]``, ``benefits[0]``; ``revision`` is the one that
    the value was read in, ``since`` the first of those that have held it without a break. ``evidence``
    is None where the response was pruned or never kept, and for what a person set (``correction``)."""

    field: str
    value: Any
    rule: str | None
    provenance: str | None
    quote: str | None
    place: Place | None
    revision: int
    since: int
    evidence: Kept | None


def trace(
    archive_path: pathlib.Path, engine: sa.Engine, stored: StoredRelease, history: Sequence[Revision] | None = None
) -> tuple[Traced, ...]:
    """Every value that the release has, in the order of its fields. ``history``: its revisions, where
    the caller has them."""
    found = revisions_of(engine, stored.release_id) if history is None else history
    held = [revision for revision in found if revision.number <= stored.revision]
    fixed = frozenset(corrections.of_release(engine, stored.release_id))
    kept = _kept(archive_path, engine, held[-1].evidence_id) if held else None
    return tuple(_values(stored.release, held, fixed, kept))


def locate(release: Release, quote: str) -> Place | None:
    """Where a quote stands in the release; white space never keeps it from being found. None where
    it stands nowhere: it was put together, or its text isn't kept."""
    if not quote.strip():
        return None
    for part, name, text in _texts(release):
        span = _find(text, quote)
        if span is not None:
            start, end = span
            line = text.rfind("\n", 0, start) + 1
            return Place(part, start, end, text.count("\n", 0, start) + 1, start - line, name)
    return None


def _kept(archive_path: pathlib.Path, engine: sa.Engine, evidence_id: int | None) -> Kept | None:
    if evidence_id is None:
        return None
    try:
        row = describe(engine, evidence_id)
    except NotFound:
        return None
    names = ("id", "url", "fetched_at", "status", "sha256", "size")
    return Kept(**{name: row[name] for name in names}, path=str(Blobs(archive_path).path(row["sha256"])))


def _values(
    release: Release, held: Sequence[Revision], fixed: Collection[str], kept: Kept | None
) -> Iterator[Traced]:
    number = held[-1].number if held else 1
    known = grounds(release)

    def one(name: str, field: str, value: Any, rule: str | None, quote: str | None, place: Place | None) -> Traced:
        by_hand = name in fixed
        return Traced(
            field, to_json(value), "correction" if by_hand else rule,
            None if by_hand else release.provenance.get(name), quote, place, number,
            _since(held, name, value, number), None if by_hand else kept,
        )  # fmt: skip

    for name in _PLAIN:
        held_value = getattr(release, name)
        several = isinstance(held_value, tuple)
        for index, value in enumerate(held_value if several else (held_value,)):
            if value is None or value == "":
                continue
            quote, place = _stated(release, name, value)
            field = f"{name}[{index}]" if several else name
            ground = known.get(field)
            if quote is None and ground is not None and ground.quote:
                quote, place = ground.quote, locate(release, ground.quote)
            rule = release.read_by.get(name) or (ground.rule if ground else None)
            yield one(name, field, value, rule, quote, place)
    for name in _QUOTED:
        for index, value in enumerate(getattr(release, name)):
            field = f"{name}[{index}]"
            rule = getattr(value, "rule", None) or release.read_by.get(name)
            rule = rule or (known[field].rule if field in known else None)
            yield one(name, field, value, rule, value.quote or None, locate(release, value.quote))


def _since(held: Sequence[Revision], name: str, value: Any, number: int) -> int:
    first = number
    for revision in reversed(held):
        there = getattr(revision.release, name)
        if not (value in there if isinstance(there, tuple) else there == value):
            break
        first = revision.number
    return first


def _stated(release: Release, name: str, value: Any) -> tuple[str | None, Place | None]:
    """The words of the page that state a plain value, where that can be said for certain."""
    if name == "validity":
        basis = release.validity_basis or ""
        return basis or None, locate(release, basis)
    if release.provenance.get(name) == "header_table":
        for label, cell in release.metadata.items():
            for spelled in _spellings(name, str(value)):
                at = cell.find(spelled)
                if at >= 0:
                    return cell, Place("header_table", at, at + len(spelled), 1, at, label)
    if name in _VERBATIM:
        place = locate(release, str(value))
        return (str(value), place) if place is not None else (None, None)
    return None, None


def _spellings(name: str, value: str) -> Iterator[str]:
    yield value
    if name in _DAYS:
        day = dt.date.fromisoformat(value[:10])
        yield value[:10]
        yield f"{day.year}年{day.month:02}月{day.day:02}日"
        yield f"{day.year}年{day.month}月{day.day}日"


def _texts(release: Release) -> Iterator[tuple[str, str, str]]:
    yield "body", "", release.body
    yield "title", "", release.title or ""
    yield "subtitle", "", release.subtitle or ""
    for label, cell in release.metadata.items():
        yield "header_table", label, cell
    for attachment in release.attachments:
        yield "attachment", attachment.url, attachment.text or ""


def _find(text: str, quote: str) -> tuple[int, int] | None:
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    bare = _SPACE.sub("", quote)
    if not bare or len(bare) > len(text):
        return None
    at = _SPACE.sub("", text).find(bare)
    if at < 0:
        return None
    places = [i for i, char in enumerate(text) if not char.isspace()]
    return places[at], places[at + len(bare) - 1] + 1
