"""What a failed or refused request means: a quarantine reason, and whether it is tried again."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawler.fetch.browser import BrowserMissing
from crawler.fetch.guard import Refused
from crawler.fetch.patience import AskedToWait
from crawler.fetch.robots import RulesUnknown
from crawler.model import Quarantine
from crawler.model.values import QuarantineReason


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page could not be had. ``passing``: it may go by itself, the row keeps waiting."""

    reason: QuarantineReason
    text: str
    mend: str = ""
    passing: bool = False

    @property
    def quarantine(self) -> Quarantine:
        """The same as the quarantine's words."""
        return Quarantine(self.reason, self.text, self.mend)


def of_error(error: BaseException) -> Trouble:
    """The trouble that an exception of the downloader means."""
    text = str(error) or type(error).__name__
    if isinstance(error, Refused):
        return Trouble(error.reason, error.message, error.mend)
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in text:
        mend = "Raise crawl.max_page_bytes if the page is worth it."
        return Trouble("too_large", "the page is larger than crawl.max_page_bytes", mend)
    if isinstance(error, BrowserMissing):
        return Trouble("error", text, "Install it; the other sites go on without.", passing=True)
    if isinstance(error, AskedToWait):
        return Trouble("error", text, "Nothing: the site is due again when that time has passed.", passing=True)
    if isinstance(error, RulesUnknown):
        mend = "Nothing: without its rules the host isn't asked for pages; it is tried again next round."
        return Trouble("robots", text, mend, passing=True)
    if isinstance(error, IgnoreRequest):
        if "robots" in text:
            return Trouble("robots", "robots.txt forbids this address", "Ask the operator, or remove the column.")
        if "redirections" in text:
            return Trouble("moved", "the address redirects in a circle", "Give the site's file the new address.")
        return Trouble("unreachable", text[:300], passing=True)
    if isinstance(error, DownloadTimeoutError):
        return Trouble("timeout", f"no full answer in time: {text[:300]}", "The host is slow.", passing=True)
    if isinstance(error, CannotResolveHostError):
        return Trouble(
            "unreachable", f"the host's name is unknown: {text[:200]}", "Is the name right?", passing=True
        )
    if isinstance(error, DownloadConnectionRefusedError):
        return Trouble("unreachable", f"the host refuses connections: {text[:200]}", passing=True)
    return Trouble("unreachable", f"{type(error).__name__}: {text[:300]}", passing=True)


#: Answers of a host in trouble, or of one that asks for patience: the row keeps waiting.
#: Not so 521: 加速乐 sends its challenge with it.
PASSING = frozenset({408, 425, 429, *range(500, 600)}) - {521}


def of_status(status: int) -> Trouble | None:
    """The trouble of an answer that says: later."""
    if status not in PASSING:
        return None
    return Trouble("error", f"HTTP {status}", "The server has trouble; it is tried again by itself.", passing=True)
