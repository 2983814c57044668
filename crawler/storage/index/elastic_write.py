"""Documents into Elasticsearch: chunks, external versions, and what each refusal means."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.errors import IndexUnavailable
from crawler.storage.index.elastic_client import LATER, IndexMissing, forbidden, is_full, refused_key, translated
from crawler.storage.index.elastic_mapping import building
from crawler.storage.index.fields import RELEASES, TABLE
from crawler.storage.index.protocol import PutReport, Refused, Versioned, content_hash
from crawler.storage.index.records import Record

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Borders of one bulk request: what clusters take well, and half of the default HTTP limit of proxies.
MAX_DOCUMENTS = 500
MAX_BYTES = 5_000_000
#: Tries of documents that a busy cluster turned away (429, 503), with a doubling pause before each.
TRIES = 5
FIRST_PAUSE = 0.2

_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class _Line:
    release_id: str
    version: int
    table: str
    action: bytes
    source: bytes


def put_to(
    client: Elasticsearch, documents: Sequence[Versioned | Record], *, into_building: bool = False
) -> PutReport:
    """Write through the aliases: releases, or records of the other tables. Raises `IndexUnavailable` when
    the cluster can't take them now; what it never will take comes back as refused."""
    lines, refused = _prepare(documents, into_building)
    written = ignored = 0
    for chunk in _chunks(lines):
        done, older, bad = _send(client, chunk)
        written, ignored = written + done, ignored + older
        refused += bad
    return PutReport(written, ignored, tuple(refused))


def _prepare(documents: Sequence[Versioned | Record], into_building: bool) -> tuple[list[_Line], list[Refused]]:
    lines: list[_Line] = []
    refused: list[Refused] = []
    for item in documents:
        doc = dict(item.document)
        if isinstance(item, Record):
            table, key, owner = TABLE[item.alias], item.id, item.owner
        else:
            table, key = TABLE[RELEASES], str(doc.get("release_id", ""))
            owner = key
        wrong = {one.name for one in table.fields} ^ doc.keys()
        if wrong:
            reason = f"the document's fields are not those of the field table: {', '.join(sorted(wrong))}"
            refused.append(Refused(owner, item.version, reason, table.alias))
            continue
        doc["content_hash"] = item.hash or content_hash(doc)
        where = {"_index": building(table.alias) if into_building else table.alias, "_id": key}
        if table.append_only:
            action: dict[str, Any] = {"create": where}
        else:
            action = {"index": {**where, "version": item.version, "version_type": "external_gte"}}
        source = json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        lines.append(_Line(owner, item.version, table.alias, json.dumps(action).encode(), source))
    return lines, refused


def _chunks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        length = len(line.action) + len(line.source) + 2
        if chunk and (len(chunk) == MAX_DOCUMENTS or size + length > MAX_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += length
    if chunk:
        yield chunk


def _send(client: Elasticsearch, chunk: list[_Line]) -> tuple[int, int, list[Refused]]:
    import elasticsearch

    written = ignored = 0
    refused: list[Refused] = []
    left = chunk
    for attempt in range(TRIES):
        if attempt:
            # Jitter, so that two writers don't come back together.
            time.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + random.random()))  # noqa: S311
        # Ready bytes: the client passes them on as they are, whatever its types say.
        operations: Any = [part for line in left for part in (line.action, line.source)]
        with translated():
            try:
                answer = client.bulk(operations=operations, require_alias=True)
            except elasticsearch.ApiError as error:
                if error.meta.status == 413:
                    return _halved(client, left, written, ignored, refused)
                if error.meta.status not in _BUSY or is_full(str(error)) or attempt == TRIES - 1:
                    raise
                continue
        again: list[_Line] = []
        for line, item in zip(left, answer["items"], strict=True):
            done: dict[str, Any] = next(iter(item.values()))
            status = int(done["status"])
            if status < 300:
                written += 1
            elif status == 409:
                ignored += 1
            elif status in _BUSY and not is_full(str(done["error"])):
                again.append(line)
            else:
                refused.append(_refusal(line, status, done["error"]))
        if not again:
            return written, ignored, refused
        left = again
    raise IndexUnavailable(
        f"Elasticsearch turned {len(left)} documents away {TRIES} times: it is overloaded", LATER
    )


def _halved(
    client: Elasticsearch, chunk: list[_Line], written: int, ignored: int, refused: list[Refused]
) -> tuple[int, int, list[Refused]]:
    """The request was too large: each half alone; a single document that is too large is refused."""
    if len(chunk) == 1:
        (line,) = chunk
        reason = f"413: {len(line.source)} bytes are more than the cluster takes"
        refused.append(Refused(line.release_id, line.version, reason, line.table))
        return written, ignored, refused
    middle = len(chunk) // 2
    for half in (chunk[:middle], chunk[middle:]):
        done, older, bad = _send(client, half)
        written, ignored = written + done, ignored + older
        refused += bad
    return written, ignored, refused


def _refusal(line: _Line, status: int, error: dict[str, Any]) -> Refused:
    """What one document's error means: for good, or for all of them."""
    reason = f"{status} {error.get('type')}: {error.get('reason')}"
    cause = error.get("caused_by") or {}
    if cause.get("reason"):
        reason += f" ({cause['reason']})"
    if status == 404:
        raise IndexMissing(f"the alias is gone: {reason}", LATER)
    if status == 403 or is_full(reason):
        raise forbidden(reason)
    if status == 401:
        raise refused_key(reason)
    return Refused(line.release_id, line.version, reason[:1000], line.table)
