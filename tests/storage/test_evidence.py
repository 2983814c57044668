"""Responses as they came: whole or not there, kept as long as something rests on them."""

from __future__ import annotations

import datetime as dt
import os
import pathlib

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import NotFound, StorageError
from crawler.model import Quarantine
from crawler.storage import evidence
from crawler.storage.evidence import Blobs, Response
from crawler.storage.state import quarantine, releases
from crawler.storage.state.engine import writing
from tests.storage.world import NOW, release, submission

OLD = (NOW - dt.timedelta(days=400)).isoformat()


def save(engine: sa.Engine, config: Config, number: int, body: bytes, **fields: object) -> int:
    response = Response(
        f"http://www.town.gov.cn/rc/{number}.html", body, OLD, headers={"Content-Type": "text/html"}
    )
    (saved,) = releases.save(
        engine,
        [submission(release(number, **fields))],
        now=NOW,
        response=response,
        archive_path=config.archive_path,
    )
    found = releases.revisions(engine, saved.release_id)[-1].evidence_id
    assert found is not None
    return found


def age(config: Config) -> None:
    for path in config.archive_path.rglob("*.gz"):
        os.utime(path, (0, 0))


def test_a_response_comes_back_as_it_came(engine: sa.Engine, config: Config) -> None:
    headers = {"Content-Type": "text/html; charset=gbk", "Set-Cookie": "secret=1", "ETag": '"x"'}
    with writing(engine) as connection:
        kept = evidence.keep(
            config.archive_path, connection, url="http://a.cn/", status=200, headers=headers, body=b"\xc8\xcb",
            fetched_at=OLD, tls="TLSv1.3 unverified",
        )  # fmt: skip
    assert evidence.load(config.archive_path, engine, kept) == Response(
        "http://a.cn/", b"\xc8\xcb", OLD, 200, {"content-type": "text/html; charset=gbk", "etag": '"x"'},
        "TLSv1.3 unverified",
    )  # fmt: skip
    with pytest.raises(NotFound):
        evidence.load(config.archive_path, engine, kept + 1)


def test_equal_bytes_are_one_file(tmp_path: pathlib.Path) -> None:
    one, two = Blobs(tmp_path / "a"), Blobs(tmp_path / "b")
    assert one.put(b"x" * 1000) == one.put(b"x" * 1000) == two.put(b"x" * 1000)
    assert len(list(one.names())) == 1
    name = next(one.names())
    assert one.path(name).read_bytes() == two.path(name).read_bytes()


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b\x08garbage", b"plain"])
def test_a_damaged_blob_is_told_apart(tmp_path: pathlib.Path, damage: bytes) -> None:
    blobs = Blobs(tmp_path)
    name = blobs.put(b"a page")
    blobs.path(name).write_bytes(damage)
    with pytest.raises(StorageError, match="damaged"):
        blobs.get(name)
    other = blobs.put(b"another page")
    blobs.path(name).write_bytes(blobs.path(other).read_bytes())
    with pytest.raises(StorageError, match="damaged"):
        blobs.get(name)
    blobs.path(name).unlink()
    with pytest.raises(NotFound):
        blobs.get(name)


def test_unchanged_pages_keep_no_second_response(engine: sa.Engine, config: Config) -> None:
    first = save(engine, config, 1, b"<html>1</html>")
    assert save(engine, config, 1, b"<html>1, seen 7 times</html>") == first
    assert len(list(Blobs(config.archive_path).names())) == 1


def test_prune_keeps_what_a_relevant_release_rests_on(engine: sa.Engine, config: Config) -> None:
    relevant = save(engine, config, 1, b"relevant")
    unsure = save(engine, config, 2, b"unsure", is_talent_policy=None)
    other = save(engine, config, 3, b"other", is_talent_policy=False)
    with writing(engine) as connection:
        held = evidence.keep(
            config.archive_path,
            connection,
            url="http://a.cn/",
            status=403,
            headers={},
            body=b"blocked",
            fetched_at=OLD,
        )
        quarantine.put_in(
            connection, "town", "rc", "http://a.cn/", Quarantine("blocked", "403"), now=NOW, evidence_id=held
        )
    age(config)
    rows, freed = evidence.prune(config.archive_path, engine, keep_days=365, now=NOW)
    assert rows == 1
    assert freed > 0
    for kept in (relevant, unsure, held):
        assert evidence.load(config.archive_path, engine, kept).body
    with pytest.raises(NotFound):
        evidence.load(config.archive_path, engine, other)
    assert evidence.prune(config.archive_path, engine, keep_days=365, now=NOW) == (0, 0)


def test_prune_removes_what_a_kill_left(engine: sa.Engine, config: Config) -> None:
    blobs = Blobs(config.archive_path)
    orphan = blobs.put(b"no row points here")
    half = blobs.path(orphan).parent / ".part-abc"
    half.write_bytes(b"half")
    evidence.prune(config.archive_path, engine, keep_days=365, now=NOW)
    assert list(blobs.names()) == [orphan]  # young: its transaction may be under way
    age(config)
    os.utime(half, (0, 0))
    evidence.prune(config.archive_path, engine, keep_days=365, now=NOW)
    assert list(blobs.names()) == []
    assert not half.exists()
