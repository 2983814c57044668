"""Benefits of whole synthetic releases that were labelled before the rules had seen them: floors on F1."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.enrich.benefits import find_benefits
from tests.enrich.test_benefits import said, wanted

_RELEASES = Path(__file__).with_name("grant_releases.txt")
_WORTH = ("min", "max", "rate", "area_min", "area_max")
_TERMS = ("cap", "period", "months", "topic")


def _blocks(half: str) -> list[tuple[list[str], list[str], str]]:
    blocks = (block.splitlines() for block in _RELEASES.read_text("utf-8").split("\n\n"))
    return [
        ([x[2:] for x in b if x[0] == ">"], [x[2:] for x in b if x[0] == "="], "en" if "english" in b[0] else "zh")
        for b in blocks
        if b and b[0].startswith(f"# {half} ")
    ]


def _f1(half: str, *, exact: bool) -> float:
    """The share of benefits read as labelled, by worth alone or with terms and recipient (micro F1)."""
    hits = total = 0
    for text, rows, language in _blocks(half):
        left = [said(benefit) for benefit in find_benefits(None, text, language=language)]
        truth = [wanted(row) for row in rows]
        total += len(left) + len(truth)
        for row in truth:
            found = next((got for got in left if _same(row, got, exact=exact)), None)
            if found is not None:
                left.remove(found)
                hits += 1
    return 2 * hits / total


def _same(row: dict[str, object], got: dict[str, object], *, exact: bool) -> bool:
    keys = (*_WORTH, *_TERMS) if exact else _WORTH
    named = str(row["recipient"]) in str(got["recipient"]) or str(got["recipient"]) in str(row["recipient"])
    return all(row[key] == got[key] for key in keys) and (named or not exact)


# Measured on 2026-11-23: .982 and .901 of the read half; .957 and .532 of the other one.
@pytest.mark.parametrize(
    ("half", "exact", "floor"), [("d", False, 0.97), ("d", True, 0.88), ("h", False, 0.945), ("h", True, 0.52)]
)
def test_a_release_grants_what_it_says(half: str, exact: bool, floor: float) -> None:
    assert _f1(half, exact=exact) >= floor
