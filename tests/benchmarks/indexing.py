"""The outbox into a real Elasticsearch, beside raw ``streaming_bulk`` of the same documents as ready JSON."""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.config import ElasticsearchConfig
from crawler.model import Revision, StoredRelease
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_client import connect
from crawler.storage.index.elastic_mapping import body
from crawler.storage.index.fields import RELEASES, TABLES
from crawler.storage.index.protocol import content_hash
from crawler.storage.index.records import of_release
from crawler.storage.index.sync import drain, project, rebuild
from tests.benchmarks.measured import Table
from tests.benchmarks.prose import TODAY, Prose
from tests.benchmarks.server import elasticsearch
from tests.benchmarks.stored import fill

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

TITLE = "Indexing"
NOTE = (
    "Generated releases with the lengths of real ones. Ours is the outbox drained: rows read from the "
    "database, documents of each release, its revision, benefits and deadlines built, folded and hashed, sent "
    "with external versions, confirmed, rows removed; and the whole index made again and compared with the "
    "database before it goes live. The alternative is `elasticsearch.helpers.streaming_bulk` of the same "
    "documents, built and serialised beforehand, into fresh indices with the same mappings and settings (500 "
    "documents or 5 MB a request). Seconds of the wall clock, as the server does most of the work; beside them "
    "processor seconds of our process and of the server together, which other work on the machine disturbs "
    "less. A B A B, medians. The ratios are raw ÷ ours of each pair."
)
_RAW = "bench-raw-"


def run(quick: bool) -> Table:
    """The table."""
    count, times = (60, 1) if quick else (1_000, 5)
    stored = list(Prose(5).releases(count))
    lines = [line for one in stored for line in _lines(one)]
    size = sum(len(source) for _, _, source in lines)
    ours: list[_Took] = []
    again: list[_Took] = []
    raw: list[_Took] = []
    with elasticsearch() as (url, number):
        config = ElasticsearchConfig(url=url)
        client = connect(config)
        try:
            if not quick:
                _raw(client, lines, [])  # both start on a warm server
            for _ in range(times):
                _ours(config, stored, client, ours, again)
                _raw(client, lines, raw)
        finally:
            client.close()
    rows = [
        _row("TalentWatch, outbox drained", ours, raw, count),
        _row("TalentWatch, index made again from the database", again, raw, count),
        _row("streaming_bulk of ready JSON", raw, raw, count),
    ]
    what = f"{count} releases, {len(lines)} documents, {size / 1e6:.0f} MB, Elasticsearch {number}"
    words = (
        f"{rows[0][3]} of raw streaming_bulk's speed (goal .9), {rows[0][5]} by processor time; "
        f"a rebuild {rows[1][3]}, {rows[1][5]} by processor time"
    )
    return Table((what, "s", "releases ÷ s", "ratio", "CPU s", "ratio"), tuple(rows), words)


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds of the wall clock, and of all processors: ours and the server's."""

    wall: float
    cpu: float


@contextmanager
def _timed(client: Elasticsearch, into: list[_Took]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time() + _server_seconds(client)
    yield
    into.append(_Took(time.perf_counter() - wall, time.process_time() + _server_seconds(client) - cpu))


def _server_seconds(client: Elasticsearch) -> float:
    spent = 0.0
    for node in client.nodes.info(metric="process")["nodes"].values():
        # A server elsewhere counts for nothing; what it tells of itself is up to a second old.
        told = pathlib.Path(f"/proc/{node['process']['id']}/stat")
        if told.exists():
            user, system = told.read_text().rpartition(")")[2].split()[11:13]
            spent += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return spent


def _row(name: str, ours: list[_Took], raw: list[_Took], count: int) -> tuple[str, ...]:
    wall, cpu = statistics.median(one.wall for one in ours), statistics.median(one.cpu for one in ours)
    pairs = list(zip(ours, raw, strict=True))
    ratio = statistics.median(b.wall / a.wall for a, b in pairs)
    by_cpu = statistics.median(b.cpu / a.cpu for a, b in pairs)
    return name, f"{wall:.2f}", f"{count / wall:.0f}", f"{ratio:.2f}", f"{cpu:.2f}", f"{by_cpu:.2f}"


def _lines(one: StoredRelease) -> list[tuple[str, str, bytes]]:
    """(table, id, ready JSON) of a release and of what hangs on it."""
    document = project(one, TODAY)
    revision = Revision(
        release_id=one.release_id, number=1, created_at=one.first_seen, cause="site", rules_version="1",
        content_hash=one.release_id, release=one.release,
    )  # fmt: skip
    hanging = [(r.alias, r.id, dict(r.document)) for r in of_release(document, one.release, [revision], 1, TODAY)]
    return [_ready(*made) for made in ((RELEASES, one.release_id, document), *hanging)]


def _ready(alias: str, key: str, document: dict[str, Any]) -> tuple[str, str, bytes]:
    document["content_hash"] = content_hash(document)
    return alias, key, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _ours(
    config: ElasticsearchConfig, stored: Sequence[StoredRelease], client: Elasticsearch, ours: list[_Took],
    again: list[_Took],
) -> None:  # fmt: skip
    index = ElasticIndex(config)
    with tempfile.TemporaryDirectory() as name:
        _, engine = fill(pathlib.Path(name), stored)
        try:
            index.clear()
            _adopt(engine, index)
            with _timed(client, ours):
                done = drain(engine, index, as_of=TODAY)
            if done != len(stored) or int(client.count(index="talent-releases")["count"]) != len(stored):
                raise RuntimeError(f"{done} of {len(stored)} documents were indexed")
            with _timed(client, again):
                rebuild(engine, index, as_of=TODAY)
        finally:
            engine.dispose()
            index.close()


def _adopt(engine: Any, index: ElasticIndex) -> None:
    """Call the empty index the one that was filled from this truth, so that the drain alone is measured."""
    import sqlalchemy as sa

    from crawler.storage.state.engine import writing
    from crawler.storage.state.tables import facts

    with writing(engine) as connection:
        connection.execute(sa.insert(facts).values(key="index.identity", value=index.identity() or ""))


def _raw(client: Elasticsearch, lines: Sequence[tuple[str, str, bytes]], into: list[_Took]) -> None:
    from elasticsearch.helpers import streaming_bulk

    for table in TABLES:
        made = body(table.alias, "bench", replicas=0)
        name = _RAW + table.alias
        client.indices.delete(index=name, ignore_unavailable=True)
        client.indices.create(index=name, settings=made["settings"], mappings=made["mappings"])
    actions = [{"_index": _RAW + alias, "_id": key, "_source": source} for alias, key, source in lines]
    with _timed(client, into):
        sent = sum(
            ok
            for ok, _ in streaming_bulk(
                client, actions, chunk_size=500, max_chunk_bytes=5_000_000, expand_action_callback=_expanded
            )
        )
        client.indices.refresh(index=_RAW + "*")
    for table in TABLES:
        client.indices.delete(index=_RAW + table.alias)
    if sent != len(lines):
        raise RuntimeError(f"{sent} of {len(lines)} documents were taken")


def _expanded(action: Any) -> tuple[dict[str, Any], Any]:
    """Ready JSON: the helper passes bytes on as they are."""
    return {"index": {"_index": action["_index"], "_id": action["_id"]}}, action["_source"]
