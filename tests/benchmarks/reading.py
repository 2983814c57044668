"""CPU per page: our reading beside the public readers, on the same pages."""

from __future__ import annotations

import statistics
import time

from tests.benchmarks.measured import Table, p95
from tests.benchmarks.pages import TODAY, Reader, attempt, pages, quiet, readers

TITLE = "Reading a page"
NOTE = (
    "Every third of the real government and news pages with a known truth. Each reader gets the decoded "
    "text, does what it is made for: ours gives title, dates, source, body with structure, header table, "
    "attachments and what was left out; resiliparse a plain text. Processor milliseconds; the readers take "
    "turns on each page (A B C, A B C, …) and the better of two rounds after a warm-up counts. A peer that "
    "fails on a page is timed until it fails."
)


#: Every third page: eight readers on all of them take a quarter of an hour.
THIRD = 3
_ALONE = "readability-lxml, summary() alone"


def run(quick: bool) -> Table:
    """The table."""
    import readability

    from crawler.extract import read_page
    from crawler.model import Page

    def ours(url: str, text: str) -> object:
        return read_page(Page(url, text), today=TODAY)

    found = pages(6) if quick else pages()[::THIRD]
    with quiet():
        competing: dict[str, Reader] = {"TalentWatch, read": ours, **readers()}
        # Its body as HTML and nothing else; the row above also gives title and text, as ours does.
        competing[_ALONE] = lambda _, text: readability.Document(text).summary()
        spent = turns(competing, found, rounds=1 if quick else 2)
    base = spent["resiliparse"]
    rows = []
    for name, times in spent.items():
        middle, slow = statistics.median(times), p95(times)
        shares = (f"{middle / statistics.median(base):.2f}", f"{slow / p95(base):.2f}")
        rows.append((name, f"{middle:.2f}", f"{slow:.2f}", *shares))
    mine = spent["TalentWatch, read"]
    readable, alone = (
        statistics.median(mine) / statistics.median(spent[name]) for name in ("readability-lxml", _ALONE)
    )
    ratio = (
        f"{statistics.median(mine) / statistics.median(base):.2f} × resiliparse at the median (goal ≤ 3), "
        f"{p95(mine) / p95(base):.2f} × at p95 (goal ≤ 3); {readable:.2f} of readability-lxml, "
        f"{alone:.2f} of its summary() alone (floor ≤ .25)"
    )
    head = (f"reader ({len(found)} pages)", "median ms", "p95 ms", "median ÷ resiliparse", "p95 ÷ resiliparse")
    return Table(head, tuple(rows), ratio)


def turns(competing: dict[str, Reader], found: list[tuple[str, str]], *, rounds: int) -> dict[str, list[float]]:
    """Reader → milliseconds for each page, all in the same order: each page by each reader in turn."""
    spent: dict[str, list[float]] = {name: [] for name in competing}
    for url, text in found:
        best = dict.fromkeys(competing, float("inf"))
        for round_ in range(rounds + 1):
            for name, read in competing.items():
                start = time.process_time_ns()
                attempt(read, url, text)
                if round_:
                    best[name] = min(best[name], (time.process_time_ns() - start) / 1e6)
        for name, milliseconds in best.items():
            spent[name].append(milliseconds)
    return spent
