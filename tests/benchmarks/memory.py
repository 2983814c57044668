"""The peak of a round over many sites in the bounded pool."""

from __future__ import annotations

import pathlib
import tempfile

from tests.benchmarks.farm import Farm
from tests.benchmarks.measured import Table
from tests.benchmarks.round import CONCURRENCY, Bench

TITLE = "Memory of a large round"
NOTE = (
    "One process, `talentwatch crawl --all`, over generated sites with addresses of their own on loopback, a "
    "list and two articles each, 32 crawlers at a time. Peak resident memory of the process as the system "
    "accounts for it (goal: at most 200 MB), for the first round, which reads and stores everything, and the "
    "unchanged one. The alternative is bare Scrapy over the same addresses in the same pool; the smallest "
    "round shows what a process of ours takes at all."
)


def run(quick: bool) -> Table:
    """The table."""
    sizes = (3,) if quick else (20, 2_000)
    rows = []
    for sites in sizes:
        with Farm(sites, 2) as farm, tempfile.TemporaryDirectory() as name:
            bench = Bench(farm, pathlib.Path(name))
            bench.prepare()
            first, again, bare = bench.crawl(), bench.crawl(), bench.bare("plain.json")
        rows.append(
            (str(sites), *(f"{one.peak:.0f}" for one in (first, again, bare)), f"{first.peak / bare.peak:.2f}")
        )
    head = (f"sites ({CONCURRENCY} at a time)", "first round MB", "unchanged MB", "bare Scrapy MB", "first ÷ bare")
    return Table(head, tuple(rows), f"{sizes[-1]} sites: {rows[-1][1]} MB at the peak, {rows[-1][2]} MB unchanged")
