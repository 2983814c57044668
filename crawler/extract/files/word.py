"""DOCX: paragraphs and table rows of the main text, in order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.extract.files.package import Package, below, local
from crawler.extract.files.parts import Budget, Part

#: Below this depth of tables in tables nothing is read.
_DEEPEST = 12
#: What is not printed: deleted text, field codes, and the second form of a text box.
_UNSEEN = frozenset(["delText", "instrText", "del", "Fallback", "moveFrom"])


def read(package: Package, budget: Budget) -> list[Part]:
    """One part: Word files have no pages of their own."""
    root = package.xml("word/document.xml")
    body = next(below(root, "body"), root)
    return [Part("正文", kept)] if (kept := budget.take(_blocks(body, 0))) else []


def _blocks(parent: etree._Element, depth: int) -> Iterator[str]:
    for child in parent:
        name = local(child)
        if name == "p":
            yield from _text(child).split("\n")
        elif name == "tbl" and depth < _DEEPEST:
            for row in child:
                if local(row) == "tr":
                    cells = [
                        " ".join(t for t in _blocks(cell, depth + 1) if t.strip())
                        for cell in row
                        if local(cell) == "tc"
                    ]
                    yield " | ".join(c for c in cells if c)
        elif name in ("sdt", "sdtContent", "customXml", "ins", "smartTag") and depth < _DEEPEST:
            yield from _blocks(child, depth + 1)


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        name = local(element)
        if name in _UNSEEN:
            continue
        if name == "t":
            parts.append(element.text or "")
        elif name in ("tab", "ptab"):
            parts.append(" ")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
        else:
            stack.extend(reversed(element))
    return "".join(parts)
