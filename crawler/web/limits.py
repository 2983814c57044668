"""A simple rate limit: so many requests of one address in a minute, counted in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.web.failures import failure

#: Paths that cost work or write; all others are free.
LIMITED = (
    "/api/search",
    "/api/compare",
    "/compare",
    "/calendars/",
    "/deadlines",
    "/review",
    "/subscribe",
    "/subscriptions",
    "/feeds/search",
)
#: Addresses that are remembered; beyond it everybody begins anew.
_ADDRESSES = 10_000


class RateLimit:
    """Answers 429 with Retry-After to whoever asks too often."""

    def __init__(self, app: ASGIApp, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._most, self._clock = app, per_minute, clock
        self._lock = threading.Lock()
        self._minute = -1
        self._seen: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and (scope["path"] == "/" or scope["path"].startswith(LIMITED)):
            client = scope.get("client")
            wait = self._wait(str(client[0]) if client else "")
            if wait:
                refused = failure(Request(scope), 429, "too_many_requests")
                refused.headers["Retry-After"] = str(wait)
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wait(self, address: str) -> int:
        """Seconds to wait; 0: go on."""
        now = self._clock()
        with self._lock:
            if int(now // 60) != self._minute or len(self._seen) >= _ADDRESSES:
                self._minute = int(now // 60)
                self._seen.clear()
            self._seen[address] = count = self._seen.get(address, 0) + 1
        return 60 - int(now % 60) if count > self._most else 0
