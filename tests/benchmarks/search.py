"""The search page's query with facets on both indexes, beside one plain query on the same data."""

from __future__ import annotations

import itertools
import pathlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

from crawler.config import ElasticsearchConfig
from crawler.query import Query
from crawler.query.folding import words
from crawler.storage.index.ahead import sent_in_turn
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_client import connect
from crawler.storage.index.local import LocalIndex
from crawler.storage.index.protocol import PolicyIndex, Versioned
from crawler.storage.index.sync import project
from tests.benchmarks.measured import Missing, Table, p95
from tests.benchmarks.prose import TODAY, Prose
from tests.benchmarks.server import elasticsearch

TITLE = "Searching"
NOTE = (
    "Generated releases with the lengths of real ones; queries of one to three words, rare and frequent "
    "ones, with alternatives and exclusions. Ours is what the search page asks: hits by relevance with "
    "highlights, how many reposts each has, all facets, the exact total; milliseconds of the wall clock seen "
    "by the caller. The alternatives are one plain request on the same data without facets, filters, "
    "highlights or totals: `match` on the body for Elasticsearch, FTS5's `MATCH … ORDER BY rank` for the "
    "local index. The best of three for each query. Both indexes must find the same totals, or the benchmark "
    "fails."
)
#: Queries that are asked.
ASKED = 60
FIGURES = ("median ms", "p95 ms", "p95 ÷ plain")
_BATCH = 200


def run(quick: bool) -> Table:
    """The table."""
    count, asked = (100, 6) if quick else (20_000, ASKED)
    queries = typed(asked)
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "index.db"
        local = LocalIndex(path)
        try:
            with elasticsearch() as (url, number):
                elastic = ElasticIndex(ElasticsearchConfig(url=url))
                elastic.clear()
                fill((local, elastic), count)
                totals = [[index.search(q, as_of=TODAY).total for q in queries] for index in (local, elastic)]
                if totals[0] != totals[1]:
                    raise RuntimeError("the two indexes find different totals")
                rows += asked_of(f"Elasticsearch {number}", elastic, queries, match(url))
                elastic.close()
        except Missing as error:
            fill((local,), count)
            rows.append((f"Elasticsearch: {error}", "–", "–", "–"))
        rows += asked_of("local index", local, queries, fts(path))
        local.close()
    return Table((f"{count} releases, {asked} queries", *FIGURES), tuple(rows), told(rows))


def typed(count: int) -> list[Query]:
    """What people type, as queries of the search page."""
    prose = Prose(6)
    return [Query.build(words=prose.words()) for _ in range(count)]


def told(rows: Sequence[tuple[str, ...]]) -> str:
    """The figure that counts, of each index."""
    return "; ".join(f"{row[0]}: p95 {row[2]} ms" for row in rows if row[1] != "–" and "page" in row[0])


def fill(indexes: tuple[PolicyIndex, ...], count: int) -> float:
    """Put so many generated releases into each; seconds that it took. The next are made meanwhile."""

    def batches() -> Iterator[list[Versioned]]:
        every = (Versioned(number, project(one, TODAY)) for number, one in enumerate(Prose(7).releases(count), 1))
        while batch := list(itertools.islice(every, _BATCH)):
            yield batch

    def put(batch: list[Versioned]) -> None:
        for index in indexes:
            report = index.put(batch)
            if report.written != len(batch):
                raise RuntimeError(f"{index.kind} took {report.written} of {len(batch)} documents")

    start = time.perf_counter()
    for _ in sent_in_turn(batches(), put):
        pass
    for index in indexes:
        index.refresh()
    return time.perf_counter() - start


def asked_of(
    name: str, index: PolicyIndex, queries: list[Query], plain: Callable[[Query], object]
) -> list[tuple[str, ...]]:
    """A row for the search page's query, and one for the plain query."""
    page = [_best(lambda q=query: index.search(q, as_of=TODAY, limit=20)) for query in queries]  # type: ignore[misc]
    bare = [_best(lambda q=query: plain(q)) for query in queries]  # type: ignore[misc]
    return [
        (f"{name}, search page", *_figures(page), f"{p95(page) / p95(bare):.1f}"),
        (f"{name}, one plain query", *_figures(bare), "1.0"),
    ]


def _figures(spent: list[float]) -> tuple[str, str]:
    return f"{statistics.median(spent):.1f}", f"{p95(spent):.1f}"


def _best(ask: Callable[[], object]) -> float:
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def match(url: str) -> Callable[[Query], object]:
    """One `match` of Elasticsearch."""
    client = connect(ElasticsearchConfig(url=url))

    def ask(query: Query) -> object:
        return client.search(
            index="talent-releases", query={"match": {"body": query.words}}, size=20, source=["title", "url"]
        )

    return ask


def fts(path: pathlib.Path) -> Callable[[Query], object]:
    """One `MATCH` of FTS5."""
    from crawler.storage.index import local_file

    connection = local_file.connect(path)
    table = f"words_{local_file.meta(connection, 'live')}"

    def ask(query: Query) -> object:
        typed = [word for word in query.words.replace("|", " ").split() if not word.startswith("-")]
        sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT 20"  # noqa: S608 - our own name
        return connection.execute(sql, [" OR ".join(f'"{words(word)}"' for word in typed)]).fetchall()

    return ask
