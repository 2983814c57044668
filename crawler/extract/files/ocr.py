"""Text of pictures and of scanned PDFs (OCR), read by an engine in a child process of its own.

The engine is RapidOCR with the models of its own package (PP-OCRv6 small); the extra ``ocr`` brings it. It is
optional: without it everything else works, and a scan says what would read it. The child is ended after each
file: the engine takes a second to load and some 500 MB to hold.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.extract.files.apart import Bounds, Child, Died
from crawler.extract.files.parts import Part, State

#: What installs the engine, as an operator types it.
INSTALL = "pip install --constraint constraints.txt rapidocr onnxruntime"
_NEEDED = ("rapidocr", "onnxruntime")
_WORKER = "crawler.extract.files.ocr_worker"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")


@dataclass(frozen=True, slots=True)
class OcrLimits:
    """What reading the pictures of one article may cost. Measured: docs/operations.md, Scans and pictures."""

    #: Pages and pictures of one article; a plain notice has three, a scanned plan of five years 150.
    pages: int = 20
    #: Pixels of one picture as it is stored: an A4 page at 600 dpi has 35 million. Checked before it is decoded.
    pixels: int = 40_000_000
    #: Dots per inch at which a PDF is drawn: at 100 small print suffers, at 200 it is no better and costs twice.
    dpi: int = 150
    #: Mean confidence of a page (0..1) below which nothing of it is kept: noise that looks like text has 0.78, a
    #: page of which 96 characters in a hundred are right has 0.96.
    confidence: float = 0.85
    #: CPU seconds of one page; an A4 page takes 4.
    page_seconds: float = 20.0
    #: Bytes of address space of the child: the engine's peak on an A4 page, and half as much again.
    memory: int = 2_000_000_000

    def bounds(self) -> Bounds:
        """The child's limits: loading the engine, and every page."""
        return Bounds(seconds=20.0 + self.pages * self.page_seconds, memory=self.memory, patience=2.0)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of one file. ``state`` ``read``: text was kept; ``scanned``: none was, ``evidence`` says why.

    ``evidence`` names engine, version, models, mean confidence and pages. ``pages``: how many it cost.
    """

    state: State
    parts: tuple[Part, ...] = ()
    evidence: str = ""
    pages: int = 0

    @property
    def text(self) -> str | None:
        """As attachments' texts are stored: parts headed by their place."""
        return "\n".join(line for part in self.parts for line in (f"【{part.place}】", *part.paragraphs)) or None


def missing() -> tuple[str, ...]:
    """The packages of the extra that are not installed. Imports none of them."""
    return tuple(name for name in _NEEDED if importlib.util.find_spec(name) is None)


def engine() -> str:
    """Name, version and models of the engine, as every text read by it says; empty where there is none."""
    if missing():
        return ""
    return f"rapidocr {importlib.metadata.version('rapidocr')} (PP-OCRv6 small)"


def is_picture(body: bytes) -> bool:
    """Whether bytes begin as PNG, JPEG, GIF, BMP or WebP."""
    return body.startswith(_PICTURES) or (body[:4] == b"RIFF" and body[8:12] == b"WEBP")


_PAGES = re.compile(r"(\d{1,6}) of (\d{1,6}) pages?\b")


def is_settled(evidence: str | None, limits: OcrLimits) -> bool:
    """Whether a file with that evidence, of the same bytes, would say the same if it were read again."""
    name = engine()
    if not evidence or not name or name not in evidence:
        return False
    counts = _PAGES.search(evidence)
    return counts is None or counts[1] == counts[2] or int(counts[1]) >= limits.pages


@dataclass(slots=True)
class _Room:
    """One engine at a time: it takes a whole processor and half a gigabyte."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    #: What the last files said: a new page's files are read on trial and for good.
    held: dict[tuple[str, OcrLimits], Recognised] = field(default_factory=dict)


_room = _Room()
_HELD = 16


def recognise(body: bytes, limits: OcrLimits | None = None, *, pages: int | None = None) -> Recognised:
    """The text of a picture or of a PDF without text. ``pages``: fewer than ``limits.pages``. Never raises.

    The first pages are read where there are more; a page below the confidence is left out. Text in pictures
    is what a machine took it for: nothing is to be computed from it.
    """
    limits = limits or OcrLimits()
    if pages is not None:
        limits = dataclasses.replace(limits, pages=min(pages, limits.pages))
    if lacking := missing():
        return Recognised("scanned", evidence=f"OCR needs {', '.join(lacking)}: {INSTALL}")
    key = (hashlib.sha256(body).hexdigest(), limits)
    with _room.lock:
        if key not in _room.held:
            said = _ask(body, limits)
            if not said.evidence.startswith("OCR: "):
                while len(_room.held) >= _HELD:
                    del _room.held[next(iter(_room.held))]
                _room.held[key] = said
            return said
        return _room.held[key]


def _ask(body: bytes, limits: OcrLimits) -> Recognised:
    child: Child | None = None
    bounds = limits.bounds()
    try:
        child = Child(bounds, _WORKER)
        head = {"limits": dataclasses.asdict(limits), "seconds": bounds.seconds}
        said = child.exchange(body, head)
        return _judged(said["pages"], said["total"], said["refused"], limits)
    except Died as error:
        # What takes all its time would take it again: the file is settled, as far as this engine goes.
        name = f"{engine()}: " if "seconds" in str(error) else "OCR: "
        return Recognised("too_large" if "seconds" in str(error) else "scanned", evidence=f"{name}{error}"[:300])
    except (OSError, ValueError, KeyError, json.JSONDecodeError) as error:
        return Recognised("scanned", evidence=f"OCR: {type(error).__name__}: {error}"[:300])
    finally:
        if child is not None:
            child.end()


def _judged(pages: Iterable[dict[str, object]], total: int, refused: str, limits: OcrLimits) -> Recognised:
    """The pages that are sure enough."""
    parts: list[Part] = []
    sure: list[tuple[float, int]] = []
    unsure: list[str] = []
    count = 0
    for page in pages:
        count += 1
        lines = tuple(str(line) for line in page["lines"])  # type: ignore[attr-defined]
        confidence, number = float(page["confidence"]), int(page["number"])  # type: ignore[call-overload, arg-type]
        if not lines:
            continue
        if confidence < limits.confidence:
            unsure.append(f"p.{number} {confidence:.2f}")
            continue
        sure.append((confidence, sum(map(len, lines))))
        parts.append(Part(f"第{number}页", lines))
    told = [f"{count} of {total} page{'s' if total != 1 else ''}"]
    if sure:
        mean = sum(c * n for c, n in sure) / sum(n for _, n in sure)
        told.insert(0, f"confidence {mean:.2f}")
    elif not unsure and not refused:
        told.insert(0, "no text found")
    if unsure:
        told.append(f"left out, below {limits.confidence:.2f}: {', '.join(unsure[:8])}")
    if refused:
        told.append(refused[:160])
    state: State = "read" if parts else "scanned"
    return Recognised(state, tuple(parts), f"{engine()}: {', '.join(told)}"[:300], max(1, count))
