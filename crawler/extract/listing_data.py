"""Listings as data: JSON answers and JSON inside of pages, with or without rules."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.extract import listing_dates as dates
from crawler.extract.listing_links import absolute, clean_title, weight
from crawler.model import ListRules, Row
from crawler.text import han_count, one_line

#: Depth and values looked at in an answer; a listing's rows lie within six levels.
_DEPTH, _VALUES = 10, 200_000
_TITLE_KEYS = (
    "title", "doctitle", "articletitle", "infotitle", "newstitle", "maintitle", "subject", "headline", "topic",
    "filename", "documenttitle", "showtitle", "list_title", "wjmc", "zcmc", "bt", "biaoti", "mc", "name",
    "_doctitle",
)  # fmt: skip
_URL_KEYS = (
    "url", "docpuburl", "puburl", "link", "href", "linkurl", "pcurl", "pc", "visiturl", "weburl", "pageurl",
    "arturl", "infourl", "newsurl", "chnldocurl", "post_url", "detailurl", "docurl", "htmlurl", "path", "src",
    "location", "urls",
)  # fmt: skip
_DATE_KEYS = (
    "pubdate", "publishdate", "publishtime", "publishedtimestr", "publishedtime", "published", "pubtimestr",
    "pubtime", "publish_time", "display_publish_time", "display_date", "docpubtime", "first_publish_time",
    "docreltime", "releasedate", "releasetime", "deploytime", "issuedate", "infodate", "showdate", "fbrq",
    "fbsj", "daytime", "date", "time", "newsdate", "addtime", "inputtime", "createdate", "createtime",
    "created_at", "create_time", "crtime", "updatetime", "ptime", "pub_time", "sendtime", "datetime", "rq",
)  # fmt: skip
_TOTAL_KEYS = (
    "total", "totalcount", "recordcount", "totalrecords", "total_count", "rowcount", "totalelements",
    "totalnum", "totalsize", "count", "num",
)  # fmt: skip
#: How keys end that aren't among those, and words in them that say something else.
_TITLE_END, _NO_TITLE = (
    re.compile(r"(?:title|bt|mc)$"),
    re.compile(r"sub|short|column|channel|site|page|author|lmmc|dwmc"),
)
_URL_END, _NO_PAGE = (
    re.compile(r"(?:url|link|href)$"),
    re.compile(r"img|image|pic|thumb|cover|video|icon|logo|site|column"),
)
_DATE_END = re.compile(r"(?:date|time|rq|sj)$")
_NO_DATE = re.compile(r"update|modif|edit|end|start|begin|expir|stop|close|top|valid|effect|sync|del|sx|jz|cw")
_TAG = re.compile(r"<[^<>]{0,300}>")
#: Characters of wrapped HTML that are read.
_FRAGMENT_LIMIT = 3_000_000


@dataclass(frozen=True, slots=True)
class Data:
    """Rows found in an answer; ``fragment`` is HTML that the answer wraps, where it holds no rows."""

    rows: tuple[Row, ...] = ()
    total: int | None = None
    fragment: str = ""
    lost: bool = False


def parse_json(text: str) -> Any | None:
    """The value of a JSON or JSONP answer; None where it is neither."""
    body = text.strip().lstrip("\ufeff")
    if match := re.match(r"^[\w$.]{1,60}\s*\(\s*(?=[\[{])", body):
        body = body[match.end() :].rstrip().rstrip(";").rstrip(")")
    if body[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(body, strict=False)
        # Half a surrogate pair, which no database can hold, becomes a question mark.
        if "\\ud" in body or "\\uD" in body:
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        return value
    except (ValueError, RecursionError):
        return None


def read_data(value: Any, base: str, rules: ListRules | None, today: dt.date) -> Data:
    """The rows of a parsed answer: by ``rules`` where they name the keys, else by what rows look like."""
    if rules is not None and (rules.items or rules.title or rules.link or rules.link_template):
        return _by_rules(value, base, rules, today)
    best: tuple[float, list[Row]] = (0.0, [])
    for items in _lists(value):
        drafts = [_row(item, base, today) for item in items]
        rows = [r for r in drafts if r is not None]
        worth = sum(1 + (r.date is not None) + 0.05 * min(weight(r.title), 20) for r in rows)
        if rows and worth > best[0]:
            best = (worth, rows)
    if best[1]:
        return Data(tuple(unique(best[1])), total=_total(value, len(best[1])))
    return Data(fragment=_fragment(value), total=_total(value, 0))


def _by_rules(value: Any, base: str, rules: ListRules, today: dt.date) -> Data:
    items = at(value, rules.items) if rules.items else next(iter(_lists(value)), [])
    if isinstance(items, Mapping):
        items = list(items.values())
    total = _number(at(value, rules.total)) if rules.total else _total(value, 0)
    if isinstance(items, str):
        return Data(fragment=items, total=total)
    if not isinstance(items, Sequence):
        return Data(total=total, lost=True)
    rows = [r for item in items if isinstance(item, Mapping) and (r := _row(item, base, today, rules)) is not None]
    return Data(tuple(unique(rows)), total=total, lost=not rows)


def at(value: Any, keys: Sequence[str]) -> Any:
    """What a list of keys (and places) leads to; None where it leads nowhere."""
    for key in keys:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, Sequence) and not isinstance(value, str) and key.lstrip("-").isdigit():
            index = int(key)
            value = value[index] if -len(value) <= index < len(value) else None
        else:
            return None
    return value


def walk(value: Any) -> Iterator[tuple[Any, int]]:
    """A value and all that it holds (so many values, so deep), each with its depth."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while stack and seen < _VALUES:
        item, depth = stack.pop()
        seen += 1
        yield item, depth
        if depth >= _DEPTH:
            continue
        if isinstance(item, Mapping):
            stack.extend((v, depth + 1) for v in reversed(list(item.values())) if isinstance(v, (Mapping, list)))
        elif isinstance(item, list):
            stack.extend((v, depth + 1) for v in reversed(item) if isinstance(v, (Mapping, list)))


