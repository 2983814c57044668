"""What stands beside the article's box, for the boilerplate ledger: the box itself is the rule that left it out."""

from __future__ import annotations

from crawler.extract.blocks import Blocks
from crawler.extract.body import Body
from crawler.model import Dropped

#: Blocks on each side of the article's box that are listed: more is the page's menu, link by link.
NEAREST = 12
#: Characters of a block that the ledger keeps.
_KEPT = 200


def beside(blocks: Blocks, body: Body, *, title: int | None) -> tuple[list[Dropped], list[Dropped]]:
    """The nearest blocks before and behind the box of a body, as ``outside_body``; ``title`` is the block of
    the headline, which is read and so not left out."""
    box = blocks.boxes[body.box]
    first, last = box.first, max(box.last, body.kept[-1] + 1 if body.kept else 0)
    before = range(max(0, first - NEAREST), first)
    behind = range(last, min(len(blocks.blocks), last + NEAREST))
    return _listed(blocks, before, title), _listed(blocks, behind, title)


def _listed(blocks: Blocks, places: range, title: int | None) -> list[Dropped]:
    return [Dropped("outside_body", blocks.blocks[i].text[:_KEPT]) for i in places if i != title]
