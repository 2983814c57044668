"""The Scrapy side of the stages: one thin class each, for ``ITEM_PIPELINES``.

The setting ``TALENTWATCH_CONTEXT`` holds the `Context`; without one (plain ``scrapy crawl``) each
crawler opens the configured database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from crawler.config import load
from pipelines.attach import attach
from pipelines.dedupe import dedupe
from pipelines.enrich import enrich
from pipelines.item import Context, PageItem
from pipelines.normalise import normalise
from pipelines.read import read
from pipelines.store import store
from pipelines.validate import validate

CONTEXT = "TALENTWATCH_CONTEXT"
_Stage = Callable[[PageItem, Context], PageItem]


class _Adapter:
    """Calls one stage for each page; other items pass."""

    stages: ClassVar[tuple[_Stage, ...]]

    def __init__(self, context: Context) -> None:
        self.context = context

    @classmethod
    def from_crawler(cls, crawler: Any) -> _Adapter:
        """Scrapy's way to make one."""
        context = crawler.settings.get(CONTEXT)
        if context is None:
            context = Context.open(load())
            crawler.settings.set(CONTEXT, context, priority="addon")
        return cls(context)

    async def process_item(self, item: Any) -> Any:
        """The stage's answer. Reading costs milliseconds and the store may wait for another writer:
        both happen in a thread, never in the reactor's."""
        if isinstance(item, PageItem):
            return await asyncio.to_thread(self._run, item)
        return item

    def _run(self, item: PageItem) -> PageItem:
        for stage in self.stages:
            item = stage(item, self.context)
        return item


class Validate(_Adapter):
    """Reads the page and refuses what is no content."""

    stages = (read, validate)


class Normalise(_Adapter):
    """One spelling for addresses, titles, part keys."""

    stages = (normalise,)


class Attach(_Adapter):
    """Puts the attachments in order."""

    stages = (attach,)


class Enrich(_Adapter):
    """Understands the articles."""

    stages = (enrich,)


class Dedupe(_Adapter):
    """Keeps each release of a page once."""

    stages = (dedupe,)


class Store(_Adapter):
    """Writes everything in one transaction."""

    stages = (store,)
