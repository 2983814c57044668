"""OFD (GB/T 33190, China's fixed-layout format): text by page."""

from __future__ import annotations

import posixpath

from lxml import etree

from crawler.extract.files.package import Package, below, local
from crawler.extract.files.parts import Budget, Part, Refused, paragraphs_of

#: Two texts stand on one line when their tops differ by less than this share of their height.
_SAME_LINE = 0.6


def read(package: Package, budget: Budget) -> list[Part]:
    """The pages that hold text, by page number over all documents of the package."""
    found: list[Part] = []
    number, pictures, size = 0, False, 0
    for root in below(package.xml("OFD.xml"), "DocRoot"):
        path = (root.text or "").strip().lstrip("/")
        folder = posixpath.dirname(path)
        for entry in below(package.xml(path), "Page"):
            number += 1
            if number > budget.limits.pages or budget.full:
                budget.truncated = True
                break
            page = package.xml(_join(folder, entry.get("BaseLoc", "")))
            lines = _lines(page)
            pictures = pictures or next(below(page, "ImageObject"), None) is not None
            size += sum(map(len, lines))
            if paragraphs := budget.take(paragraphs_of(lines)):
                found.append(Part(f"第{number}页", paragraphs))
    if not size and pictures:
        raise Refused("scanned", f"{number} pages of pictures")
    return found


def _join(folder: str, path: str) -> str:
    return path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))


def _lines(page: etree._Element) -> list[str]:
    """The page's texts put together to lines by their boxes, in the order of the file."""
    lines: list[str] = []
    top, height, right = -1e9, 0.0, 0.0
    for item in below(page, "TextObject"):
        text = "".join(e.text or "" for e in item if local(e) == "TextCode")
        if not text:
            continue
        x, y, wide, high = _box(item.get("Boundary", ""))
        if lines and abs(y - top) < _SAME_LINE * max(high, height) and x >= right - high:
            lines[-1] += (" " if x > right + 2 * high else "") + text
        else:
            lines.append(text)
            top, height = y, high
        right = x + wide
    return lines


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        x, y, wide, high = (float(part) for part in text.split())
    except ValueError:
        return 0.0, 1e9, 0.0, 0.0
    return x, y, wide, high
