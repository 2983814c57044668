"""A page's elements as light objects with parents, for readers that walk up and sideways.

lexbor's own nodes are made anew at each step; the listing readers compare and walk thousands of
them, so the page is copied once, without scripts, styles and comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extract.tree import Node, Tree
from crawler.text import one_line

_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "iframe", "object", "svg", "option", "select", "-comment"]
)
#: Elements that a page may hold before it is cut; the largest real listing seen has 21,000.
MAX_NODES = 200_000


class Box:
    """One element: tag, attributes, parent, and children in order (elements and texts)."""

    __slots__ = ("attrs", "kids", "order", "parent", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], parent: Box | None, order: int) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.kids: list[Box | str] = []
        self.order = order

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attrs}>"

    @property
    def names(self) -> str:
        """Class and id, lower case: what the page's makers call this element."""
        return f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}".lower().strip()

    @property
    def hidden(self) -> bool:
        """Whether the element itself is switched off by its own attributes."""
        style = self.attrs.get("style", "").replace(" ", "").lower()
        return "hidden" in self.attrs or "display:none" in style or "visibility:hidden" in style

    def above(self) -> Iterator[Box]:
        """The ancestors, nearest first."""
        box = self.parent
        while box is not None:
            yield box
            box = box.parent

    def within(self, other: Box) -> bool:
        """Whether this is ``other`` or stands inside of it."""
        return self is other or any(b is other for b in self.above())

    def boxes(self) -> Iterator[Box]:
        """This element and all below it, in document order."""
        stack: list[Box] = [self]
        while stack:
            box = stack.pop()
            yield box
            stack.extend(k for k in reversed(box.kids) if isinstance(k, Box))

    def texts(self) -> Iterator[tuple[str, Box]]:
        """Each non-empty text below, on one line, with its element."""
        stack: list[tuple[Box | str, Box]] = [(self, self)]
        while stack:
            item, owner = stack.pop()
            if isinstance(item, Box):
                stack.extend((k, item) for k in reversed(item.kids))
            elif text := one_line(item):
                yield text, owner

    @property
    def text(self) -> str:
        """All text below, on one line."""
        parts: list[str] = []
        stack: list[Box | str] = [self]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                parts.append(item)
                continue
            if item.tag in _BLOCKS:
                parts.append(" ")
            stack.extend(reversed(item.kids))
        return one_line("".join(parts))


_BLOCKS = frozenset(
    [
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "td",
        "tr",
        "th",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
    ]
)


def outline(tree: Tree) -> tuple[Box, dict[int, Box]]:
    """The body as boxes, and the box of each lexbor node by its ``mem_id``."""
    top = Box("body", {}, None, 0)
    known: dict[int, Box] = {}
    start = tree.body or tree.root
    if start is None:
        return top, known
    known[start.mem_id] = top
    stack: list[tuple[Node | None, Box]] = [(start.first_child, top)]
    count = 0
    while stack and count < MAX_NODES:
        node, parent = stack.pop()
        while node is not None:
            count += 1
            tag = node.tag or ""
            following = node.next
            if tag == "-text":
                parent.kids.append(node.text_content or "")
            elif tag not in _SKIPPED:
                box = Box(tag, {k: v or "" for k, v in node.attributes.items()}, parent, count)
                parent.kids.append(box)
                known[node.mem_id] = box
                if (child := node.first_child) is not None:
                    stack.append((following, parent))
                    node, parent = child, box
                    continue
            node = following
    return top, known
