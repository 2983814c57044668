"""A `Query` as SQL and an FTS5 expression: the same hit set as `crawler.query.is_hit`."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.query import Query
from crawler.query.evaluate import issuer_phrases
from crawler.storage.index.fields import FACETS, WORD_WEIGHTS
from crawler.storage.index.protocol import MAX_FACET_VALUES

#: Stands between (and around) the values of a column that holds several.
SEPARATOR = "\x1f"
#: Documents up to which every search is scored by BM25, and hits up to which one in a larger index is: at
#: 100,000 documents BM25 took up to 220 ms of a search that took 300.
ALL_SCORED, MAX_SCORED = 20_000, 2_000
#: Stands between the facets of a document.
_NEXT = "\x1e"

_ORDERS = {
    "relevance": "h.score DESC",
    "published": "d.published_day IS NULL, d.published_day DESC",
    "first_seen": "d.first_seen DESC",
    "deadline": "d.deadline_end IS NULL, d.deadline_end",
    "amount": "d.benefit_max_cny IS NULL, d.benefit_max_cny DESC",
}
#: What decides between equals: the later publication, then the id.
_TIES = "d.published IS NULL, d.published DESC, d.release_id"


@dataclass(slots=True)
class _Where:
    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, sql: str, *values: object) -> None:
        self.parts.append(sql)
        self.values += values

    def among(self, column: str, values: Iterable[object]) -> None:
        chosen = list(values)
        if chosen:
            self.add(f"d.{column} IN ({', '.join('?' * len(chosen))})", *chosen)


def collect(connection: sqlite3.Connection, generation: int, query: Query, as_of: dt.date, *, scored: bool) -> int:
    """Put ids and scores of all hits into ``temp.hits``; returns how many.

    They are scored by BM25, which reads every phrase twice and the length of every hit. In an index of more
    than `ALL_SCORED` documents a search that finds more than `MAX_SCORED` is spared that: those with more of
    the words in the title come first.
    """
    where = _filters(query, as_of)
    expression = match_expression(query)
    words, docs = f"words_{generation}", f"docs_{generation}"
    score, source = "0.0", f"{docs} d"
    scored = scored and bool(expression)
    # The last id is at least the number of documents.
    at_once = scored and _last_id(connection, docs) <= ALL_SCORED
    if expression:
        where.parts.insert(0, f"{words} MATCH ?")
        where.values.insert(0, expression)
        source = f"{words} JOIN {docs} d ON d.id = {words}.rowid"
        score = _bm25(words) if at_once else "0.0"
    excluded = " OR ".join(_alternatives(group.phrases) for group in query.groups if group.excluded)
    if excluded:
        where.add(f"d.id NOT IN (SELECT rowid FROM {words} WHERE {words} MATCH ?)", excluded)  # noqa: S608
    condition = " AND ".join(where.parts) or "1"
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS hits (id INTEGER PRIMARY KEY, score REAL NOT NULL)")
    connection.execute("DELETE FROM temp.hits")
    # The names are ours and every value is bound.
    done = connection.execute(
        f"INSERT INTO temp.hits SELECT d.id, {score} FROM {source} WHERE {condition}",  # noqa: S608
        where.values,
    )
    if scored and not at_once:
        _score(connection, words, expression, query, done.rowcount)
    return done.rowcount


def _score(connection: sqlite3.Connection, words: str, expression: str, query: Query, total: int) -> None:
    """Score what was collected without."""
    if total <= MAX_SCORED:
        # `+`: one walk through the phrases, not one for each hit.
        connection.execute(
            f"REPLACE INTO temp.hits SELECT rowid, {_bm25(words)} FROM {words}"  # noqa: S608
            f" WHERE {words} MATCH ? AND +rowid IN (SELECT id FROM temp.hits)",
            [expression],
        )
        return
    titled = f"SELECT rowid FROM {words} WHERE {words} MATCH ?"  # noqa: S608
    for group in query.groups:
        if not group.excluded:
            connection.execute(
                f"UPDATE temp.hits SET score = score + 1 WHERE id IN ({titled})",  # noqa: S608
                [f"words_title : ({_alternatives(group.phrases)})"],
            )


def _bm25(words: str) -> str:
    return f"-bm25({words}, {', '.join(str(weight) for weight in WORD_WEIGHTS.values())})"


def _last_id(connection: sqlite3.Connection, docs: str) -> int:
    return int(connection.execute(f"SELECT coalesce(max(id), 0) FROM {docs}").fetchone()[0])  # noqa: S608


def page(
    connection: sqlite3.Connection, generation: int, *, sort: str, limit: int, offset: int
) -> list[tuple[str, float, bytes, str]]:
    """One page of the collected hits: id, score, document, story."""
    order = f"{_ORDERS[sort]}, {_TIES}"
    # Down to the page's last score, with all that share it: what stands below needs no document.
    least = "(SELECT score FROM temp.hits ORDER BY score DESC LIMIT 1 OFFSET ?)" if sort == "relevance" else None
    condition = f" WHERE h.score >= coalesce({least}, h.score)" if least else ""
    rows = connection.execute(
        f"SELECT d.id, d.release_id, h.score, d.story_id FROM temp.hits h JOIN docs_{generation} d ON d.id = h.id"  # noqa: S608
        f"{condition} ORDER BY {order} LIMIT ? OFFSET ?",
        (*([offset + limit - 1] if least else []), limit, offset),
    ).fetchall()
    text = f"SELECT data FROM texts_{generation} WHERE id = ?"  # noqa: S608
    return [
        (name, score, connection.execute(text, (id_,)).fetchone()[0], story) for id_, name, score, story in rows
    ]


#: What each lasting order sorts by, and how two of its values compare where one stands behind the other.
_KEYS = {
    "published": ("d.published_day", "<"),
    "first_seen": ("d.first_seen", "<"),
    "deadline": ("d.deadline_end", ">"),
    "amount": ("d.benefit_max_cny", "<"),
}


def following(
    connection: sqlite3.Connection, generation: int, *, sort: str, limit: int, mark: Sequence[object] | None
) -> list[tuple[str, bytes, str, str | int | None, str | None]]:
    """The collected hits behind a mark: id, document, story, sort value, publication."""
    key, behind = _KEYS[sort]
    condition = "" if mark is None else (
        f" WHERE ({key} IS NULL) > (?1 IS NULL) OR {key} {behind} ?1 OR ({key} IS ?1 AND ("
        "(d.published IS NULL) > (?2 IS NULL) OR d.published < ?2 OR (d.published IS ?2 AND d.release_id > ?3)))"
    )  # fmt: skip
    rows = connection.execute(
        f"SELECT d.id, d.release_id, d.story_id, {key}, d.published"  # noqa: S608 - names are ours
        f" FROM temp.hits h JOIN docs_{generation} d ON d.id = h.id{condition}"
        f" ORDER BY {key} IS NULL, {key} {'DESC' if behind == '<' else 'ASC'}, {_TIES} LIMIT {int(limit)}",
        tuple(mark or ()),
    ).fetchall()
    text = f"SELECT data FROM texts_{generation} WHERE id = ?"  # noqa: S608
    return [(name, connection.execute(text, (i,)).fetchone()[0], story, *rest) for i, name, story, *rest in rows]


def in_order(connection: sqlite3.Connection, generation: int, sort: str) -> list[str]:
    """The ids of all collected hits in a lasting order."""
    rows = connection.execute(
        f"SELECT d.release_id FROM temp.hits h JOIN docs_{generation} d ON d.id = h.id"  # noqa: S608
        f" ORDER BY {_ORDERS[sort]}, {_TIES}"
    )
    return [name for (name,) in rows]


def texts(connection: sqlite3.Connection, generation: int, names: Sequence[str]) -> list[bytes]:
    """The documents of some releases, in their order; without those that are gone."""
    marks = ", ".join("?" * len(names))
    rows = connection.execute(
        f"SELECT d.release_id, t.data FROM docs_{generation} d JOIN texts_{generation} t ON t.id = d.id"  # noqa: S608
        f" WHERE d.release_id IN ({marks})",
        list(names),
    )
    found = dict(rows.fetchall())
    return [found[name] for name in names if name in found]


def count_facets(connection: sqlite3.Connection, generation: int) -> dict[str, dict[str, int]]:
    """The values of each facet over the collected hits, most frequent first."""
    # All facets of a document stand in one column, and those of all hits are one string here: a tenth of the
    # time that a row for each takes. They are counted as they stand, and only what differs is taken apart.
    (packed,) = connection.execute(
        f"SELECT group_concat(d.facets, ?) FROM temp.hits h JOIN docs_{generation} d ON d.id = h.id",  # noqa: S608
        [_NEXT],
    ).fetchone()
    parts = [] if packed is None else packed.split(_NEXT)
    counted: dict[str, Counter[str]] = {}
    for at, name in enumerate(FACETS):
        counted[name] = Counter()
        for values, times in Counter(parts[at :: len(FACETS)]).items():
            for value in split(values):
                counted[name][value] += times
    return {name: dict(_ranked(found)) for name, found in counted.items()}


def count_days(connection: sqlite3.Connection, generation: int) -> dict[str, int]:
    """How many of the collected hits were published on each day."""
    rows = connection.execute(
        f"SELECT d.published_day, count(*) FROM temp.hits h JOIN docs_{generation} d ON d.id = h.id"  # noqa: S608
        " WHERE d.published_day IS NOT NULL GROUP BY d.published_day ORDER BY d.published_day"
    )
    return dict(rows.fetchall())


def pack_facets(document: Mapping[str, Any]) -> str:
    """The facets of a document as one column's text."""
    packed = []
    for name in FACETS:
        value = document[name]
        values = value if isinstance(value, list) else [] if value is None else [value]
        packed.append(join(one.replace(_NEXT, " ") for one in values))
    return _NEXT.join(packed)


