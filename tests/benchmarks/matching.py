"""Subscriptions put to releases: the job as it runs, beside every query evaluated on every document."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from crawler.alerts import match_due
from crawler.clock import SHANGHAI
from crawler.query import Many, Query, is_hit, matches
from crawler.storage.index.sync import project
from crawler.storage.state import alerts as ledger
from crawler.storage.state import subscriptions
from crawler.storage.state.stored import many
from tests.benchmarks.measured import Table
from tests.benchmarks.prose import TODAY, Prose
from tests.benchmarks.stored import fill, tell

TITLE = "Matching"
NOTE = (
    "Subscriptions of words, regions, topics and sums, all different, and new releases with the lengths of "
    "real ones. Ours is the job `match`: events walked in their order, releases read and judged as of the "
    "day, every hit written to the ledger with its reason and quote. The alternative reads the same releases "
    "from the same database and calls `matches` for each pair, as a loop over both would, and throws the "
    "answers away. Processor seconds of the process; A B A B, medians. The ratio is naive ÷ ours. Both must "
    "find the same pairs, or the benchmark fails."
)
_NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)


def _together(queries: list[Query], documents: list[dict[str, Any]]) -> object:
    many = Many(queries)
    return [many.hits(document) for document in documents]


def _singly(queries: list[Query], documents: list[dict[str, Any]]) -> object:
    return [[is_hit(query, document) for query in queries] for document in documents]


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run(quick: bool) -> Table:
    """The table."""
    watchers, count, times = (30, 40, 1) if quick else (1_000, 1_000, 3)
    prose = Prose(8)
    stored = list(prose.releases(count))
    wanted: dict[str, dict[str, object]] = {}
    while len(wanted) < watchers:
        made = prose.query()
        wanted.setdefault(str(made), made)
    queries = [Query.build(**one) for one in wanted.values()]
    ours, naive, together, singly = [], [], [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            config, engine = fill(pathlib.Path(name), stored, queue=False)
            config = dataclasses.replace(config)
            for number, query in enumerate(queries):
                subscriptions.add(
                    engine, name=f"s{number}", query=query.to_json(), channel="feed", address="", now=_NOW
                )
            tell(engine, stored)
            start = time.process_time()
            written = match_due(engine, config, now=_NOW)
            ours.append(time.process_time() - start)
            start = time.process_time()
            documents = [project(one, TODAY) for one in many(engine, [s.release_id for s in stored]).values()]
            found = sum(matches(query, document) is not None for document in documents for query in queries)
            naive.append(time.process_time() - start)
            if written != found or sum(ledger.by_subscription(engine).values()) != found:
                raise RuntimeError(f"the job found {written} pairs, the loop {found}")
            engine.dispose()
            together.append(_timed(partial(_together, queries, documents)))
            singly.append(_timed(partial(_singly, queries, documents)))
    ratio = statistics.median(b / a for a, b in zip(ours, naive, strict=True))
    alone = statistics.median(b / a for a, b in zip(together, singly, strict=True))
    pairs = watchers * count
    rows = [
        (name, f"{statistics.median(s):.2f}", f"{statistics.median(s) / pairs * 1e6:.2f}", r)
        for name, s, r in (
            ("TalentWatch, job match", ours, f"{ratio:.2f}"),
            ("every query on every document, with its reason", naive, "1.00"),
            ("which queries find it, all at once", together, f"{alone:.2f}"),
            ("which queries find it, one by one", singly, "1.00"),
        )
    ]
    head = (f"{watchers} subscriptions × {count} releases, {found} hits", "CPU s", "µs a pair", "ratio")
    words = (
        f"finding the hits: {alone:.2f} × the speed of `is_hit` for each pair; the whole job, every alert written "
        f"down: {ratio:.2f} × the speed of a loop that writes nothing"
    )
    return Table(head, tuple(rows), words)
