"""Refuses what is no content after all: no title, broken characters, no text."""

from __future__ import annotations

import dataclasses
import re

from crawler.model import Article, Quarantine, Row
from crawler.text import han_count, one_line
from pipelines.item import Context, PageItem

#: What wrong decoding leaves behind: replacement characters, 锟斤拷, UTF-8 or GBK read as Latin-1.
_BROKEN = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯|[\ue000-\uf8ff]|(?:[Ã-ï][\u0080-¿]){2}|[\u0080-\u009f]")
#: Longest title that a page can mean; beyond it a body was taken for one.
LONGEST_TITLE = 300


def validate(item: PageItem, context: Context) -> PageItem:  # noqa: ARG001 - the stages' common shape
    """Keep the articles that have a title and a text; without any, the page is quarantined."""
    if item.quarantine is not None:
        return item
    good: list[Article] = []
    trouble: Quarantine | None = None
    for article in item.articles:
        titled = _titled(article, item.row if len(item.articles) == 1 else None)
        found = check(titled)
        if found is None:
            good.append(titled)
        else:
            trouble = trouble or found
    item.articles = tuple(good)
    if not good:
        item.quarantine = trouble
    return item


def check(article: Article) -> Quarantine | None:
    """Why an article is no content, or None."""
    title = one_line(article.title)
    if not title:
        return Quarantine(
            "shape_changed", "the article has no title", "Set the title's selector in the site's file."
        )
    if broken := _BROKEN.search(title):
        quote = title[max(0, broken.start() - 20) : broken.end() + 20]
        return Quarantine("mojibake", quote, "Set charset in the site's file.")
    if len(title) > LONGEST_TITLE:
        return Quarantine("shape_changed", title[:120] + "…", "Set the title's selector in the site's file.")
    body = article.body
    if not body.strip() and not (article.body_in_attachment or article.body_in_image or article.attachments):
        return Quarantine("empty", f"nothing below the title {title[:80]}", "Open the page: does it hold text?")
    if len(_BROKEN.findall(body[:20_000])) > max(5, han_count(body[:20_000]) // 100):
        return Quarantine("mojibake", one_line(body)[:120], "Set charset in the site's file.")
    return None


def _titled(article: Article, row: Row | None) -> Article:
    """A page without a title of its own bears its row's."""
    if (article.title and one_line(article.title)) or row is None or not row.title:
        return article
    return dataclasses.replace(
        article, title=one_line(row.title), provenance={**article.provenance, "title": "listing"}
    )
