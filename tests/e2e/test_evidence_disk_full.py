"""A disk that is full while a crawl keeps its evidence: a real small file system where we may mount one.
Nothing half-written; a later round stores everything."""

from __future__ import annotations

import json
import pathlib
import random
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.storage.evidence import Blobs
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import day

ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 5)) for n in range(6)]


def text(number: int) -> str:
    """Twenty kilobytes that hardly compress."""
    rng = random.Random(number)  # noqa: S311 - invented text, not a secret
    signs = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(7000))
    return "".join(f"<p>{signs[i : i + 80]}。</p>" for i in range(0, len(signs), 80))


#: The program, on a disk that holds 64 kB of evidence: for machines where nothing can be mounted.
SMALL = """
import errno, os, pathlib, sys
folder, real = pathlib.Path(sys.argv.pop(1)), os.replace
def replace(source, target):
    if folder in pathlib.Path(target).parents and sum(p.stat().st_size for p in folder.rglob("*.gz")) > 64_000:
        raise OSError(errno.ENOSPC, "No space left on device")
    real(source, target)
os.replace = replace
from crawler.cli.main import main
main()
"""


class Disk:
    """A disk of 64 kB: a real one, or where we may not mount one, a program that believes so."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
        self.real = subprocess.run(mount, capture_output=True).returncode == 0

    def crawl(self, home: Home) -> tuple[int, dict[str, Any]]:
        """One round on it."""
        if self.real:
            return home.crawl("city")
        child = home.start_code(SMALL, str(self.folder), "crawl", "--json", "city")
        out, _ = child.communicate(timeout=100)
        return child.returncode, json.loads(out)

    def grow(self) -> None:
        """Now there is space."""
        if self.real:
            subprocess.run(["mount", "-o", "remount,size=4m", str(self.folder)], check=True)

    def close(self) -> None:
        if self.real:
            subprocess.run(["umount", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: pathlib.Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "small")
    yield made
    made.close()


def test_a_full_disk_is_reported_and_a_later_round_stores_everything(
    home: Home, replica: ReplicaSite, disk: Disk
) -> None:
    archive = disk.folder / "evidence"
    home.configure("[archive]", f'path = "{archive}"')
    home.site("city", replica)
    replica.pages["/list"] = Answer(listing(ROWS))
    for number, (path, title, date) in enumerate(ROWS):
        replica.pages[path] = Answer(article(title, date, text(number)))
    status, report = disk.crawl(home)
    assert status == 1
    assert "no space left" in str(report), report
    stored = home.rows("select count(*) from releases")[0][0]
    assert 0 < stored < len(ROWS), "the small disk holds some, not all"
    assert home.rows("select count(*), max(attempts) from pending") == [(len(ROWS) - stored, 0)]
    assert home.rows("select count(*) from quarantine") == [(0,)], "it is no page's fault"
    blobs = Blobs(archive)
    assert not list(archive.rglob(".part-*")), "nothing half-written"
    kept = {row[0] for row in home.rows("select sha256 from evidence")}
    for name in blobs.names():
        blobs.get(name)
    assert kept <= set(blobs.names())

    disk.grow()
    status, report = home.crawl("city")
    assert status == 0, report
    assert home.rows("select count(*), count(distinct url) from releases") == [(len(ROWS), len(ROWS))]
    assert home.rows("select count(*) from pending") == [(0,)]
    assert home.rows("select count(*) from events") == [(len(ROWS),)]
    assert home.run("evidence", "check").returncode == 0
