"""``Retry-After``: a host that asks to be left alone is left alone."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler import clock
from crawler.fetch import told

#: Statuses whose ``Retry-After`` counts (RFC 9110, 10.2.3; RFC 6585, 4).
_STATUSES = frozenset({429, 503})
#: The longest wait that is kept: a host that says "next year" is looked at every day all the same.
LONGEST = dt.timedelta(days=1)
#: More digits than that are no number of seconds that anybody meant.
_DIGITS = 9
#: Where a crawler's statistics hold the moments before which its hosts want no request.
NOT_BEFORE = "talentwatch/not_before"


class AskedToWait(IgnoreRequest):
    """The host asked for patience earlier in this round: this request is not sent."""


class Patience:
    """A downloader middleware: after a ``Retry-After`` nothing more is asked of that host until it has passed."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Patience:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `AskedToWait`."""
        respect(self._crawler, request.url)


def respect(crawler: Any, url: str) -> None:
    """Raises `AskedToWait` where the address's host wants no request now, whoever was told so."""
    host = _host(url)
    own = crawler.stats.get_value(NOT_BEFORE, {}).get(host)
    others = shared.until(host) if (shared := told.of(crawler)) is not None else None
    moment = max((one for one in (own, others) if one is not None), default=None)
    if moment is not None and clock.now() < moment:
        raise AskedToWait(
            f"the host asks for patience, or fails again and again: left alone until {clock.iso(moment)}"
        )


def remember(crawler: Any, response: Response) -> None:
    """Note what the answer's host wishes."""
    moment = until(response, clock.now())
    if moment is not None:
        leave_alone(crawler, response.url, moment)


def leave_alone(crawler: Any, url: str, until: dt.datetime, *, fails: bool = False) -> None:
    """Ask nothing more of the address's host before that moment, in this round and the next, here and in the
    other processes on the same database. ``fails``: it did not ask for it, it fails again and again."""
    _note(crawler, _host(url), until)
    if (shared := told.of(crawler)) is not None:
        shared.note(_host(url), until, fails=fails)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _note(crawler: Any, host: str, until: dt.datetime) -> None:
    held = crawler.stats.get_value(NOT_BEFORE, {})
    crawler.stats.set_value(NOT_BEFORE, {**held, host: max(until, held.get(host, until))})


def not_before(crawler: Any) -> dt.datetime | None:
    """The moment before which the crawler's site is not due."""
    return max(crawler.stats.get_value(NOT_BEFORE, {}).values(), default=None)


def until(response: Response, now: dt.datetime) -> dt.datetime | None:
    """The moment before which the host wants no further request; None where it didn't say."""
    if response.status not in _STATUSES:
        return None
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        wait = dt.timedelta(seconds=int(text[:_DIGITS]))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)) - now
    return now + min(wait, LONGEST) if wait > dt.timedelta(0) else None
