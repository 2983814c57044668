"""Attachments: absolute canonical addresses, each once, with their type, and the text of those fetched."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from crawler.extract.attachment_text import put_in
from crawler.model import Attachment
from crawler.text import one_line
from crawler.urls import canonical
from pipelines.item import Context, PageItem

#: File types that are kept as attachments' types; anything else is none.
TYPES = frozenset({
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "7z", "txt", "csv",
    "jpg", "jpeg", "png", "rtf",
})  # fmt: skip


def attach(item: PageItem, context: Context) -> PageItem:  # noqa: ARG001 - the stages' common shape
    """Put the attachments of every article in order."""
    if item.quarantine is None:
        item.articles = tuple(
            put_in(
                dataclasses.replace(article, attachments=tuple(_clean(article.attachments, item.page.url))),
                item.files,
            )
            for article in item.articles
        )
    return item


def _clean(attachments: Iterable[Attachment], base: str) -> Iterable[Attachment]:
    seen: set[str] = set()
    for attachment in attachments:
        url = canonical(attachment.url, base)
        if url is None or url in seen:
            continue
        seen.add(url)
        name = one_line(attachment.name) or unquote(posixpath.basename(urlsplit(url).path))
        yield dataclasses.replace(attachment, url=url, name=name, type=attachment.type or _type(name, url))


def _type(name: str, url: str) -> str | None:
    for text in (urlsplit(url).path, name):
        ending = text.rpartition(".")[2].lower()
        if ending in TYPES:
            return ending
    return None
