"""Where on a page date and source stand: around the headline, and behind the body."""

from __future__ import annotations

from crawler.extract.blocks import Blocks
from crawler.extract.body import Body
from crawler.extract.density import is_row
from crawler.extract.title import Headline

#: Blocks before the headline and behind the body that may hold date and source.
_BEFORE, _BEHIND = 8, 12
#: Blocks behind the body, links included, beyond which nothing is looked for.
_FARTHEST = 80


def header_and_tail(blocks: Blocks, headline: Headline | None, body: Body | None) -> tuple[list[int], list[int]]:
    """The blocks of the header (around the headline up to the first prose) and those at the end."""
    count = len(blocks.blocks)
    kept = body.kept if body else []
    prose = next((i for i in kept if len(blocks.blocks[i].text) > 40), kept[0] + 3 if kept else min(count, 60))
    title = headline.block if headline and headline.block is not None and headline.block <= prose else None
    start = max(0, (title if title is not None else prose - 25) - _BEFORE)
    header = list(range(start, min(prose + 1, count)))
    if title is not None:
        header = list(range(title + 1, min(prose + 1, count))) + list(range(start, title + 1))
    end = kept[-1] if kept else prose
    # Lists of links may stand between the body and the line that says when and by whom.
    tail = [i for i in range(end + 1, min(count, end + _FARTHEST)) if not is_row(blocks.blocks[i])]
    return header, [*range(max(0, end - 3), min(count, end + 1)), *tail[: _BEHIND - 1]]
