"""The text of a file: PDF, DOCX, XLSX, PPTX, DOC, XLS (WPS and ET are these), RTF, OFD, plain text, HTML that calls
itself DOC, and ZIP archives of all of them.

What a file is says its beginning, not its name. Nothing is invented: a scan has no text and is marked
``scanned``; a file that is refused keeps the reason.
"""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from crawler.extract import bilingual
from crawler.extract.files import apart, ofd, ole, pdf, rtf, sheet, slides, word
from crawler.extract.files.apart import Bounds
from crawler.extract.files.package import Package
from crawler.extract.files.parts import Budget, Limits, Part, Refused, State
from crawler.model import Article, Attachment
from crawler.model.values import AttachmentState

__all__ = ["Bounds", "FileText", "Limits", "Part", "is_file", "lines_of", "put_in", "read_apart", "read_file"]

#: Archives in archives that are opened.
_DEEPEST = 2
#: Office programs save web pages under these names, and every office opens them.
_MAY_BE_HTML = frozenset({"doc", "xls", "wps", "et", "html", "htm", ""})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: What is met and not read, by its first bytes.
_OTHERS = (
    (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"\x1f\x8b", "a gzip file"),
    (b"MZ", "a Windows program"), (b"\x7fELF", "a program"), (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"), (b"GIF8", "a picture (GIF)"),
)  # fmt: skip


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
        """The text as it is stored: parts begin with their place in 【】, but a text that is one piece (Word)."""
        if not self.parts:
            return None
        if len(self.parts) == 1 and self.parts[0].place == "正文":
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
    return FileText("read", kind, tuple(parts), evidence=budget.left_out, truncated=budget.truncated)


def read_apart(
    body: bytes, name: str = "", *, limits: Limits | None = None, bounds: Bounds | None = None
) -> FileText:
    """`read_file` in a process of its own, which a hostile file may crash or hang: `apart` says how.

    Plain text and refusals by size need no such care. Never raises.
    """
    limits = limits or Limits()
    if len(body) > limits.size or not is_file(body):
        return read_file(body, name, limits=limits)
    said = apart.ask(body, name, limits, bounds or Bounds())
    return FileText(cast(State, said.state), said.type, said.parts, said.evidence, said.truncated)


def is_file(body: bytes) -> bool:
    """Whether bytes begin as a file of one of the formats that are no page and no text."""
    return b"%PDF-" in body[:1024] or body.startswith((b"PK\x03\x04", _OLE, b"{\\rtf"))


def _read(body: bytes, name: str, budget: Budget, depth: int) -> tuple[str, list[Part]]:
    if len(body) > budget.limits.size:
        raise Refused("too_large", f"{len(body)} bytes; the limit is {budget.limits.size}")
    if not body:
        raise Refused("empty", "no bytes at all")
    if body.startswith(b"PK\x05\x06"):
        raise Refused("empty", "an archive without files")
    # Archives first: one that stores a PDF as it is shows its mark, too.
    if body.startswith(b"PK\x03\x04"):
        return _packed(Package(body, budget), budget, depth)
    if body.startswith(_OLE):
        return posixpath.splitext(name)[1].lstrip(".").lower() or "doc", ole.read(body, budget)
    if body.startswith(b"{\\rtf"):
        return "rtf", rtf.read(body, budget)
    if b"%PDF-" in body[:1024]:
        return "pdf", pdf.read(body, budget)
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head")):
        return "html", _html(body, budget)
    ending = posixpath.splitext(name)[1].lower()
    if ending in (".txt", ".csv") and b"\0" not in body[:1024]:
        from crawler.extract.encoding import decode

        kept = budget.take(decode(body)[0].splitlines())
        return ending[1:], [Part("正文", kept)] if kept else []
    told = next((what for sign, what in _OTHERS if body.startswith(sign)), f"begins with {body[:8]!r}")
    raise Refused("unsupported", told)


def _packed(package: Package, budget: Budget, depth: int) -> tuple[str, list[Part]]:
    names = package.names
    if "word/document.xml" in names:
        return "docx", word.read(package, budget)
    if "xl/workbook.xml" in names:
        return "xlsx", sheet.read(package, budget)
    if "ppt/presentation.xml" in names:
        return "pptx", slides.read(package, budget)
    if "OFD.xml" in names:
        return "ofd", ofd.read(package, budget)
    if "[Content_Types].xml" in names:
        raise Refused("unsupported", "an office format without text, sheets or slides")
    if depth >= _DEEPEST:
        raise Refused("too_large", f"archives nested deeper than {_DEEPEST}")
    return "zip", _archive(package, names, budget, depth)


def _archive(package: Package, names: list[str], budget: Budget, depth: int) -> list[Part]:
    """The parts of all files in an archive; one that can't be read leaves the others alone, and is named.

    Raises `Refused` with the first one's reason where none could be read, and where all together are too much.
    """
    found: list[Part] = []
    refusals: list[Refused] = []
    for name in names:
        if budget.full:
            budget.truncated = True
            break
        base = posixpath.basename(name)
        if base.startswith((".", "~$")) or name.startswith("__MACOSX/"):
            continue
        try:
            _, parts = _read(package.bytes(name), base, budget, depth + 1)
        except Refused as refused:
            if budget.is_spent:
                raise
            refusals.append(refused)
            budget.leave_out(name, refused)
            continue
        found += [Part(f"文件：{name}，{part.place}", part.paragraphs) for part in parts]
    if refusals and not found:
        # What could not be opened says more than what held nothing.
        raise next((r for r in refusals if r.state != "unsupported"), refusals[0])
    return found


def _html(body: bytes, budget: Budget) -> list[Part]:
    from crawler.extract.encoding import decode
    from crawler.extract.tables import rows
    from crawler.extract.tree import Refused as TreeRefused
    from crawler.extract.tree import parse
    from crawler.extract.walk import walk

    try:
        root = parse(decode(body)[0]).root
    except TreeRefused as refused:
        raise Refused("too_large", refused.evidence) from refused
    if root is None:
        return []
    blocks = walk(root)
    kept = budget.take(rows(blocks, [i for i, b in enumerate(blocks.blocks) if not b.hidden]))
    return [Part("正文", kept)] if kept else []


#: A part's place on a line of its own, in a stored text.
_PLACE = re.compile(r"【(?:第\d{1,6}页|正文|工作表：.{0,200}|文件：.{0,400}|第\d{1,6}张幻灯片)】")


def lines_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a stored attachment's text, without the lines that say their place."""
    return tuple(line for line in text.split("\n") if line and not _PLACE.fullmatch(line))


def put_in(
    article: Article, files: Mapping[str, bytes], *, limits: Limits | None = None,
    refused: Mapping[str, tuple[AttachmentState, str]] | None = None,
    known: Mapping[str, Attachment] | None = None,
) -> Article:  # fmt: skip
    """The article with the text of its attachments. ``files``: address → content, as far as fetched;
    ``refused``: why others were not; ``known``: what an earlier reading knew, whose text stays where a
    file can't be had today.

    Where the page is only a cover (``body_in_attachment``), the text of the first file that has one
    becomes the body, behind what the page says itself, and ``read_by["body"]`` names the file.
    """
    refused, known = refused or {}, known or {}
    if not (files or refused or known):
        return article
    attachments = []
    for attachment in article.attachments:
        content, trouble = files.get(attachment.url), refused.get(attachment.url)
        before = known.get(attachment.url)
        if content is not None:
            read = _with_text(attachment, content, limits)
            # Today's trouble with what was read on another day.
            attachments.append(
                dataclasses.replace(read, state=trouble[0], evidence=trouble[1] or None) if trouble else read
            )
        elif before is not None:
            kept = dataclasses.replace(
                before, name=attachment.name, type=before.type or attachment.type,
                size=before.size if before.sha256 else attachment.size,
            )  # fmt: skip
            attachments.append(
                dataclasses.replace(kept, state=trouble[0], evidence=trouble[1] or None) if trouble else kept
            )
        elif trouble is not None:
            attachments.append(dataclasses.replace(attachment, state=trouble[0], evidence=trouble[1] or None))
        else:
            attachments.append(attachment)
    changed = dataclasses.replace(article, attachments=tuple(attachments))
    main = next((a for a in attachments if a.text and a.state != "ocr"), None)
    if main is None or not article.body_in_attachment or not main.text or article.url == main.url:
        return changed
    said = (*article.paragraphs, *lines_of(main.text))
    language, zh, en, pairs = bilingual.split(said)
    return dataclasses.replace(
        changed, paragraphs=said, language=language, body_zh=zh, body_en=en, pairs=pairs,
        read_by={**article.read_by, "body": f"attachment:{main.url}"},
    )  # fmt: skip


def _with_text(attachment: Attachment, content: bytes, limits: Limits | None) -> Attachment:
    kind = attachment.type or ""
    read = read_apart(content, f"{attachment.name}.{kind}" if kind else attachment.url, limits=limits)
    state, evidence = read.state, read.evidence
    if read.type == "html" and kind not in _MAY_BE_HTML:
        # What was promised as PDF and comes as a page is the server's excuse, not the file.
        state, evidence = "unreadable", f"a web page instead of a {kind}"
    return dataclasses.replace(
        attachment, text=read.text if state == "read" else None, size=len(content), state=state,
        type=read.type if state == "read" and read.type else attachment.type or read.type,
        evidence=evidence or ("cut: longer than what is read" if read.truncated else None),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
