"""What goes through the stages: one page, and the room that the stages work in."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from crawler import clock
from crawler.config import Config
from crawler.extract.files.ocr import OcrLimits
from crawler.model import Article, Attachment, Column, Page, Quarantine, Reading, Release, Row, Site
from crawler.model.values import AttachmentState, Cause
from crawler.storage.evidence import Response
from crawler.storage.state.columns import Lease
from crawler.storage.state.files import FileAnswer
from crawler.storage.state.save import Saved


@dataclass(slots=True)
class PageItem:
    """One fetched page on its way. The crawl fills the first part, the stages the second.

    ``page.url`` is where the bytes came from; ``row.url`` (canonical) names the release where a
    listing led to it, so that a redirect makes no second release.
    """

    site: Site
    column: Column | None
    page: Page
    row: Row | None = None
    pending_id: int | None = None
    #: ISO moment with offset; empty: now.
    fetched_at: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tls: str | None = None
    silent: bool = False
    cause: Cause = "site"
    on_first_page: bool | None = None
    #: False for what was brought in from a file: nothing was visited, nothing is visited again.
    visited: bool = True
    #: The contents of the article's files, as far as they were fetched, by canonical address.
    files: Mapping[str, bytes] = field(default_factory=dict)
    #: Why other files were not fetched: address → state and words.
    refused: Mapping[str, tuple[AttachmentState, str]] = field(default_factory=dict)
    #: The attachments as the stored release has them, by address.
    known: Mapping[str, Attachment] = field(default_factory=dict)
    #: What this round's requests for files said, for the store.
    answers: tuple[FileAnswer, ...] = ()
    #: Pages in frames of the page, by address as it stands in the frame (`crawler.extract.frames`).
    frames: Mapping[str, Page] = field(default_factory=dict)
    #: The right to crawl the site: the store writes nothing once another process holds it.
    lease: Lease | None = None

    reading: Reading | None = None
    articles: tuple[Article, ...] = ()
    releases: tuple[Release, ...] = ()
    saved: tuple[Saved, ...] = ()
    quarantine: Quarantine | None = None
    #: The page of a known release is gone: the round decides what that means (`note_missing`).
    missing: bool = False
    #: Names of persons were left out: the response isn't kept as evidence.
    personal: bool = False

    @property
    def url(self) -> str:
        """The address that names the page."""
        return self.row.url if self.row is not None else self.page.url

    def response(self, now: dt.datetime) -> Response | None:
        """The response as evidence; None where it must not be kept."""
        if self.personal:
            return None
        body = self.page.body
        headers = dict(self.headers)
        if self.page.content_type:
            headers.setdefault("content-type", self.page.content_type)
        if isinstance(body, str):
            # Text that somebody else decoded is kept as UTF-8, and says so.
            kind = (self.page.content_type or "text/html").split(";")[0].strip()
            headers = {k: v for k, v in headers.items() if k.lower() != "content-type"}
            headers["content-type"] = f"{kind}; charset=utf-8"
            body = body.encode("utf-8", "surrogatepass")
        return Response(
            url=self.page.url, body=body, fetched_at=self.fetched_at or clock.iso(now), status=self.page.status,
            headers=headers, tls=self.tls,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """The room: the truth, the archive, the clock."""

    engine: sa.Engine
    archive_path: pathlib.Path
    now: Callable[[], dt.datetime] = clock.now
    #: How scans and pictures are read; None: they are not.
    ocr: OcrLimits | None = None

    @classmethod
    def open(cls, config: Config) -> Context:
        """Open the configured database. Raises `StorageError`."""
        from crawler.storage.state.schema import open_state

        limits = OcrLimits(pages=config.crawl.ocr_pages) if config.crawl.ocr else None
        return cls(open_state(config), config.archive_path, ocr=limits)
