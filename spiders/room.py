"""What the crawlers of one process share: configuration, database, archive, and this round's wishes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler import clock
from crawler.config import Config, load
from crawler.model import Run
from crawler.storage.state import columns
from pipelines import Context

Progress = Callable[[str], None]


@dataclass(slots=True)
class Room:
    """One process's round."""

    config: Config
    context: Context
    round_id: str
    #: Rows published before this day are not taken; listings are read anew and further down.
    since: dt.date | None = None
    max_pages: int | None = None
    #: Everything that is new to us is silent.
    backfill: bool = False
    #: Columns to crawl, by site; a site that isn't named crawls all its enabled columns.
    wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    progress: Progress | None = None
    runs: list[Run] = field(default_factory=list)
    #: What stopped a whole site: site → words.
    troubles: dict[str, str] = field(default_factory=dict)
    #: Sites of which a column was not asked for, as its host wants to be left alone.
    waiting: set[str] = field(default_factory=set)
    stopping: bool = False
    #: An operator asked for this round: hosts that failed before it are tried all the same.
    by_hand: bool = False
    #: Plain ``scrapy crawl NAME``: nobody else tells the index and the subscriptions afterwards.
    standalone: bool = False
    #: The catalogue's sites are written down as their files have them.
    synced: bool = False
    #: Who holds the leases of this process.
    owner: str = field(default_factory=columns.owner_name)

    def tell(self, text: str) -> None:
        """A line of progress."""
        if self.progress is not None:
            self.progress(text)


_current: Room | None = None


def open_room(config: Config | None = None) -> Room:
    """Open the configured database for this process's round. Raises `StorageError`."""
    global _current
    config = config or load()
    _current = Room(config, Context.open(config), new_round_id())
    return _current


def current() -> Room:
    """This process's room; plain ``scrapy crawl NAME`` opens it with its first crawler."""
    if _current is None:
        room = open_room()
        room.standalone = room.by_hand = True
    assert _current is not None  # noqa: S101 - just opened
    return _current


def new_round_id() -> str:
    """Sorts as time does."""
    return f"{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
