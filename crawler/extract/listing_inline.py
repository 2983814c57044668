"""Listings that a page's scripts hold: ``var listData = {…}``, parallel arrays."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

from crawler.extract import listing_dates as dates
from crawler.extract.feeds import between
from crawler.extract.listing_data import Data, parse_json, plain, read_data, unique
from crawler.extract.listing_links import absolute, clean_title, weight
from crawler.model import Row

_INLINE = re.compile(
    r"(?:var|let|const|window\.)\s*([A-Za-z_$][\w$]{0,40})\s*=\s*(?=[\[{])|JSON\.parse\(\s*(?=['\"])", re.I
)
_INDEXED = re.compile(r"(\w{2,12})\[(\w{1,6}|\d{1,4})\]\s*=\s*(['\"])((?:(?!\3)[^\\\n]|\\.){0,500})\3")
#: What is an address among the texts of a row without keys; and so many rows make a list of them.
_ADDRESS, _LEAST = re.compile(r"(?:https?:/|\.{1,2})?/\S{2,500}|[\w-]{1,80}/\S{1,300}\.s?html?"), 3
#: A list that an element hands to its component: ``:list='[{"title": …}]'``.
_HANDED = re.compile(r"=\s?(?:\"([\[{][^\"<>]{60,500000})\"|'([\[{][^'<>]{60,500000})')")
#: Scripts that are searched for inline data, in characters.
_SCRIPT_LIMIT = 3_000_000


def inline(source: str, base: str, today: dt.date) -> Data:
    """Rows out of a page's scripts: ``var listData = {…}``, ``urls[0]="…"; headers[0]="…"``."""
    best = Data()
    for script in between(source[:_SCRIPT_LIMIT], "<script", "</script>"):
        if len(script) < 60:
            continue
        for match in _INLINE.finditer(script):
            value = _literal(script, match.end())
            if value is None:
                continue
            found = read_data(value, base, None, today)
            found = found if found.rows else Data(_tuples(value, base, today))
            if len(found.rows) > len(best.rows):
                best = found
        if "[" in script and len((found := _arrays(script, base, today)).rows) > len(best.rows):
            best = found
    for match in _HANDED.finditer(source[:_SCRIPT_LIMIT]):
        value = parse_json(html.unescape(match[1] or match[2]))
        if value is not None and len((found := read_data(value, base, None, today)).rows) > len(best.rows):
            best = found
    return best


def _tuples(value: Any, base: str, today: dt.date) -> tuple[Row, ...]:
    """Rows without keys: ``[["title", "/a/1.html", "2026-11-20"], …]``, each of the same shape; none where one
    differs."""
    if not isinstance(value, list) or len(value) < _LEAST or not all(isinstance(one, list) for one in value):
        return ()
    rows: list[Row] = []
    for one in value:
        texts = [text.strip() for text in one if isinstance(text, str) and text.strip()]
        links = [text for text in texts if _ADDRESS.fullmatch(text)]
        titles = [text for text in texts if text not in links and weight(text) >= 4]
        url = absolute(links[0], base) if len(links) == 1 else None
        if url is None or not titles:
            return ()
        day = next((found for text in texts if text not in links and (found := dates.stamp(text, today))), None)
        title = clean_title(plain(max(titles, key=weight)))
        rows.append(Row(title, url, day.isoformat() if day else None))
    return tuple(unique(rows))


def _literal(script: str, start: int) -> Any | None:
    """The JSON value that begins at ``start``; script-style keys without quotes are mended."""
    decoder = json.JSONDecoder(strict=False)
    try:
        return decoder.raw_decode(script, start)[0]
    except (ValueError, RecursionError):
        pass
    piece = script[start : start + 500_000]
    piece = re.sub(r"([{,]\s*)([A-Za-z_$][\w$]{0,40})\s*:(?!/)", r'\1"\2":', piece)
    piece = re.sub(r"'((?:[^'\\\n]|\\.){0,2000})'", lambda m: json.dumps(m[1].replace("\\'", "'")), piece)
    piece = re.sub(r",(\s*[\]}])", r"\1", piece)
    try:
        return decoder.raw_decode(piece)[0]
    except (ValueError, RecursionError):
        return None


def _arrays(script: str, base: str, today: dt.date) -> Data:
    """Parallel arrays (``urls[i]``, ``headers[i]``, ``year[i]``, ``month[i]``, ``day[i]``)."""
    table: dict[str, dict[str, str]] = {}
    order: list[dict[str, str]] = []
    for n, match in enumerate(_INDEXED.finditer(script)):
        if n > 20_000:
            break
        name, index, value = match[1].lower(), match[2], match[4]
        if not index.isdigit():
            # One variable counts up: a name that comes again begins the next row.
            if not order or name in order[-1]:
                order.append({})
            order[-1][name] = value
            continue
        table.setdefault(index, {})[name] = value
    rows: list[Row] = []
    for fields in [*order, *table.values()]:
        title = next((v for k, v in fields.items() if re.search(r"title|header|subject|bt|name", k)), "")
        link = next((v for k, v in fields.items() if re.search(r"url|link|href", k)), "")
        url = absolute(link, base) if link else None
        if not url or weight(title) < 4:
            continue
        if {"year", "month", "day"} <= fields.keys():
            stamp: str = f"{fields['year']}-{fields['month']}-{fields['day']}"
        else:
            stamp = next((v for k, v in fields.items() if re.search(r"date|time|rq|sj", k)), "")
        day = dates.stamp(stamp, today) if stamp else None
        rows.append(Row(clean_title(plain(title)), url, day.isoformat() if day else None))
    return Data(tuple(unique(rows)))
