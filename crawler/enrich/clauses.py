"""A release's text cut into lines, sentences and clauses, each of which can be quoted as printed.

Reading happens on a folded copy (narrow characters, no white space, one form of each punctuation
mark); every position of it leads back to the original, so that a quote is always an exact span.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from crawler.enrich.amounts import Amount, scan
from crawler.enrich.folding import SPACE, fold

#: Sentences and clauses longer than this are no sentences; they are cut so that work stays linear.
LONGEST_SENTENCE = 1500
LONGEST_CLAUSE = 400

_MARK = re.compile(r"[，：；。！？（）|]")
#: From such a line on the page speaks of other releases.
_RELATED = re.compile(
    r"\n[【\[·•▶>◆■]*(?:相关(?:阅读|文章|链接|推荐|新闻|报道|稿件)|延伸阅读|推荐阅读|猜你喜欢|热门(?:推荐|文章|新闻)|更多(?:新闻|阅读|推荐)|往期(?:回顾|推荐)|上一篇|下一篇)"
)


#: A line of prose this long that ends in mid-sentence was broken by the page (columns of a newspaper).
_BROKEN = 40
_UNENDED = re.compile(r"[，。；][^|]*[\u4e00-\u9fff、，]\Z")
_RUNS_ON = re.compile(
    r"(?!第[一二三四五六七八九十百\d]{1,4}[条章节]|[一二三四五六七八九十]{1,3}[、是]|附件|来源|编辑|责任)"
    r"[\u4e00-\u9fff、，][^|]{12,}"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two marks. ``end`` is before ``mark``, the character that closes it."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Clauses up to 。！？ or the end of the line."""

    start: int
    end: int
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Text:
    """The body of a release, folded, with the way back to what was printed."""

    printed: str
    folded: str = field(init=False)
    _scanned: dict[int, tuple[Amount, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)
    _cut: dict[tuple[int, int], tuple[Sentence, ...]] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        squeezed = SPACE.sub("", self._joined)
        related = _RELATED.search("\n" + squeezed)
        object.__setattr__(self, "folded", squeezed[: max(related.start() - 1, 0)] if related else squeezed)

    @cached_property
    def _joined(self) -> str:
        """The folded text of full length, where a line that breaks off in mid-word runs on."""
        lines = fold(self.printed).split("\n")
        for i in range(len(lines) - 1):
            if len(lines[i]) >= _BROKEN and _UNENDED.search(lines[i]) and _RUNS_ON.match(lines[i + 1]):
                lines[i] += " "  # a space instead of the line feed: it is dropped, the length stays
            else:
                lines[i] += "\n"
        return "".join(lines)

    @cached_property
    def _spaces(self) -> list[int]:
        """For each dropped character, its place in the folded text (ascending)."""
        return [m.start() - i for i, m in enumerate(SPACE.finditer(self._joined))]

    def place(self, position: int) -> int:
        """Where a folded position stands in the printed text."""
        # Dropped characters at or before this position push it to the right.
        return position + bisect_right(self._spaces, position)

    def quote(self, start: int, end: int) -> str:
        """The printed span of a folded one, without marks at its ends."""
        while start < end and self.folded[start] in "，；：。、！？\n|）":
            start += 1
        while end > start and self.folded[end - 1] in "，；：。、！？\n|（":
            end -= 1
        return self.printed[self.place(start) : self.place(end - 1) + 1] if end > start else ""

    def amounts(self, start: int, end: int) -> tuple[Amount, ...]:
        """Every amount of a line, scanned once for all readers."""
        found = self._scanned.get(start)
        if found is None:
            found = self._scanned[start] = scan(self.folded, start, end)
        return found

    def amounts_in(self, start: int, end: int) -> tuple[Amount, ...]:
        """The amounts of a short stretch inside a line."""
        return scan(self.folded, start, end)

    def lines(self) -> Iterator[tuple[int, int]]:
        """Start and end of every line that holds anything."""
        start = 0
        for line in self.folded.split("\n"):
            if line:
                yield start, start + len(line)
            start += len(line) + 1

    def sentences(self, start: int, end: int) -> tuple[Sentence, ...]:
        """The sentences of a stretch, cut once for all readers; marks inside round brackets divide nothing."""
        found = self._cut.get((start, end))
        if found is None:
            found = self._cut[start, end] = tuple(self._sentences(start, end))
        return found

    def _sentences(self, start: int, end: int) -> Iterator[Sentence]:
        clauses: list[Clause] = []
        depth_end = -1
        clause = sentence = start
        for found in _MARK.finditer(self.folded, start, end):
            at, mark = found.start(), found[0]
            if at < depth_end:
                continue
            if mark == "（":
                closing = self.folded.find("）", at, min(at + 80, end))
                depth_end = closing if closing > 0 else -1
                continue
            if mark == "）" or (mark == "：" and _between_digits(self.folded, at)):
                continue
            clauses.append(Clause(clause, at, mark))
            clause = at + 1
            if mark in "。！？" or clause - sentence > LONGEST_SENTENCE:
                yield Sentence(sentence, at, tuple(clauses))
                clauses, sentence = [], clause
        if clause < end:
            clauses.append(Clause(clause, end, ""))
        if clauses:
            yield Sentence(sentence, end, tuple(clauses))


def _between_digits(text: str, at: int) -> bool:
    """Whether a colon belongs to a ratio or a time of day: 1:1, 17:30."""
    return at > 0 and text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit()


def read_text(paragraphs: Sequence[str]) -> Text:
    """The paragraphs as one text, joined by line feeds. The last texts are kept, for the next reader."""
    return _read("\n".join(paragraphs))


@lru_cache(maxsize=4)
def _read(printed: str) -> Text:
    return Text(printed)
