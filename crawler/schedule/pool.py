"""Crawlers in one process: a bounded pool; sites that share a host run one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings

from crawler import logs
from crawler.config import Config
from crawler.model import Site


class Host(Protocol):
    """What a pool needs to know of its round."""

    config: Config
    #: A signal came: no further crawler is started.
    stopping: bool
    #: Sites whose crawler crashed, and how.
    troubles: dict[str, str]


#: glibc's name for how many heaps there may be (malloc.h), and our number of them.
_M_ARENA_MAX, _HEAPS = -8, 2
#: Called with each crawler's spider when it has ended.
Ended = Callable[[Any], None]


class _Settings(Settings):
    """Settings whose copy takes a hundredth of the time: each crawler makes one, and Scrapy's copies deep.

    Values are shared, as ours are never changed in place; nested settings, which add-ons do change, aren't.
    """

    def copy(self) -> _Settings:
        return _copied(self)


S = TypeVar("S", bound=BaseSettings)


def _copied(settings: S) -> S:
    fresh = settings.__class__.__new__(settings.__class__)
    fresh.__dict__.update(settings.__dict__)
    fresh.frozen = False
    fresh.attributes = {}
    for name, held in settings.attributes.items():
        value = _copied(held.value) if isinstance(held.value, BaseSettings) else held.value
        if isinstance(value, (dict, list, set)):
            value = type(value)(value)
        fresh.attributes[name] = type(held)(value, held.priority)
    return fresh


def settings_of(config: Config) -> Settings:
    """Scrapy's settings for this configuration."""
    settings = _Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("TALENTWATCH_CONFIG", config, priority="cmdline")
    return settings


def groups(sites: Iterable[Site]) -> list[list[Site]]:
    """Sites that share a host (over any number of steps) in one group, in the given order.

    A whole domain (``*.zj.gov.cn``) joins nobody: it would put a province in one row. Where such a search asks
    the host of another site, `crawler.fetch.turns` keeps them apart.
    """
    given = list(sites)
    leader = list(range(len(given)))

    def lead(place: int) -> int:
        while leader[place] != place:
            leader[place] = place = leader[leader[place]]
        return place

    def join(one: int, other: int) -> None:
        first, second = sorted((lead(one), lead(other)))
        leader[second] = first

    first_with: dict[str, int] = {}
    for place, site in enumerate(given):
        for host in site.hosts:
            join(first_with.setdefault(host.lower(), place), place)
    found: dict[int, list[Site]] = {}
    for place, site in enumerate(given):
        members = found[lead(place)] = found.pop(lead(place), [])
        members.append(site)
    return list(found.values())


class _Process(AsyncCrawlerProcess):
    """A signal ends the running crawlers in an orderly way and starts no further ones."""

    room: Host

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.room.stopping = True
        super()._signal_shutdown(signum, frame)


def crawl(room: Host, batches: Sequence[Sequence[type[Spider]]], *, ended: Ended | None = None) -> None:
    """Run each batch's spiders one after the other, the batches side by side.

    Blocks until all have ended. Once in a process: Twisted's reactor can't start twice.
    """
    settings = settings_of(room.config)
    settings.set("LOG_INSTALL_ROOT_HANDLER", not logs.installed(), priority="cmdline")
    process = _Process(settings)
    process.room = room
    _import_handler()
    _share_heaps()
    gate = asyncio.Semaphore(room.config.crawl.concurrency)

    async def batch(spiders: Sequence[type[Spider]]) -> None:
        async with gate:
            for spider in spiders:
                if room.stopping:
                    return
                await _one(process, spider, room, ended)

    async def everything() -> None:
        from twisted.internet import reactor

        try:
            await _gather([batch(spiders) for spiders in batches])
        finally:
            if reactor.running:
                process._stop_reactor()

    task = asyncio.get_event_loop().create_task(everything())
    process.start(stop_after_crawl=False)
    del task


def _import_handler() -> None:
    """Scrapy reads the source of every frame of the stack several times while it imports its handler: in a
    thread, where the stack is short, that takes a tenth of the .4 s that it takes further down."""
    thread = threading.Thread(target=importlib.import_module, args=("scrapy.core.downloader.handlers.http11",))
    thread.start()
    thread.join()


def _share_heaps() -> None:
    """Let the threads that read pages share two heaps: glibc gives each its own and hardly takes it back,
    which cost a tenth of a round's memory. Elsewhere than on glibc nothing happens."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)


def give_back() -> None:
    """Hand what a round's crawlers have freed back to the system, before the index is told: glibc keeps it,
    and the round's peak would be both together. Elsewhere than on glibc nothing happens."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


async def _one(process: _Process, spider: type[Spider], room: Host, ended: Ended | None) -> None:
    crawler = process.create_crawler(spider)
    try:
        await process.crawl(crawler)
    except Exception as error:  # noqa: BLE001 - one site's crash must not end the round
        room.troubles[str(spider.name)] = f"{type(error).__name__}: {error}"
    if ended is not None and crawler.spider is not None:
        ended(crawler.spider)


async def _gather(jobs: Sequence[Awaitable[None]]) -> None:
    await asyncio.gather(*jobs)
