"""Pages and texts from a file: how an archive is brought in."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.model import Page, Quarantine, Site
from crawler.urls import canonical, host_of
from pipelines import Context, PageItem, take
from pipelines.again import plain_site
from pipelines.read import PARTS, PLAIN

#: Bytes of a file above which a line is refused; the largest pages known are a twentieth of it.
MAX_BYTES = 20_000_000
_PARTS_KEYS = ("title", "paragraphs", "published", "site_name", "source_credit")
_TEXTS = (
    "title",
    "published",
    "site_name",
    "source_credit",
    "html",
    "text",
    "path",
    "content_type",
    "site",
    "kind",
)


@dataclass(slots=True)
class Taken:
    """What became of one line. ``error`` says why the line itself is no good."""

    line: int
    name: str = ""
    outcomes: list[str] = field(default_factory=list)
    release_ids: list[str] = field(default_factory=list)
    quarantine: Quarantine | None = None
    error: str = ""


class _BadLine(ValueError):
    """The line can't be used; the message says why."""


def take_lines(
    lines: Iterable[bytes], folder: pathlib.Path, context: Context, sites: Mapping[str, Site], *, silent: bool
) -> Iterator[Taken]:
    """Store line after line; relative paths are relative to ``folder``. A bad line stops nothing.

    Raises `StorageError` where the database can't be used: the lines before are stored, and the
    same file again changes nothing of them.
    """
    hosts = {host: site for site in sites.values() for host in site.hosts}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        taken = Taken(number)
        try:
            record = _record(line)
            taken.name = str(record.get("id", record["url"]))
            item = _item(record, folder, sites, hosts)
        except _BadLine as error:
            taken.error = str(error)
            yield taken
            continue
        item.silent, item.visited = silent, False
        item = take(item, context)
        taken.quarantine = item.quarantine
        taken.outcomes = [saved.outcome for saved in item.saved]
        taken.release_ids = [saved.release_id for saved in item.saved]
        yield taken


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"not a JSON object in UTF-8: {str(error)[:120]}") from None
    if not isinstance(record, dict):
        raise _BadLine("not a JSON object")
    url = record.get("url")
    if not isinstance(url, str) or canonical(url) is None:
        raise _BadLine(f"url is no http address: {str(url)[:120]!r}")
    for name in (
        "title",
        "published",
        "site_name",
        "source_credit",
        "html",
        "text",
        "path",
        "content_type",
        "site",
    ):
        if record.get(name) is not None and not isinstance(record[name], str):
            raise _BadLine(f"{name} is not text")
    if record.get("kind") == "list":
        raise _BadLine("a listing holds no release; `talentwatch extract --batch` reads it")
    return record


def _item(
    record: dict[str, Any], folder: pathlib.Path, sites: Mapping[str, Site], hosts: Mapping[str, Site]
) -> PageItem:
    url = canonical(record["url"]) or ""
    host = host_of(url)
    name = record.get("site")
    if name:
        site = sites.get(name) or plain_site(name, url, record.get("site_name") or "")
    else:
        site = hosts.get(host) or plain_site(host, url, record.get("site_name") or "")
    return PageItem(site=site, column=None, page=_page(record, url, folder))


def _page(record: dict[str, Any], url: str, folder: pathlib.Path) -> Page:
    kind = record.get("content_type") or ""
    if record.get("paragraphs") is not None:
        paragraphs = record["paragraphs"]
        if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
            raise _BadLine("paragraphs is not a list of texts")
        given = {key: record.get(key) for key in _PARTS_KEYS}
        return Page(url, json.dumps(given, ensure_ascii=False, sort_keys=True), PARTS)
    if record.get("html") is not None:
        return Page(url, record["html"], kind or "text/html")
    if record.get("text") is not None:
        return Page(url, record["text"], PLAIN)
    if record.get("path") is not None:
        plain = record.get("kind") == "text" or record["path"].lower().endswith(".txt")
        return Page(url, _bytes(folder / record["path"]), PLAIN if plain else kind)
    raise _BadLine("none of path, html, text, paragraphs is given")


def _bytes(path: pathlib.Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _BadLine(f"{path} has more than {MAX_BYTES} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, _BadLine):
            raise
        raise _BadLine(f"{path} can't be read: {error}") from None
