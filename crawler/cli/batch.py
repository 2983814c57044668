"""Batch extraction: one JSON object a line in, one answer a line out, in the same order.

Used by ``extract --batch``; the shapes are those of docs/interfaces.md. Whatever one line holds, the
other lines are answered.
"""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from crawler.extract import read_listing, read_page, read_parts, read_text
from crawler.extract.nocontent import MAX_BYTES
from crawler.model import Article, Listing, Page, Quarantine, Reading, Release, to_json

#: Lines that wait for a worker at one time, per worker: enough to keep it busy, few to hold in memory.
_WINDOW = 8


class LineError(Exception):
    """A line that can't be answered, with the code of its error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def answers(
    lines: Iterable[bytes], folder: pathlib.Path, *, as_of: dt.date, today: dt.date, jobs: int = 1
) -> Iterator[dict[str, Any]]:
    """An answer per line that is not blank, in order. Relative paths are relative to ``folder``."""
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    if jobs <= 1:
        for number, line in numbered:
            yield answer(number, line, str(folder), as_of, today)
        return
    yield from _pooled(numbered, folder, as_of, today, jobs)


def _pooled(
    numbered: Iterator[tuple[int, bytes]], folder: pathlib.Path, as_of: dt.date, today: dt.date, jobs: int
) -> Iterator[dict[str, Any]]:
    # spawn: workers share no state with this process, and a fork beside threads may hang.
    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))

    executor = pool()
    waiting: deque[tuple[int, bytes, Future[dict[str, Any]]]] = deque()
    more = True
    try:
        while more or waiting:
            while more and len(waiting) < jobs * _WINDOW:
                item = next(numbered, None)
                if item is None:
                    more = False
                else:
                    waiting.append((*item, executor.submit(answer, *item, str(folder), as_of, today)))
            if not waiting:
                break
            number, line, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                # A worker died. This line is asked once more on its own; the lines behind it again.
                executor.shutdown(wait=False, cancel_futures=True)
                yield _alone(pool, number, line, folder, as_of, today)
                executor = pool()
                again = [(n, text) for n, text, _ in waiting]
                waiting = deque(
                    (n, text, executor.submit(answer, n, text, str(folder), as_of, today)) for n, text in again
                )
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _alone(
    pool: Any, number: int, line: bytes, folder: pathlib.Path, as_of: dt.date, today: dt.date
) -> dict[str, Any]:
    executor = pool()
    try:
        found: dict[str, Any] = executor.submit(answer, number, line, str(folder), as_of, today).result()
    except BrokenProcessPool:
        return _error(_id_of(line), number, "crashed", "the reader's process died on this line")
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    return found


def answer(number: int, line: bytes, folder: str, as_of: dt.date, today: dt.date) -> dict[str, Any]:
    """The answer to one line. Never raises."""
    started = time.process_time()
    key: Any = None
    try:
        record = _record(line)
        key = record["id"]
        found = read_record(record, pathlib.Path(folder), today=today)
        out: dict[str, Any] = {"id": key, **shape(found, as_of=as_of)}
    except LineError as error:
        return _error(key, number, error.code, error.message)
    except Exception as error:  # noqa: BLE001 - one line's trouble must never stop the other lines
        return _error(key, number, "internal", f"{type(error).__name__}: {error}"[:300])
    out["ms"] = round((time.process_time() - started) * 1000, 3)
    return out


def read_record(record: dict[str, Any], folder: pathlib.Path, *, today: dt.date) -> Reading | Listing:
    """One input object through the reader that it asks for. Raises `LineError`."""
    url = _text(record, "url") or ""
    kind = _text(record, "kind")
    if kind not in (None, "list", "page", "text"):
        raise LineError("bad_kind", f"kind is {kind!r}; known: list, page, text")
    if record.get("paragraphs") is not None:
        paragraphs = record["paragraphs"]
        if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
            raise LineError("bad_input", "paragraphs must be a list of strings")
        given: Reading = read_parts(
            url, _text(record, "title"), [_whole(p) for p in paragraphs], published=_text(record, "published"),
            site_name=_text(record, "site_name"), source_credit=_text(record, "source_credit"),
        )  # fmt: skip
        return given
    body: bytes | str
    if (text := _text(record, "text")) is not None:
        plain: Reading = read_text(url, text, today=today)
        return plain
    if (html := _text(record, "html")) is not None:
        body = html
    elif (path := _text(record, "path")) is not None:
        body = read_bytes(folder / path)
    else:
        raise LineError("bad_input", "a line needs one of: path, html, text, paragraphs")
    status = record.get("status", 200)
    page = Page(url, body, _text(record, "content_type") or "", status if isinstance(status, int) else 200)
    if kind == "list":
        listing: Listing = read_listing(page, today=today)
        return listing
    return read_page(page, today=today)


def read_bytes(path: pathlib.Path) -> bytes:
    """A file's bytes, one more than the limit at most. Raises `LineError`."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is no plain file" if path.exists() else ""
            raise LineError("not_found", f"{path} {what}" if what else f"no such file: {path}")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise LineError("unreadable_file", f"{path}: {error}") from error


