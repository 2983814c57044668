"""A crawl that shows a page in the real Chromium, and is ended: no browser stays behind. Synthetic pages."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading

import pytest

from crawler.config import load
from crawler.fetch.browser_process import _family
from crawler.schedule.jobs import jobs
from crawler.schedule.live import child_environment
from crawler.schedule.supervise import Supervisor
from crawler.storage.state import slots
from crawler.storage.state.schema import open_state
from tests.e2e.crawling import Home
from tests.e2e.replica_site import ReplicaSite, wait_until
from tests.e2e.test_round_browser import chromium, write

__all__ = ["chromium"]

PROJECT = pathlib.Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.real, pytest.mark.usefixtures("chromium")]


class Held:
    """A site whose page hangs in the browser until ``free``; the browser's processes at that moment."""

    def __init__(self, replica: ReplicaSite, ancestor: int) -> None:
        self.free, self.shown, self.pids = threading.Event(), threading.Event(), set[int]()
        self._ancestor = ancestor
        replica.before = self._hold

    def _hold(self, path: str) -> None:
        if path == "/rows.json" and not self.shown.is_set():
            self.pids = {pid for pid in _family([self._ancestor]) if b"chrom" in words(pid)}
            self.shown.set()
            self.free.wait(60)

    def gone(self) -> bool:
        """Whether all of the browser's processes have ended (in time)."""
        return wait_until(lambda: not any(b"chrom" in words(pid) for pid in self.pids))


def words(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.fixture
def home(tmp_path: pathlib.Path) -> Home:
    return Home(tmp_path)


def test_what_does_not_heed_term_is_killed_with_its_browser(home: Home) -> None:
    with ReplicaSite() as replica:
        home.site("city", replica, extra="browser = true")
        write(replica, 2)
        held = Held(replica, os.getpid())
        config = load(str(home.config))
        (crawl,) = [job for job in jobs(config) if job.name == "crawl"]
        engine = open_state(config)
        supervisor = Supervisor(engine, environ=child_environment(config), term_seconds=0.2)
        outcome: list[str | None] = []
        running = threading.Thread(target=lambda: outcome.append(supervisor.run(crawl)))
        running.start()
        assert held.shown.wait(60)
        assert len(held.pids) > 2, "a browser and its children"
        supervisor.stop()
        running.join(60)
        assert outcome == ["stopped"]
        assert held.gone()
        held.free.set()
        assert [row.outcome for row in slots.recent(engine)] == ["stopped"]
        engine.dispose()


def test_a_scheduler_killed_for_good_takes_the_browser_with_it(home: Home) -> None:
    with ReplicaSite() as replica:
        home.site("city", replica, extra="browser = true")
        write(replica, 2)
        command = [sys.executable, "-m", "tests.schedule.real_child", str(home.config), "crawl"]
        process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
        try:
            held = Held(replica, process.pid)
            assert held.shown.wait(60)
            assert held.pids
            process.send_signal(signal.SIGKILL)
            process.wait()
            held.free.set()
            assert held.gone()
        finally:
            process.kill()
            process.wait()
