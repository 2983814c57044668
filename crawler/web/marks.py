"""A body as paragraphs in which the quoted spans are marked, so that each value can be seen where
it stands."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Characters of a body that a page shows; the rest is told to be left out.
MAX_BODY = 300_000
#: Quotes that are marked.
MAX_QUOTES = 500
_CELL = " | "
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Quote:
    """A span to find. ``kind`` chooses its colour, ``anchor`` is what links to it."""

    kind: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. ``kinds``: the quotes that it belongs to; ``anchors``: those that begin here."""

    text: str
    kinds: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one cell) or a row of a table."""

    cells: tuple[tuple[Piece, ...], ...]

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return len(self.cells) > 1


@dataclass(frozen=True, slots=True)
class Marked:
    """The blocks, and which anchors were found in them."""

    blocks: tuple[Block, ...]
    found: frozenset[str]
    shortened: bool = False


def mark(body: str, quotes: Iterable[Quote]) -> Marked:
    """The body with the quotes in it; a quote that isn't there (it stands in the title or an
    attachment) is left out. White space never keeps a quote from being found."""
    shown = body[:MAX_BODY]
    wanted = list(quotes)[:MAX_QUOTES]
    spans = [(quote, *span) for quote, span in zip(wanted, _find(shown, wanted), strict=True) if span]
    blocks = tuple(_block(shown, start, end, spans) for start, end in _lines(shown))
    return Marked(blocks, frozenset(quote.anchor for quote, _, _ in spans), len(body) > MAX_BODY)


_Span = tuple[Quote, int, int]


def _find(body: str, quotes: Sequence[Quote]) -> list[tuple[int, int] | None]:
    dense: list[int] = []
    text = ""
    out: list[tuple[int, int] | None] = []
    for quote in quotes:
        at = body.find(quote.text) if quote.text else -1
        if at >= 0:
            out.append((at, at + len(quote.text)))
            continue
        if not dense:
            dense = [i for i, char in enumerate(body) if not char.isspace()]
            text = "".join(body[i] for i in dense)
        bare = _SPACE.sub("", quote.text)
        at = text.find(bare) if bare else -1
        out.append((dense[at], dense[at + len(bare) - 1] + 1) if at >= 0 else None)
    return out


def _lines(body: str) -> Iterable[tuple[int, int]]:
    start = 0
    for line in body.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _block(body: str, start: int, end: int, spans: Sequence[_Span]) -> Block:
    near = [span for span in spans if span[1] < end and span[2] > start]
    cells = []
    at = start
    for cell in body[start:end].split(_CELL):
        cells.append(_pieces(body, at, at + len(cell), near))
        at += len(cell) + len(_CELL)
    return Block(tuple(cells))


def _pieces(body: str, start: int, end: int, spans: Sequence[_Span]) -> tuple[Piece, ...]:
    borders = sorted({start, end, *(min(max(edge, start), end) for _, a, b in spans for edge in (a, b))})
    out = []
    for left, right in itertools.pairwise(borders):
        inside = [span for span in spans if span[1] <= left and span[2] >= right]
        kinds = tuple(sorted({quote.kind for quote, _, _ in inside}))
        begins = tuple(quote.anchor for quote, at, _ in inside if at == left)
        out.append(Piece(body[left:right], kinds, begins))
    return tuple(out)


def excerpt(body: str, length: int = 140) -> str:
    """The beginning of a body for a list of hits, cut at a sentence where one ends."""
    text = " ".join(body[: 4 * length].split())
    if len(text) <= length:
        return text
    ends = [m.end() for m in re.finditer(r"[。；！？]", text[:length])]
    cut = bisect.bisect_left(ends, length // 2)
    return text[: ends[-1]] if cut < len(ends) else text[: length - 1] + "…"
