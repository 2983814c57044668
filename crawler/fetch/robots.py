"""robots.txt as RFC 9309 reads it: absent is a yes; out of reach is what it said within a day, else a no for
this round."""

from __future__ import annotations

import pathlib
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from crawler import clock
from crawler.fetch import robots_copy


class RulesUnknown(IgnoreRequest):
    """The host's robots.txt can't be had, so its pages aren't asked for this time."""


def _passing(status: int) -> bool:
    """Whether an answer says nothing of the rules: too many requests, or a server in trouble."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS


class Robots(RobotsTxtMiddleware):
    """Scrapy's, with RFC 9309, 2.3.1: 4xx allows everything; 5xx, 429 and silence what was allowed a day ago."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, Exception] = {}
        self._folder: pathlib.Path = crawler.settings["TALENTWATCH_CONFIG"].var_path / "robots"

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
        if _passing(response.status):
            response = await self._again(response)
        if _passing(response.status):
            rules = robots_copy.held(self._folder, netloc, clock.now())
            if rules is None:
                self._unknown[netloc] = RulesUnknown(
                    f"robots.txt of {netloc} answers HTTP {response.status}: "
                    "until it can be read, nothing is asked for"
                )
            response = response.replace(body=rules or b"")
        elif response.status == HTTPStatus.OK:
            robots_copy.keep(self._folder, netloc, response.body, clock.now())
        else:
            # An error page isn't a set of rules, whatever words stand on it.
            response = response.replace(body=b"")
            robots_copy.keep(self._folder, netloc, b"", clock.now())
        await super()._parse_robots(response, netloc, request)

    async def _again(self, response: Response) -> Response:
        """One more try, after the pause that the first has doubled; the first answer where that fails."""
        try:
            again: Response = await self.crawler.engine.download_async(
                Request(response.url, priority=self.DOWNLOAD_PRIORITY, meta={"dont_obey_robotstxt": True})
            )
        except Exception:  # noqa: BLE001 - the downloader's errors are many, and the host may ask for patience
            return response
        return again

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, DownloadTimeoutError):
            rules = robots_copy.held(self._folder, netloc, clock.now())
            if rules is not None:
                parser = build_from_crawler(self._parserimpl, self.crawler, rules)
                waiting = self._parsers[netloc]
                assert isinstance(waiting, Deferred)  # noqa: S101 - Scrapy's own
                self._parsers[netloc] = parser
                waiting.callback(parser)
                return
            self._unknown[netloc] = RulesUnknown(
                f"robots.txt of {netloc} gives no answer in time: until it can be read, nothing is asked for"
            )
        elif not isinstance(exc, IgnoreRequest):
            self._unknown[netloc] = exc
        super()._robots_error(exc, netloc)
