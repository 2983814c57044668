"""What follows a round: the index hears of it, then the subscriptions do."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crawler import clock
from crawler.alerts import match_due
from crawler.config import Config
from crawler.errors import DiskFull, IndexUnavailable, TalentWatchError
from crawler.storage.index import open_index
from crawler.storage.index.sync import drain


@dataclass(frozen=True, slots=True)
class After:
    """Releases told to the index, alerts written to the ledger, and what did not work."""

    indexed: int = 0
    matched: int = 0
    #: The index is out of reach: its lag grows, nothing is lost.
    warning: str = ""
    #: Matching failed.
    error: str = ""


def conclude(config: Config, engine: sa.Engine, *, silent: bool = False) -> After:
    """Drain the outbox; match, unless the round was ``silent``."""
    indexed, warning = 0, ""
    try:
        index = open_index(config)
        try:
            indexed = drain(engine, index, as_of=clock.today())
        finally:
            close = getattr(index, "close", None)
            if close is not None:
                close()
    except (IndexUnavailable, DiskFull) as error:
        warning = str(error)
    if silent:
        return After(indexed, 0, warning)
    try:
        return After(indexed, match_due(engine, config, now=clock.now()), warning)
    except TalentWatchError as error:
        return After(indexed, 0, warning, str(error))
