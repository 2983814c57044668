"""A page as a flat list of text blocks inside a tree of boxes, made in one walk.

A block is what stands on its own in the layout: a paragraph, a heading, a cell, a line ended by
``<br>``. A box is an element that holds blocks. Every reader works on these lists and none walks the
page again; each text is in exactly one block, so that nothing can be read twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.extract.furniture import is_foreign
from crawler.extract.tree import Node

_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
_SKIPPED = frozenset([
    "script", "style", "noscript", "template", "iframe", "object", "embed", "select", "button", "svg", "head",
    "title",
    "canvas", "audio", "video", "map", "math",
])  # fmt: skip
#: What each element is to the walk; all others are boxes. One look-up decides: this is the innermost loop.
_TEXT, _PLAIN, _BOLD, _ANCHOR, _BREAK, _OTHER, _SKIP, _BOX = range(8)
_KINDS = {
    "-text": _TEXT, **dict.fromkeys(_SKIPPED, _SKIP), **dict.fromkeys(_INLINE, _PLAIN), "b": _BOLD,
    "strong": _BOLD, "a": _ANCHOR, "br": _BREAK, "-comment": _SKIP, "input": _SKIP, "img": _OTHER, "hr": _OTHER,
    "textarea": _OTHER,
}  # fmt: skip
#: Below this depth an element's text is taken as one block: Python's own stack is the limit.
_DEEPEST = 300
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Zero-width characters and soft hyphens, which str.split does not take for spaces.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
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


class _Walk:
    def __init__(self) -> None:
        self.out = Blocks()
        self.boxes, self.blocks = self.out.boxes, self.out.blocks
        self.buffer: list[str] = []
        self.linked = 0
        self.bold = 0
        self.link_depth = 0
        self.bold_depth = 0
        self.box = -1
        self.heading = 0
        self.hidden = False
        self.pre = 0
        #: The kind and name of each tag by the parser's number for it, which costs less than its name.
        self.known: dict[int, tuple[int, str]] = {}

    def learn(self, node: Node, number: int) -> tuple[int, str]:
        tag = node.tag or ""
        self.known[number] = entry = _KINDS.get(tag, _BOX), tag
        return entry

    def flush(self) -> None:
        buffer = self.buffer
        # `_line`, written out: this is called for each block.
        text = " ".join((buffer[0] if len(buffer) == 1 else "".join(buffer)).split())
        if text and (text.isprintable() or (text := _line(text))):
            size = len(text)
            bold = self.bold > 0 and self.bold * 10 >= size * 9
            linked = self.linked if self.linked < size else size
            self.blocks.append(Block(text, self.box, linked, self.heading, self.hidden, bold))
        buffer.clear()
        self.linked = 0
        self.bold = 0

    def lines(self, text: str) -> None:
        for line in text.split("\n"):
            self.buffer.append(line)
            self.flush()

    def container(self, node: Node, tag: str, depth: int) -> None:
        buffer = self.buffer
        if buffer:
            self.flush()
        mark, outer_hidden = "", self.hidden
        hidden = outer_hidden
        if attributes := node.attributes:
            names, ident = attributes.get("class"), attributes.get("id")
            if names or ident:
                mark = (f"{names} {ident or ''}" if names else ident or "").strip().lower()
            if not hidden:
                style = attributes.get("style")
                hidden = "hidden" in attributes or bool(style and _HIDDEN.search(style))
        boxes, blocks = self.boxes, self.blocks
        outer, heading = self.box, self.heading
        self.box = len(boxes)
        self.hidden = hidden
        box = Box(outer, tag, mark, node, len(blocks), 0, 0, hidden)
        boxes.append(box)
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        if depth >= _DEEPEST:
            buffer.append(node.text(separator=" "))
        elif tag == "pre":
            self.pre += 1
            self.children(node.first_child, depth)
            self.pre -= 1
        elif (child := node.first_child) is not None:
            self.children(child, depth)
        if buffer:
            self.flush()
        box.last, box.end = len(blocks), len(boxes)
        self.box, self.heading, self.hidden = outer, heading, outer_hidden

    def anchor(self, node: Node, depth: int) -> None:
        only = node.first_child
        blocks = self.blocks
        if only is not None and only.tag == "-text" and only.next is None and not self.pre:
            # Nearly every link is one text: the common case without the machinery below.
            text = only.text_content or ""
            if self.buffer or not text.isspace():
                self.buffer.append(text)
                size = len(text.strip())
                self.linked += size
                if self.bold_depth:
                    self.bold += size
            self.out.links.append(Link(node, text, len(blocks)))
            return
        before, at = len(self.buffer), len(blocks)
        self.link_depth += 1
        self.children(only, depth)
        self.link_depth -= 1
        parts = self.buffer[before:] if len(blocks) == at else [b.text for b in blocks[at:]] + self.buffer
        self.out.links.append(Link(node, "".join(parts), at))

    def children(self, child: Node | None, depth: int) -> None:
        buffer, known, depth = self.buffer, self.known, depth + 1
        while child is not None:
            number = child.tag_id
            try:
                kind, tag = known[number]
            except KeyError:
                kind, tag = self.learn(child, number)
            if kind == _TEXT:
                # White space between elements is no text of its own: most text nodes are just that, and
                # the parser says so without making a string of them.
                if (buffer or not child.is_empty_text_node or self.pre) and (text := child.text_content):
                    if self.pre and "\n" in text:
                        self.lines(text)
                    elif buffer or not text.isspace():
                        buffer.append(text)
                        if self.link_depth or self.bold_depth:
                            size = len(text.strip())
                            self.linked += size if self.link_depth else 0
                            self.bold += size if self.bold_depth else 0
            elif kind == _BOX:
                self.container(child, tag, depth)
            elif kind == _BREAK:
                if buffer:
                    self.flush()
            elif kind == _OTHER:
                self.other(child, tag)
            elif kind != _SKIP:
                if depth > _DEEPEST:
                    self.container(child, tag, depth)
                elif kind == _PLAIN:
                    self.children(child.first_child, depth)
                elif kind == _ANCHOR:
                    self.anchor(child, depth)
                else:
                    self.bold_depth += 1
                    self.children(child.first_child, depth)
                    self.bold_depth -= 1
            child = child.next

    def other(self, node: Node, tag: str) -> None:
        if tag == "img":
            attributes = node.attributes
            source = attributes.get("src") or attributes.get("data-src") or attributes.get("data-original")
            if source:
                alt = _line(attributes.get("alt") or "")
                self.out.images.append(Image(source.strip(), alt, len(self.out.blocks), self.box))
        elif tag == "textarea":
            self.out.held.append(node.text())
        else:
            self.flush()


def _line(text: str) -> str:
    """`crawler.text.one_line`, in the way that is fastest where nothing invisible stands in the text."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_INVISIBLE.sub("", text).split())


def walk(root: Node) -> Blocks:
    """The blocks and boxes below an element."""
    walker = _Walk()
    walker.container(root, root.tag or "html", 0)
    walker.out.tags = {tag for _, tag in walker.known.values()}
    return walker.out
