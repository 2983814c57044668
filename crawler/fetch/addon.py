"""The Scrapy add-on: how we behave as a guest, from the configuration."""

from __future__ import annotations

import logging
from typing import Any

from crawler.config import Config, load
from crawler.fetch import browser

#: Loggers whose words (with a page of traceback) the column's verdict says in one line.
_TOLD_ELSEWHERE = (
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy-playwright",
)


class Guest:
    """Sets what the configuration decides; the fixed settings stand in `crawler.settings`."""

    def update_settings(self, settings: Any) -> None:
        """Scrapy's entry, once for each crawler."""
        config: Config | None = settings.get("TALENTWATCH_CONFIG")
        if config is None:
            config = load()
            settings.set("TALENTWATCH_CONFIG", config, priority="addon")
        for name in _TOLD_ELSEWHERE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        for name, value in {
            "USER_AGENT": config.user_agent,
            "DOWNLOAD_TIMEOUT": config.crawl.timeout,
            "DOWNLOAD_MAXSIZE": config.crawl.max_page_bytes,
            "CLOSESPIDER_TIMEOUT": config.crawl.site_seconds,
            "DOWNLOAD_VERIFY_CERTIFICATES": config.crawl.verify_certificates,
            **browser.settings(),
        }.items():
            settings.set(name, value, priority="addon")
