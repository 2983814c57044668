"""Blocks to paragraphs: the cells of a data table's row become one paragraph, ``a | b | c``."""

from __future__ import annotations

from crawler.extract.blocks import Blocks, Box

#: A layout table has a cell with more blocks than this; a data table's cells hold a few lines each.
_CELL_BLOCKS = 12
#: Characters of an average cell above which a table is layout.
_CELL_TEXT = 400
#: Characters of a cell that is an article, and its share of its table.
_ARTICLE, _ARTICLE_SHARE = 100, 0.7


def rows(blocks: Blocks, kept: list[int]) -> tuple[str, ...]:
    """The kept blocks as paragraphs in reading order."""
    tables = _data_tables(blocks, kept)
    out: list[str] = []
    row, cell = -1, -1
    for i in kept:
        block = blocks.blocks[i]
        now_row, now_cell = _place(blocks, block.box, tables) if tables else (-1, -1)
        if now_row >= 0 and now_row == row:
            out[-1] += (" " if now_cell == cell else " | ") + block.text
        else:
            out.append(block.text)
        row, cell = now_row, now_cell
    return tuple(out)


def _place(blocks: Blocks, box: int, tables: set[int]) -> tuple[int, int]:
    """The innermost row and cell around a box, where they belong to a data table; else (-1, -1)."""
    row = cell = -1
    while box >= 0:
        tag = blocks.boxes[box].tag
        if tag in ("td", "th") and cell < 0:
            cell = box
        elif tag == "tr" and row < 0:
            row = box
        elif tag == "table":
            return (row, cell) if box in tables else (-1, -1)
        box = blocks.boxes[box].parent
    return -1, -1


def _holds_article(blocks: Blocks, cell: Box, size: int) -> bool:
    """Whether one cell holds nearly all of a table's text, in paragraphs: the article beside its labels."""
    inside = blocks.blocks[cell.first : cell.last]
    return len(inside) > 1 and sum(len(b.text) for b in inside) >= max(_ARTICLE, _ARTICLE_SHARE * size)


def _data_tables(blocks: Blocks, kept: list[int]) -> set[int]:
    if "table" not in blocks.tags:
        return set()
    around = {box for start in {blocks.blocks[i].box for i in kept} for box in blocks.ancestors(start)}
    wanted = {box for box in around if blocks.boxes[box].tag == "table"}
    found = set()
    for table in wanted:
        boxes = blocks.boxes[table + 1 : blocks.boxes[table].end]
        if any(b.tag == "table" for b in boxes):
            continue
        cells = [b for b in boxes if b.tag in ("td", "th")]
        lines = sum(1 for b in boxes if b.tag == "tr")
        if lines == 0 or len(cells) < lines * 1.5:
            continue
        size = sum(len(b.text) for b in blocks.blocks[blocks.boxes[table].first : blocks.boxes[table].last])
        if any(_holds_article(blocks, cell, size) for cell in cells):
            continue
        if size <= _CELL_TEXT * len(cells) and all(b.last - b.first <= _CELL_BLOCKS * 5 for b in cells):
            found.add(table)
    return found
