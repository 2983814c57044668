"""What the child of `crawler.extract.files.ocr` does: pictures out of a file, lines of text out of pictures."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from crawler.extract.files.parts import paragraphs_of

#: Pixels on the longer side of what the engine looks at in one piece. Its peak grows with the area: at 1,600
#: 620 MB, at 2,000 970 MB. Longer pictures (图解 are as long as ten screens) are cut, not shrunk.
SIDE = 1_600
#: Pixels of width to which a wider picture is shrunk; a poster's print is large.
WIDEST = 1_600
#: A cut is made in the last third of a piece, through the row of pixels that differ least.
_CUT_FROM = 2 / 3
#: Pixels; what is smaller on a side is an icon, a rule or a counter.
_LEAST = 24
#: Formats that are decoded; what else Pillow knows is none that pages carry.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
#: Confidence (0..1) of a line below which it is no text: textures, seals over print.
_LINE = 0.6
#: Two boxes stand on one line when their middles differ by less than this share of their height.
_SAME_LINE = 0.5


class Unfit(Exception):
    """A file that is no picture, or more of one than is read; the message says which."""


def is_pdf(body: bytes) -> bool:
    """Whether the pages of a document are drawn; anything else is one picture."""
    return b"%PDF-" in body[:1024]


def pictures(body: bytes, limits: Mapping[str, Any]) -> Iterator[tuple[int, int, Any]]:
    """Number, number of all, and the RGB pixels (rows, columns, 3) of each page. Raises `Unfit`; what the
    libraries raise of a broken file passes."""
    if is_pdf(body):
        yield from _drawn(body, limits)
        return
    image: Any = import_module("PIL.Image")
    # Our own limit is looked at before decoding; Pillow's would warn at another one.
    image.MAX_IMAGE_PIXELS = None
    try:
        with image.open(io.BytesIO(body), formats=_FORMATS) as opened:
            wide, high = opened.size
            if wide * high > limits["pixels"]:
                raise Unfit(f"{wide} × {high} pixels; the limit is {limits['pixels']}")
            if min(wide, high) < _LEAST:
                raise Unfit(f"{wide} × {high} pixels: too small for text")
            yield 1, 1, _on_white(opened)
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        # Pillow's decoders meet broken pictures with all of these.
        raise Unfit(f"no picture that can be decoded: {error}"[:200]) from error


def _on_white(opened: Any) -> Any:
    """The pixels; what shows through is white, as on a page, and what is wider than `WIDEST` is shrunk."""
    image: Any = import_module("PIL.Image")
    numpy: Any = import_module("numpy")
    if opened.format == "JPEG":
        opened.draft("RGB", (WIDEST, max(1, opened.size[1] * WIDEST // opened.size[0])))
    clear = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
    if clear:
        whole = opened.convert("RGBA")
        flat = image.new("RGB", whole.size, "white")
        flat.paste(whole, mask=whole.getchannel("A"))
    else:
        flat = opened.convert("RGB")
    if flat.size[0] > WIDEST:
        flat = flat.resize((WIDEST, max(1, flat.size[1] * WIDEST // flat.size[0])))
    return numpy.asarray(flat)


def _drawn(body: bytes, limits: Mapping[str, Any]) -> Iterator[tuple[int, int, Any]]:
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(body)
        total = len(document)
        for number in range(min(total, limits["pages"])):
            page = document[number]
            wide, high = page.get_size()
            if not (math.isfinite(wide * high) and wide > 0 and high > 0):
                raise Unfit(f"page {number + 1} has no size")
            # Points are 1/72 inch. No page is drawn larger than a picture may be, nor wider than is looked at.
            scale = min(limits["dpi"] / 72, WIDEST / wide, math.sqrt(limits["pixels"] / (wide * high)))
            drawn = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            yield number + 1, total, drawn.to_numpy()[:, :, :3].copy()
            drawn.close()
            page.close()
    except pdfium.PdfiumError as error:
        raise Unfit(f"PDFium: {error}"[:200]) from error


class Engine:
    """RapidOCR with the models of its own package, on one thread: the machine has other work."""

    def __init__(self) -> None:
        package: Any = import_module("rapidocr")
        models = Path(str(package.__file__)).parent / "models"
        numpy: Any = import_module("numpy")
        self._engine: Any = package.RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
                # Which way up a line stands; scans of offices stand upright, and it costs a tenth of the time.
                "Global.use_cls": False,
                "Global.max_side_len": SIDE,
                # Named, so that none is ever looked for elsewhere.
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            }
        )
        logging.disable(logging.CRITICAL)
        # The models are loaded with the first picture: a blank one, before the limits.
        blank = numpy.full((48, 96, 3), 255, dtype="uint8")
        self._engine(blank, use_det=True)
        self._engine(blank, use_det=False)

    def lines(self, picture: Any, *, flowing: bool) -> tuple[list[str], float]:
        """The lines of a picture, and the mean confidence (0..1) of its characters; 0 where it holds none.

        ``flowing``: a document's page, whose lines are put together to paragraphs. A poster's lines stand alone:
        two that are not one sentence would make a phrase that nobody wrote.
        """
        lines: list[str] = []
        weighed, size = 0.0, 0
        for piece in pieces(picture):
            # The engine takes pixels as OpenCV has them: blue first.
            said = self._engine(piece[:, :, ::-1].copy(), use_det=True)
            if getattr(said, "boxes", None) is None or not said.txts:
                continue
            found = [
                (box, str(text).strip(), float(score))
                for box, text, score in zip(said.boxes, said.txts, said.scores, strict=True)
            ]
            weighed += sum(score * len(text) for _, text, score in found)
            size += sum(len(text) for _, text, _ in found)
            lines += rows([(box, text) for box, text, score in found if score >= _LINE and text])
        return paragraphs_of(lines) if flowing else lines, weighed / size if size else 0.0


def pieces(picture: Any) -> Iterator[Any]:
    """A long picture in pieces no longer than `SIDE`, cut where the rows are blank, as even as may be."""
    numpy: Any = import_module("numpy")
    left = picture
    while left.shape[0] > SIDE:
        first = int(SIDE * _CUT_FROM)
        # The change along a row: nothing between lines, much through characters.
        window = left[first:SIDE, :, :].astype("int16").sum(axis=2)
        busy = numpy.abs(numpy.diff(window, axis=1)).sum(axis=1)
        # Of equally blank rows the middle of the last run: no stroke is touched.
        blank = numpy.flatnonzero(busy <= busy.min())
        cut = first + int(blank[len(blank) // 2])
        yield left[:cut]
        left = left[cut:]
    if left.shape[0] >= _LEAST:
        yield left


def rows(found: list[tuple[Any, str]]) -> list[str]:
    """The boxes' texts as lines from top to bottom, those that stand side by side on one line."""
    placed = []
    for box, text in found:
        across, down = [float(p[0]) for p in box], [float(p[1]) for p in box]
        placed.append(((min(down) + max(down)) / 2, max(down) - min(down), min(across), text))
    placed.sort(key=lambda one: one[0])
    lines: list[list[tuple[float, float, float, str]]] = []
    for one in placed:
        if lines and abs(one[0] - lines[-1][0][0]) < _SAME_LINE * min(one[1], lines[-1][0][1]):
            lines[-1].append(one)
        else:
            lines.append([one])
    return ["  ".join(text for *_, text in sorted(line, key=lambda one: one[2])) for line in lines]
