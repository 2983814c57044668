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
_new_block, _new_box, _new_link = Block.__new__, Box.__new__, Link.__new__


def walk(root: Node) -> Blocks:
    """The blocks and boxes below an element, and the element itself as box 0.

    One long function on purpose: what it keeps in local names cost an eighth more as attributes of an object.
    """
    out = Blocks()
    boxes, blocks, links = out.boxes, out.blocks, out.links
    buffer: list[str] = []
    put = buffer.append
    stack: list[_Frame] = []
    #: The kind and name of each tag by the parser's number for it, which costs less than its name.
    known: dict[int, tuple[int, str]] = {root.tag_id: (_BOX, root.tag or "html")}
    marks: dict[str, str] = {}
    #: Where the walk stands: its box, heading and visibility, and how many anchors, bold elements, pre are open.
    here, heading, hidden = -1, 0, False
    link_depth = bold_depth = pre = 0
    #: How many characters of the buffer stand in links, and in bold type.
    linked = bold = 0
    node: Node | None = root
    while True:
        while node is not None:
            number = node.tag_id
            if number == _TEXT_NUMBER:
                # White space between elements is no text of its own: most text nodes are just that, and the
                # parser says so without making a string of them.
                if (buffer or not node.is_empty_text_node or pre) and (text := node.text_content):
                    if pre and "\n" in text:
                        for line in text.split("\n"):
                            put(line)
                            _add(blocks, buffer, here, heading, hidden, linked, bold)
                            linked = bold = 0
                    elif buffer or not text.isspace():
                        put(text)
                        if link_depth or bold_depth:
                            size = len(text.strip())
                            if link_depth:
                                linked += size
                            if bold_depth:
                                bold += size
                node = node.next
                continue
            try:
                kind, tag = known[number]
            except KeyError:
                tag = node.tag or ""
                kind = _KINDS.get(tag, _BOX)
                known[number] = kind, tag
            if kind == _BOX or (kind <= _ANCHOR and len(stack) > _DEEPEST):
                if buffer:
                    _add(blocks, buffer, here, heading, hidden, linked, bold)
                    linked = bold = 0
                mark, off = "", hidden
                if attributes := node.attributes:
                    names, ident = attributes.get("class"), attributes.get("id")
                    if names and not ident:
                        # Rows share their class: what is written again and again is turned to lower case once.
                        mark = marks.get(names) or marks.setdefault(names, names.strip().lower())
                    elif ident:
                        mark = (f"{names} {ident}" if names else ident).strip().lower()
                    if not off:
                        style = attributes.get("style")
                        off = "hidden" in attributes or bool(style and _switched_off(style))
                index = len(boxes)
                box = _new_box(Box)
                # One by one: four at once would be packed and unpacked.
                box.parent = here
                box.tag = tag
                box.mark = mark
                box.node = node
                box.hidden = off
                box.first = box.last = len(blocks)
                box.end = index + 1
                boxes.append(box)
                if (below := node.first_child) is not None:
                    if len(stack) < _DEEPEST:
                        stack.append((node, _BOX, box, here, heading, hidden))
                        here, hidden = index, off
                        if tag in HEADINGS:
                            heading = HEADINGS[tag]
                        elif tag == "pre":
                            pre += 1
                        node = below
                        continue
                    put(node.text(separator=" "))
                    _add(blocks, buffer, index, HEADINGS.get(tag, heading), off, linked, bold)
                    linked = bold = 0
                    box.last = len(blocks)
            elif kind == _BREAK:
                if buffer:
                    _add(blocks, buffer, here, heading, hidden, linked, bold)
                    linked = bold = 0
            elif kind == _ANCHOR:
                below, text = node.first_child, ""
                if below is not None:
                    if below.tag_id != _TEXT_NUMBER or below.next is not None or pre:
                        link_depth += 1
                        stack.append((node, kind, None, len(buffer), len(blocks), False))
                        node = below
                        continue
                    # Nearly every link is one text: the common case without a frame.
                    text = below.text_content or ""
                    if buffer or not text.isspace():
                        put(text)
                        size = len(text.strip())
                        linked += size
                        bold += size if bold_depth else 0
                link = _new_link(Link)
                link.node = node
                link.printed = text
                link.block = len(blocks)
                links.append(link)
            elif kind == _OTHER:
                if tag == "img":
                    attributes = node.attributes
                    source = attributes.get("src") or attributes.get("data-src") or attributes.get("data-original")
                    if source:
                        alt = _line(attributes.get("alt") or "")
                        out.images.append(Image(source.strip(), alt, len(blocks), here))
                elif tag == "textarea":
                    out.held.append(node.text())
                elif buffer:
                    _add(blocks, buffer, here, heading, hidden, linked, bold)
                    linked = bold = 0
            elif kind != _SKIP and (below := node.first_child) is not None:
                bold_depth += kind == _BOLD
                stack.append((node, kind, None, 0, 0, False))
                node = below
                continue
            node = node.next
        if not stack:
            break
        node, kind, outer, one, two, was_hidden = stack.pop()
        if outer is not None:
            if buffer:
                _add(blocks, buffer, here, heading, hidden, linked, bold)
                linked = bold = 0
            outer.last, outer.end = len(blocks), len(boxes)
            here, heading, hidden = one, two, was_hidden
            if outer.tag == "pre":
                pre -= 1
            if not stack:
                break
        elif kind == _ANCHOR:
            link_depth -= 1
            parts = buffer[one:] if len(blocks) == two else [b.text for b in blocks[two:]] + buffer
            links.append(Link(node, "".join(parts), two))
        elif kind == _BOLD:
            bold_depth -= 1
        node = node.next
    out.tags = {tag for _, tag in known.values()}
    return out


def _add(
    blocks: list[Block], buffer: list[str], box: int, heading: int, hidden: bool, linked: int, bold: int
) -> None:
    """The buffer's text as a block, where it is one; the buffer is empty then."""
    # `_line`, written out: this is called for each block.
    text = " ".join((buffer[0] if len(buffer) == 1 else "".join(buffer)).split())
    buffer.clear()
    if text and (text.isprintable() or (text := _line(text))):
        size = len(text)
        block = _new_block(Block)
        block.text = text
        block.box = box
        block.links = linked if linked < size else size
        block.heading = heading
        block.hidden = hidden
        block.bold = bold > 0 and bold * 10 >= size * 9
        blocks.append(block)


def _line(text: str) -> str:
    """`crawler.text.one_line`, in the way that is fastest where nothing invisible stands in the text."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_INVISIBLE.sub("", text).split())
