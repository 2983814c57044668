"""Attachments: absolute canonical addresses, each once, with their type, and the text of those fetched."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from crawler.model import Article, Attachment
from crawler.text import one_line
from crawler.urls import canonical
from pipelines.item import Context, PageItem

#: States that say how the last request for a file went, not what its bytes hold.
TROUBLES: frozenset[str] = frozenset({"missing", "blocked", "robots", "foreign", "timeout", "unreachable"})
#: File types that are kept as attachments' types; anything else is none.
TYPES = frozenset({
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "7z", "txt", "csv",
    "jpg", "jpeg", "png", "gif", "bmp", "webp", "rtf",
})  # fmt: skip


def attach(item: PageItem, context: Context) -> PageItem:
    """Put the attachments of every article in order. A file that turns out to be a list of persons goes no
    further than here: neither its text nor its bytes are kept."""
    if item.quarantine is None and item.articles:
        item.articles = tuple(_without_persons(_filled(article, item, context), item) for article in item.articles)
    return item


def _filled(article: Article, item: PageItem, context: Context) -> Article:
    # Imported with the first page: a round in which nothing changed reads none.
    from crawler.extract import recognised
    from crawler.extract.attachment_text import put_in

    if article.pictures:
        clean = tuple(_clean(article.pictures, item.page.url))
        article = recognised.with_pictures(
            dataclasses.replace(article, pictures=clean), asked=context.ocr is not None, known=item.known
        )
    article = dataclasses.replace(article, attachments=tuple(_clean(article.attachments, item.page.url)))
    article = put_in(article, item.files, refused=item.refused, known=item.known)
    files = item.files
    if article.body_in_image and isinstance(item.page.body, bytes):
        # The page itself may be the scan.
        files = {article.url: item.page.body, **files}
    return recognised.put_in(article, files, limits=context.ocr, known=item.known) if files else article


def _without_persons(article: Article, item: PageItem) -> Article:
    texts = [(a.url, a.text) for a in article.attachments if a.text and (a.url != article.url or a.state == "ocr")]
    if not texts:
        return article
    from crawler.enrich.personal import is_name_list
    from crawler.extract.attachment_text import lines_of

    personal = {url for url, text in texts if is_name_list(text)}
    if not personal:
        return article
    item.answers = tuple(
        dataclasses.replace(answer, body=None) if answer.url in personal else answer for answer in item.answers
    )
    attachments = tuple(
        dataclasses.replace(
            a, text=None, sha256=None, state="personal",
            evidence="a list of persons: linked, neither read nor kept",
        )
        if a.url in personal else a
        for a in article.attachments
    )  # fmt: skip
    who = article.read_by.get("body", "").removeprefix("attachment:")
    if who not in personal:
        return dataclasses.replace(article, attachments=attachments)
    listed = {line for a in article.attachments if a.url == who for line in lines_of(a.text or "")}
    return dataclasses.replace(
        article, attachments=attachments, paragraphs=tuple(p for p in article.paragraphs if p not in listed),
        read_by={**article.read_by, "body": "page"},
    )  # fmt: skip


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
