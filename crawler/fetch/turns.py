"""One request at a time and host in the whole process, also where several sites' crawlers ask the same host.

Each crawler keeps its own pauses; between two requests of different crawlers to a host the later one's pause
is kept as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Who asked last, and when its answer was whole (monotonic seconds).
    last: str = ""
    ended: float = 0.0


class Turns:
    """The hosts of one process."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Turn] = {}

    @contextlib.asynccontextmanager
    async def turn(self, url: str, asker: str, pause: float) -> AsyncIterator[None]:
        """Wait until nobody else asks the address's host, and ``pause`` seconds after another's last answer."""
        host = urlsplit(url).netloc.lower()
        turn = self._hosts.setdefault(host, _Turn())
        async with turn.lock:
            if turn.last not in ("", asker) and (wait := turn.ended + pause - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                turn.last, turn.ended = asker, time.monotonic()


#: Of this process: a round's crawlers share one event loop.
HOSTS = Turns()
