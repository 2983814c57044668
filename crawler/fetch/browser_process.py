"""The browser's processes: how they are started, how much they may take, and that they end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import signal
from collections.abc import AsyncIterator

#: Bytes that a browser and its children may hold together.
MOST_BYTES = 1_000_000_000
_WATCH_SECONDS = 1.0
_PROC = pathlib.Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: By which a crawler's browser is known among all; Chromium ignores switches that it doesn't know.
_MARK = "--talentwatch="


class TooLarge(Exception):
    """The browser takes more memory than it may."""


def arguments(mark: str) -> list[str]:
    """Chromium's switches: no network of its own, no services, no GPU."""
    switches = [
        "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--disable-default-apps", "--mute-audio", "--no-default-browser-check",
        # Everything is handed in by us: what isn't must not get out by itself.
        "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--js-flags=--max-old-space-size=256", "--renderer-process-limit=2", _MARK + mark,
    ]  # fmt: skip
    return [*switches, "--no-sandbox"] if os.geteuid() == 0 else switches


def running(mark: str) -> list[int]:
    """The first processes of a crawler's browsers."""
    wanted, found = (_MARK + mark).encode(), []
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if wanted in words and not any(word.startswith(b"--type=") for word in words):
                    found.append(int(folder.name))
    return found


def _family(heads: list[int]) -> set[int]:
    parents: dict[int, int] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                parents[int(folder.name)] = int(text.rpartition(")")[2].split()[1])
    family = set(heads)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def held_bytes(mark: str) -> int:
    """Resident bytes of a crawler's browsers and their children, without what they share with files."""
    total = 0
    for pid in _family(running(mark)):
        with contextlib.suppress(OSError, IndexError, ValueError):
            numbers = (_PROC / str(pid) / "statm").read_text(encoding="ascii").split()
            total += (int(numbers[1]) - int(numbers[2])) * _PAGE
    return total


@contextlib.asynccontextmanager
async def watched(mark: str) -> AsyncIterator[None]:
    """Ends what runs inside with `TooLarge` once the crawler's browsers hold more than `MOST_BYTES`."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - inside of a coroutine
    grown = False

    async def watch() -> None:
        nonlocal grown
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if await asyncio.to_thread(held_bytes, mark) > MOST_BYTES:
                grown = True
                task.cancel()
                return

    watcher = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if grown:
            task.uncancel()
            raise TooLarge from None
        raise
    finally:
        watcher.cancel()


def end(mark: str) -> None:
    """End what is left of a crawler's browsers."""
    for pid in _family(running(mark)):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
