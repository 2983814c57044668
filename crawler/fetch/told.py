"""What one crawler learns of a host's patience, all others know: those of this process at once, those of other
processes on the same database within seconds."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import weakref
from typing import Any

import sqlalchemy as sa

from crawler import clock
from crawler.storage.state import hosts
from crawler.storage.state.engine import OURS
from crawler.storage.state.hosts import LeftAlone

#: Seconds after which the others are asked again; one query of a small table for all crawlers of a process.
LOOK_AGAIN = 5.0
_Moments = dict[str, dt.datetime]


class Told:
    """The hosts that nobody on one database shall ask, and until when.

    With ``by_hand`` (an operator's round) what failed before the first look is tried all the same.
    """

    def __init__(self, engine: sa.Engine, *, by_hand: bool = False) -> None:
        self._engine = weakref.ref(engine)
        self._until: _Moments = {}
        #: What this process has learnt and not written down yet: what hosts ask, and which ones fail.
        self._asks: _Moments = {}
        self._fails: _Moments = {}
        self._forgiven: _Moments | None = None if by_hand else {}
        self._looked = float("-inf")

    def until(self, host: str) -> dt.datetime | None:
        """The moment before which a host (a network location) is not to be asked, as far as it was told."""
        return self._until.get(host)

    def note(self, host: str, until: dt.datetime, *, fails: bool = False) -> None:
        """A host asks for patience, or fails again and again; it is written down with the next `exchange`."""
        _put(self._until, host, until)
        _put(self._fails if fails else self._asks, host, until)

    async def exchange(self) -> None:
        """Write down what is new, and read what others wrote. A database out of reach is tried again next time:
        this process knows what it learnt, and every other step says what is wrong with the database."""
        engine = self._engine()
        untold = bool(self._asks or self._fails)
        if engine is None or (not untold and time.monotonic() - self._looked < LOOK_AGAIN):
            return
        self._looked = time.monotonic()
        news = LeftAlone(self._asks, self._fails)
        self._asks, self._fails = {}, {}
        try:
            if untold:
                await asyncio.to_thread(hosts.leave_alone, engine, news, now=clock.now())
            found = await asyncio.to_thread(hosts.left_alone, engine, now=clock.now())
        except OURS:
            for host, moment in news.asks.items():
                _put(self._asks, host, moment)
            for host, moment in news.fails.items():
                _put(self._fails, host, moment)
            return
        if self._forgiven is None:
            self._forgiven = {host: moment for host, moment in found.fails.items() if host not in news.fails}
        for host, moment in found.asks.items():
            _put(self._until, host, moment)
        for host, moment in found.fails.items():
            if self._forgiven.get(host) != moment:
                _put(self._until, host, moment)


def _put(moments: _Moments, host: str, until: dt.datetime) -> None:
    moments[host] = max(until, moments.get(host, until))


_ALL: weakref.WeakKeyDictionary[sa.Engine, Told] = weakref.WeakKeyDictionary()


def of(crawler: Any) -> Told | None:
    """That of the crawler's database; None for one that has none (``sites new``, ``sites check``)."""
    room = getattr(getattr(crawler, "spider", None), "room", None)
    engine = getattr(getattr(room, "context", None), "engine", None)
    if not isinstance(engine, sa.Engine):
        return None
    if engine not in _ALL:
        _ALL[engine] = Told(engine, by_hand=bool(getattr(room, "by_hand", False)))
    return _ALL[engine]
