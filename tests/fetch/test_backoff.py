"""Pauses grow while a host is in trouble or short of breath, and shrink again; robots.txt's is the floor."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector

from crawler.fetch import backoff
from crawler.fetch.backoff import ENOUGH, LONGEST, Backoff
from crawler.fetch.guard import Refused
from crawler.fetch.patience import AskedToWait, respect

URL = "http://a.example.com/1.html"


class Host:
    """A crawler with one slot, as far as the middleware looks at it."""

    def __init__(self, delay: float = 3.0) -> None:
        self.slot = SimpleNamespace(delay=delay, jitter=0.2)
        self.crawler: Any = SimpleNamespace(
            engine=SimpleNamespace(downloader=SimpleNamespace(slots={"a.example.com": self.slot})),
            settings=SimpleNamespace(getbool=lambda _: False),
        )
        self.crawler.stats = MemoryStatsCollector(cast(Any, self.crawler))
        self.backoff = Backoff(self.crawler)

    def answers(self, status: int, latency: float = 0.1, url: str = URL) -> float:
        request = Request(url, meta={"download_slot": "a.example.com", "download_latency": latency})
        self.backoff.answered(request, Response(url, status=status))
        delay: float = self.slot.delay
        return delay

    def fails(self, error: Exception) -> float:
        self.backoff.failed(Request(URL, meta={"download_slot": "a.example.com"}), error)
        delay: float = self.slot.delay
        return delay


def test_the_pause_doubles_with_trouble_and_halves_with_answers() -> None:
    host = Host()
    assert [host.answers(503), host.answers(403), host.fails(DownloadTimeoutError())] == [6, 12, 24]
    assert [host.answers(200), host.answers(304), host.answers(404), host.answers(200)] == [12, 6, 3, 3]


def test_the_pause_has_a_ceiling_unless_robots_txt_asks_for_more() -> None:
    host = Host(40)
    assert [host.answers(500), host.answers(500)] == [LONGEST, LONGEST]
    host = Host(90)
    assert host.answers(500) == 90


def test_a_slow_answer_is_followed_by_as_long_a_pause() -> None:
    host = Host()
    assert host.answers(200, latency=8) == 8
    assert host.answers(200, latency=0.2) == 4
    assert host.answers(200, latency=0.2) == 3


def test_a_delay_that_robots_txt_sets_later_is_the_new_floor() -> None:
    host = Host()
    host.answers(503)
    host.slot.delay = 10
    assert [host.answers(200), host.answers(503), host.answers(200)] == [10, 20, 10]


def test_what_we_refused_ourselves_is_no_trouble_of_the_host() -> None:
    host = Host()
    for error in (AskedToWait("later"), Refused("forbidden_address", "no")):
        assert host.fails(error) == 3


def test_who_fails_again_and_again_is_left_alone() -> None:
    host = Host()
    for _ in range(ENOUGH - 1):
        host.fails(DownloadConnectionRefusedError())
    respect(host.crawler, URL)
    host.answers(200)
    for _ in range(ENOUGH - 1):
        host.answers(502)
    respect(host.crawler, URL)
    host.answers(502)
    with pytest.raises(AskedToWait, match="left alone until"):
        respect(host.crawler, URL)
    respect(host.crawler, "http://b.example.com/")
    assert backoff.LEFT_ALONE.total_seconds() < 3600
