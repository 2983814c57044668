"""From when and until when, in English."""

from __future__ import annotations

import datetime as dt
import re

from crawler.enrich import english
from crawler.enrich.effect_words import EN_FROM, EN_POSTED, EN_TO, MONTHS


def find(sentence: str, issued: str | None, published: str | None) -> tuple[str | None, str | None]:
    """The first and the last day that an English clause states, ISO."""
    first, last = EN_FROM.search(sentence), EN_TO.search(sentence)
    start = _day(first["d"]) if first else None
    posted = EN_POSTED.search(sentence) if first is None else None
    base = (published[:10] if published else issued) if posted and posted["what"][0] == "p" else issued or published
    if posted and base:
        days = english.small(posted["n"]) if posted["n"] else 0
        start = (dt.date.fromisoformat(base[:10]) + dt.timedelta(days=days or 0)).isoformat()
    return start, (_day(last["d"]) if last else None)


def _day(text: str) -> str | None:
    found = re.match(r"([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})", text)
    parts = (found[3], found[1], found[2]) if found else None
    if parts is None:
        other = re.match(r"([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})", text)
        parts = (other[3], other[2], other[1]) if other else None
    if parts is None or parts[1] not in MONTHS:
        return None
    try:
        return dt.date(int(parts[0]), MONTHS[parts[1]], int(parts[2])).isoformat()
    except ValueError:
        return None
