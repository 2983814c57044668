"""The real pages that reading is measured on, and the public readers beside ours.

The pages lie beside the project and are never copied into it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.benchmarks.measured import SHARED, Missing

#: The day on which relative dates are read.
TODAY = dt.date(2026, 11, 22)
#: Peers and what each of them gives; a figure is measured only where its reader means to give it.
PEERS = {
    "trafilatura": ("title", "date", "body"),
    "readability-lxml": ("title", "body"),
    "resiliparse": ("body",),
    "gne": ("title", "date", "body"),
    "newspaper4k": ("title", "date", "body"),
    "htmldate": ("date",),
}

Reader = Callable[[str, str], object]


def pages(count: int | None = None) -> list[tuple[str, str]]:
    """(address, decoded text) of every page with a truth. Raises `Missing`."""
    from crawler.extract import decode

    root = SHARED / "data" / "pages"
    if not root.is_dir():
        raise Missing("the folder ../shared with the labelled material is not beside the project")
    paths: dict[str, str] = {}
    for name in ("truth.jsonl", "segments.jsonl"):
        for line in (root / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["path"].startswith(("html/gov", "html/news")) and (root / row["path"]).exists():
                paths.setdefault(row["path"], row.get("url") or "http://example.invalid/")
    return [(url, decode((root / path).read_bytes())[0]) for path, url in sorted(paths.items())[:count]]


@contextmanager
def quiet() -> Iterator[None]:
    """Public readers log and warn about pages; nobody asked them here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def readers() -> dict[str, Reader]:
    """Name → reader of decoded text, as each project's own documentation calls it."""
    import gne
    import htmldate
    import newspaper
    import readability
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    return {
        "resiliparse": lambda _, text: extract_plain_text(text, main_content=True),
        "trafilatura": lambda _, text: trafilatura.bare_extraction(text, with_metadata=True),
        "readability-lxml": lambda _, text: _readable(readability.Document(text)),
        "gne": lambda _, text: gne.GeneralNewsExtractor().extract(text),
        "newspaper4k": lambda url, text: newspaper.article(url, "zh", input_html=text, fetch_images=False),
        "htmldate": lambda _, text: htmldate.find_date(text, original_date=True),
    }


def release(name: str, answer: Any) -> dict[str, Any]:
    """A peer's answer with the field names that the scorer reads."""
    found: dict[str, Any] = {"body": "", "title": None, "published": None, "source_credit": None}
    if answer is None:
        return found
    if name == "resiliparse":
        found["body"] = answer
    elif name == "htmldate":
        found["published"] = answer
    elif name == "readability-lxml":
        found["title"], found["body"] = answer
    elif name == "gne":
        found |= {"title": answer["title"], "published": answer["publish_time"], "body": answer["content"]}
    elif name == "newspaper4k":
        day = answer.publish_date
        found |= {"title": answer.title, "published": str(day) if day else None, "body": answer.text}
    else:
        found |= {"title": answer.title, "published": answer.date, "body": answer.text}
    return {key: value for key, value in found.items() if value is not None}


def attempt(read: Reader, url: str, text: str) -> Any:
    """The reader's answer; None where it fails on the page, as a caller of it would have it."""
    with contextlib.suppress(Exception):
        return read(url, text)
    return None


def _readable(document: Any) -> tuple[str, str]:
    from lxml import html

    inner = html.fromstring(document.summary() or "<p></p>")
    return document.short_title(), "\n".join(t.strip() for t in inner.itertext() if t.strip())
