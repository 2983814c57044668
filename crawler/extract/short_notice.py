"""Notices of a line or two, which no density tells from a page's furniture: their headline does."""

from __future__ import annotations

from collections.abc import Set

from crawler.extract.blocks import Blocks
from crawler.extract.body import Body, Judged
from crawler.extract.density import LINK_SHARE
from crawler.extract.header_lines import is_header_line
from crawler.extract.side_column import FILE
from crawler.extract.tables import rows
from crawler.model import Dropped


def after_title(blocks: Blocks, judged: Judged, title: int, taken: Set[int]) -> Body | None:
    """The body of a notice too short for `density`: what follows the headline in the box around it."""
    rules = judged[0]
    chain = blocks.ancestors(blocks.blocks[title].box)
    box = next((b for b in chain if blocks.boxes[b].last > title + 1), None)
    if box is None:
        return None
    kept: list[int] = []
    ledger: list[Dropped] = []
    for i in range(title + 1, blocks.boxes[box].last):
        block = blocks.blocks[i]
        rule = (
            rules[i]
            or ("header_table" if i in taken else None)
            or ("header_line" if is_header_line(block) else None)
        )
        linked = block.links > LINK_SHARE * len(block.text) and not FILE.search(block.text)
        rule = rule or ("links" if linked else None) or ("hidden" if block.hidden else None)
        if rule:
            ledger.append(Dropped(rule, block.text[:200]))
            if rule in ("previous_next", "related", "statement") and kept:
                break
        else:
            kept.append(i)
    if len(kept) > _SHORT_BLOCKS:
        return None
    return Body(box, kept, "after_title", rows(blocks, kept), ledger)


#: More blocks than this behind the headline are a page's furniture, not a short notice.
_SHORT_BLOCKS = 30
