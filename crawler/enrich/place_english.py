"""Whose release an English text is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler import regions
from crawler.regions import Region

#: The name of a zone or new area.
ZONE = re.compile(
    r"\b(?:[A-Z][\w'’-]+ ){1,5}(?:New Area|Development Zone|Industrial Park|High-tech Zone|Hi-tech Zone|"
    r"Economic Zone|"
    r"Cooperation Zone|Demonstration Zone|Pilot Zone|Free Trade Zone|Experimental Zone|Economy Zone)\b"
)


#: Whom a measure is for, not whose it is: incentives to Hong Kong startups.
_FOR_WHOM = re.compile(
    r"(?:(?:Hong Kong|Macao|Taiwan)(?:,| and| or)? ?){1,3}(?=(?:young |tech |high-level )?(?:start-?ups|youths?|"
    r"people|professionals|talents?|students|residents|scientists|graduates|entrepreneurs|compatriots|"
    r"enterprises|companies)\b)"
)


def region(title: str, lines: Sequence[str]) -> Region | None:
    """The one province or city of the title; else what the text names first and most."""
    for text in (title, "\n".join(lines[:3])):
        told = _FOR_WHOM.sub(lambda m: " " * len(m[0]), text)
        found = [m.region for m in regions.english(told) if m.region.level != "national"]
        if not found:
            continue
        counts: dict[str, int] = {}
        for region in found:
            counts[region.code] = counts.get(region.code, 0) + 1
        for code in counts:
            # Wujin District of Changzhou in a title is the district; a text's dateline is no more than its place.
            if all(regions.holds(other, code) if text is title else regions.holds(code, other) for other in counts):
                return regions.by_code(code)
        best = max(counts, key=lambda c: counts[c])
        return regions.by_code(best)
    return None
