"""PPTX: the slides' paragraphs and table rows, slide by slide in the order they are shown."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from crawler.extract.files.package import Package, below, local
from crawler.extract.files.parts import Budget, Part


def read(package: Package, budget: Budget) -> list[Part]:
    """A part for each slide that says something."""
    found: list[Part] = []
    for number, path in enumerate(_slides(package), 1):
        if number > budget.limits.pages or budget.full:
            budget.truncated = True
            break
        if paragraphs := budget.take(_lines(package.xml(path))):
            found.append(Part(f"第{number}张幻灯片", paragraphs))
    return found


def _slides(package: Package) -> list[str]:
    targets = {
        e.get("Id", ""): posixpath.normpath(posixpath.join("ppt", e.get("Target", "")))
        for e in below(package.xml("ppt/_rels/presentation.xml.rels"), "Relationship")
    }
    listed = below(package.xml("ppt/presentation.xml"), "sldId")
    keys = (next((str(v) for name, v in e.attrib.items() if str(name).endswith("}id")), "") for e in listed)
    return [targets[key] for key in keys if targets.get(key, "") in package.names]


def _lines(root: etree._Element) -> Iterator[str]:
    # Elements are kept while their identity is compared: lxml makes a new object for each look.
    in_tables = {p for row in below(root, "tr") for p in below(row, "p")}
    for element in root.iter():
        if local(element) == "tr":
            cells = ["".join(_text(p) for p in below(cell, "p")) for cell in element if local(cell) == "tc"]
            yield " | ".join(cell for cell in cells if cell)
        elif local(element) == "p" and element not in in_tables:
            yield _text(element)


def _text(paragraph: etree._Element) -> str:
    return "".join(e.text or "" for e in below(paragraph, "t"))
