"""How deep a list is read: to what is known; further after a burst; once a week a little beyond.

A list puts a release that is late or back-dated where its date belongs: behind what is known. So each
column's pages are read to a fixed depth once a week, whether or not the first shows anything new.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zlib
from collections.abc import Collection, Sequence

from crawler.model import Row, Run

#: Pages that a burst is followed over at most, and pages of the weekly look.
CATCH_UP, RESCAN = 10, 3
_Key = tuple[str, str]


@dataclasses.dataclass(slots=True)
class Depth:
    """The pages of one column in one round."""

    #: Pages that are read as long as they show new rows.
    limit: int
    #: The operator said how deep, or it is the column's first round: nothing is added to it.
    fixed: bool
    #: It is the day of the column's weekly look; and its first page is asked for whatever its validators say.
    weekly: bool = False
    anew: bool = False
    #: Rows of further pages that are older than this day are history, no news.
    horizon: str | None = None

    @property
    def deepest(self) -> int:
        """Pages of a round that has no burst to follow."""
        return max(self.limit, RESCAN) if self.weekly and not self.fixed else self.limit

    def beyond(self, number: int) -> bool:
        """Whether the page is read though the usual round ends before it."""
        return number > self.limit and not self.fixed

    def wants_known(self, number: int) -> bool:
        """Whether it matters which rows of the page are known."""
        return not self.fixed and (number > self.limit or number == self.deepest or (self.weekly and number > 1))

    def goes_on(self, number: int, rows: Sequence[Row], known: Collection[_Key]) -> bool:
        """Whether what is new may go on behind the last page: its last row is new."""
        last = bool(rows) and (rows[-1].url, rows[-1].part) not in known
        return self.deepest <= number < CATCH_UP and last and not self.weekly

    def history(self, number: int, rows: Sequence[Row], known: Collection[_Key]) -> frozenset[_Key]:
        """Rows of a further page that are new to us, but no news: they lie behind all that is known, or
        before the day from which a column's news count."""
        if not self.beyond(number):
            return frozenset()
        keys = [(row.url, row.part) for row in rows]
        last = max((n for n, key in enumerate(keys) if key in known), default=-1 if self.weekly else len(keys))
        behind = keys[last + 1 :]
        old = [key for key, row in zip(keys, rows, strict=True) if self._old(row)] if not self.weekly else []
        return frozenset((*behind, *old))

    def _old(self, row: Row) -> bool:
        return self.horizon is not None and (row.date or "")[:10] < self.horizon


def is_its_day(name: str, baseline: str, today: dt.date) -> bool:
    """Whether today is the day of the week on which a column (with its baseline's moment) is looked at further."""
    old = (today - dt.date.fromisoformat(baseline[:10])).days >= 7
    return old and zlib.crc32(name.encode()) % 7 == today.weekday()


def weekly(depth: Depth, today: dt.date, runs: Sequence[Run]) -> Depth:
    """The depth with the weekly look, unless one of the column's newest runs did it today already.

    Only a list that is known to have further pages is worth an unconditional request.
    """
    deep = [run.started[:10] for run in runs if run.pages > 1]
    if today.isoformat() in deep:
        return depth
    return dataclasses.replace(depth, weekly=True, anew=bool(deep))