def shape(found: Reading | Listing, *, as_of: dt.date) -> dict[str, Any]:
    """The answer's keys, without id and ms."""
    if isinstance(found, Listing):
        rows = [{"title": r.title, "url": r.url, "date": r.date} for r in found.rows]
        out: dict[str, Any] = {"rows": rows, "next": found.next, "total": found.total}
    else:
        out = {"releases": [release_json(release_of(a, as_of=as_of)) for a in found.articles]}
    if found.quarantine:
        out["quarantine"] = quarantine_json(found.quarantine)
    return out


def release_of(article: Article, *, as_of: dt.date) -> Release:
    """The article understood."""
    import crawler.enrich as enrich

    understand = getattr(enrich, "understand", None)
    if understand is None:
        return bare_release(article)
    release: Release = understand(article, as_of=as_of)
    return release


def bare_release(article: Article) -> Release:
    """The article's own fields as a release, nothing understood."""
    return Release(
        url=article.url, title=article.title, subtitle=article.subtitle, source_credit=article.source_credit,
        site_name=article.site_name, published=article.published, language=article.language, body=article.body,
        body_zh=article.body_zh, body_en=article.body_en, pairs=article.pairs, attachments=article.attachments,
        body_in_attachment=article.body_in_attachment, body_in_image=article.body_in_image,
        metadata=article.metadata, provenance=article.provenance, read_by=article.read_by, part=article.part,
    )  # fmt: skip


def release_json(release: Release) -> dict[str, Any]:
    """A release as other programs get it: the fields of docs/domain.md."""
    out: dict[str, Any] = to_json(release)
    out.pop("part", None)
    return out


def quarantine_json(found: Quarantine) -> dict[str, str]:
    """Reason and evidence, and how to mend it where that is known."""
    out = {"reason": str(found.reason), "evidence": found.evidence}
    return {**out, "mend": found.mend} if found.mend else out


def dumps(value: Any) -> str:
    """One line of JSON. Half a surrogate pair, which no UTF-8 can hold, is written as an escape."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return line


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LineError("bad_json", f"not a JSON object in UTF-8: {error}"[:300]) from error
    if not isinstance(record, dict):
        raise LineError("bad_json", f"a JSON {type(record).__name__}, not an object")
    if not isinstance(record.get("id"), (str, int)):
        raise LineError("bad_input", "no id")
    return record


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise LineError("bad_input", f"{name} must be a string")
    return None if value is None else _whole(value)


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which no file and no database can hold."""
    if text.isprintable():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _id_of(line: bytes) -> Any:
    try:
        return _record(line)["id"]
    except LineError:
        return None


def _error(key: Any, number: int, code: str, message: str) -> dict[str, Any]:
    place = {} if key is not None else {"line": number}
    return {"id": key, **place, "error": {"code": code, "message": message}}
