"""A page as a flat list of text blocks inside a tree of boxes, made in one walk.

A block is what stands on its own in the layout: a paragraph, a heading, a cell, a line ended by
``<br>``. A box is an element that holds blocks. Every reader works on these lists and none walks the
page again; each text is in exactly one block, so that nothing can be read twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extract.furniture import is_foreign
from crawler.extract.tree import Node

#: Heading elements and their levels.
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


@dataclass(slots=True)
class Box:
    """An element that holds blocks ``first`` up to, not including, ``last``. ``mark`` is its class
    and id in lower case."""

    parent: int
    tag: str
    mark: str
    node: Node
    first: int
    last: int = 0
    end: int = 0
    hidden: bool = False


@dataclass(slots=True)
class Block:
    """One text. ``links``: how many of its characters stand in links; ``heading`` 1-6, else 0."""

    text: str
    box: int
    links: int = 0
    heading: int = 0
    hidden: bool = False
    bold: bool = False


@dataclass(slots=True)
class Link:
    """An anchor and where it stands: the index of the block that it is in or before. Its attributes are
    read when they are asked for: of a page's links few ever are. ``printed``: its text, spaces as they are."""

    node: Node
    printed: str
    block: int

    @property
    def text(self) -> str:
        """The text on one line."""
        return " ".join(self.printed.split())

    @property
    def href(self) -> str:
        """The address as written; empty for a named anchor."""
        return (self.node.attributes.get("href") or "").strip()

    @property
    def title(self) -> str:
        """What the page shows over the link."""
        return self.node.attributes.get("title") or ""


@dataclass(slots=True)
class Image:
    """A picture and the block that it stands before."""

    src: str
    alt: str
    block: int
    box: int


@dataclass(slots=True)
class Blocks:
    """The walk's result, all in document order. Box 0 is the root."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    #: Sources that hold markup as text (textarea), to be parsed on their own.
    held: list[str] = field(default_factory=list)
    #: The names of all elements that were met.
    tags: set[str] = field(default_factory=set)
    _places: dict[int, int] = field(default_factory=dict)

    def inside(self, box: int, ancestor: int) -> bool:
        """Whether a box is the ancestor itself or lies in it."""
        return ancestor <= box < self.boxes[ancestor].end

    def foreign(self, box: int) -> bool:
        """Whether the box's class or id says that it holds something other than the article."""
        mark = self.boxes[box].mark
        return bool(mark) and is_foreign(mark)

    def ancestors(self, box: int) -> list[int]:
        """The box and those around it, innermost first."""
        chain = []
        while box >= 0:
            chain.append(box)
            box = self.boxes[box].parent
        return chain

    def box_of(self, node: Node) -> int | None:
        """The box of an element, or None where it is inline or holds no box."""
        if not self._places:
            self._places.update((box.node.mem_id, index) for index, box in enumerate(self.boxes))
        return self._places.get(node.mem_id)
