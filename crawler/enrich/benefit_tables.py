"""Tables of benefits: rows are classes of recipients, columns are kinds of support."""

from __future__ import annotations

from crawler.enrich.clauses import Text
from crawler.model.release import Benefit


def table_at(text: Text, lines: list[tuple[int, int]], at: int) -> int:
    """How many lines from ``at`` on make a table with a header row; 0 where there is none."""
    count = 0
    while at + count < len(lines) and "|" in text.folded[slice(*lines[at + count])]:
        count += 1
    return count if count >= 2 else 0


def read_table(text: Text, rows: list[tuple[int, int]], heading: str) -> list[Benefit]:
    """The benefits of a table."""
    return []
