"""What one crawler learns of a host's patience, the others know: here, and in another process on the database."""

from __future__ import annotations

import asyncio
import datetime as dt
import pathlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector

from crawler import clock
from crawler.config import Config
from crawler.fetch import told
from crawler.fetch.patience import AskedToWait, leave_alone, not_before, remember, respect
from crawler.storage.state import hosts
from crawler.storage.state.schema import open_state

URL = "http://a.example.com/1.html"


def crawler_on(engine: sa.Engine | None, *, by_hand: bool = False) -> Any:
    """A crawler as far as patience looks at it."""
    made: Any = SimpleNamespace(settings=SimpleNamespace(getbool=lambda _: False))
    made.stats = MemoryStatsCollector(cast(Any, made))
    made.spider = SimpleNamespace(room=SimpleNamespace(context=SimpleNamespace(engine=engine), by_hand=by_hand))
    return made


@pytest.fixture
def engines(tmp_path: pathlib.Path) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    """Two processes' engines on one database."""
    config = Config(var=str(tmp_path / "var"))
    pair = open_state(config), open_state(config)
    yield pair
    for engine in pair:
        engine.dispose()


def exchange(crawler: Any, *, later: bool = False) -> None:
    shared = told.of(crawler)
    assert shared is not None
    shared._looked -= told.LOOK_AGAIN if later else 0
    asyncio.run(shared.exchange())


def test_the_next_crawler_of_the_process_knows_at_once(engines: tuple[sa.Engine, sa.Engine]) -> None:
    one, other = crawler_on(engines[0]), crawler_on(engines[0])
    remember(one, Response(URL, status=503, headers={"Retry-After": "600"}))
    with pytest.raises(AskedToWait, match="left alone until"):
        respect(other, "https://A.example.com/2.html")
    # Its own site waits for no other's host: `round` asks for the columns of that host. Other hosts are asked.
    assert (not_before(one) is not None, not_before(other)) == (True, None)
    respect(other, "http://b.example.com/")


def test_another_process_learns_it_from_the_database(engines: tuple[sa.Engine, sa.Engine]) -> None:
    here, there = (crawler_on(engine) for engine in engines)
    exchange(there)
    leave_alone(here, URL, clock.now() + dt.timedelta(minutes=10))
    exchange(here)
    respect(there, URL)  # it looked a moment ago
    exchange(there, later=True)
    with pytest.raises(AskedToWait):
        respect(there, URL)


def test_a_round_by_hand_tries_what_failed_before_it_and_no_more(engines: tuple[sa.Engine, sa.Engine]) -> None:
    here, there = crawler_on(engines[0]), crawler_on(engines[1], by_hand=True)
    soon = clock.now() + dt.timedelta(minutes=10)
    leave_alone(here, URL, soon, fails=True)
    leave_alone(here, "http://b.example.com/", soon)
    exchange(here)
    exchange(there)
    respect(there, URL)
    with pytest.raises(AskedToWait):  # this one said so itself
        respect(there, "http://b.example.com/")
    # It fails anew, while the round is on its way.
    leave_alone(here, URL, soon + dt.timedelta(minutes=5), fails=True)
    exchange(here)
    exchange(there, later=True)
    with pytest.raises(AskedToWait):
        respect(there, URL)


def test_what_cannot_be_written_down_is_written_with_the_next(
    engines: tuple[sa.Engine, sa.Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = crawler_on(engines[0])
    leave_alone(here, URL, clock.now() + dt.timedelta(minutes=10))

    def away(*_args: object, **_kwargs: object) -> None:
        raise sa.exc.OperationalError("insert", {}, Exception("the database is away"))

    with monkeypatch.context() as broken:
        broken.setattr(hosts, "leave_alone", away)
        exchange(here)
    with pytest.raises(AskedToWait):
        respect(here, URL)
    exchange(here)
    assert set(hosts.left_alone(engines[1], now=clock.now()).asks) == {"a.example.com"}


def test_without_a_database_a_crawler_knows_its_own() -> None:
    alone = crawler_on(None)
    leave_alone(alone, URL, clock.now() + dt.timedelta(minutes=10))
    with pytest.raises(AskedToWait):
        respect(alone, URL)
    respect(crawler_on(None), URL)
