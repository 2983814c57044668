"""Scans and pictures read by the real engine; hostile ones refused (synthetic pictures, printed here)."""

from __future__ import annotations

import dataclasses
import re
import struct
import sys
import zlib
from typing import Any

import pytest

from crawler.extract.attachment_text import read_file
from crawler.extract.files import apart, ocr, ocr_pages
from crawler.extract.files.apart import Bounds
from crawler.extract.files.ocr import OcrLimits, Recognised, recognise
from crawler.text import squeeze
from tests.extract import file_worlds as made
from tests.extract.ocr.conftest import LINES, Printer, saved

pytestmark = pytest.mark.real


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    ocr._room.held.clear()


def said(found: Recognised) -> list[str]:
    return [squeeze(line) for part in found.parts for line in part.paragraphs]


def test_a_scan_is_read_page_by_page_and_says_by_whom(printer: Printer) -> None:
    scan = printer.scan(LINES, ("申报材料清单", "联系人：科技人才科"))
    assert read_file(scan).state == "scanned"
    found = recognise(scan)
    assert found.state == "read"
    assert said(found) == [squeeze(line) for line in (*LINES, "申报材料清单", "联系人：科技人才科")]
    assert [part.place for part in found.parts] == ["第1页", "第2页"]
    assert re.match(rf"{re.escape(ocr.engine())}: confidence (?:0\.9\d|1\.00), ", found.evidence)
    assert found.evidence.endswith("2 of 2 pages")
    assert found.text is not None
    assert found.text.startswith("【第1页】\n")


def test_the_lines_of_a_poster_stand_alone(printer: Printer) -> None:
    assert said(recognise(printer.bytes(("博士最高可获购房补贴伍拾万元", "硕士毕业生可以登录平台申请")))) == [
        "博士最高可获购房补贴伍拾万元", "硕士毕业生可以登录平台申请",
    ]  # fmt: skip


def shown(body: bytes, limits: OcrLimits | None = None) -> Any:
    """What the engine would be shown of the first page."""
    return next(ocr_pages.pictures(body, dataclasses.asdict(limits or OcrLimits())))[2]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_pictures_of_all_kinds_are_decoded(printer: Printer, kind: str) -> None:
    body = printer.bytes(LINES[:1], kind)
    plain = shown(printer.bytes(LINES[:1]))
    assert ocr.is_picture(body)
    assert abs(shown(body).astype(int) - plain.astype(int)).mean() < 3


def test_a_long_picture_is_cut_between_lines_and_not_shrunk(printer: Printer) -> None:
    lines = tuple(f"第{number}条对引进的人才给予补贴{number}万元。" for number in range(1, 46))
    found = recognise(printer.bytes(lines, size=24))
    assert "".join(said(found)) == "".join(squeeze(line) for line in lines)


def test_what_shows_through_is_white(printer: Printer) -> None:
    from PIL import Image

    plain = printer.picture(LINES[:1])
    clear = Image.new("RGBA", plain.size, (0, 0, 0, 0))
    clear.paste(plain.convert("RGBA"), mask=plain.convert("L").point(lambda value: 255 - value))
    assert shown(saved(clear))[0, 0].tolist() == [255, 255, 255]
    assert shown(saved(clear)).min() < 50


def test_no_more_pages_than_allowed(printer: Printer) -> None:
    scan = printer.scan(LINES[:1], LINES[1:2], LINES[2:])
    found = recognise(scan, OcrLimits(pages=2))
    assert [part.place for part in found.parts] == ["第1页", "第2页"]
    assert found.evidence.endswith("2 of 3 pages")


def test_a_page_below_the_confidence_is_left_out_with_its_figure(printer: Printer) -> None:
    found = recognise(printer.bytes(), OcrLimits(confidence=1.01))
    assert (found.state, found.parts, found.text) == ("scanned", (), None)
    assert "left out, below 1.01: p.1 " in found.evidence


def test_noise_is_no_text(engine: str) -> None:
    from PIL import Image

    grey = Image.effect_noise((1200, 900), 90)
    found = recognise(saved(grey))
    assert (found.state, found.text) == ("scanned", None), found


