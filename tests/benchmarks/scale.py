"""The search page's query on indexes as large as they may become, and what a release costs there."""

from __future__ import annotations

import pathlib
import tempfile
import time

from elasticsearch import Elasticsearch

from crawler.config import ElasticsearchConfig
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_client import connect
from crawler.storage.index.fields import RELEASES
from crawler.storage.index.local import LocalIndex
from tests.benchmarks.measured import Missing, Table
from tests.benchmarks.search import ASKED, FIGURES, asked_of, fill, fts, match, told, typed
from tests.benchmarks.server import elasticsearch

TITLE = "Searching at scale"
NOTE = (
    "As above, on ten and five times as many releases; Elasticsearch with a heap of 1.5 GB. Goals: a p95 of "
    "at most 80 ms on Elasticsearch, and of 400 ms on the local index. Size is that of `talent-releases` after "
    "the last refresh, as it is and merged to one segment, and that of the local index's file; filling counts "
    "making the documents. The searches begin when the merges that the filling left behind have ended."
)
_HEAP = "1500m"
#: Seconds.
_PATIENCE = 1_200


def run(quick: bool) -> Table:
    """The table."""
    many, fewer, asked = (100, 100, 4) if quick else (200_000, 100_000, ASKED)
    rows: list[tuple[str, ...]] = []
    try:
        with elasticsearch(_HEAP) as (url, number):
            rows += _elastic(url, f"Elasticsearch {number}", many, asked)
    except Missing as error:
        rows.append((f"Elasticsearch: {error}", f"{many}", *["–"] * 5))
    rows += _local(fewer, asked)
    named = [(row[0], *row[2:]) for row in rows]
    return Table((f"{asked} queries", "releases", *FIGURES, "kB a release", "filled ÷ s"), tuple(rows), told(named))


def _elastic(url: str, name: str, count: int, asked: int) -> list[tuple[str, ...]]:
    index, client = ElasticIndex(ElasticsearchConfig(url=url)), connect(ElasticsearchConfig(url=url))

    def size() -> int:
        return int(client.indices.stats(index=RELEASES)["_all"]["primaries"]["store"]["size_in_bytes"])

    try:
        index.clear()
        seconds = fill((index,), count)
        client.indices.flush(index=RELEASES)
        _settled(client)
        grown = size()
        rows = asked_of(name, index, typed(asked), match(url))
        client.options(request_timeout=3_600).indices.forcemerge(index=RELEASES, max_num_segments=1)
        merged = size()
        index.clear()
    finally:
        index.close()
        client.close()
    return _beside(rows, count, f"{grown / count / 1000:.1f}, merged {merged / count / 1000:.1f}", seconds)


def _settled(client: Elasticsearch) -> None:
    """Wait until no merge runs any more: nobody searches the moment after two hundred thousand releases came."""
    for _ in range(_PATIENCE):
        if not client.indices.stats(index=RELEASES, metric="merge")["_all"]["primaries"]["merges"]["current"]:
            return
        time.sleep(1)
    raise RuntimeError(f"merges still run after {_PATIENCE} s")


def _local(count: int, asked: int) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "index.db"
        index = LocalIndex(path)
        seconds = fill((index,), count)
        rows = asked_of("local index", index, typed(asked), fts(path))
        index.close()
        size = sum(file.stat().st_size for file in path.parent.iterdir())
    return _beside(rows, count, f"{size / count / 1000:.1f}", seconds)


def _beside(rows: list[tuple[str, ...]], count: int, size: str, seconds: float) -> list[tuple[str, ...]]:
    (name, *figures), (plain, *other) = rows
    return [
        (name, f"{count}", *figures, size, f"{count / seconds:.0f}"),
        (plain, f"{count}", *other, "–", "–"),
    ]
