"""Prose in a column of links beside a short notice: it weighs more than the notice and is not the article.

A notice of a line or two stands under its headline and day; beside it a column lists the latest titles and says
what the office is for. `density` takes the longer text; the headline knows better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.blocks import Blocks
from crawler.extract.density import LINK_SHARE, grown, heaviest
from crawler.extract.header_lines import is_header_line

#: What names a file to download.
FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar)\b|附件", re.I)


def article_box(blocks: Blocks, weight: list[float], headline: int | None) -> int | None:
    """The box that holds the article: the heaviest, where the headline's block does not speak against it, with
    the light lines around its prose. None: no prose at all."""
    if headline is not None:
        weight = _without_head(blocks, weight, headline)
    best = heaviest(blocks, weight)
    if best is not None and headline is not None and (own := _own_box(blocks, weight, best, headline)) is not None:
        weight = _confined(blocks, weight, own, headline)
        best = heaviest(blocks, weight)
    return None if best is None else grown(blocks, weight, best)


def _own_box(blocks: Blocks, weight: Sequence[float], best: int, headline: int) -> int | None:
    """The box around the headline in which the article must be, where ``best`` (the heaviest box) stands in another
    one that ends before the headline, holds more links than prose, or a menu and little more prose than the
    headline's; None where ``best`` may be the article. The headline's box must print a header line and, besides it,
    a text or a file."""
    boxes = blocks.boxes
    if boxes[best].first <= headline < boxes[best].last:
        return None
    branch = best
    for box in blocks.ancestors(best):
        if boxes[box].first <= headline < boxes[box].last:
            break
        branch = box
    first, last = boxes[branch].first, boxes[branch].last
    prose = sum(weight[boxes[best].first : boxes[best].last])
    if prose > _LONG and last > headline:
        return None
    own = None
    for box in blocks.ancestors(blocks.blocks[headline].box):
        if blocks.inside(best, box):
            break
        own = box
    if own is None or not _speaks(blocks, weight, headline, boxes[own].last):
        return None
    around = blocks.blocks[first:last]
    if last <= headline or sum(b.links for b in around) > sum(w for w in weight[first:last] if w > 0):
        return own
    menu = sum(b.links > LINK_SHARE * len(b.text) for b in around) >= _MENU
    said = sum(w for w in weight[headline + 1 : boxes[own].last] if w > 0)
    return own if menu and said >= _RIVAL * prose else None


#: Characters of prose from which a box behind the headline is the article, whatever stands beside it.
_LONG = 600.0
#: Links in a column from which it is no article's, where the headline's box says at least this share of its prose.
_MENU, _RIVAL = 3, 0.5


def _without_head(blocks: Blocks, weight: list[float], headline: int) -> list[float]:
    """The weights with nothing to gain in the headline and its header lines: they would draw in what stands beside
    them."""
    weight = [*weight]
    for i in range(headline, min(headline + _HEAD, len(weight))):
        if i == headline or is_header_line(blocks.blocks[i]):
            weight[i] = min(weight[i], 0.0)
    return weight


#: Blocks from the headline on among which header lines stand.
_HEAD = 8


def _speaks(blocks: Blocks, weight: Sequence[float], headline: int, last: int) -> bool:
    lined = said = False
    for i in range(headline + 1, last):
        block = blocks.blocks[i]
        if is_header_line(block):
            lined = True
        elif weight[i] > 0 or (block.links and FILE.search(block.text)):
            said = said or not block.hidden
        if lined and said:
            return True
    return False


def _confined(blocks: Blocks, weight: Sequence[float], own: int, headline: int) -> list[float]:
    """The weights with nothing to gain outside of a box, nor in its headline and header lines."""
    article = range(headline + 1, blocks.boxes[own].last)
    gains = [i in article and not is_header_line(block) for i, block in enumerate(blocks.blocks)]
    return [w if gain else min(w, 0.0) for w, gain in zip(weight, gains, strict=True)]
