"""A page that sends on at once to the list itself: a newspaper's edition of the day, a frameset, a script."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.utils.response import get_meta_refresh

from crawler.extract import nocontent
from crawler.urls import canonical
from spiders.answers import page_of

#: Steps from the front page to the list.
_STEPS = 3
#: Seconds; a page that refreshes itself later than that is meant to be read.
_AT_ONCE = 5.0
#: Bytes; what only sends on needs no more.
_SMALL = 20_000
#: Set in ``meta`` of a response that the front page led to.
SENT_ON = "talentwatch_sent_on"


async def download(engine: Any, request: Request) -> Response:
    """The answer, or the page that it refreshes itself to. The fence judges each step like a redirect."""
    response: Response = await engine.download_async(request)
    for _ in range(_STEPS if request.method == "GET" else 0):
        target = _target(response)
        if target is None:
            break
        meta = {"redirect_urls": [response.url], SENT_ON: True}
        response = await engine.download_async(
            Request(target, headers=request.headers, meta=meta, dont_filter=True)
        )
    return response


def _target(response: Response) -> str | None:
    if response.status != 200 or not isinstance(response, TextResponse):
        return None
    seconds, target = get_meta_refresh(response)
    if seconds is not None and seconds > _AT_ONCE:
        return None
    if target is None and len(response.body) <= _SMALL:
        target = nocontent.sends_on(page_of(response))
    if target is None:
        return None
    return target if (canonical(target) or target) != canonical(response.url) else None
