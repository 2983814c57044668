"""CPU per page: our reading (and understanding) beside four public extractors, on the same pages."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import pathlib
import statistics
import time
from collections.abc import Callable

TITLE = "Reading a page"
NOTE = (
    "Real government and news pages of `../shared/data/pages` (those with a truth), each read once to warm up and "
    "then three times; CPU milliseconds, the best of three. Each extractor gets the decoded text."
)

Reader = Callable[[str, str], object]


def run() -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows of the table."""
    pages = _pages()
    readers = _readers()
    times = {name: [_best(read, url, text) for url, text in pages] for name, read in readers.items()}
    base = statistics.median(times["resiliparse"])
    rows = []
    for name, spent in times.items():
        ordered = sorted(spent)
        median, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        rows.append((name, f"{median:.2f}", f"{p95:.2f}", f"{median / base:.2f}"))
    head = (f"reader ({len(pages)} pages)", "median ms", "p95 ms", "median ÷ resiliparse")
    return head, rows


def _pages() -> list[tuple[str, str]]:
    from crawler.extract import decode

    root = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "pages"
    paths: dict[str, str] = {}
    for name in ("truth.jsonl", "segments.jsonl"):
        for line in (root / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["path"].startswith(("html/gov", "html/news")) and (root / row["path"]).exists():
                paths.setdefault(row["path"], row.get("url") or "http://example.invalid/")
    return [(url, decode((root / path).read_bytes())[0]) for path, url in sorted(paths.items())]


def _best(read: Reader, url: str, text: str) -> float:
    spent = []
    for _ in range(4):
        start = time.process_time_ns()
        with contextlib.suppress(Exception):  # a peer that fails on a page is timed until it fails
            read(url, text)
        spent.append((time.process_time_ns() - start) / 1e6)
    return min(spent[1:])


def _readers() -> dict[str, Reader]:
    logging.disable(logging.CRITICAL)
    import gne
    import readability
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    from crawler.enrich import understand
    from crawler.extract import read_page
    from crawler.model import Page

    today = dt.date(2026, 11, 22)

    def whole(url: str, text: str) -> object:
        reading = read_page(Page(url, text), today=today)
        return [understand(article, as_of=today) for article in reading.articles]

    return {
        "TalentWatch, read": lambda url, text: read_page(Page(url, text), today=today),
        "TalentWatch, read and understand": whole,
        "resiliparse": lambda _, text: extract_plain_text(text, main_content=True),
        "trafilatura": lambda _, text: trafilatura.extract(text),
        "readability-lxml": lambda _, text: readability.Document(text).summary(),
        "gne": lambda _, text: gne.GeneralNewsExtractor().extract(text),
    }
