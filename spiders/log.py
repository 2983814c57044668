"""What Scrapy's log says of a page that a pipeline failed on."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from crawler.errors import TalentWatchError
from pipelines.item import PageItem


class ShortLog(LogFormatter):
    """Names the page by its address; Scrapy would print the whole of it.

    What was foreseen (a full disk, a locked database) stands with its mend in the round's report and
    needs no traceback for each page; a mistake of ours does.
    """

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> LogFormatterResult:
        """The line for an item that failed."""
        if not isinstance(item, PageItem):
            return super().item_error(item, exception, response, spider)
        level = logging.DEBUG if isinstance(exception, TalentWatchError) else logging.ERROR
        return {"level": level, "msg": "our code failed on %(url)s", "args": {"url": item.url}}
