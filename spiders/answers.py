"""From a response to the item that the pipelines take."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from crawler import clock
from crawler.model import Column, Page, Row, Site
from crawler.storage.state.columns import Lease
from crawler.storage.state.pending import Pending
from crawler.storage.state.visits import Visited
from crawler.urls import canonical
from pipelines import PageItem


def page_of(response: Response) -> Page:
    """The response as the readers take it."""
    kind = response.headers.get("Content-Type") or b""
    return Page(response.url, response.body, kind.decode("latin-1"), response.status)


def item_of(
    site: Site, column: Column | None, response: Response, *, waiting: Pending | None, known: Visited | None,
    settings: Any, silent: bool = False, lease: Lease | None = None,
) -> PageItem:  # fmt: skip
    """The item of an article's page. A redirect makes no second release: the asked address names it."""
    row = waiting.row if waiting is not None else None
    if row is None and known is not None and canonical(response.url) != known.url:
        row = Row("", known.url)
    return PageItem(
        site=site, column=column, page=page_of(response), row=row, pending_id=waiting.id if waiting else None,
        fetched_at=clock.iso(clock.now()), headers=headers_of(response), tls=tls_of(response, settings),
        silent=waiting.silent if waiting is not None else silent, lease=lease,
    )  # fmt: skip


def headers_of(response: Response) -> dict[str, str]:
    """The headers as text, the last of each name."""
    return {
        name.decode("latin-1"): values[-1].decode("latin-1") for name, values in response.headers.items() if values
    }


def tls_of(response: Response, settings: Any) -> str | None:
    """How the page came: None for plain http, else whether the certificate was verified, and which it was."""
    if not response.url.startswith("https:"):
        return None
    checked = settings is not None and settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    words = ["verified" if checked else "not verified"]
    if response.certificate is not None:
        words.append(f"sha256 {response.certificate.digest('sha256').decode('ascii')}")
    return ", ".join(words)
