"""A browser for sites that say ``browser = true``: Debian's Chromium, by scrapy-playwright.

The browser itself has no network. Its page is the response that came through the fence like any
other; what the page's scripts ask for is asked by us on the same way (fence, robots.txt, patience,
proxy, limits) and handed in. What slips past that (a web socket, a prefetch) finds no way out.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import sys
from importlib.util import find_spec
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Response

from crawler.fetch import browser_process

#: Where the distributions' packages put it.
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
#: Seconds that one page may take, scripts and all; then the browser is ended.
PAGE_SECONDS = 30.0
#: Seconds until a page is asked for what it shows, should its scripts never fall silent.
_SETTLE_SECONDS = 8.0
#: Seconds for opening and closing the browser.
_PATIENCE_SECONDS = 15.0
#: Pages until the browser is begun anew: long-lived ones grow.
PAGES_PER_BROWSER = 25
#: Browsers of one process; each takes some 300 MB.
MOST_BROWSERS = 2
#: Requests that one page may cause.
MOST_PARTS = 100
#: What a reader of text doesn't need.
_UNNEEDED = frozenset({"image", "font", "media", "texttrack", "websocket", "eventsource", "ping", "manifest"})
#: What goes with a script's own request; the rest (agent, language) is ours.
_TAKEN_ALONG = ("accept", "content-type", "cookie", "referer", "x-requested-with", "origin")
#: Set in ``meta`` of what a page's scripts ask for.
PART = "talentwatch_part"
_PARTS = "parts of pages"
#: The setting by which a crawler's browser is known.
MARK = "TALENTWATCH_BROWSER_MARK"
_NOT_HANDED_IN = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
#: What vouches for the empty shell doesn't vouch for what its scripts fetch.
_NOT_OF_THE_PAGE = ("ETag", "Last-Modified", "Content-Encoding", "Content-Length")


class BrowserMissing(IgnoreRequest):
    """The site needs a browser and there is none."""


def executable() -> str | None:
    """The installed browser; None where there is none. None is ever downloaded."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def missing() -> str | None:
    """What is to be installed; None where everything is there."""
    if find_spec("scrapy_playwright") is None:
        pip = f"{sys.prefix}/bin/pip"
        return f"the site needs a browser: run `{pip} install --constraint constraints.txt scrapy-playwright`"
    if executable() is None:
        return "the site needs a browser: run `apt-get install chromium`"
    return None


def settings() -> dict[str, Any]:
    """What scrapy-playwright is told, for one crawler."""
    mark = secrets.token_hex(8)
    return {
        MARK: mark,
        # A page's own parts come together, as in any browser; the pages keep the site's delay.
        "DOWNLOAD_SLOTS": {_PARTS: {"concurrency": 2, "delay": 0.1, "randomize_delay": False}},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": executable(),
            "args": browser_process.arguments(mark),
            "timeout": _PATIENCE_SECONDS * 1000,
            # A signal ends the round in an orderly way, and that ends the browser.
            "handle_sigint": False, "handle_sigterm": False, "handle_sighup": False,
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": PAGE_SECONDS * 1000,
    }  # fmt: skip


