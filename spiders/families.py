"""Request logic of each family of platforms: where a list starts and where its next page is.

Reading the pages is `crawler.extract`'s; here is only which address is asked for.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawler import clock
from crawler.extract import pager, platforms
from crawler.model import Column, Listing, Site
from spiders.details import headers_of

#: Pages that a round with ``--since`` reads at most where nothing else is said.
SINCE_PAGES = 50
#: Days back that a search asks for: what is found late is found all the same.
WINDOW = 60


def entries(column: Column, today: dt.date) -> tuple[str, ...]:
    """The addresses where a column starts, the best first; the next is tried where one is not there.

    A newspaper's address may hold its day: yesterday's edition stands until today's is out.
    """
    if "{" not in column.url:
        return (column.url,)
    days = (today, today - dt.timedelta(days=1))
    return tuple(
        column.url.replace("{yyyy}", f"{day:%Y}").replace("{mm}", f"{day:%m}").replace("{dd}", f"{day:%d}")
        for day in days
    )


def following(column: Column, url: str, number: int, listing: Listing) -> str | None:
    """The address of page ``number`` (from 2), or None where the list ends."""
    if column.method == "POST" and not column.page_url and _counts(column.body or ""):
        return column.url
    if column.page_url:
        return column.page_url.replace("{n}", str(number)).replace("{i}", str(number - 1))
    return (
        listing.next
        or platforms.numbered(url, number, len(listing.rows))
        # A page that was itself asked for by its number: what scripts append names no further one.
        or (pager.next_query(url, rows=len(listing.rows), total=listing.total) if number > 2 else None)
        or _BY_FAMILY[column.family](url, number)
    )


def request_of(
    site: Site, column: Column, url: str, number: int = 1, *, since: dt.date | None = None,
    day: dt.date | None = None,
) -> Request:  # fmt: skip
    """The request for one page of a list. A search's body holds its window: from ``since``, or the last
    `WINDOW` days, to today; a newspaper's its ``day`` (today's)."""
    body = _filled(column.body, number, since, day or clock.today()) if column.body else None
    return Request(url, method=column.method, body=body, headers=headers_of(site, body), dont_filter=True)


#: Answers to a GET after which 大汉's records may still be had by POST; a refusal (401, 403) is none of them.
_ASK_BY_POST = frozenset({200, 400, 404, 405, 500, 501})


def posted(site: Site, request: Request) -> Request | None:
    """A further page of 大汉's records asked for by POST, as the page's own script does; None for other pages."""
    made = platforms.as_post(request.url) if request.method == "GET" else None
    if made is None:
        return None
    url, body = made
    return Request(url, method="POST", body=body, headers=headers_of(site, body), dont_filter=True)


def lacks_records(response: Response) -> bool:
    """Whether an answer to a GET holds no records though a POST may."""
    return response.status in _ASK_BY_POST and b"<record" not in response.body


def _filled(body: str, number: int, since: dt.date | None, day: dt.date) -> str:
    today = clock.today()
    for hole, value in (
        ("{n}", str(number)), ("{i}", str(number - 1)), ("{today}", f"{today:%Y%m%d}"),
        ("{since}", f"{since or today - dt.timedelta(days=WINDOW):%Y%m%d}"),
        ("{yyyy}", f"{day:%Y}"), ("{mm}", f"{day:%m}"), ("{dd}", f"{day:%d}"),
    ):  # fmt: skip
        body = body.replace(hole, value)
    return body


def _counts(text: str) -> bool:
    return "{n}" in text or "{i}" in text


def _ends(url: str, number: int) -> str | None:  # noqa: ARG001 - the families' common shape
    """What the page itself names is all there is (generic lists, feeds, JSON, newspapers)."""
    return None


def _trs(url: str, number: int) -> str | None:
    """TRS writes ``index.html``, ``index_1.html``, ``index_2.html`` side by side."""
    parts = urlsplit(url)
    folder, name = posixpath.split(parts.path)
    stem, dot, ending = (name or "index.html").rpartition(".")
    base = stem.partition("_")[0] if stem.startswith("index_") else stem
    if not base.startswith("index"):
        return None
    path = posixpath.join(folder, f"{base}_{number - 1}{dot}{ending}")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


_BY_FAMILY: dict[str, Callable[[str, int], str | None]] = {
    "generic": _ends, "trs": _trs, "feed": _ends, "json": _ends, "epaper": _ends,
}  # fmt: skip
