"""What every reader of files shares: parts, limits, refusals, lines that become paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.text import one_line

State = Literal["read", "scanned", "encrypted", "empty", "unsupported", "too_large", "unreadable"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read. Beyond ``size`` and ``unpacked`` it is refused, beyond the rest cut."""

    #: Bytes of the file itself; guides with annexes seldom have 10 MB.
    size: int = 30_000_000
    #: Bytes of everything that is unpacked from it, files within files included.
    unpacked: int = 80_000_000
    #: Bytes of one XML part.
    part: int = 20_000_000
    #: Bytes of an XLS workbook: its reader makes an object of each cell.
    workbook: int = 10_000_000
    #: Entries of an archive.
    entries: int = 2_000
    #: Pages of a document; a plan of five years has 150.
    pages: int = 300
    #: Rows of one sheet.
    rows: int = 20_000
    #: Characters in all.
    characters: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A page, a sheet, or a whole text. ``place`` says where it stands: ``第3页``, ``工作表：名单``."""

    place: str
    paragraphs: tuple[str, ...]


class Refused(Exception):
    """A file that is not read, and why."""

    def __init__(self, state: State, evidence: str) -> None:
        super().__init__(f"{state}: {evidence}")
        self.state: State = state
        self.evidence = evidence


@dataclass(slots=True)
class Budget:
    """What is left of the limits while one file, with the files in it, is read."""

    limits: Limits
    unpacked: int = 0
    characters: int = 0
    truncated: bool = False
    #: Files of an archive that were not read, with their reasons; at most 300 characters.
    left_out: str = ""

    @property
    def is_spent(self) -> bool:
        """Whether more was unpacked than allowed."""
        return self.unpacked > self.limits.unpacked

    def leave_out(self, name: str, refused: Refused) -> None:
        """Note a file of an archive that is not read."""
        if len(self.left_out) < 300:
            told = (
                f"{self.left_out}; {name}: {refused.state}"
                if self.left_out
                else f"left out: {name}: {refused.state}"
            )
            self.left_out = told[:300]

    def unpack(self, size: int) -> None:
        """Count unpacked bytes. Raises `Refused` beyond the limit."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked:
            raise Refused("too_large", f"unpacks to more than {self.limits.unpacked} bytes")

    def take(self, paragraphs: Iterable[str]) -> tuple[str, ...]:
        """The paragraphs that still fit, without empty ones."""
        kept: list[str] = []
        for paragraph in paragraphs:
            if self.characters >= self.limits.characters:
                self.truncated = True
                break
            text, left = one_line(paragraph), self.limits.characters - self.characters
            if len(text) > left:
                self.truncated, text = True, text[:left]
            if text:
                self.characters += len(text)
                kept.append(text)
        return tuple(kept)

    @property
    def full(self) -> bool:
        """Whether no more text is taken."""
        return self.characters >= self.limits.characters


#: A page's number alone on its line, as office paper prints it.
_PAGE_NUMBER = re.compile(
    r"^[-—–－\s]{0,4}(?:第\s?)?\d{1,4}(?:\s?页)?(?:\s?[/／]\s?(?:共\s?)?\d{1,4}\s?页?)?[-—–－\s]{0,4}$"
)
_ENDS = re.compile(r"[。！？；：!?;:]$")
#: A line that begins a paragraph of its own whatever stands before it.
_BEGINS = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇\d]{1,6}[条章节款]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)|附\s?件|附\s?表|——)"
)
#: A line of at least this share of the page's full lines was broken by the margin, not by its writer.
FULL_LINE = 0.85


def paragraphs_of(lines: Sequence[str]) -> list[str]:
    """The paragraphs of a page whose lines were broken at the margin; page numbers are left out."""
    clean = [one_line(line) for line in lines]
    clean = [line for line in clean if line and not _PAGE_NUMBER.match(line)]
    lengths = sorted(len(line) for line in clean)
    # The longest lines but one tenth: a heading may stick out.
    full = lengths[int(len(lengths) * 0.9)] if lengths else 0
    found: list[str] = []
    open_ = False
    for line in clean:
        if found and open_ and not _BEGINS.match(line):
            spaced = found[-1][-1:].isascii() and line[:1].isascii()
            found[-1] += (" " if spaced else "") + line
        else:
            found.append(line)
        open_ = len(line) >= FULL_LINE * full and full >= 12 and not _ENDS.search(line)
    return found