def _lists(value: Any) -> list[list[Mapping[str, Any]]]:
    """All lists of objects; those of the same keys (an answer in groups) are put together."""
    found: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for item, _ in walk(value):
        if isinstance(item, list) and item and all(isinstance(x, Mapping) for x in item):
            found.setdefault(frozenset(item[0]), []).extend(item)
    return sorted(found.values(), key=len, reverse=True)


def _row(item: Mapping[str, Any], base: str, today: dt.date, rules: ListRules | None = None) -> Row | None:
    low = {str(k).lower(): v for k, v in item.items()}
    named = rules or ListRules()
    title = clean_title(plain(item.get(named.title) if named.title else title_in(low)))
    if not title:
        return None
    if named.link_template:
        url = absolute(_filled(named.link_template, item), base)
    else:
        url = absolute(_text(item.get(named.link)), base) if named.link else _url(low, base)
    part = _text(item.get(named.part)) if named.part else ""
    if url is None and part:
        url = base
    if url is None:
        return None
    day = dates.stamp(item.get(named.date), today) if named.date else _day(low, today)
    return Row(title, url, day.isoformat() if day else None, part)


def _filled(template: str, item: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: _text(item.get(m[1])), template)


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def plain(value: Any) -> str:
    """A value as one line of text, without tags and entities."""
    return one_line(html.unescape(_TAG.sub("", html.unescape(_text(value)))))


def title_in(low: Mapping[str, Any]) -> str:
    """What an object with keys in lower case calls its title; empty where it names none."""
    best = ""
    for key in _TITLE_KEYS:
        text = plain(low.get(key))
        if text and weight(text) >= 2 and len(text) <= 300 and not text.startswith(("http:", "https:", "/")):
            if han_count(text) >= 2:
                return text
            best = best or text
    if best:
        return best
    for key in low:  # articleTitle, policy_name: named for what they belong to
        if _TITLE_END.search(key) and not _NO_TITLE.search(key):
            text = plain(low[key])
            if han_count(text) >= 4 and len(text) <= 300:
                return text
    return ""


def _url(low: Mapping[str, Any], base: str) -> str | None:
    for key in (*_URL_KEYS, *(k for k in low if _URL_END.search(k) and not _NO_PAGE.search(k))):
        value = low.get(key)
        if isinstance(value, Mapping):
            value = (
                value.get("pc")
                or value.get("common")
                or next((v for v in value.values() if isinstance(v, str) and v), "")
            )
        elif isinstance(value, str) and value.startswith("{") and isinstance(inner := parse_json(value), Mapping):
            value = inner.get("pc") or inner.get("common") or ""
        text = html.unescape(_text(value))
        if text.startswith(("http://", "https://", "//", "/", "./", "../")) or re.search(
            r"\.(?:s?html?|jhtml|jsp|aspx?|php|pdf)(?:$|\?)", text
        ):
            return absolute(text, base)
    return None


def _day(low: Mapping[str, Any], today: dt.date) -> dt.date | None:
    for key in _DATE_KEYS:
        if key in low and (day := dates.stamp(low[key], today)):
            return day
    for key, value in low.items():
        if _DATE_END.search(key) and not _NO_DATE.search(key) and (day := dates.stamp(value, today)):
            return day
    return None


def _total(value: Any, rows: int) -> int | None:
    """The item count that the answer states, nearest to its top; never fewer than its rows."""
    best: tuple[int, int] | None = None
    for item, depth in walk(value):
        if not isinstance(item, Mapping) or (best and depth >= best[0]):
            continue
        low = {str(k).lower(): v for k, v in item.items()}
        number = next((n for k in _TOTAL_KEYS if (n := _number(low.get(k))) is not None and n >= rows), None)
        if number is not None:
            best = (depth, number)
    return best[1] if best else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and value >= 0:
        return int(value)
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 10 else None


def _fragment(value: Any) -> str:
    """HTML that an answer wraps (jpaas ``data.html``, jsearch ``result[]``), joined."""
    found: list[str] = []
    for item, _ in walk(value):
        values = item.values() if isinstance(item, Mapping) else item if isinstance(item, list) else ()
        found += [
            v for v in values if isinstance(v, str) and "<" in v and re.search(r"<(?:a|li|tr|div)\b", v, re.I)
        ]
    return "\n".join(found)[:_FRAGMENT_LIMIT]


def unique(rows: list[Row]) -> list[Row]:
    """The rows without doubles (same address and part)."""
    seen: set[tuple[str, str]] = set()
    return [r for r in rows if (key := (r.url, r.part)) not in seen and not seen.add(key)]  # type: ignore[func-returns-value]
