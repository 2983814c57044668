"""One spelling for addresses, titles and part keys."""

from __future__ import annotations

import dataclasses
import json

from crawler.model import Article, Quarantine, from_json, to_json
from crawler.text import one_line, squeeze
from crawler.urls import canonical
from pipelines.item import Context, PageItem


def normalise(item: PageItem, context: Context) -> PageItem:  # noqa: ARG001 - the stages' common shape
    """Give every article the page's canonical address and its part key.

    The part key is the normalised title where the page holds several articles, the row's key where
    rows share one address, and empty otherwise.
    """
    if item.quarantine is not None:
        return item
    url = canonical(item.url)
    if url is None:
        item.quarantine = Quarantine("unreadable", item.url[:200], "The address is none of http or https.")
        return item
    several = len(item.articles) > 1 or any(article.part for article in item.articles)
    key = item.row.part if item.row is not None else ""

    def part(article: Article) -> str:
        own = squeeze(article.part or article.title) if several else ""
        return "\n".join(p for p in (key, own) if p)

    seen: dict[str, Article] = {}
    for article in item.articles:
        clean = dataclasses.replace(
            _storable(article), url=url, part=part(article), title=one_line(article.title) or None,
            subtitle=one_line(article.subtitle) or None,
        )  # fmt: skip
        # Two pieces of one page under one title (图片新闻) are told apart by what they say.
        if clean.part in seen and clean.body != seen[clean.part].body:
            clean = dataclasses.replace(clean, part=f"{clean.part}\n{squeeze(clean.body)[:40]}")
        seen.setdefault(clean.part, clean)
    item.articles = tuple(seen.values())
    return item


def _storable(article: Article) -> Article:
    """Half a surrogate pair, which no UTF-8 can hold, becomes a question mark."""
    text = json.dumps(to_json(article), ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return from_json(Article, json.loads(text.encode("utf-8", "replace").decode("utf-8")))
    return article
