"""Downloader middlewares: the fence, the proxy, the validators, the crawl delay."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.config import Config
from crawler.errors import ConfigError
from crawler.storage.state.visits import Visited

#: Seconds; a longer Crawl-delay would stop the round (some sites say 3600).
LONGEST_DELAY = 60.0
VISIT = "talentwatch_visit"


class FenceMiddleware:
    """Each request, each redirect and each robots.txt stays inside of the site's fence."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> FenceMiddleware:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `Refused`."""
        self._crawler.spider.fence.check(request.url, redirected=bool(request.meta.get("redirect_urls")))


class ConditionalMiddleware:
    """Asks only for what changed: ``If-None-Match`` and ``If-Modified-Since`` of the last visit."""

    def process_request(self, request: Request) -> None:
        """Put the validators on; a redirected request keeps them, they belong to the final page."""
        visit: Visited | None = request.meta.get(VISIT)
        if visit is not None and visit.etag:
            request.headers.setdefault("If-None-Match", visit.etag)
        if visit is not None and visit.last_modified:
            request.headers.setdefault("If-Modified-Since", visit.last_modified)


class ProxyMiddleware:
    """The configured proxy for every request; the environment's variables are ignored."""

    def __init__(self, address: str, authorization: bytes | None) -> None:
        self._address, self._authorization = address, authorization

    @classmethod
    def from_crawler(cls, crawler: Any) -> ProxyMiddleware:
        """Raises ``NotConfigured`` without ``proxy.url``."""
        config: Config = crawler.settings["TALENTWATCH_CONFIG"]
        if not config.proxy.url:
            raise NotConfigured
        parts = urlsplit(config.proxy.url)
        if parts.scheme != "http" or not parts.hostname:
            raise ConfigError(
                "proxy.url must start with http://", "Give the proxy's address, such as http://host:3128."
            )
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = name + (f":{parts.port}" if parts.port else "")
        authorization = None
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            authorization = b"Basic " + base64.b64encode(pair)
        return cls(urlunsplit(("http", netloc, "", "", "")), authorization)

    def process_request(self, request: Request) -> None:
        """Send it through the proxy."""
        request.meta["proxy"] = self._address
        if self._authorization:
            request.headers["Proxy-Authorization"] = self._authorization


class CrawlDelay:
    """An extension: a Crawl-delay of robots.txt longer than ours is kept."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> CrawlDelay:
        """Scrapy's way to make one."""
        return cls(crawler)

    def _parsed(self, robotparser: Any, request: Request) -> None:
        wish = robotparser.crawl_delay(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        if not wish:
            return
        downloader = self._crawler.engine.downloader
        delay = min(float(wish), LONGEST_DELAY)
        _, slot = downloader._get_slot(request)
        if delay > slot.delay:
            slot.delay, slot.jitter = delay, 0.0


def validators(response: Response) -> dict[str, str | None]:
    """The validators that a response carries, for the next visit."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return {
        "etag": etag.decode("latin-1") if etag else None,
        "last_modified": modified.decode("latin-1") if modified else None,
    }
