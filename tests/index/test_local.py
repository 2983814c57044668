"""The embedded index: the contract, and its own file's troubles."""

from __future__ import annotations

import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.errors import DiskFull, IndexUnavailable
from crawler.query import Query, document
from crawler.storage.index import PolicyIndex, Versioned
from crawler.storage.index.local import LocalIndex
from tests.index.contract import Contract, ids, put, stored
from tests.index.material import AS_OF


class TestContract(Contract):
    @pytest.fixture
    def index(self, tmp_path: pathlib.Path) -> Iterator[PolicyIndex]:
        made = LocalIndex(tmp_path / "index.db")
        yield made
        made.close()


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "index.db"


def filled(path: pathlib.Path) -> LocalIndex:
    index = LocalIndex(path, busy_seconds=0.2)
    put(index, stored(1, body="落户"))
    return index


def test_a_missing_file_is_an_empty_index(path: pathlib.Path) -> None:
    index = LocalIndex(path)
    assert index.search(Query("落户"), as_of=AS_OF).total == 0
    assert index.count(as_of=AS_OF) == 0
    assert list(index.stamps()) == []
    assert not path.exists()


@pytest.mark.parametrize("damage", ["garbage", "header", "middle", "foreign", "older", "newer", "folding", "cut"])
def test_an_unusable_file_says_rebuild_and_is_set_aside(path: pathlib.Path, damage: str) -> None:
    index = filled(path)
    put(index, *(stored(n, body="人才政策" * 200) for n in range(50)))
    index.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if damage == "older":
            raw.execute("PRAGMA user_version=0")
        elif damage == "newer":
            raw.execute("PRAGMA user_version=99")
        elif damage == "foreign":
            raw.execute("PRAGMA application_id=7")
        elif damage == "folding":
            raw.execute("UPDATE meta SET value = 'x' WHERE key = 'folding'")
    raw.close()
    if damage in ("garbage", "header", "middle", "cut"):
        data = bytearray(path.read_bytes())
        where = {"garbage": (0, len(data)), "header": (0, 64), "middle": (4096, len(data) - 4096), "cut": (0, 0)}[
            damage
        ]
        data[where[0] : where[1]] = b"\x5a" * (where[1] - where[0])
        path.write_bytes(bytes(data if damage != "cut" else data[: len(data) // 3]))
    with pytest.raises(IndexUnavailable) as caught:
        index.search(Query("落户"), as_of=AS_OF)
    assert "talentwatch index rebuild" in caught.value.mend
    with pytest.raises(IndexUnavailable):
        put(index, stored(2))
    with index.rebuilding() as target:
        target.put([Versioned(1, document(stored(3, body="落户"), AS_OF))])
    assert ids(index, Query("落户")) == ["id3"]
    index.close()


def test_a_locked_file_can_be_read_and_says_so_to_a_writer(path: pathlib.Path) -> None:
    index = filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(IndexUnavailable, match="locked"):
        index.put([Versioned(2, document(stored(2), AS_OF))])
    assert ids(index, Query("落户")) == ["id1"]
    other.close()
    index.close()


def test_a_folder_in_its_place_is_an_error(path: pathlib.Path) -> None:
    path.mkdir()
    with pytest.raises(IndexUnavailable):
        LocalIndex(path).search(Query("落户"), as_of=AS_OF)


def test_a_full_disk_is_told_and_nothing_half_written_stays(path: pathlib.Path) -> None:
    index = filled(path)
    connection = index._writable()
    connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")
    noise = [
        stored(n, body="".join(chr(0x4E00 + (n * 977 + k * 31) % 20000) for k in range(9000))) for n in range(2, 40)
    ]
    with pytest.raises(DiskFull):
        index.put([Versioned(2, document(item, AS_OF)) for item in noise])
    assert index.count(as_of=AS_OF) == 1
    index.close()


@pytest.fixture
def open_folder() -> Iterator[pathlib.Path]:
    """A folder that every user can reach; pytest's own lie in folders of their owner alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_file_is_searched_and_refuses_writing(open_folder: pathlib.Path) -> None:
    path = open_folder / "index.db"
    filled(path).close()
    # Root may write anything, so that a root process becomes nobody.
    script = """
import os, pathlib, sys
from crawler.errors import IndexUnavailable
from crawler.query import Query, document
from crawler.storage.index import Versioned
from crawler.storage.index.local import LocalIndex
from tests.index.contract import stored
from tests.index.material import AS_OF
path, second = pathlib.Path(sys.argv[1]), document(stored(2), AS_OF)
if os.geteuid() == 0:
    os.chown(path.parent, 65534, 65534); os.chown(path, 65534, 65534)
path.chmod(0o444); path.parent.chmod(0o555)
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
index = LocalIndex(path)
assert index.search(Query("落户"), as_of=AS_OF).total == 1
try:
    index.put([Versioned(2, second)])
except IndexUnavailable as error:
    print("refused:", error.message)
"""
    project = pathlib.Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(path)], cwd=project, capture_output=True, text=True)
    assert "refused: " in done.stdout, done.stderr
    assert "can't be written" in done.stdout


def test_searches_go_on_while_another_thread_writes_and_rebuilds(path: pathlib.Path) -> None:
    index = filled(path)
    put(index, *(stored(n, body="落户") for n in range(1, 41)))
    stop = threading.Event()

    def look() -> set[int]:
        seen = {40}
        while not stop.is_set():
            seen.add(index.search(Query("落户"), as_of=AS_OF).total)
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(look) for _ in range(3)]
        for version in range(2, 6):
            put(index, *(stored(n, body="落户") for n in range(1, 41)), version=version)
            with index.rebuilding() as target:
                target.put([Versioned(version, document(stored(n, body="落户"), AS_OF)) for n in range(1, 41)])
        stop.set()
        assert [reader.result() for reader in readers] == [{40}] * 3
    index.close()


def test_another_process_sees_a_file_that_was_set_aside_and_made_anew(path: pathlib.Path) -> None:
    first, second = filled(path), LocalIndex(path)
    assert second.count(as_of=AS_OF) == 1
    first.close()
    for file in path.parent.glob("index.db*"):
        file.unlink()
    put(first, stored(7, body="落户"), stored(8, body="落户"))
    assert second.count(as_of=AS_OF) == 2
    first.close()
    second.close()


def test_in_a_large_index_a_wide_search_puts_titles_first_and_then_the_newest(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LocalIndex(path)
    put(index, *(stored(n, body="落户 安家", published=f"2026-01-{n:02}T00:00:00+08:00") for n in range(1, 9)))
    put(index, stored(9, title="落户办法", body="安家", published="2025-01-01T00:00:00+08:00"))
    put(index, stored(10, title="落户安家办法", published="2024-01-01T00:00:00+08:00"))
    put(index, stored(11, title="博士落户", body="博士" * 9), stored(12, body="落户，博士"))
    everything = {hit.release_id for hit in index.search(Query("落户"), as_of=AS_OF).hits}
    monkeypatch.setattr("crawler.storage.index.local_search.ALL_SCORED", 5)
    monkeypatch.setattr("crawler.storage.index.local_search.MAX_SCORED", 2)
    wide = index.search(Query("落户 安家"), as_of=AS_OF)
    days = [(hit.score, str(hit.document["published"])[:10]) for hit in wide.hits]
    assert days[:3] == [(2.0, "2024-01-01"), (1.0, "2025-01-01"), (0.0, "2026-01-08")]
    assert days == sorted(days, reverse=True)
    paged = [index.search(Query("落户 安家"), as_of=AS_OF, limit=3, offset=at).hits for at in (0, 3, 6, 9)]
    assert [hit.release_id for page in paged for hit in page] == [hit.release_id for hit in wide.hits]
    assert {hit.release_id for hit in index.search(Query("落户"), as_of=AS_OF).hits} == everything
    # A narrow one is scored as ever.
    narrow = index.search(Query("博士"), as_of=AS_OF)
    assert narrow.hits[0].document["title"] == "博士落户"
    assert narrow.hits[0].score > narrow.hits[1].score > 0
    index.close()
