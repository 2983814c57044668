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
_BOLD = frozenset(["b", "strong"])
#: Elements that aren't boxes.
_SPECIAL = _INLINE | _SKIPPED | {"br", "hr", "img", "-comment", "textarea", "input"}
#: Below this depth an element's text is taken as one block: Python's own stack is the limit.
_DEEPEST = 300
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Zero-width characters and soft hyphens, which str.split does not take for spaces.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


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
    """An anchor and where it stands: the index of the block that it is in or before."""

    href: str
    text: str
    title: str
    block: int


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
    #: Comments, with the index of the block that follows.
    comments: list[tuple[str, int]] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)
    #: Judgements on marks: a page uses few classes many times.
    _foreign: dict[str, bool] = field(default_factory=dict)

    def inside(self, box: int, ancestor: int) -> bool:
        """Whether a box is the ancestor itself or lies in it."""
        return ancestor <= box < self.boxes[ancestor].end

    def foreign(self, box: int) -> bool:
        """Whether the box's class or id says that it holds something other than the article."""
        mark = self.boxes[box].mark
        known = self._foreign.get(mark)
        if known is None:
            known = self._foreign[mark] = is_foreign(mark)
        return known

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
        self.buffer: list[str] = []
        self.linked = 0
        self.bold = 0
        self.link_depth = 0
        self.bold_depth = 0
        self.box = -1
        self.heading = 0
        self.hidden = False
        self.pre = 0

    def flush(self) -> None:
        if text := _line("".join(self.buffer)):
            size = len(text)
            bold = self.bold * 10 >= size * 9
            self.out.blocks.append(Block(text, self.box, min(self.linked, size), self.heading, self.hidden, bold))
        self.buffer.clear()
        self.linked = 0
        self.bold = 0

    def lines(self, text: str) -> None:
        for line in text.split("\n"):
            self.buffer.append(line)
            self.flush()

    def count(self, text: str) -> None:
        size = len(text.strip())
        if self.link_depth:
            self.linked += size
        if self.bold_depth:
            self.bold += size

    def container(self, node: Node, tag: str, depth: int) -> None:
        if self.buffer:
            self.flush()
        mark, hidden = "", self.hidden
        if attributes := node.attributes:
            names, ident = attributes.get("class"), attributes.get("id")
            if names or ident:
                mark = f"{names or ''} {ident or ''}".strip().lower()
            if not hidden:
                style = attributes.get("style")
                hidden = "hidden" in attributes or bool(style and _HIDDEN.search(style))
        out = self.out
        index = len(out.boxes)
        out.boxes.append(Box(self.box, tag, mark, node, len(out.blocks), hidden=hidden))
        outer = self.box, self.heading, self.hidden
        self.box, self.hidden = index, hidden
        self.heading = _HEADINGS.get(tag, self.heading)
        if depth < _DEEPEST:
            self.pre += tag == "pre"
            self.children(node, depth)
            self.pre -= tag == "pre"
        else:
            self.buffer.append(node.text(separator=" "))
        if self.buffer:
            self.flush()
        box = out.boxes[index]
        box.last, box.end = len(out.blocks), len(out.boxes)
        self.box, self.heading, self.hidden = outer

    def anchor(self, node: Node, depth: int) -> None:
        attributes = node.attributes
        href = (attributes.get("href") or "").strip()
        only = node.first_child
        if only is not None and only.tag == "-text" and only.next is None and not self.pre:
            # Nearly every link is one text: the common case without the machinery below.
            text = only.text_content or ""
            if self.buffer or not text.isspace():
                self.buffer.append(text)
                size = len(text.strip())
                self.linked += size
                if self.bold_depth:
                    self.bold += size
            if href:
                link = Link(href, " ".join(text.split()), attributes.get("title") or "", len(self.out.blocks))
                self.out.links.append(link)
            return
        before, at = len(self.buffer), len(self.out.blocks)
        self.link_depth += 1
        self.children(node, depth)
        self.link_depth -= 1
        if href:
            blocks = self.out.blocks
            parts = self.buffer[before:] if len(blocks) == at else [b.text for b in blocks[at:]] + self.buffer
            self.out.links.append(Link(href, " ".join("".join(parts).split()), attributes.get("title") or "", at))

    def children(self, node: Node, depth: int) -> None:
        child = node.first_child
        buffer = self.buffer
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content
                # White space between elements is no text of its own: most text nodes are just that.
                if text and self.pre and "\n" in text:
                    self.lines(text)
                elif text and (buffer or not text.isspace()):
                    buffer.append(text)
                    if self.link_depth or self.bold_depth:
                        self.count(text)
            elif tag not in _SPECIAL:
                self.container(child, tag, depth + 1)
            elif tag == "a" and depth < _DEEPEST:
                self.anchor(child, depth + 1)
            elif tag in _INLINE and depth < _DEEPEST:
                bold = tag in _BOLD
                self.bold_depth += bold
                self.children(child, depth + 1)
                self.bold_depth -= bold
            elif tag == "br":
                if buffer:
                    self.flush()
            else:
                self.other(child, tag, depth)
            child = child.next

    def other(self, node: Node, tag: str, depth: int) -> None:
        if tag == "img":
            attributes = node.attributes
            source = attributes.get("src") or attributes.get("data-src") or attributes.get("data-original")
            if source:
                alt = _line(attributes.get("alt") or "")
                self.out.images.append(Image(source.strip(), alt, len(self.out.blocks), self.box))
        elif tag == "-comment":
            self.out.comments.append(((node.comment_content or "").strip(), len(self.out.blocks)))
        elif tag == "textarea":
            self.out.held.append(node.text())
        elif tag == "hr":
            self.flush()
        elif tag in _INLINE:
            self.container(node, tag, depth + 1)


def _line(text: str) -> str:
    """`crawler.text.one_line`, in the way that is fastest where nothing invisible stands in the text."""
    if not text.isascii() and _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def walk(root: Node) -> Blocks:
    """The blocks and boxes below an element."""
    walker = _Walk()
    walker.container(root, root.tag or "html", 0)
    return walker.out