def _ranked(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MAX_FACET_VALUES]


def story_sizes(connection: sqlite3.Connection, generation: int, stories: Iterable[str]) -> dict[str, int]:
    """How many current releases each of these stories has."""
    wanted = sorted(set(stories))
    marks = ", ".join("?" * len(wanted))
    rows = connection.execute(
        f"SELECT story_id, count(*) FROM docs_{generation}"  # noqa: S608
        f" WHERE story_id IN ({marks}) AND current = 1 GROUP BY story_id",
        wanted,
    )
    return dict(rows.fetchall())


def join(values: Iterable[str]) -> str:
    """Several values as one column's text."""
    kept = [value.replace(SEPARATOR, " ") for value in values]
    return SEPARATOR + SEPARATOR.join(kept) + SEPARATOR if kept else ""


def split(text: str) -> list[str]:
    """The values of `join`."""
    return [value for value in text.split(SEPARATOR) if value]


def match_expression(query: Query) -> str:
    """The FTS5 expression of what must stand in the text; empty where nothing must."""
    parts = [f"({_alternatives(group.phrases)})" for group in query.groups if not group.excluded]
    if query.issuer:
        parts.append(f"(words_issuers : ({_alternatives(issuer_phrases(query))}))")
    return " AND ".join(parts)


def _alternatives(phrases: Iterable[str]) -> str:
    # A token is one Han character, letters and digits, or ¶: never a quote.
    return " OR ".join(f'"{phrase}"' for phrase in phrases)


