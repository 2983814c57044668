"""A host in trouble, or short of breath, is asked less often; one that keeps failing is left alone."""

from __future__ import annotations

import datetime as dt
import weakref
from collections import Counter
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response

from crawler import clock
from crawler.fetch import patience

#: Answers that say: too much, or not you. Like 5xx and silence they double the delay.
_SILENT = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError)
_UNWELCOME = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.TOO_MANY_REQUESTS})
#: Seconds: the longest delay that grows by itself.
LONGEST = 60.0
#: Seconds; an answer that takes longer is one of a host that has enough to do: as long a pause follows.
_SLOW = 1.0
#: Failures in a row after which a host is left alone for the rest of the round, and for how long at least.
ENOUGH, LEFT_ALONE = 6, dt.timedelta(minutes=10)

_ALL: weakref.WeakKeyDictionary[Any, Backoff] = weakref.WeakKeyDictionary()


class Backoff:
    """The pace of one crawler's hosts. The download handler tells it of every attempt as soon as it ends:
    the next request to the host is on its way before an answer reaches a middleware."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        #: Slot → the delay it had before us, and the one we gave it.
        self._base: dict[str, float] = {}
        self._given: dict[str, float] = {}
        self._failures: Counter[str] = Counter()

    def answered(self, request: Request, response: Response) -> None:
        """Longer pauses after trouble, shorter ones again after each good answer."""
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _UNWELCOME:
            self._trouble(request)
        else:
            self._failures.pop(urlsplit(request.url).netloc, None)
            self._pace(request, lambda base, delay: max(base, delay / 2, _breath(request)))

    def failed(self, request: Request, error: Exception) -> None:
        """A host that is silent or hangs up is in trouble; what we refused ourselves says nothing of it."""
        if isinstance(error, _SILENT):
            self._trouble(request)

    def _trouble(self, request: Request) -> None:
        self._pace(request, lambda base, delay: max(base, min(delay * 2, LONGEST)))
        host = urlsplit(request.url).netloc
        self._failures[host] += 1
        if self._failures[host] >= ENOUGH:
            patience.leave_alone(self._crawler, request.url, clock.now() + LEFT_ALONE, fails=True)

    def _pace(self, request: Request, wish: Any) -> None:
        key = str(request.meta.get("download_slot"))
        slot = self._crawler.engine.downloader.slots.get(key)
        if slot is None:
            return
        if slot.delay != self._given.get(key):
            self._base[key] = slot.delay  # the site's own, or what robots.txt asks for
        slot.delay = self._given[key] = wish(self._base[key], slot.delay)


def of(crawler: Any) -> Backoff:
    """The one of this crawler: http and https have a handler each, its hosts have one pace."""
    if crawler not in _ALL:
        _ALL[crawler] = Backoff(weakref.proxy(crawler))
    return _ALL[crawler]


def _breath(request: Request) -> float:
    latency: float = request.meta.get("download_latency") or 0.0
    return min(latency, LONGEST) if latency > _SLOW else 0.0
