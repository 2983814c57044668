"""A disk that is really full (a small tmpfs) under each part of what we write. All pages are synthetic."""

from __future__ import annotations

import os
import pathlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite
from tests.e2e.test_round import article, day, listing

ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 5)) for n in range(8)]


@pytest.fixture
def disk(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A file system of its own with 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(place)], capture_output=True)
    if done.returncode:
        pytest.skip(f"a small disk can't be mounted here (only root may): {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: pathlib.Path) -> pathlib.Path:
    """Leave no byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as sink:
        for size in (65_536, 4_096, 512, 1):
            try:
                while True:
                    sink.write(b"x" * size)
            except OSError:
                continue
    assert os.statvfs(disk).f_bavail == 0
    return ballast


@pytest.mark.parametrize("part", ["evidence", "index.db", "talentwatch.db"])
def test_nothing_is_lost_and_the_operator_hears_of_it(
    home: Home, replica: ReplicaSite, disk: pathlib.Path, part: str
) -> None:
    home.site("city", replica)
    for path, title, date in ROWS:
        replica.pages[path] = Answer(article(title, date))
    replica.pages["/list"] = Answer(listing(ROWS[:2]))
    var = home.folder / "var"
    var.mkdir()
    if part == "evidence":
        (disk / part).mkdir()
        (var / part).symlink_to(disk / part)
    else:
        (var / part).symlink_to(disk / part)
    assert home.crawl()[0] == 0
    ballast = fill(disk)
    replica.pages["/list"] = Answer(listing(ROWS))
    done = home.run("crawl", "--all")
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "no space left" in said, said
    assert "Free some space" in said, said
    if part != "index.db":  # an index that can't be written is a warning: its queue waits
        assert done.returncode == 1, said
    ballast.unlink()
    # What failed waits with its back-off; the test can't.
    with sqlite3.connect(var / "talentwatch.db") as database:
        database.execute("update pending set next_at = '2020-01-01T00:00:00+08:00'")
    database.close()
    status, report = home.crawl()
    assert status == 0, report
    assert home.rows("select count(*), count(distinct url) from releases") == [(8, 8)]
    assert home.rows("select count(*) from revisions") == [(8,)]
    assert home.rows("select count(*) from pending") == [(0,)]
    assert home.run("db", "check").returncode == 0
    verified = home.run("index", "status", "--verify")
    assert verified.returncode == 0, verified.stdout
    assert shutil.disk_usage(disk).free > 0
