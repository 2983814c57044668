"""The walk that makes a page's blocks and boxes: one pass over the tree, without recursion.

This is the innermost loop of all reading: about a third of the time that a page takes. One look-up by the
parser's number for a tag says what an element is to the walk, and open elements wait on a stack of our own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extract.blocks import HEADINGS, Block, Blocks, Box, Image, Link
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
#: Below this depth an element's text is taken as one block: no layout nests so, only broken pages do.
_DEEPEST = 300
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Zero-width characters and soft hyphens, which str.split does not take for spaces.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

#: The parser's number for a text.
_TEXT_NUMBER = 2
#: An open element: itself, its kind, its box, and what holds again behind it (a box's surroundings; how much
#: stood before an anchor).
_Frame = tuple[Node, int, Box | None, int, int, bool]


@lru_cache(maxsize=4096)
def _switched_off(style: str) -> bool:
    """Whether a style attribute hides its element. A page has few of them, again and again."""
    return bool(_HIDDEN.search(style))


#: Made without their constructors, which took 5% of a page's time.
_new_block, _new_box = Block.__new__, Box.__new__


class _Walk:
    __slots__ = (
        "blocks", "bold", "bold_depth", "box", "boxes", "buffer", "heading", "hidden", "known", "link_depth",
        "linked", "marks", "out", "pre",
    )  # fmt: skip

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
        self.marks: dict[str, str] = {}
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
            block = _new_block(Block)
            block.text, block.box, block.links, block.heading = text, self.box, linked, self.heading
            block.hidden, block.bold = self.hidden, bold
            self.blocks.append(block)
        buffer.clear()
        self.linked = 0
        self.bold = 0

    def lines(self, text: str) -> None:
        for line in text.split("\n"):
            self.buffer.append(line)
            self.flush()

    def opened(self, node: Node, tag: str, stack: list[_Frame]) -> Node | None:
        """The first child of an element that is a box now; None where nothing below it is to be walked."""
        boxes, blocks, outer = self.boxes, self.blocks, self.box
        mark, hidden = "", self.hidden
        if attributes := node.attributes:
            names, ident = attributes.get("class"), attributes.get("id")
            if names and not ident:
                # Rows share their class: what is written again and again is turned to lower case once.
                mark = self.marks.get(names) or self.marks.setdefault(names, names.strip().lower())
            elif ident:
                mark = (f"{names} {ident}" if names else ident).strip().lower()
            if not hidden:
                style = attributes.get("style")
                hidden = "hidden" in attributes or bool(style and _switched_off(style))
        index = len(boxes)
        box = _new_box(Box)
        box.parent, box.tag, box.mark, box.node, box.hidden = outer, tag, mark, node, hidden
        box.first = box.last = len(blocks)
        box.end = index + 1
        boxes.append(box)
        below = node.first_child
        if below is None:
            return None
        frame = (node, _BOX, box, outer, self.heading, self.hidden)
        self.box, self.hidden = index, hidden
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        if len(stack) >= _DEEPEST:
            self.buffer.append(node.text(separator=" "))
            self.flush()
            box.last = len(blocks)
            self.box, self.heading, self.hidden = frame[3:]
            return None
        if tag == "pre":
            self.pre += 1
        stack.append(frame)
        return below

    def run(self, root: Node) -> None:
        """Everything below an element, and the element itself as box 0."""
        buffer, known, boxes, blocks, links = self.buffer, self.known, self.boxes, self.blocks, self.out.links
        stack: list[_Frame] = []
        node = self.opened(root, root.tag or "html", stack)
        while stack:
            while node is not None:
                number = node.tag_id
                try:
                    kind, tag = known[number]
                except KeyError:
                    kind, tag = self.learn(node, number)
                if kind == _TEXT:
                    # White space between elements is no text of its own: most text nodes are just that, and
                    # the parser says so without making a string of them.
                    if (buffer or not node.is_empty_text_node or self.pre) and (text := node.text_content):
                        if self.pre and "\n" in text:
                            self.lines(text)
                        elif buffer or not text.isspace():
                            buffer.append(text)
                            if self.link_depth or self.bold_depth:
                                size = len(text.strip())
                                self.linked += size if self.link_depth else 0
                                self.bold += size if self.bold_depth else 0
                elif kind == _BOX or (kind <= _ANCHOR and len(stack) > _DEEPEST):
                    if buffer:
                        self.flush()
                    below = self.opened(node, tag, stack)
                    if below is not None:
                        node = below
                        continue
                elif kind == _BREAK:
                    if buffer:
                        self.flush()
                elif kind == _OTHER:
                    self.other(node, tag)
                elif kind != _SKIP:
                    below = node.first_child
                    if kind == _ANCHOR:
                        if below and below.tag_id == _TEXT_NUMBER and below.next is None and not self.pre:
                            # Nearly every link is one text: the common case without a frame.
                            text = below.text_content or ""
                            if buffer or not text.isspace():
                                buffer.append(text)
                                size = len(text.strip())
                                self.linked += size
                                if self.bold_depth:
                                    self.bold += size
                            links.append(Link(node, text, len(blocks)))
                            below = None
                        elif below is None:
                            links.append(Link(node, "", len(blocks)))
                        else:
                            self.link_depth += 1
                            stack.append((node, kind, None, len(buffer), len(blocks), False))
                    elif below is not None:
                        self.bold_depth += kind == _BOLD
                        stack.append((node, kind, None, 0, 0, False))
                    if below is not None:
                        node = below
                        continue
                node = node.next
            node, kind, box, one, two, hidden = stack.pop()
            if box is not None:
                if buffer:
                    self.flush()
                box.last, box.end = len(blocks), len(boxes)
                self.box, self.heading, self.hidden = one, two, hidden
                if box.tag == "pre":
                    self.pre -= 1
                if not stack:
                    return
            elif kind == _ANCHOR:
                self.link_depth -= 1
                parts = buffer[one:] if len(blocks) == two else [b.text for b in blocks[two:]] + buffer
                links.append(Link(node, "".join(parts), two))
            elif kind == _BOLD:
                self.bold_depth -= 1
            node = node.next

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
    walker.run(root)
    walker.out.tags = {tag for _, tag in walker.known.values()}
    return walker.out
