"""Kept responses as a WARC/1.1 file (ISO 28500:2017), for other tools: a projection, never the truth.

Each response is a ``response`` record with a ``metadata`` record that says what rests on it. The same
bytes once more are a ``revisit``. What was brought in from a file was never transferred by us: it is
a ``resource``, with no header that nobody sent. Requests are not kept, so none are written. Record ids
come from the row, so that the same rows give the same records.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import pathlib
import re
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

import sqlalchemy as sa
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import __version__
from crawler.clock import parse
from crawler.errors import EvidenceDamaged, NotFound, StorageError
from crawler.storage.evidence.blobs import Blobs, cannot_write
from crawler.storage.evidence.responses import KEPT_HEADERS
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import evidence, quarantine, release_files, releases, revisions

#: Rows of one read; a bound on memory beside the one body in hand.
_PAGE = 200
#: Ids of our records are names in this space (RFC 9562, version 5).
_SPACE = uuid.UUID("6f1d1c0e-7f5d-5b43-9c1b-5d0f3c1f7a10")
#: How an encoded body begins, for the encodings that can be told.
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(slots=True)
class Exported:
    """What a file holds: records by type, and the responses that could not be had, with the reason."""

    path: pathlib.Path
    records: dict[str, int] = field(default_factory=dict)
    size: int = 0
    problems: list[str] = field(default_factory=list)


def export(
    archive_path: pathlib.Path, engine: sa.Engine, target: pathlib.Path, *, site: str | None = None,
    since: str | None = None, release_id: str | None = None, force: bool = False,
) -> Exported:  # fmt: skip
    """Write the kept responses to ``target``, in the order in which they came; compressed record by
    record where its name ends in ``.gz``. The file is whole or not there.

    ``site``: what its releases and quarantined pages rest on; ``since``: fetched on that ISO day or
    later; ``release_id``: a full id. A damaged response is left out and told in ``problems``. Raises
    `StorageError` where the file exists (without ``force``) or can't be written, `DiskFull`.
    """
    _refuse(target, force)
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        part = pathlib.Path(name)
        done = Exported(target)
        with os.fdopen(handle, "wb") as file:
            _write(_File(file, target.name, done), Blobs(archive_path), engine, _chosen(site, since, release_id))
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        done.size = part.stat().st_size
        _refuse(target, force)
        os.replace(part, target)
        return done
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _refuse(target: pathlib.Path, force: bool) -> None:
    if target.exists() and not force:
        raise StorageError(f"{target} exists", "Choose another name, or give --force.")


def _chosen(site: str | None, since: str | None, release_id: str | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if since is not None:
        wanted.append(evidence.c.fetched_at >= since)
    if release_id is not None:
        mine = sa.select(revisions.c.evidence_id).where(revisions.c.release_id == release_id)
        files = sa.select(release_files.c.evidence_id).where(release_files.c.release_id == release_id)
        wanted.append(evidence.c.id.in_(mine) | evidence.c.id.in_(files))
    if site is not None:
        own = (
            sa.select(revisions.c.evidence_id)
            .join(releases, releases.c.release_id == revisions.c.release_id)
            .where(releases.c.site == site)
        )
        held = sa.select(quarantine.c.evidence_id).where(quarantine.c.site == site)
        files = (
            sa.select(release_files.c.evidence_id)
            .join(releases, releases.c.release_id == release_files.c.release_id)
            .where(releases.c.site == site)
        )
        wanted.append(sa.or_(*(evidence.c.id.in_(query) for query in (own, held, files))))
    return wanted


def _write(file: _File, blobs: Blobs, engine: sa.Engine, chosen: Sequence[sa.ColumnElement[bool]]) -> None:
    file.info()
    told: set[str] = set()
    for row, first, rests in _rows(engine, chosen):
        try:
            body = blobs.get(row.sha256)
        except (EvidenceDamaged, NotFound) as error:
            if row.sha256 not in told and _is_there(engine, row.id):
                told.add(row.sha256)
                file.done.problems.append(f"evidence {row.id}: {error.message}")
            continue
        file.response(row, body, first)
        file.metadata(row, rests)


def _is_there(engine: sa.Engine, evidence_id: int) -> bool:
    """False where the response was pruned while we were writing: then nothing is wrong."""
    with reading(engine) as connection:
        return connection.scalar(sa.select(evidence.c.id).where(evidence.c.id == evidence_id)) is not None


_Rests = list[str]


def _rows(
    engine: sa.Engine, chosen: Sequence[sa.ColumnElement[bool]]
) -> Iterator[tuple[sa.Row[Any], sa.Row[Any] | None, _Rests]]:
    """Row after row, with the first chosen row of the same bytes (None for that one itself), and the
    revisions that rest on it."""
    first = evidence.alias("first")
    lowest = sa.select(sa.func.min(evidence.c.id)).where(*chosen, evidence.c.sha256 == first.c.sha256)
    after = 0
    while True:
        page = sa.select(evidence).where(evidence.c.id > after, *chosen).order_by(evidence.c.id).limit(_PAGE)
        with reading(engine) as connection:
            rows = connection.execute(page).all()
            ids = [row.id for row in rows]
            hashes = sorted({row.sha256 for row in rows})
            original = {
                row.sha256: row
                for row in connection.execute(
                    sa.select(first).where(
                        first.c.sha256.in_(hashes), first.c.id == lowest.correlate(first).scalar_subquery()
                    )
                )
            }
            rests: dict[int, _Rests] = {}
            query = sa.select(
                revisions.c.evidence_id, revisions.c.release_id, revisions.c.number, revisions.c.cause
            )
            for key, release_id, number, cause in connection.execute(
                query.where(revisions.c.evidence_id.in_(ids)).order_by(revisions.c.release_id, revisions.c.number)
            ):
                rests.setdefault(int(key), []).append(f"{release_id} revision {number} {cause}")
            filed = sa.select(release_files.c.evidence_id, release_files.c.release_id).distinct()
            for key, release_id in connection.execute(filed.where(release_files.c.evidence_id.in_(ids))):
                rests.setdefault(int(key), []).append(f"{release_id} file")
        for row in rows:
            known = original.get(row.sha256)
            yield row, known if known is not None and known.id != row.id else None, rests.get(row.id, [])
        if len(rows) < _PAGE:
            return
        after = rows[-1].id


class _File:
    """One WARC file being written."""

    def __init__(self, out: IO[bytes], name: str, done: Exported) -> None:
        self._writer = WARCWriter(out, gzip=name.endswith(".gz"), warc_version="WARC/1.1")
        self._name = name
        self.done = done
        self._info = f"<urn:uuid:{uuid.uuid4()}>"

    def info(self) -> None:
        """The file's own record."""
        record = self._writer.create_warcinfo_record(
            self._name,
            {
                "software": f"TalentWatch/{__version__}",
                "format": "WARC File Format 1.1",
                "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                "description": "bodies are stored without their transfer and content encodings",
            },
        )
        record.rec_headers.replace_header("WARC-Record-ID", self._info)
        self._put("warcinfo", record)

    def response(self, row: sa.Row[Any], body: bytes, first: sa.Row[Any] | None) -> None:
        """The response, or a revisit of the first one with the same bytes."""
        headers = json.loads(row.headers)
        own = {"WARC-Record-ID": _record_id(row), "WARC-Date": _moment(row), "WARC-Warcinfo-ID": self._info}
        kind = headers.get("content-type") or "application/octet-stream"
        if not set(headers) - {"content-type"}:
            record = self._writer.create_warc_record(
                _uri(row.url), "resource", payload=io.BytesIO(body), length=len(body),
                warc_content_type=_CONTROLS.sub(" ", kind), warc_headers_dict=own,
            )  # fmt: skip
            self._put("resource", record)
            return
        http = _http(row, headers, body)
        if first is None:
            record = self._writer.create_warc_record(
                _uri(row.url), "response", payload=io.BytesIO(body), length=len(body), http_headers=http,
                warc_headers_dict=own,
            )  # fmt: skip
            self._put("response", record)
            return
        digest = "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")
        record = self._writer.create_revisit_record(
            _uri(row.url), digest, _uri(first.url), _moment(first), http_headers=http, warc_headers_dict=own
        )
        record.rec_headers.add_header("WARC-Refers-To", _record_id(first))
        self._put("revisit", record)

    def metadata(self, row: sa.Row[Any], rests: _Rests) -> None:
        """What we know of the response beside itself."""
        fields = [("evidence-id", row.id), ("sha256", row.sha256), ("fetched-at", row.fetched_at)]
        fields += [("tls", row.tls)] if row.tls else []
        fields += [("release", one) for one in rests]
        text = "".join(f"{name}: {_CONTROLS.sub(' ', str(value))}\r\n" for name, value in fields).encode("utf-8")
        record = self._writer.create_warc_record(
            _uri(row.url), "metadata", payload=io.BytesIO(text), length=len(text),
            warc_headers_dict={
                "WARC-Record-ID": _record_id(row, "metadata"), "WARC-Date": _moment(row),
                "WARC-Refers-To": _record_id(row), "WARC-Warcinfo-ID": self._info,
            },
        )  # fmt: skip
        self._put("metadata", record)

    def _put(self, kind: str, record: Any) -> None:
        self._writer.write_record(record)
        self.done.records[kind] = self.done.records.get(kind, 0) + 1


