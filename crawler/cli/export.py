"""``talentwatch export``."""

from __future__ import annotations

import csv
import errno
import io
import json as json_module
import os
import pathlib
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import typer

from crawler.cli.filters import WORDS_MAY_EXCLUDE, filtered
from crawler.cli.names import new_file
from crawler.cli.output import config_of, note
from crawler.clock import today
from crawler.errors import DiskFull, StorageError, UsageError
from crawler.model import StoredRelease, to_json
from crawler.query import Query, is_hit
from crawler.text import counted

app = typer.Typer(add_completion=False)

FORMATS = ("jsonl", "csv", "xlsx", "labelled")
#: Columns of the CSV: keys of `crawler.query.document`, then the benefits' quotes and the body.
_COLUMNS = (
    "release_id", "title", "url", "site", "published", "issued", "first_seen", "region", "region_path", "zone",
    "level", "doc_type", "section", "topics", "issuers", "doc_no", "validity", "effective_from", "effective_to",
    "deadline_end", "benefit_max_cny", "benefit_topics", "is_talent_policy", "relevance", "language", "is_original",
    "story_id", "current", "withdrawn_at",
)  # fmt: skip
_HEADINGS = (*_COLUMNS, "benefits", "body")
#: A cell that starts with one of these is a formula to a spreadsheet; the full-width ones too, in
#: programs that fold width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters of one cell: Excel takes 32,767.
_CELL = 32_000
#: What XML, and so Excel, can't hold.
_NOT_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
#: Releases on one sheet of Excel, which takes 1,048,576 rows.
_ROWS = 1_000_000
#: Releases between two lines of progress.
_STEP = 5_000


@app.command(context_settings=WORDS_MAY_EXCLUDE)
@filtered
def export(
    ctx: typer.Context,
    query: Query,
    format: str = typer.Option(
        "jsonl",
        "--format",
        metavar="jsonl|csv|xlsx|labelled",
        help="JSON Lines (everything), CSV, Excel, or the corrected releases as labelled data.",
    ),
    output: str = typer.Option(
        "", "--output", metavar="FILE", help="Write this file, whole or not at all; default stdout."
    ),
) -> None:
    """Everything, as JSON Lines, CSV or Excel; with words or filters, what `search` would find.

    Without any filter all releases come, irrelevant, reposted and withdrawn ones too. CSV and xlsx are
    for spreadsheets, with a ' before what would be a formula; CSV is UTF-8 with a byte order mark.

    Examples:

      talentwatch export --format csv --output all.csv

      talentwatch export 落户 --region 河南 > settlement.jsonl
    """
    from crawler.storage.state.schema import open_state

    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}", f"There are: {', '.join(FORMATS)}.")
    if format == "xlsx" and not output and sys.stdout.isatty():
        raise UsageError("an Excel file is nothing for a terminal", "Give --output FILE.xlsx.")
    if query == Query():
        query = Query(relevance="all", reposts=True, withdrawn=True)
    engine = open_state(config_of(ctx))
    try:
        with _written(output) as sink:
            if format == "labelled":
                count = _write_labelled(engine, _hits(engine, query), sink)
            else:
                count = {"csv": _write_csv, "xlsx": _write_xlsx}.get(format, _write_jsonl)(
                    _hits(engine, query), sink
                )
    finally:
        engine.dispose()
    note(f"{counted(count, 'release')} exported" + (f" to {output}" if output else ""))


def guarded(value: str) -> str:
    """A cell that no spreadsheet takes for a formula, without characters that CSV readers choke on."""
    text = value.replace("\x00", "")[:_CELL]
    return "'" + text if text.lstrip(" \u3000\u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _hits(engine: Any, query: Query) -> Iterator[tuple[StoredRelease, dict[str, Any]]]:
    """From the truth, not the index: what is exported is complete even while the index lags."""
    from crawler.storage.index.sync import project
    from crawler.storage.state.releases import iterate

    day = today()
    for number, stored in enumerate(iterate(engine), 1):
        if number % _STEP == 0:
            note(f"{number} releases looked at")
        doc = project(stored, day)
        if is_hit(query, doc):
            yield stored, doc


def _write_jsonl(hits: Iterator[tuple[StoredRelease, dict[str, Any]]], sink: BinaryIO) -> int:
    count = 0
    for stored, doc in hits:
        line = to_json(stored)
        release = line.pop("release")
        line = {**line, **release, "validity": doc["validity"], "deadline_end": doc["deadline_end"]}
        sink.write(json_module.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def _write_labelled(engine: Any, hits: Iterator[tuple[StoredRelease, dict[str, Any]]], sink: BinaryIO) -> int:
    from crawler.storage.state.labelled import corrected, label

    fields = corrected(engine)
    count = 0
    for stored, _ in hits:
        if stored.release_id in fields:
            line = label(stored, fields[stored.release_id])
            sink.write(json_module.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            count += 1
    return count


def _write_csv(hits: Iterator[tuple[StoredRelease, dict[str, Any]]], sink: BinaryIO) -> int:
    text = io.TextIOWrapper(sink, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_HEADINGS)
        count = 0
        for _, doc in hits:
            writer.writerow(_row(doc))
            count += 1
    finally:
        text.detach()
    return count


def _write_xlsx(hits: Iterator[tuple[StoredRelease, dict[str, Any]]], sink: BinaryIO) -> int:
    """One sheet, a further one after each `_ROWS` releases; rows are written as they come."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet: Any = None
    count = 0

    def begun() -> Any:
        made = book.create_sheet("releases" if count == 0 else f"releases {count // _ROWS + 1}")
        made.freeze_panes = "B2"
        headings = [WriteOnlyCell(made, text) for text in _HEADINGS]
        for cell in headings:
            cell.font = Font(bold=True)
        made.append(headings)
        return made

    for _, doc in hits:
        if count % _ROWS == 0:
            sheet = begun()
        sheet.append([_NOT_XML.sub("", v) if isinstance(v, str) else v for v in _row(doc)])
        count += 1
    if sheet is None:
        begun()
    packed = io.BytesIO()
    book.save(packed)
    sink.write(packed.getbuffer())
    return count


def _row(doc: dict[str, Any]) -> list[Any]:
    quotes = "\n".join(benefit["quote"] for benefit in doc["benefits"])
    return [_cell(value) for value in (*(doc[name] for name in _COLUMNS), quotes, doc["body"])]


def _cell(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, (int, float)):
        return value
    return guarded("; ".join(value) if isinstance(value, list) else str(value))


@contextmanager
def _written(output: str) -> Iterator[BinaryIO]:
    """Stdout, or a file that appears under its name only when all of it is on the disk."""
    if not output:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = new_file(output)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent or ".")
        with os.fdopen(handle, "wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        mask = os.umask(0)
        os.umask(mask)
        pathlib.Path(temporary).chmod(0o666 & ~mask)
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("no space left on the device", "Free some space, or export elsewhere.") from error
        raise StorageError(f"{target} can't be written: {error.strerror}", "Choose another --output.") from error
    finally:
        if temporary:
            pathlib.Path(temporary).unlink(missing_ok=True)
