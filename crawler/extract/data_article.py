"""Articles that an interface hands out as data: the page that the site's own script would make of them."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping
from typing import Any

from crawler.extract.encoding import decode
from crawler.extract.held_scripts import scripted_body
from crawler.extract.listing_data import parse_json, plain, title_in, walk
from crawler.model import Page, Quarantine, Reading, Row
from crawler.text import han_count

_META = {"contentsource": "ContentSource", "pubdate": "PubDate"}


def as_page(page: Page, charset: str | None = None, listed: Row | None = None) -> Page | Reading:
    """The page of an answer in JSON; an answer that holds no article is quarantined, any other page stays.

    ``listed``: the row that led here, whose title stands where the answer names none.
    """
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, charset)[0]
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[") or (value := parse_json(text)) is None:
        return page
    held = scripted_body([text])
    if held is None:
        mend = "Look at what the interface answers; detail_body may lack a key."
        return Reading(quarantine=Quarantine("empty", f"data without an article: {text[:200]}", mend))
    markup, meta = held
    title = html.escape(_title(value) or (listed.title if listed is not None else ""))
    known = {name: html.escape(plain(meta[key])) for key, name in _META.items() if key in meta}
    marks = "".join(f'<meta name="{name}" content="{value}">' for name, value in known.items())
    made = (
        f'<html><head><title>{title}</title><meta name="ArticleTitle" content="{title}">{marks}</head>'
        f'<body><h1>{title}</h1><div class="content">{markup}</div></body></html>'
    )
    return dataclasses.replace(page, body=made, content_type="text/html; charset=utf-8")


def _title(value: Any) -> str:
    """The title beside the longest text."""
    held = [item for item, _ in walk(value) if isinstance(item, Mapping)]
    size, best = max(((_longest(item), n) for n, item in enumerate(held)), default=(0, 0))
    return title_in({str(key).lower(): one for key, one in held[best].items()}) if size else ""


def _longest(item: Mapping[str, Any]) -> int:
    return max((han_count(one) for one in item.values() if isinstance(one, str)), default=0)
