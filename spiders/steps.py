"""A list interface of several levels (a day's edition → its pages → their articles), each asked for in turn.

The rows of all last answers are handed on as one answer, shaped as the column's ``rules.items`` expect it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler import clock
from crawler.extract.encoding import decode
from crawler.extract.listing_data import at, parse_json
from crawler.model import Column, Site, Step
from crawler.site_checks import HOLE
from spiders import families
from spiders.details import escaped, headers_of
from spiders.frontpage import SENT_ON

#: Entries of one level that are asked for, and rows of all together that are kept.
_ENTRIES, _ROWS = 40, 2_000
#: What a row is given that says no day of its own: the edition's, where the column's body names one.
DAY = "edition_day"


async def joined(engine: Any, site: Site, column: Column, first: Response) -> Response:
    """The rows of all last answers as one; ``first`` itself, or the answer that failed, where there are none.

    A newspaper's edition of today may not be out: then yesterday's stands. An entry that is not there (404) is
    left out; one that fails otherwise is the list's trouble, which is read anew next time.
    """
    today, named = clock.today(), "{dd}" in (column.body or "")
    response, day = first, today
    entries = _entries(response, column.steps[0])
    if named and not entries and response.status == HTTPStatus.OK:
        day = today - dt.timedelta(days=1)
        response = await engine.download_async(families.request_of(site, column, column.url, day=day))
        entries = _entries(response, column.steps[0])
    if response.status != HTTPStatus.OK or not entries:
        return response
    for level, step in enumerate(column.steps):
        last = level == len(column.steps) - 1
        path = column.rules.items if last else column.steps[level + 1].items
        found: list[Mapping[str, Any]] = []
        for entry in entries[:_ENTRIES]:
            answer: Response = await engine.download_async(request_of(site, step, entry))
            if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                continue
            if answer.status != HTTPStatus.OK:
                return answer
            found += _at(answer, path)
        entries = found
    rows = [{DAY: day.isoformat(), **row} if named else dict(row) for row in entries[:_ROWS]]
    headers = {"Content-Type": "application/json; charset=utf-8"}
    body = _wrapped(rows, column.rules.items)
    return TextResponse(first.url, body=body, headers=headers, request=first.request, encoding="utf-8")


def request_of(site: Site, step: Step, entry: Mapping[str, Any]) -> Request:
    """The request for one entry. What an entry says can be no more than a value of the address or the body."""
    url = HOLE.sub(lambda hole: quote(_text(entry.get(hole[1])), safe=""), step.url)
    given = step.body
    body = given and HOLE.sub(lambda hole: escaped(given, _text(entry.get(hole[1]))), given)
    return Request(
        url, method="GET" if body is None else "POST", body=body, headers=headers_of(site, body),
        meta={SENT_ON: True}, dont_filter=True,
    )  # fmt: skip


def _entries(response: Response, step: Step) -> list[Mapping[str, Any]]:
    return _at(response, step.items) if response.status == HTTPStatus.OK else []


def _at(response: Response, path: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """The entries that stand in an answer; none where it is no such answer."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    value = at(parse_json(decode(response.body, kind, None)[0]), path)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _wrapped(rows: list[dict[str, Any]], path: tuple[str, ...]) -> bytes:
    value: Any = rows
    for key in reversed(path):
        value = {key: value}
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
