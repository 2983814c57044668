"""The embedded index: SQLite FTS5 over single characters, in a file of its own."""

from __future__ import annotations

import datetime as dt
import pathlib
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from crawler.errors import IndexUnavailable
from crawler.query import Query, highlights
from crawler.storage.index import local_file as file
from crawler.storage.index import local_search as find
from crawler.storage.index.fields import FACETS
from crawler.storage.index.local_write import load, prepare, write
from crawler.storage.index.protocol import (
    Following,
    Hit,
    Mark,
    PutReport,
    SearchResult,
    Sort,
    Stamp,
    Versioned,
    check_lasting,
    check_sort,
    window,
)


class LocalIndex:
    """`PolicyIndex` in one SQLite file. Threads get a connection each; processes may share the file.

    A file that isn't there is an empty index; writing makes it. A damaged, foreign or older one
    raises `IndexUnavailable` that says how to mend it: only `rebuilding` replaces it.
    """

    kind = "local"

    def __init__(self, path: pathlib.Path, *, busy_seconds: float = file.BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def put(self, documents: Sequence[Versioned]) -> PutReport:
        """See `Target.put`. One transaction a call."""
        rows, refused = prepare(documents)
        connection = self._writable()
        with file.translated(self.path), file.immediately(connection):
            written, ignored = write(connection, int(file.meta(connection, "live") or 1), rows)
            building = file.meta(connection, "building")
            if building:
                write(connection, int(building), rows)
        return PutReport(written, ignored, refused)

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
        """See `PolicyIndex.search`."""
        started = time.perf_counter()
        check_sort(sort)
        window(limit, offset)
        with self._snapshot() as view:
            if view is None:
                return SearchResult(0, 0, {name: {} for name in FACETS} if facets else {})
            connection, live = view
            total = find.collect(connection, live, query, as_of, scored=sort == "relevance")
            rows = find.page(connection, live, sort=sort, limit=limit, offset=offset) if limit else []
            counted = find.count_facets(connection, live) if facets else {}
            sizes = find.story_sizes(connection, live, (row[3] for row in rows))
            phrases = [p for group in query.groups if not group.excluded for p in group.phrases]
            hits = tuple(_hit(row, sizes, phrases) for row in rows)
        return SearchResult(total, round((time.perf_counter() - started) * 1000), counted, hits)

    def following(
        self, query: Query, *, as_of: dt.date, sort: Sort = "published", limit: int = 20, mark: Mark | None = None
    ) -> Following:
        """See `PolicyIndex.following`."""
        check_lasting(sort, limit, mark)
        with self._snapshot() as view:
            if view is None:
                return Following()
            connection, live = view
            find.collect(connection, live, query, as_of, scored=False)
            rows = find.following(connection, live, sort=sort, limit=limit, mark=mark)
            sizes = find.story_sizes(connection, live, (row[2] for row in rows))
        hits = tuple(_hit((name, 0.0, data, story), sizes, ()) for name, data, story, _, _ in rows)
        last = (rows[-1][3], rows[-1][4], rows[-1][0]) if rows else None
        return Following(hits, last if len(rows) == limit else None)

    def walk(
        self, query: Query, *, as_of: dt.date, sort: Sort = "published", page: int = 500
    ) -> Iterator[Mapping[str, Any]]:
        """See `PolicyIndex.walk`. Which hits, and their order, is settled at once; their documents are read
        page by page, so that a slow reader holds up no writer."""
        check_lasting(sort)
        names: list[str] = []
        with self._snapshot() as view:
            if view is not None:
                find.collect(view[0], view[1], query, as_of, scored=False)
                names = find.in_order(*view, sort)
        for start in range(0, len(names), page):
            with self._snapshot() as view:
                found = [] if view is None else find.texts(*view, names[start : start + page])
            yield from map(load, found)

    def count(self, query: Query | None = None, *, as_of: dt.date) -> int:
        """See `PolicyIndex.count`."""
        with self._snapshot() as view:
            if view is None:
                return 0
            connection, live = view
            if query is None:
                return int(connection.execute(f"SELECT count(*) FROM docs_{live}").fetchone()[0])  # noqa: S608
            return find.collect(connection, live, query, as_of, scored=False)

    def days(self, query: Query, *, as_of: dt.date) -> dict[str, int]:
        """See `PolicyIndex.days`."""
        with self._snapshot() as view:
            if view is None:
                return {}
            connection, live = view
            find.collect(connection, live, query, as_of, scored=False)
            return find.count_days(connection, live)

    def stamps(self) -> Iterator[Stamp]:
        """See `PolicyIndex.stamps`."""
        with self._snapshot() as view:
            if view is None:
                return
            connection, live = view
            rows = connection.execute(f"SELECT release_id, version, content_hash FROM docs_{live}").fetchall()  # noqa: S608
        for row in rows:
            yield Stamp(*row)

    @contextmanager
    def rebuilding(self) -> Iterator[_Generation]:
        """See `PolicyIndex.rebuilding`. An unusable file is set aside first."""
        try:
            connection = self._writable()
        except file.IndexDamaged:
            self.close()
            file.set_aside(self.path)
            connection = self._writable()
        with file.translated(self.path), file.immediately(connection):
            live = int(file.meta(connection, "live") or 1)
            number = max(live, int(file.meta(connection, "building") or 0)) + 1
            for old in range(live + 1, number):  # left by a rebuild that was killed, or that we take over
                file.drop_generation(connection, old)
            file.make_generation(connection, number)
            file.set_meta(connection, "building", str(number))
        generation = _Generation(self, number)
        try:
            yield generation
            self._swap(number)
        except BaseException:
            self._abandon(number)
            raise

    def identity(self) -> str | None:
        """See `PolicyIndex.identity`."""
        with self._snapshot() as view:
            return None if view is None else file.meta(view[0], "identity")

    def refresh(self) -> None:
        """A commit is visible at once."""

    def clear(self) -> None:
        """See `PolicyIndex.clear`."""
        with self.rebuilding():
            pass
        connection = self._writable()
        with file.translated(self.path), file.immediately(connection):
            file.set_meta(connection, "identity", uuid.uuid4().hex)

    def close(self) -> None:
        """Close every thread's connection; the next call opens again."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._mine = threading.local()

    def _swap(self, number: int) -> None:
        connection = self._writable()
        with file.translated(self.path):
            with file.immediately(connection):
                _claim(connection, number)
                live = int(file.meta(connection, "live") or 1)
                file.set_meta(connection, "live", str(number))
                file.set_meta(connection, "building", None)
                file.drop_generation(connection, live)
            connection.execute("PRAGMA incremental_vacuum").fetchall()

    def _abandon(self, number: int) -> None:
        try:
            connection = self._writable()
            with file.translated(self.path), file.immediately(connection):
                if file.meta(connection, "building") == str(number):
                    file.set_meta(connection, "building", None)
                    file.drop_generation(connection, number)
        except IndexUnavailable:
            return  # what broke the rebuild is told already; the next one drops the rest

    def _writable(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.close()
            file.create(self.path, self._busy_seconds)
        return self._connection()

    def _connection(self) -> sqlite3.Connection:
        # Another process may have replaced the file: a connection belongs to one inode.
        with file.translated(self.path):
            inode = self.path.stat().st_ino
        held: tuple[int, sqlite3.Connection] | None = getattr(self._mine, "held", None)
        if held and held[0] == inode:
            return held[1]
        connection = file.connect(self.path, self._busy_seconds)
        with self._lock:
            self._all.append(connection)
        self._mine.held = (inode, connection)
        return connection

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[sqlite3.Connection, int] | None]:
        """A consistent view: a connection inside a read transaction, and the live generation."""
        if not self.path.exists():
            yield None
            return
        connection = self._connection()
        with file.translated(self.path):
            connection.execute("BEGIN")
            try:
                yield connection, int(file.meta(connection, "live") or 1)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


class _Generation:
    """A generation that is being filled."""

    def __init__(self, index: LocalIndex, number: int) -> None:
        self._index = index
        self._number = number

    def put(self, documents: Sequence[Versioned]) -> PutReport:
        """See `Target.put`."""
        rows, refused = prepare(documents)
        connection = self._index._writable()
        with file.translated(self._index.path), file.immediately(connection):
            _claim(connection, self._number)
            written, ignored = write(connection, self._number, rows)
        return PutReport(written, ignored, refused)


def _claim(connection: sqlite3.Connection, number: int) -> None:
    if file.meta(connection, "building") != str(number):
        raise IndexUnavailable(
            "another rebuild has started meanwhile", "Let that one end; this one changed nothing."
        )


def _hit(row: tuple[str, float, bytes, str], sizes: Mapping[str, int], phrases: Sequence[str]) -> Hit:
    release_id, score, data, story = row
    doc = load(data)
    others = sizes.get(story, 1) - (1 if doc["current"] else 0)
    return Hit(release_id, score, doc, highlights(doc, phrases), max(0, others))
