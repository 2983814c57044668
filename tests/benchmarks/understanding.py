"""CPU per page of understanding. There is no peer that does it: its measure is reading the same page."""

from __future__ import annotations

import statistics

from tests.benchmarks.measured import Table, p95
from tests.benchmarks.pages import TODAY, attempt, pages, quiet
from tests.benchmarks.reading import turns

TITLE = "Understanding a page"
NOTE = (
    "The same real pages. Understanding takes what was read and finds relevance, type, topics, region, "
    "benefits, recipients, deadlines and lineage, each with its quote. No public program does this, so there "
    "is no alternative to name: the ratio is to our own reading of the same pages in the same run. Processor "
    "milliseconds, best of three in turn."
)


def run(quick: bool) -> Table:
    """The table."""
    from crawler.enrich import understand
    from crawler.extract import read_page
    from crawler.model import Page

    def read(url: str, text: str) -> object:
        return read_page(Page(url, text), today=TODAY)

    def both(url: str, text: str) -> object:
        return [understand(article, as_of=TODAY) for article in read_page(Page(url, text), today=TODAY).articles]

    found = pages(6 if quick else None)
    with quiet():
        for url, text in found[:3]:
            attempt(both, url, text)  # word lists are compiled with their first use
        spent = turns({"read": read, "both": both}, found, rounds=1 if quick else 3)
    alone = [max(0.0, b - a) for a, b in zip(spent["read"], spent["both"], strict=True)]
    base = statistics.median(spent["read"])
    rows = [
        (title, f"{statistics.median(times):.2f}", f"{p95(times):.2f}", f"{statistics.median(times) / base:.2f}")
        for title, times in (("read", spent["read"]), ("understand", alone), ("read and understand", spent["both"]))
    ]
    head = (f"step ({len(found)} pages)", "median ms", "p95 ms", "median ÷ read")
    return Table(
        head, tuple(rows), f"understanding costs {statistics.median(alone) / base:.2f} × reading at the median"
    )