class _Places:
    """The browsers that one process may have at a time; who has one gives way where others wait."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(MOST_BROWSERS)
        self.waiting = 0

    async def take(self) -> None:
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1

    def give_back(self) -> None:
        self._free.release()


_places: dict[asyncio.AbstractEventLoop, _Places] = {}


class Browser:
    """A downloader middleware: shows HTML pages to a browser and hands on what they have become."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._missing, self._mark = missing(), crawler.settings[MARK]
        self._handler: Any = None
        self._place: _Places | None = None
        self._turn = asyncio.Lock()
        self._shown = 0
        self._most_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Browser:
        """Raises ``NotConfigured`` for sites that need none."""
        if not getattr(getattr(crawler.spidercls, "site", None), "browser", False):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's shape
        """Raises `BrowserMissing`."""
        if self._missing:
            raise BrowserMissing(self._missing)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Raises Scrapy's timeout where the page doesn't come to rest, whatever it does."""
        if request.meta.get(PART) or request.meta.get("dont_obey_robotstxt") or request.method != "GET":
            return response
        if not isinstance(response, HtmlResponse) or not response.body:
            return response
        async with self._turn:
            return await self._show(response)

    async def _show(self, response: HtmlResponse) -> Response:
        page = _Shown(self._crawler, response)
        if self._place is None:  # a wait for others is no fault of the page
            place = _places.setdefault(asyncio.get_running_loop(), _Places())
            await place.take()
            self._place = place
        try:
            async with asyncio.timeout(PAGE_SECONDS), browser_process.watched(self._mark):
                handler = await self._open()
                rendered: Response = await handler.download_request(page.request())
        except (TimeoutError, browser_process.TooLarge) as error:
            await self._end()
            what = "took too much memory" if isinstance(error, browser_process.TooLarge) else "did not come to rest"
            raise DownloadTimeoutError(f"the page {what} in the browser") from error
        except Exception as error:
            # Playwright's errors are many: a crash, a closed page, a driver that is gone. Begin anew.
            await self._end()
            raise DownloadTimeoutError(f"the browser failed: {str(error).splitlines()[0][:200]}") from error
        self._shown += 1
        if self._shown >= PAGES_PER_BROWSER or (self._place is not None and self._place.waiting):
            await self._end()
        if self._most_bytes and len(rendered.body) > self._most_bytes:
            raise DownloadCancelledError("larger than DOWNLOAD_MAXSIZE")
        headers = response.headers.copy()
        for name in _NOT_OF_THE_PAGE:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        body = rendered.body.decode(getattr(rendered, "encoding", "utf-8"), "replace").encode()
        return response.replace(url=page.url(rendered.url), headers=headers, body=body, encoding="utf-8")

    async def _open(self) -> Any:
        if self._handler is None:
            from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

            self._shown = 0
            self._handler = ScrapyPlaywrightDownloadHandler(self._crawler)
            await self._handler._launch()
        return self._handler

    async def _end(self) -> None:
        handler, self._handler = self._handler, None
        place, self._place = self._place, None
        try:
            with contextlib.suppress(Exception):  # whatever it says, its processes end below
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    if handler is not None:
                        await handler._close()
        finally:
            if handler is not None:
                browser_process.end(self._mark)
            if place is not None:
                place.give_back()


class _Shown:
    """One page in the browser, and what its scripts may ask for."""

    def __init__(self, crawler: Any, response: HtmlResponse) -> None:
        self._crawler, self._first, self._left = crawler, response, MOST_PARTS
        self._given = False

    def request(self) -> Request:
        """What scrapy-playwright is asked."""
        from scrapy_playwright.page import PageMethod

        return Request(self._first.url, meta={
            "playwright": True, "playwright_page_init_callback": self._prepare,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_methods": [PageMethod(_settle)],
            "playwright_context_kwargs": {
                "service_workers": "block", "accept_downloads": False,
                "user_agent": self._crawler.settings["USER_AGENT"], "locale": "zh-CN",
            },
        })  # fmt: skip

    def url(self, shown: str) -> str:
        """Where the page is: a script may have gone on, inside of the fence."""
        return shown if shown.startswith(("http:", "https:")) else self._first.url

    async def _prepare(self, page: Any, _request: Request) -> None:
        await page.route("**/*", self._answer)

    async def _answer(self, route: Any) -> None:
        """Runs for each request of the page, the page itself first."""
        wanted = route.request
        if not self._given and wanted.is_navigation_request() and wanted.url == self._first.url:
            self._given = True
            await _hand_in(route, self._first)
            return
        self._left -= 1
        if self._left < 0 or wanted.resource_type in _UNNEEDED or not wanted.url.startswith(("http:", "https:")):
            await route.abort()
            return
        sent = await wanted.all_headers()
        headers = {name: sent[name] for name in _TAKEN_ALONG if name in sent}
        try:
            request = Request(
                wanted.url, method=wanted.method, headers=headers, body=wanted.post_data_buffer, dont_filter=True,
                meta={PART: True, "download_slot": _PARTS},
            )  # fmt: skip
            response: Response = await self._crawler.engine.download_async(request)
        except Exception:  # noqa: BLE001 - refused or not to be had: a page lives with that
            with contextlib.suppress(Exception):
                await route.abort()
            return
        await _hand_in(route, response)


async def _hand_in(route: Any, response: Response) -> None:
    headers = {
        name.decode("latin-1"): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values and name.decode("latin-1").lower() not in _NOT_HANDED_IN
    }
    # The page may have been closed meanwhile; then nobody waits for it.
    with contextlib.suppress(Exception):
        await route.fulfill(status=response.status, headers=headers, body=response.body)


async def _settle(page: Any) -> None:
    """Wait until the scripts have nothing more to ask."""
    with contextlib.suppress(Exception):  # Playwright's own timeout: take what is there
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_SECONDS * 1000)
