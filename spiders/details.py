"""How an article is asked for: by its address, or by POST of its key where all items share one address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus

from scrapy import Request

from crawler.model import Column, Site

#: What a POST carries, by its first character.
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def kind_of(body: str) -> str:
    """The content type of what is sent."""
    return _JSON if body.lstrip().startswith(("{", "[")) else _FORM


def headers_of(site: Site, body: str | None) -> dict[str, str]:
    """The site's own headers, and what a body needs."""
    headers = dict(site.headers)
    if body is not None:
        headers.setdefault("Content-Type", f"{kind_of(body)}; charset=utf-8")
    return headers


def by_key(column: Column | None) -> bool:
    """Whether the column's items are opened by POST of their key."""
    return column is not None and column.detail_body is not None


def filled(template: str, part: str) -> str:
    """The body for one item."""
    return template.replace("{part}", escaped(template, part))


def escaped(template: str, value: str) -> str:
    """A value that stands in a body. It comes from a page: it can't say more than its own value."""
    return json.dumps(value, ensure_ascii=False)[1:-1] if kind_of(template) == _JSON else quote_plus(value)


def request_of(site: Site, column: Column | None, url: str, part: str = "", **more: Any) -> Request:
    """The request for one article. ``more`` goes to Scrapy's ``Request``."""
    body = filled(column.detail_body, part) if column is not None and column.detail_body and part else None
    return Request(
        url, method="POST" if body is not None else "GET", body=body, headers=headers_of(site, body),
        dont_filter=True, **more,
    )  # fmt: skip
