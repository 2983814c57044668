"""Documents into a generation of the local index."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.query import token_strings
from crawler.storage.index.fields import BY_NAME, WORD_WEIGHTS
from crawler.storage.index.local_file import COLUMNS
from crawler.storage.index.local_search import join, pack_facets
from crawler.storage.index.protocol import Refused, Versioned, content_hash

_INSERT_COLUMNS = ", ".join(f'"{name}"' for name in COLUMNS)
_MARKS = ", ".join("?" * len(COLUMNS))


@dataclass(frozen=True, slots=True)
class Row:
    """A document, ready to be written."""

    release_id: str
    version: int
    content_hash: str
    facets: object
    columns: list[object]
    data: bytes
    strings: list[str]


def prepare(documents: Sequence[Versioned]) -> tuple[list[Row], tuple[Refused, ...]]:
    """The work that needs no lock; documents whose fields are not the table's are refused."""
    rows: list[Row] = []
    refused: list[Refused] = []
    for item in documents:
        doc = dict(item.document)
        missing = BY_NAME.keys() ^ doc.keys()
        if missing:
            reason = f"the document's fields are not those of the field table: {', '.join(sorted(missing))}"
            refused.append(Refused(str(doc.get("release_id", "")), item.version, reason))
            continue
        strings = [doc.pop(name) for name in WORD_WEIGHTS]
        data = zlib.compress(json.dumps(doc, ensure_ascii=True, sort_keys=True).encode("ascii"), 3)
        columns = [_cell(doc[name]) for name in COLUMNS]
        made = item.hash or content_hash(doc)
        rows.append(Row(doc["release_id"], item.version, made, _cell(pack_facets(doc)), columns, data, strings))
    return rows, tuple(refused)


def _cell(value: Any) -> object:
    if isinstance(value, list):
        value = join(value)
    if isinstance(value, str):  # a lone surrogate can't be stored as text
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def write(connection: sqlite3.Connection, generation: int, rows: Sequence[Row]) -> tuple[int, int]:
    """Write rows within the caller's transaction; returns how many were written, and ignored as older."""
    docs, texts, words = (f"{name}_{generation}" for name in ("docs", "texts", "words"))
    fts = f"{words}(rowid, {', '.join(WORD_WEIGHTS)})"
    written = ignored = 0
    # The table names are ours and every value is bound.
    for row in rows:
        find = f"SELECT id, version FROM {docs} WHERE release_id = ?"  # noqa: S608
        there = connection.execute(find, (row.release_id,)).fetchone()
        if there and there[1] > row.version:
            ignored += 1
            continue
        if there:
            old = connection.execute(f"SELECT data FROM {texts} WHERE id = ?", (there[0],)).fetchone()[0]  # noqa: S608
            before = token_strings(load(old))
            connection.execute(
                f"INSERT INTO {words}({words}, rowid, {', '.join(WORD_WEIGHTS)}) VALUES ('delete', ?, ?, ?, ?)",  # noqa: S608
                (there[0], *(before[name] for name in WORD_WEIGHTS)),
            )
            connection.execute(f"DELETE FROM {docs} WHERE id = ?", (there[0],))  # noqa: S608
            connection.execute(f"DELETE FROM {texts} WHERE id = ?", (there[0],))  # noqa: S608
        placed = connection.execute(
            f"INSERT INTO {docs} (version, content_hash, facets, {_INSERT_COLUMNS}) VALUES (?, ?, ?, {_MARKS})",  # noqa: S608
            (row.version, row.content_hash, row.facets, *row.columns),
        )
        connection.execute(f"INSERT INTO {texts} VALUES (?, ?)", (placed.lastrowid, row.data))  # noqa: S608
        connection.execute(f"INSERT INTO {fts} VALUES (?, ?, ?, ?)", (placed.lastrowid, *row.strings))  # noqa: S608
        written += 1
    return written, ignored


def load(data: bytes) -> dict[str, Any]:
    """The document of a stored blob, without its token strings."""
    loaded: dict[str, Any] = json.loads(zlib.decompress(data))
    return loaded
