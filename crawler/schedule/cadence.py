"""When a job is due: slots counted in +08:00, the same for each scheduler that looks at the clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crawler.clock import SHANGHAI, iso, parse

#: Slots are counted from here; any midnight of the past would do.
_EPOCH = dt.datetime(2024, 1, 1, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Every:
    """A slot each ``seconds``, aligned to midnight for what divides a day."""

    seconds: int

    def slot(self, now: dt.datetime) -> str:
        """The newest slot that has begun."""
        passed = int((now - _EPOCH).total_seconds()) // self.seconds * self.seconds
        return iso(_EPOCH + dt.timedelta(seconds=passed))

    def after(self, slot: str) -> str:
        """The slot that follows."""
        return iso(parse(slot) + dt.timedelta(seconds=self.seconds))


@dataclass(frozen=True, slots=True)
class Daily:
    """A slot each day at that time in China."""

    hour: int
    minute: int = 0

    @property
    def seconds(self) -> int:
        """The distance of two slots; China has no daylight saving."""
        return 86_400

    def slot(self, now: dt.datetime) -> str:
        """The newest slot that has begun."""
        local = now.astimezone(SHANGHAI)
        start = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return iso(start if start <= local else start - dt.timedelta(days=1))

    def after(self, slot: str) -> str:
        """The slot that follows."""
        return iso(parse(slot) + dt.timedelta(days=1))


Cadence = Every | Daily


def between(cadence: Cadence, last: str, current: str) -> tuple[str, int]:
    """The first slot after ``last`` and how many there are before ``current``."""
    first = cadence.after(last)
    return first, max(0, round((parse(current) - parse(first)).total_seconds()) // cadence.seconds)