def _filters(query: Query, as_of: dt.date) -> _Where:
    where = _Where()
    if query.relevance != "all":
        where.add("d.is_talent_policy = 1" if query.relevance == "talent" else "d.is_talent_policy IS NULL")
    if not query.withdrawn:
        where.add("d.current = 1")
    if query.originals_only:
        where.add("d.is_original = 1")
    for name in ("level", "doc_type", "section", "validity", "language", "site"):
        where.among(name, getattr(query, name))
    where.among("doc_no_key", query.doc_no_keys)
    if query.region:
        prefixes = query.region_prefixes
        starts = " OR ".join("substr(d.region, 1, ?) = ?" for _ in prefixes)
        where.add(f"d.region IS NOT NULL AND ({starts})", *(v for p in prefixes for v in (len(p), p)))
    if query.topic:
        holds = " OR ".join("instr(d.topics, ?)" for _ in query.topic)
        where.add(f"({holds})", *(join([topic]) for topic in query.topic))
    if query.published_after:
        where.add("d.published_day >= ?", query.published_after)
    if query.published_before:
        where.add("d.published_day <= ?", query.published_before)
    if query.deadline_before:
        where.add("d.deadline_end <= ? AND d.deadline_end >= ?", query.deadline_before, as_of.isoformat())
    if query.min_amount is not None:
        where.add("d.benefit_max_cny >= ?", query.min_amount)
    return where
