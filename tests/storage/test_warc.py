"""Kept responses as WARC: read back with warcio's own checker and index, and with FastWARC."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import io
import os
import pathlib
import resource
import subprocess
import sys
import tracemalloc
from typing import Any

import pytest
import sqlalchemy as sa
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.indexer import Indexer

from crawler.config import Config
from crawler.errors import DiskFull, StorageError
from crawler.storage import evidence
from crawler.storage.evidence import Blobs
from crawler.storage.evidence.warc import Exported, export
from crawler.storage.state import releases
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import evidence as rows
from crawler.storage.state.tables import release_files
from tests.storage.world import NOW, release, submission

DAY = dt.timedelta(days=1)
GB = "<html><meta charset=gb18030><p>示范市人才安家补贴𠮷</p></html>".encode("gb18030")
HEADERS = {"Content-Type": "text/html; charset=gb18030", "Date": "Sun, 22 Nov 2026 01:00:00 GMT"}


def keep(engine: sa.Engine, config: Config, number: int, body: bytes, **fields: Any) -> int:
    values: dict[str, Any] = {
        "url": f"http://www.town.gov.cn/rc/{number}.html", "status": 200, "headers": HEADERS,
        "fetched_at": (NOW + number * DAY).isoformat(),
    }  # fmt: skip
    with writing(engine) as connection:
        return evidence.keep(config.archive_path, connection, body=body, **{**values, **fields})


def write(engine: sa.Engine, config: Config, target: pathlib.Path, **chosen: Any) -> Exported:
    done = export(config.archive_path, engine, target, **chosen)
    assert warcio_finds_nothing_wrong(target)
    return done


def warcio_finds_nothing_wrong(path: pathlib.Path) -> bool:
    checker = Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": True}))
    checker.process_all()
    return checker.exit_value == 0


def bodies(path: pathlib.Path) -> dict[str, bytes]:
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type in ("response", "resource"):
                found[record.rec_headers["WARC-Target-URI"]] = record.content_stream().read()
    return found


def records(path: pathlib.Path) -> list[tuple[dict[str, str], dict[str, str], bytes]]:
    out = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            http = dict(record.http_headers.headers) if record.http_headers else {}
            out.append((dict(record.rec_headers.headers), http, record.content_stream().read()))
    return out


@pytest.mark.parametrize("name", ["all.warc.gz", "all.warc"])
def test_two_other_readers_get_the_bytes_back(
    engine: sa.Engine, config: Config, tmp_path: pathlib.Path, name: str
) -> None:
    every = bytes(range(256)) * 300
    keep(engine, config, 1, GB)
    keep(engine, config, 2, every, status=404)
    keep(engine, config, 3, b"", status=299)
    done = write(engine, config, tmp_path / name)
    assert done.records == {"warcinfo": 1, "response": 3, "metadata": 3}
    assert done.size == (tmp_path / name).stat().st_size
    want = {f"http://www.town.gov.cn/rc/{n}.html": body for n, body in ((1, GB), (2, every), (3, b""))}
    assert bodies(tmp_path / name) == want
    seen, status = {}, {}
    with (tmp_path / name).open("rb") as file:
        for record in FastIterator(file, record_types=WarcRecordType.response, parse_http=False):
            assert record.verify_block_digest()
            record.parse_http()
            if record.content_length:
                assert record.verify_payload_digest()
            seen[record.headers["WARC-Target-URI"]] = record.reader.read()
            status[record.headers["WARC-Target-URI"]] = record.http_headers.status_code
    assert seen == want
    assert sorted(status.values()) == [200, 299, 404]
    lines = io.StringIO()
    indexer = Indexer(["warc-type", "warc-target-uri", "http:status", "offset"], [str(tmp_path / name)], "-")
    with (tmp_path / name).open("rb") as file:
        indexer.process_one(file, lines, name)
    assert len(lines.getvalue().splitlines()) == 7


def test_warcio_as_a_program_agrees(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    keep(engine, config, 1, GB)
    target = tmp_path / "a.warc.gz"
    write(engine, config, target)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(target)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "digest pass" in checked.stdout
    data = bytearray(gzip.decompress(target.read_bytes()))
    data[data.index(GB) + 20] ^= 1
    broken = tmp_path / "broken.warc"
    broken.write_bytes(bytes(data))
    assert not warcio_finds_nothing_wrong(broken), "the check can fail"


def test_the_record_says_when_what_and_what_rests_on_it(
    engine: sa.Engine, config: Config, tmp_path: pathlib.Path
) -> None:
    response = evidence.Response(
        release(1).url, GB, "2026-11-22T09:00:00+08:00", headers=HEADERS, tls="TLSv1.3 unverified"
    )
    (saved,) = releases.save(
        engine, [submission(release(1))], now=NOW, response=response, archive_path=config.archive_path
    )
    write(engine, config, tmp_path / "a.warc")
    info, (head, http, body), (meta, _, fields) = records(tmp_path / "a.warc")
    assert (tmp_path / "a.warc").read_bytes().startswith(b"WARC/1.1\r\n")
    assert info[0]["WARC-Type"] == "warcinfo"
    assert head["WARC-Type"] == "response"
    assert head["WARC-Date"] == "2026-11-22T01:00:00Z"
    assert head["WARC-Warcinfo-ID"] == info[0]["WARC-Record-ID"]
    assert http == {
        "Content-Type": "text/html; charset=gb18030", "Date": HEADERS["Date"], "Content-Length": str(len(GB)),
    }  # fmt: skip
    assert body == GB
    assert meta["WARC-Refers-To"] == head["WARC-Record-ID"]
    assert f"release: {saved.release_id} revision 1 site\r\n" in fields.decode()
    assert "tls: TLSv1.3 unverified" in fields.decode()
    again = tmp_path / "b.warc"
    write(engine, config, again)
    assert records(again)[1][0]["WARC-Record-ID"] == head["WARC-Record-ID"], "the same row, the same record"


def test_headers_tell_the_truth_of_the_kept_body(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    was = {**HEADERS, "Content-Encoding": "gzip", "Content-Length": "7", "Set-Cookie": "session=secret"}
    keep(engine, config, 1, GB, headers=was)
    keep(engine, config, 2, gzip.compress(GB), headers=was)
    keep(engine, config, 3, GB + b"!", headers={**HEADERS, "ETag": '"a"\r\nX-Injected: 1'})
    keep(engine, config, 4, GB + b"?", url="http://user:hidden@www.town.gov.cn/政策.html?a=b c")
    with writing(engine) as connection:  # what an older version might have kept
        connection.execute(
            rows.update().where(rows.c.id == 4).values(headers='{"date": "x", "set-cookie": "session=secret"}')
        )
    write(engine, config, tmp_path / "a.warc")
    one, two, three, four = (r for r in records(tmp_path / "a.warc") if r[0]["WARC-Type"] == "response")
    assert (one[1]["X-Crawler-Content-Encoding"], one[1]["X-Crawler-Content-Length"]) == ("gzip", "7")
    assert "Content-Encoding" not in one[1]
    assert (one[1]["Content-Length"], one[2]) == (str(len(GB)), GB)
    assert two[1]["Content-Encoding"] == "gzip", "still encoded: warcio decodes it"
    assert two[2] == GB
    assert "X-Injected" not in three[1]
    assert four[0]["WARC-Target-URI"] == "http://www.town.gov.cn/%E6%94%BF%E7%AD%96.html?a=b%20c"
    raw = (tmp_path / "a.warc").read_bytes()
    assert b"secret" not in raw
    assert b"hidden" not in raw
    assert b"Cookie" not in raw


def test_the_same_bytes_again_are_a_revisit(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    for number in (1, 2, 3):
        keep(engine, config, number, GB)
    done = write(engine, config, tmp_path / "a.warc.gz")
    assert (done.records["response"], done.records["revisit"]) == (1, 2)
    found = records(tmp_path / "a.warc.gz")
    first = next(r[0] for r in found if r[0]["WARC-Type"] == "response")
    for head, http, body in (r for r in found if r[0]["WARC-Type"] == "revisit"):
        assert head["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        assert head["WARC-Payload-Digest"] == first["WARC-Payload-Digest"]
        assert head["WARC-Refers-To"] == first["WARC-Record-ID"]
        assert head["WARC-Refers-To-Target-URI"] == first["WARC-Target-URI"]
        assert head["WARC-Refers-To-Date"] == first["WARC-Date"]
        assert http["Content-Type"] == HEADERS["Content-Type"]
        assert body == b""
    late = write(engine, config, tmp_path / "late.warc.gz", since=(NOW + 2 * DAY).date().isoformat())
    assert (late.records["response"], late.records["revisit"]) == (1, 1), "no revisit of what isn't in the file"


def test_what_came_from_a_file_is_no_response(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    keep(engine, config, 1, GB, headers={"content-type": "text/html"})
    done = write(engine, config, tmp_path / "a.warc.gz")
    assert done.records == {"warcinfo": 1, "resource": 1, "metadata": 1}
    assert list(bodies(tmp_path / "a.warc.gz").values()) == [GB]


def test_only_what_was_asked_for(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    ids = {}
    for number, site in ((1, "town"), (2, "city"), (3, "city")):
        response = evidence.Response(release(number).url, str(number).encode(), NOW.isoformat(), headers=HEADERS)
        one = dataclasses.replace(submission(release(number)), site=site)
        (saved,) = releases.save(engine, [one], now=NOW, response=response, archive_path=config.archive_path)
        ids[number] = saved.release_id
    assert set(_written(engine, config, tmp_path / "1", site="city")) == {release(2).url, release(3).url}
    assert set(_written(engine, config, tmp_path / "2", release_id=ids[1])) == {release(1).url}
    assert set(_written(engine, config, tmp_path / "3", site="nobody")) == set()
    filed = keep(engine, config, 9, b"%PDF a file")
    with writing(engine) as connection:
        connection.execute(
            release_files.insert().values(
                release_id=ids[1], url="u", sha256="s", evidence_id=filed, created_at=NOW.isoformat()
            )
        )
    both = {release(1).url, release(9).url}
    assert set(_written(engine, config, tmp_path / "6", release_id=ids[1])) == both, "with its files"
    assert set(_written(engine, config, tmp_path / "7", site="town")) == both
    assert f"release: {ids[1]} file" in (tmp_path / "7").read_text("utf-8", "replace")
    assert set(_written(engine, config, tmp_path / "4", since="2026-11-22")) == {
        *both,
        *(release(n).url for n in ids),
    }
    assert set(_written(engine, config, tmp_path / "5", since="2027-11-23")) == set()


def _written(engine: sa.Engine, config: Config, target: pathlib.Path, **chosen: Any) -> dict[str, bytes]:
    write(engine, config, target, **chosen)
    return bodies(target)


def test_a_damaged_response_is_left_out_and_told(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    for number in (1, 2, 3):
        keep(engine, config, number, b"page %d" % number)
    blobs = Blobs(config.archive_path)
    names = sorted(blobs.names())
    blobs.path(names[0]).write_bytes(b"\x1f\x8b broken")
    blobs.path(names[1]).unlink()
    done = write(engine, config, tmp_path / "a.warc.gz")
    assert done.records["response"] == 1
    assert len(done.problems) == 2
    assert any("damaged" in p for p in done.problems)
    assert any("not there" in p for p in done.problems)


def test_nothing_is_overwritten_and_nothing_half_written(
    engine: sa.Engine, config: Config, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(engine, config, 1, os.urandom(300_000))
    target = tmp_path / "out" / "a.warc.gz"
    write(engine, config, target)
    before = target.read_bytes()
    with pytest.raises(StorageError, match="exists"):
        export(config.archive_path, engine, target)
    assert target.read_bytes() == before
    write(engine, config, target, force=True)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DiskFull):
            export(config.archive_path, engine, target, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(target.parent.iterdir()) == [target]
    assert warcio_finds_nothing_wrong(target)
    with pytest.raises(StorageError, match="can't be written"):
        export(config.archive_path, engine, tmp_path / "out" / "a.warc.gz" / "below.warc")


def test_memory_does_not_grow_with_the_archive(engine: sa.Engine, config: Config, tmp_path: pathlib.Path) -> None:
    for number in range(60):
        keep(engine, config, number, os.urandom(200_000))
    tracemalloc.start()
    try:
        write_only(engine, config, tmp_path / "warm.warc", since=(NOW + 55 * DAY).isoformat()[:10])
        tracemalloc.reset_peak()
        base = tracemalloc.get_traced_memory()[0]
        write_only(engine, config, tmp_path / "all.warc")
        peak = tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()
    assert (tmp_path / "all.warc").stat().st_size > 12_000_000
    assert peak < 3_000_000


def write_only(engine: sa.Engine, config: Config, target: pathlib.Path, **chosen: Any) -> None:
    export(config.archive_path, engine, target, **chosen)
