"""The process that shows a page is killed while it does: the real Chromium, synthetic pages."""

from __future__ import annotations

import os
import pathlib
import signal

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import ReplicaSite
from tests.e2e.test_round import NAMES
from tests.e2e.test_round_browser import browsers, chromium, write

__all__ = ["chromium"]


def renderers() -> list[int]:
    """The page processes of every running browser of a crawl."""
    known, found = set(browsers()), []
    parents: dict[int, int] = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"--type=renderer" in words:
            found.append(int(folder.name))

    def ours(pid: int) -> bool:
        while pid in parents:
            if pid in known:
                return True
            pid = parents[pid]
        return False

    return [pid for pid in found if ours(pid)]


@pytest.mark.real
@pytest.mark.usefixtures("chromium")
def test_a_page_whose_process_dies_is_told_and_the_round_goes_on(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica, extra="browser = true")
    write(replica, 2)
    killed: list[int] = []

    def crash(path: str) -> None:
        if path == "/rows.json":  # the list's script runs at this moment
            replica.before = None
            for pid in renderers():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    replica.before = crash
    status, report = home.crawl()
    assert killed
    (column,) = report["columns"]
    assert (status, column["verdict"]) == (1, "failed"), report
    assert "the browser failed" in column["reasons"][0], report["columns"]
    assert browsers() == []
    # Nothing was taken for an empty list, and the next round reads it.
    status, report = home.crawl()
    assert (status, report["columns"][0]["new"]) == (0, 2), report
    assert {NAMES[0][0], NAMES[1][0]} <= replica.asked.keys()
