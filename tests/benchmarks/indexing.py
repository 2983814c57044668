"""The outbox into a real Elasticsearch, beside raw ``streaming_bulk`` of the same documents as ready JSON."""

from __future__ import annotations

import json
import pathlib
import statistics
import tempfile
import time
from collections.abc import Sequence
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
    "documents or 5 MB a request). Seconds of the wall clock, as the server does half of the work; A B A B, "
    "medians. The ratio is raw ÷ ours of each pair."
)
_RAW = "bench-raw-"


def run(quick: bool) -> Table:
    """The table."""
    count, times = (150, 1) if quick else (1_000, 3)
    stored = list(Prose(5).releases(count))
    lines = [line for one in stored for line in _lines(one)]
    size = sum(len(source) for _, _, source in lines)
    ours, again, raw = [], [], []
    with elasticsearch() as (url, number):
        config = ElasticsearchConfig(url=url)
        client = connect(config)
        try:
            _raw(client, lines[:100])  # both start on a warm server
            for _ in range(times):
                mine, mine_again = _ours(config, stored, client)
                ours.append(mine)
                again.append(mine_again)
                raw.append(_raw(client, lines))
        finally:
            client.close()
    ratio = statistics.median(b / a for a, b in zip(ours, raw, strict=True))
    rebuilt = statistics.median(b / a for a, b in zip(again, raw, strict=True))
    rows = [
        _row("TalentWatch, outbox drained", ours, count, ratio),
        _row("TalentWatch, index made again from the database", again, count, rebuilt),
        _row("streaming_bulk of ready JSON", raw, count, 1.0),
    ]
    head = (
        f"{count} releases, {len(lines)} documents, {size / 1e6:.0f} MB, Elasticsearch {number}",
        "s",
        "releases ÷ s",
        "ratio",
    )
    words = f"{ratio:.2f} of raw streaming_bulk's speed (goal .9); a rebuild {rebuilt:.2f}"
    return Table(head, tuple(rows), words)


def _row(name: str, seconds: list[float], count: int, ratio: float) -> tuple[str, ...]:
    middle = statistics.median(seconds)
    return (name, f"{middle:.2f}", f"{count / middle:.0f}", f"{ratio:.2f}")


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
    config: ElasticsearchConfig, stored: Sequence[StoredRelease], client: Elasticsearch
) -> tuple[float, float]:
    index = ElasticIndex(config)
    with tempfile.TemporaryDirectory() as name:
        _, engine = fill(pathlib.Path(name), stored[:1], queue=False)
        rebuild(engine, index, as_of=TODAY)  # the index is made, and known to be filled from this truth
        engine.dispose()
        _, engine = fill(pathlib.Path(name) / "whole", stored)
        try:
            index.clear()
            _adopt(engine, index)
            start = time.perf_counter()
            done = drain(engine, index, as_of=TODAY)
            spent = time.perf_counter() - start
            if done != len(stored) or int(client.count(index="talent-releases")["count"]) != len(stored):
                raise RuntimeError(f"{done} of {len(stored)} documents were indexed")
            start = time.perf_counter()
            rebuild(engine, index, as_of=TODAY)
            return spent, time.perf_counter() - start
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


def _raw(client: Elasticsearch, lines: Sequence[tuple[str, str, bytes]]) -> float:
    from elasticsearch.helpers import streaming_bulk

    for table in TABLES:
        made = body(table.alias, "bench", replicas=0)
        name = _RAW + table.alias
        client.indices.delete(index=name, ignore_unavailable=True)
        client.indices.create(index=name, settings=made["settings"], mappings=made["mappings"])
    actions = [{"_index": _RAW + alias, "_id": key, "_source": source} for alias, key, source in lines]
    start = time.perf_counter()
    sent = sum(
        ok
        for ok, _ in streaming_bulk(
            client, actions, chunk_size=500, max_chunk_bytes=5_000_000, expand_action_callback=_expanded
        )
    )
    client.indices.refresh(index=_RAW + "*")
    spent = time.perf_counter() - start
    for table in TABLES:
        client.indices.delete(index=_RAW + table.alias)
    if sent != len(lines):
        raise RuntimeError(f"{sent} of {len(lines)} documents were taken")
    return spent


def _expanded(action: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Ready JSON: the helper passes bytes on as they are."""
    return {"index": {"_index": action["_index"], "_id": action["_id"]}}, action["_source"]
