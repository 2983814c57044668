"""Bytes to articles, whatever the kind of the input."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from http import HTTPStatus

from crawler import clock, extract
from crawler.extract import frames, nocontent
from crawler.extract.data_article import as_page
from crawler.model import Column, Page, Quarantine, Reading, Row, Site
from pipelines.item import Context, PageItem

#: Content type of title and paragraphs that somebody already took apart (`ingest --batch`).
PARTS = "application/vnd.talentwatch.parts+json"
PLAIN = "text/plain"


def read(item: PageItem, context: Context) -> PageItem:
    """Fill ``reading`` and ``articles``, or ``quarantine``. A reading given beforehand is kept."""
    if item.reading is None:
        day = clock.parse(item.fetched_at).date() if item.fetched_at else context.now().date()
        row = item.row or _known_row(item, context)
        outer = read_as(item.page, item.site, item.column, row=row, today=day)
        item.reading = with_frames(item, outer, day)
    item.articles = item.reading.articles
    item.quarantine = item.reading.quarantine
    if item.quarantine is None and not item.articles:
        item.quarantine = Quarantine("empty", "the reader found no article", "Open the page: does it hold text?")
    return item


def with_frames(item: PageItem, outer: Reading, today: dt.date) -> Reading:
    """The reading with the article that stands in a frame, where the page has none of its own."""
    if not item.frames:
        return outer
    # A frame is a page of its own design: the site's selectors are for the page around it.
    return frames.read_in(
        item.page, outer, item.frames, lambda page: read_as(page, item.site, None, row=None, today=today)
    )


def read_as(page: Page, site: Site, column: Column | None, *, row: Row | None, today: dt.date) -> Reading:
    """Read a page as its content type says. A reader's failure is a quarantine, not a crash."""
    kind = page.content_type.split(";")[0].strip().lower()
    try:
        if kind == PARTS:
            return _read_parts(page)
        if kind == PLAIN:
            body = page.body
            text = body if isinstance(body, str) else extract.decode(body, page.content_type, site.charset)[0]
            if trouble := nocontent.of_status(page, text[:200]):
                return Reading(quarantine=trouble)
            plain: Reading = extract.read_text(page.url, text, today=today)
            return plain
        made = as_page(page, site.charset, row) if page.status == HTTPStatus.OK else page
        if isinstance(made, Reading):
            return made
        page = made
        rules = column.detail if column is not None and column.detail is not None else site.detail
        return extract.read_page(page, rules, charset=site.charset, listed=row, today=today)
    except Exception as error:  # noqa: BLE001 - any page may come: one that breaks our reader must not end the round
        evidence = f"{type(error).__name__}: {error}"[:500]
        return Reading(quarantine=Quarantine("unreadable", evidence, "Our reader failed: please report this page."))


def _read_parts(page: Page) -> Reading:
    text = page.body if isinstance(page.body, str) else page.body.decode("utf-8", "surrogatepass")
    data: Mapping[str, object] = json.loads(text)
    paragraphs = data.get("paragraphs")

    def word(name: str) -> str | None:
        value = data.get(name)
        return value if isinstance(value, str) else None

    reading: Reading = extract.read_parts(
        page.url, word("title") or "", [str(p) for p in paragraphs] if isinstance(paragraphs, list) else [],
        published=word("published"), site_name=word("site_name"), source_credit=word("source_credit"),
    )  # fmt: skip
    return reading


def _known_row(item: PageItem, context: Context) -> Row | None:
    """A visit of a known page has no listing row: what the row once said is in the stored release."""
    from crawler.errors import NotFound
    from crawler.storage.state.stored import get

    try:
        release = get(context.engine, item.url).release
    except NotFound:
        return None
    from_row = {name for name, where in release.provenance.items() if where == "listing"}
    if not from_row:
        return None
    return Row(
        title=(release.title or "") if "title" in from_row else "",
        url=release.url,
        date=release.published if "published" in from_row else None,
        part=release.part,
    )