def _http(row: sa.Row[Any], headers: dict[str, str], body: bytes) -> StatusAndHeaders:
    """The kept headers, true for the kept body: its own length, and an encoding only where it still
    has it. What the server said of its encoded body stands under ``X-Crawler-…``."""
    told: list[tuple[str, str]] = []
    for name, value in headers.items():
        clean = _CONTROLS.sub(" ", value).strip()
        if name not in KEPT_HEADERS:
            continue
        if name == "content-encoding":
            magic = _MAGIC.get(clean.lower())
            holds = clean.lower() == "identity" or (magic is not None and body.startswith(magic))
            told.append((name if holds else "x-crawler-content-encoding", clean))
        elif name == "content-length":
            told += [] if clean == str(len(body)) else [("x-crawler-content-length", clean)]
        else:
            told.append((name, clean))
    told.append(("content-length", str(len(body))))
    try:
        phrase = HTTPStatus(row.status).phrase
    except ValueError:
        phrase = ""
    return StatusAndHeaders(
        f"{row.status} {phrase}".strip(), [("-".join(p.capitalize() for p in n.split("-")), v) for n, v in told],
        protocol="HTTP/1.1",
    )  # fmt: skip


def _record_id(row: sa.Row[Any], what: str = "response") -> str:
    return f"<urn:uuid:{uuid.uuid5(_SPACE, f'{what} {row.id} {row.fetched_at} {row.sha256}')}>"


def _moment(row: sa.Row[Any]) -> str:
    moment: dt.datetime = parse(row.fetched_at).astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _uri(url: str) -> str:
    """The address as RFC 3986 has it, without user and password."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return quote(bare, safe="%/:?#[]@!$&'()*+,;=~-._")
