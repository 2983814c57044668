"""robots.txt as RFC 9309 reads it: out of reach is a no for this round, absent is a yes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response


class RulesUnknown(IgnoreRequest):
    """The host's robots.txt can't be had, so its pages aren't asked for this time."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's, with RFC 9309, 2.3.1: 4xx allows everything, 5xx and silence nothing."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, Exception] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:  # noqa: ARG002 - Scrapy's shape
        """Raises ``IgnoreRequest`` where the rules forbid the page; `RulesUnknown`, or what kept us from
        them (no such host, a refused certificate), where they can't be had."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.robot_parser(request)
        netloc = urlsplit(request.url).netloc
        if trouble := self._unknown.get(netloc):
            raise trouble
        self.process_request_2(rules, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._unknown[netloc] = RulesUnknown(f"robots.txt of {netloc} answers HTTP {response.status}")
        if response.status != HTTPStatus.OK:
            # An error page isn't a set of rules, whatever words stand on it.
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, DownloadTimeoutError):
            self._unknown[netloc] = RulesUnknown(f"robots.txt of {netloc} gives no answer in time")
        elif not isinstance(exc, IgnoreRequest):
            self._unknown[netloc] = exc
        super()._robots_error(exc, netloc)
