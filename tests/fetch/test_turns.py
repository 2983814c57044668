"""One request at a time and host in the whole process; different hosts don't wait for each other."""

from __future__ import annotations

import asyncio

import pytest

from crawler.fetch.turns import Turns


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("crawler.fetch.turns.time.monotonic", clock.monotonic)
    monkeypatch.setattr("crawler.fetch.turns.asyncio.sleep", clock.sleep)
    return clock


async def ask(hosts: Turns, url: str, who: str, pause: float = 3.0) -> None:
    async with hosts.turn(url, who, pause):
        pass


def test_another_crawler_keeps_the_pause_and_the_same_one_has_its_own(moments: Clock) -> None:
    async def story() -> None:
        hosts = Turns()
        await ask(hosts, "https://www.example.gov.cn/a", "one")
        await ask(hosts, "https://www.example.gov.cn/b", "one")
        assert moments.slept == []
        await ask(hosts, "https://WWW.example.gov.cn/c", "two")
        assert moments.slept == [3.0]
        await ask(hosts, "https://other.example.gov.cn/", "one")
        moments.now += 10
        await ask(hosts, "https://www.example.gov.cn/d", "one")
        assert moments.slept == [3.0]

    asyncio.run(story())


def test_one_request_at_a_time_and_host(moments: Clock) -> None:
    async def story() -> None:
        hosts, inside, order = Turns(), asyncio.Event(), []

        async def first() -> None:
            async with hosts.turn("https://www.example.gov.cn/a", "one", 0):
                await inside.wait()
                order.append("first")

        async def second(url: str) -> None:
            async with hosts.turn(url, "two", 0):
                order.append(url)

        running = asyncio.create_task(first())
        same = asyncio.create_task(second("https://www.example.gov.cn/b"))
        await second("https://other.example.gov.cn/")
        inside.set()
        await asyncio.gather(running, same)
        assert order == ["https://other.example.gov.cn/", "first", "https://www.example.gov.cn/b"]

    asyncio.run(story())


def test_a_failed_request_gives_its_turn_back(moments: Clock) -> None:
    async def story() -> None:
        hosts = Turns()
        with pytest.raises(OSError, match="away"):
            async with hosts.turn("https://www.example.gov.cn/", "one", 0):
                raise OSError("away")
        await ask(hosts, "https://www.example.gov.cn/", "one")

    asyncio.run(story())
