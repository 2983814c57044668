"""副题 (under the headline) and 引题 (above it): kept apart from the headline, and out of the body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.extract.blocks import Block, Blocks
from crawler.extract.header_lines import is_header_line
from crawler.extract.title import Headline
from crawler.text import one_line, squeeze

_UNDER = re.compile(
    r"(?:^|[\s_-])(?:sub-?tit(?:le)?|fu-?(?:ti|bt|biaoti|title)|fbt|vice-?title|second-?title|deck)\w*(?:$|[\s_-])"
)
_ABOVE = re.compile(
    r"(?:^|[\s_-])(?:yin-?(?:ti|bt|biaoti|title)|jian-?(?:ti|bt|biaoti|title)|lead-?title|intro-?title|pre-?title|"
    r"shoulder|kicker)\w*(?:$|[\s_-])"
)
_EITHER = re.compile(r"(?:^|[\s_-])(?:sub-?head\w*)(?:$|[\s_-])")
_DASHES = ("——", "—", "――", "──", "--")
#: Characters; a longer line under a headline is a summary.
_LONGEST = 60
#: Characters; a shorter heading above a headline names its column.
_SHORTEST_ABOVE = 8


#: The names under which an e-newspaper's page states them for programs.
_STATED = ("enp:introtitle", "enp:subtitle")
#: Blocks around the headline among which they are printed.
_AROUND = 4


def find_subtitle(
    headline: Headline, blocks: Blocks, meta: Mapping[str, str] | None = None
) -> tuple[str, frozenset[int]] | None:
    """The 引题 and the 副题, each on a line of its own, and their blocks; None where there is neither. ``meta``
    may state both."""
    stated = [line for name in _STATED if (line := (meta or {}).get(name))]
    if stated:
        return "\n".join(stated), _printed(headline, blocks, stated)
    if headline.block is None:
        return None
    first, last = headline.block, _last(headline, blocks)
    above = first - 1 if first > 0 and _is_above(blocks, first) else None
    under = next((i for i in (last + 1, last + 2) if i < len(blocks.blocks) and _is_under(blocks, i)), None)
    found = [i for i in (above, under) if i is not None]
    lines = [one_line(blocks.blocks[i].text).lstrip("—―─- ") for i in found]
    kept = [line for line in lines if squeeze(line) not in squeeze(headline.text)]
    return ("\n".join(kept), frozenset(found)) if kept else None


def _printed(headline: Headline, blocks: Blocks, stated: Sequence[str]) -> frozenset[int]:
    if headline.block is None:
        return frozenset()
    wanted = {squeeze(line).strip("—―─-") for line in stated}
    around = range(max(0, headline.block - _AROUND), min(len(blocks.blocks), headline.block + _AROUND + 1))
    return frozenset(i for i in around if squeeze(blocks.blocks[i].text).strip("—―─-") in wanted)


def _last(headline: Headline, blocks: Blocks) -> int:
    """The last block of a headline that stands on several lines."""
    first, wanted = headline.block or 0, squeeze(headline.text)
    joined = ""
    for i in range(first, min(first + 4, len(blocks.blocks))):
        joined += squeeze(blocks.blocks[i].text)
        if not wanted.startswith(joined):
            break
        if joined == wanted:
            return i
    return first


def _short(block: Block, least: int) -> bool:
    return (
        least <= len(block.text) <= _LONGEST and not block.links and not block.hidden and not is_header_line(block)
    )


def _is_under(blocks: Blocks, i: int) -> bool:
    block = blocks.blocks[i]
    mark = blocks.boxes[block.box].mark
    return _short(block, 4) and (
        block.text.startswith(_DASHES) or bool(_UNDER.search(mark)) or bool(_EITHER.search(mark))
    )


def _is_above(blocks: Blocks, first: int) -> bool:
    """Whether the line above a headline is its 引题: named so, or a smaller heading in the same box."""
    block, head = blocks.blocks[first - 1], blocks.blocks[first]
    if not _short(block, 4):
        return False
    mark = blocks.boxes[block.box].mark
    if _ABOVE.search(mark) or _EITHER.search(mark):
        return True
    same = blocks.boxes[block.box].parent == blocks.boxes[head.box].parent
    return same and len(block.text) >= _SHORTEST_ABOVE and block.heading > head.heading > 0
