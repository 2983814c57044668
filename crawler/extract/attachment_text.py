"""The text of a file: PDF, DOCX, XLSX, DOC, XLS (WPS and ET are these), OFD, plain text, HTML that calls
itself DOC, and ZIP archives of all of them.

What a file is says its beginning, not its name. Nothing is invented: a scan has no text and is marked
``scanned``; a file that is refused keeps the reason.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from crawler.extract.files import apart, ofd, ole, pdf, sheet, word
from crawler.extract.files.apart import Bounds
from crawler.extract.files.package import Package
from crawler.extract.files.parts import Budget, Limits, Part, Refused, State
from crawler.model import Article

__all__ = ["Bounds", "FileText", "Limits", "Part", "put_in", "read_apart", "read_file"]

#: Archives in archives that are opened.
_DEEPEST = 2
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says. ``state`` other than ``read``: why it says nothing, with ``evidence``.

    ``truncated``: a limit cut it.
    """

    state: State
    type: str | None = None
    parts: tuple[Part, ...] = ()
    evidence: str = ""
    truncated: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """All paragraphs in order."""
        return tuple(p for part in self.parts for p in part.paragraphs)

    @property
    def text(self) -> str | None:
        """The text as it is stored: parts begin with their place in 【】, except where there is but one."""
        if not self.parts:
            return None
        if len(self.parts) == 1:
            return "\n".join(self.parts[0].paragraphs)
        return "\n".join(line for part in self.parts for line in (f"【{part.place}】", *part.paragraphs))


def read_file(body: bytes, name: str = "", *, limits: Limits | None = None) -> FileText:
    """The text of a file. ``name`` helps where the bytes don't tell (text files). Never raises."""
    budget = Budget(limits or Limits())
    kind: str | None = None
    try:
        kind, parts = _read(body, name, budget, 0)
    except Refused as refused:
        return FileText(refused.state, kind, evidence=refused.evidence)
    except (RecursionError, MemoryError, ValueError, LookupError, ArithmeticError, TypeError, OSError) as error:
        # A hostile file found a way that no reader foresaw: it is refused as every other.
        return FileText("unreadable", kind, evidence=f"{type(error).__name__}: {error}"[:300])
    if not parts:
        return FileText("empty", kind, evidence="no text", truncated=budget.truncated)
    return FileText("read", kind, tuple(parts), truncated=budget.truncated)


def read_apart(body: bytes, name: str = "", *, limits: Limits | None = None, bounds: Bounds | None = None) -> FileText:
    """`read_file` in a process of its own, which a hostile file may crash or hang: `apart` says how.

    Plain text and refusals by size need no such care. Never raises.
    """
    limits = limits or Limits()
    if len(body) > limits.size or not _is_container(body):
        return read_file(body, name, limits=limits)
    said = apart.ask(body, name, limits, bounds or Bounds())
    return FileText(cast(State, said.state), said.type, said.parts, said.evidence, said.truncated)


def _is_container(body: bytes) -> bool:
    return b"%PDF-" in body[:1024] or body.startswith((b"PK\x03\x04", _OLE, b"{\\rtf"))


def _read(body: bytes, name: str, budget: Budget, depth: int) -> tuple[str, list[Part]]:
    if len(body) > budget.limits.size:
        raise Refused("too_large", f"{len(body)} bytes; the limit is {budget.limits.size}")
    if b"%PDF-" in body[:1024]:
        return "pdf", pdf.read(body, budget)
    if body.startswith(b"PK\x03\x04"):
        return _packed(Package(body, budget), budget, depth)
    if body.startswith(_OLE):
        return posixpath.splitext(name)[1].lstrip(".").lower() or "doc", ole.read(body, budget)
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head")):
        return "html", _html(body, budget)
    ending = posixpath.splitext(name)[1].lower()
    if ending in (".txt", ".csv") and b"\0" not in body[:1024]:
        from crawler.extract.encoding import decode

        kept = budget.take(decode(body)[0].splitlines())
        return ending[1:], [Part("正文", kept)] if kept else []
    raise Refused("unsupported", f"begins with {body[:8]!r}")


def _packed(package: Package, budget: Budget, depth: int) -> tuple[str, list[Part]]:
    names = package.names
    if "word/document.xml" in names:
        return "docx", word.read(package, budget)
    if "xl/workbook.xml" in names:
        return "xlsx", sheet.read(package, budget)
    if "OFD.xml" in names:
        return "ofd", ofd.read(package, budget)
    if "[Content_Types].xml" in names:
        raise Refused("unsupported", "an office format without Word text or sheets")
    if depth >= _DEEPEST:
        raise Refused("too_large", f"archives nested deeper than {_DEEPEST}")
    return "zip", _archive(package, names, budget, depth)


def _archive(package: Package, names: list[str], budget: Budget, depth: int) -> list[Part]:
    """The parts of all files in an archive; one that can't be read leaves the others alone."""
    found: list[Part] = []
    for name in names:
        if budget.full:
            budget.truncated = True
            break
        base = posixpath.basename(name)
        if base.startswith((".", "~$")) or name.startswith("__MACOSX/"):
            continue
        content = package.bytes(name)
        try:
            _, parts = _read(content, base, budget, depth + 1)
        except Refused as refused:
            if refused.state == "too_large":
                raise
            continue
        found += [Part(f"文件：{name}，{part.place}", part.paragraphs) for part in parts]
    return found


def _html(body: bytes, budget: Budget) -> list[Part]:
    from crawler.extract.blocks import walk
    from crawler.extract.encoding import decode
    from crawler.extract.tables import rows
    from crawler.extract.tree import Refused as TreeRefused
    from crawler.extract.tree import parse

    try:
        root = parse(decode(body)[0]).root
    except TreeRefused as refused:
        raise Refused("too_large", refused.evidence) from refused
    if root is None:
        return []
    blocks = walk(root)
    kept = budget.take(rows(blocks, [i for i, b in enumerate(blocks.blocks) if not b.hidden]))
    return [Part("正文", kept)] if kept else []


def put_in(article: Article, files: Mapping[str, bytes], *, limits: Limits | None = None) -> Article:
    """The article with the text of its attachments. ``files``: address → content, as far as fetched.

    Where the page is only a cover (``body_in_attachment``), the text of the first file that has one
    becomes the body, behind what the page says itself, and ``read_by["body"]`` names the file.
    """
    if not files:
        return article
    attachments, main = [], None
    for attachment in article.attachments:
        content = files.get(attachment.url)
        if content is None:
            attachments.append(attachment)
            continue
        read = read_file(content, attachment.name or attachment.url, limits=limits)
        attachments.append(
            dataclasses.replace(attachment, text=read.text, size=len(content), type=attachment.type or read.type)
        )
        if main is None and read.state == "read":
            main = attachment.url, read.paragraphs
    changed = dataclasses.replace(article, attachments=tuple(attachments))
    if main is None or not article.body_in_attachment:
        return changed
    return dataclasses.replace(
        changed,
        paragraphs=(*article.paragraphs, *main[1]),
        read_by={**article.read_by, "body": f"attachment:{main[0]}"},
    )
