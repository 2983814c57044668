"""What Scrapy's log says of a page that a pipeline failed on."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from crawler.errors import TalentWatchError
from pipelines.item import PageItem

_OURS = logging.getLogger(__name__)


class ShortLog(LogFormatter):
    """Names the page by its address; Scrapy would print the whole of it.

    What was foreseen (a full disk, a locked database) stands with its mend in the round's report and
    needs no traceback for each page; a mistake of ours does.
    """

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """The line for an item that failed."""
        if not isinstance(item, PageItem):
            return super().item_error(item, exception, response, spider)
        return {"level": _level(exception), "msg": "our code failed on %(url)s", "args": {"url": item.url}}

    def spider_error(self, failure: Any, request: Any, response: Any, spider: Any) -> LogFormatterResult:  # noqa: ARG002
        """The line for a callback that failed."""
        if isinstance(failure.value, TalentWatchError):
            # No pipeline tells it in the round's report.
            _OURS.warning("%s: %s", request.url, failure.value)
        return {"level": _level(failure.value), "msg": "our code failed on %(url)s", "args": {"url": request.url}}


def _level(error: BaseException) -> int:
    return logging.DEBUG if isinstance(error, TalentWatchError) else logging.ERROR
