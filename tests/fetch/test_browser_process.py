from __future__ import annotations

import asyncio
import os

import pytest

from crawler.fetch import browser, browser_process
from crawler.fetch.browser_process import TooLarge, held_bytes, running, watched


def test_a_browser_that_grows_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_process, "held_bytes", lambda _mark: browser_process.MOST_BYTES + 1)
    monkeypatch.setattr(browser_process, "_WATCH_SECONDS", 0.01)

    async def grow() -> None:
        async with watched("none"):
            await asyncio.Event().wait()

    with pytest.raises(TooLarge):
        asyncio.run(asyncio.wait_for(grow(), 20))


def test_an_end_from_outside_stays_one() -> None:
    async def end() -> None:
        async with watched("none"):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(end(), 0.05))


def test_nobody_elses_processes_are_ours() -> None:
    assert running("no-such-mark") == []
    assert held_bytes("no-such-mark") == 0


def test_the_browser_gets_no_network_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    words = browser_process.arguments("m")
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in words
    assert ("--no-sandbox" in words) == (os.geteuid() == 0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in browser_process.arguments("m")


def test_what_is_to_be_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(browser, "find_spec", lambda _name: object())
    assert "apt-get install chromium" in (browser.missing() or "")
    monkeypatch.setattr(browser, "find_spec", lambda _name: None)
    assert "install --constraint constraints.txt scrapy-playwright" in (browser.missing() or "")
