"""Fetching an article's files before it is stored: the same way as every page, and none holds the article up."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler import clock
from crawler.extract import frames
from crawler.fetch.middlewares import VISIT
from crawler.fetch.outcome import PASSING, of_error
from crawler.fetch.patience import AskedToWait
from crawler.model import Page
from crawler.model.values import AttachmentState
from crawler.storage.state.files import FileAnswer
from crawler.storage.state.visits import Visited
from pipelines import PageItem
from pipelines.files import inner_reading, plan, remembered
from pipelines.read import read
from spiders.answers import headers_of, tls_of

#: What the downloader's troubles are called on an attachment.
_STATES: dict[str, AttachmentState] = {
    "too_large": "too_large", "robots": "robots", "moved": "foreign", "forbidden_address": "foreign",
    "timeout": "timeout",
}  # fmt: skip


class Ended(Exception):
    """The round ends: the article waits, with its files, for the next one."""


async def gather(spider: Any, item: PageItem, *, budget: int | None = None) -> PageItem:
    """The item with its files, as far as they could be had. Raises `Ended` where the spider is closing.

    ``budget``: requests that the round may still send for this site.
    """
    answers = await _frames(spider, item)
    wanted = await asyncio.to_thread(plan, item, spider.room.context, spider.room.config)
    item.answers = tuple(answers)
    if not wanted:
        return item
    files, refused = dict(wanted.kept), dict(wanted.refused)
    for url, visit in wanted.fetch.items():
        if budget is not None and len(answers) >= budget:
            refused[url] = ("unreachable", "the site's pages of this round are spent: it is asked for next time")
            answers.append(FileAnswer(url, passing=True))
            continue
        answer, trouble = await _ask(spider, item, url, visit)
        answers.append(answer)
        if trouble is not None:
            refused[url] = trouble
        elif answer.body is not None:
            files[url] = answer.body
    item.files, item.refused, item.known, item.answers = files, refused, wanted.known, tuple(answers)
    return item


async def _frames(spider: Any, item: PageItem) -> list[FileAnswer]:
    """Fetch the frames that may hold the article (`crawler.extract.frames`), frames in frames too."""
    context, answers = spider.room.context, list[FileAnswer]()
    pages: dict[str, Page] = {}
    await asyncio.to_thread(read, item, context)
    assert item.reading is not None  # noqa: S101 - just read
    waiting = [(item.page, item.reading, 1)]
    while waiting:
        page, reading, depth = waiting.pop(0)
        for url in await asyncio.to_thread(frames.wanted, page, reading, item.site.charset):
            if url in pages or depth > frames.DEEPEST:
                continue
            known = await asyncio.to_thread(remembered, context, item.url, url)
            answer, trouble = await _ask(spider, item, url, known[0] if known else None)
            answers.append(answer)
            if answer.body is not None:
                kind = next((v for k, v in answer.headers.items() if k.lower() == "content-type"), "")
                pages[url] = Page(url, answer.body, kind)
            elif known is not None and (trouble is None or answer.passing):
                pages[url] = known[1]
            else:
                continue
            inner = await asyncio.to_thread(inner_reading, item, pages[url], context)
            waiting.append((pages[url], inner, depth + 1))
    if pages:
        # Read again, with the frames.
        item.frames, item.reading, item.quarantine = pages, None, None
    return answers


async def _ask(
    spider: Any, item: PageItem, url: str, visit: Visited | None
) -> tuple[FileAnswer, tuple[AttachmentState, str] | None]:
    crawl = spider.room.config.crawl
    request = Request(
        url, headers=dict(item.site.headers), dont_filter=True,
        meta={VISIT: visit, "download_maxsize": crawl.max_attachment_bytes,
              "download_timeout": crawl.attachment_timeout},
        cb_kwargs={"key": item.column.key} if item.column is not None else {},
    )  # fmt: skip
    try:
        response: Response = await spider.crawler.engine.download_async(request)
    except AskedToWait as error:
        return FileAnswer(url, passing=True), ("unreachable", str(error))
    except Exception as error:  # noqa: BLE001 - the downloader's errors are many; `of_error` knows them
        _go_on(spider)
        trouble = of_error(error)
        words = trouble.text.replace("crawl.max_page_bytes", "crawl.max_attachment_bytes")
        words = words.replace("the page is", "the file is")
        return FileAnswer(url, passing=trouble.passing), (_STATES.get(trouble.reason, "unreachable"), words)
    _go_on(spider)
    answer = FileAnswer(
        url, response.status, None, headers_of(response), clock.iso(clock.now()), tls_of(response, spider.settings)
    )
    if response.status == 304 and visit is not None:
        return answer, None
    if response.status != 200:
        state: AttachmentState = "missing" if response.status in (404, 410) else "blocked"
        if response.status in PASSING:
            state = "unreachable"
        return dataclasses.replace(answer, passing=response.status in PASSING), (state, f"HTTP {response.status}")
    if "dataloss" in response.flags:
        return dataclasses.replace(answer, passing=True), ("unreachable", "the answer broke off before its end")
    return dataclasses.replace(answer, body=bytes(response.body)), None


def _go_on(spider: Any) -> None:
    """Raises `Ended` where the round is over."""
    engine = spider.crawler.engine
    closing = spider.room.stopping or getattr(spider, "lost", False)
    with contextlib.suppress(AttributeError):
        closing = closing or engine._slot.closing is not None
    if closing:
        raise Ended