def png(wide: int, high: int, *, rows: int = 1) -> bytes:
    """A PNG that claims a size and holds as many rows of black."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(
        b"IDAT", zlib.compress(b"\0" * (wide + 1) * rows, 9)
    ) + chunk(b"IEND", b"")  # fmt: skip


def test_a_huge_picture_is_refused_by_its_header(engine: str) -> None:
    found = recognise(png(30_000, 30_000))
    assert found.state == "scanned"
    assert "30000 × 30000 pixels; the limit is 40000000" in found.evidence
    # A little below the limit, and unpacked it is forty megabytes of black: seen, no wider than is looked at.
    assert shown(png(6_000, 6_000, rows=6_000)).shape == (1_600, 1_600, 3)
    with pytest.raises(ocr_pages.Unfit, match="the limit is 100"):
        shown(png(40, 40), OcrLimits(pixels=100))


@pytest.mark.parametrize(
    "body",
    [
        png(400, 400, rows=400)[:45],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + b"\0" * 50,
        b"GIF89a",
        b"BM" + b"\xff" * 60,
    ],
)
def test_broken_pictures_are_refused_with_a_reason(engine: str, body: bytes) -> None:
    with pytest.raises(ocr_pages.Unfit, match="no picture that can be decoded"):
        shown(body)


def test_icons_and_broken_pdfs_are_not_looked_at(engine: str) -> None:
    with pytest.raises(ocr_pages.Unfit, match="too small"):
        shown(png(16, 400, rows=400))
    with pytest.raises(ocr_pages.Unfit, match="PDFium"):
        shown(b"%PDF-1.5")


def test_a_pdf_of_giant_pages_is_drawn_small(engine: str) -> None:
    giant = made.pdf([[]], picture=True)
    giant = giant.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 9e6 9e6]")
    assert shown(giant).shape[1] <= ocr_pages.WIDEST
    tall = made.pdf([[]], picture=True).replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 10 9000]")
    assert shown(tall).size <= 3 * OcrLimits().pixels


def test_rows_join_what_stands_side_by_side() -> None:
    def box(left: int, top: int) -> list[tuple[int, int]]:
        return [(left, top), (left + 50, top), (left + 50, top + 20), (left, top + 20)]

    found = [
        (box(200, 3), "金额"),
        (box(0, 0), "对象"),
        (box(0, 40), "博士"),
        (box(200, 38), "30万元"),
        (box(0, 80), "完"),
    ]
    assert ocr_pages.rows(found) == ["对象  金额", "博士  30万元", "完"]


def test_a_child_that_swells_is_refused_and_the_next_is_read(printer: Printer) -> None:
    body = printer.bytes(LINES * 12)
    # The engine is loaded before the limit counts; what it needs then for a page is more than nothing.
    tight = recognise(body, OcrLimits(memory=900_000_000, pages=3))
    assert (tight.state, tight.parts) == ("scanned", ()), tight
    assert "memory" in tight.evidence or "ended with" in tight.evidence
    assert recognise(body).state == "read"


def test_a_child_that_takes_too_long_is_ended(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OcrLimits, "bounds", lambda self: Bounds(seconds=0.01, memory=self.memory, patience=1.0))
    found = recognise(printer.scan(*[LINES * 8] * 6))
    # Its CPU limit ends it; or it stops by itself between pages, with what it has.
    assert found.state == "too_large" or "its time was spent" in found.evidence, found
    assert "of CPU" in found.evidence or found.parts


def test_a_child_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.setattr(ocr, "_WORKER", "tests.extract.ocr.hanging")
    monkeypatch.setattr(apart, "_LEAST", 0.5)
    monkeypatch.setattr(OcrLimits, "bounds", lambda self: Bounds(seconds=0.1, memory=self.memory, patience=1.0))
    found = recognise(png(40, 40))
    assert found.state == "too_large"
    assert found.evidence.endswith("no answer in 0 seconds")


def test_the_child_has_no_network() -> None:
    import subprocess

    code = (
        "import sys, socket\nfrom crawler.extract.files.ocr_worker import _no_network\n"
        "sys.addaudithook(_no_network)\nsocket.create_connection(('127.0.0.1', 9))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError" in ended.stderr
    assert "no network" in ended.stderr


def test_without_the_engine_a_scan_says_what_would_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_NEEDED", ("no_such_engine",))
    found = recognise(made.pdf([[]], picture=True))
    assert (found.state, found.text) == ("scanned", None)
    assert found.evidence == f"OCR needs no_such_engine: {ocr.INSTALL}"
    assert ocr.engine() == ""


def test_the_same_bytes_are_read_once(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    body = printer.bytes(LINES[:1])
    first = recognise(body)
    monkeypatch.setattr(ocr, "_ask", lambda *_: pytest.fail("asked again"))
    assert recognise(body) == first


def test_every_limit_has_a_default_that_a_page_fits_in() -> None:
    limits = OcrLimits()
    assert all(value > 0 for value in dataclasses.astuple(limits))
    assert limits.bounds().seconds >= limits.pages * 5
