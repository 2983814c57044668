"""The one parse of a page that all readers share.

lexbor through selectolax: on the given pages .7 ms a page (median) against 1.3 ms for lxml, and it
mends broken HTML as browsers do. It is quadratic in nesting (100,000 open elements took 22 s), so
that the depth is measured on the text before the parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.model.values import QuarantineReason
from crawler.text import one_line

#: Characters; the largest page worth reading. Larger ones are refused as ``too_large``.
MAX_PAGE = 20_000_000
#: Open elements at one time; the deepest real page seen has under 100.
MAX_DEPTH = 2_000
#: Bytes at a page's beginning that may hold a document type; one that declares entities is refused, not expanded.
_PROLOG = 4_096
#: Opening and closing tags together; the largest real page seen has 15,754.
MAX_TAGS = 300_000
#: Attributes of one element.
MAX_ATTRIBUTES = 5_000
#: An element of so many attributes is at least this long.
_LONG_TAG = 10_000
_ATTRIBUTE_GAP = re.compile(rb"[\s/]+")
#: Below so many tags no nesting can hurt (10,000 nested elements parse in 0.13 s).
_SAFE_TAGS = 10_000
#: Bytes of ``<b>``.
_SHORTEST_TAG = 3
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
#: Elements that are never open (void), or that the next of their kind closes.
_NOT_NESTING = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot",
])  # fmt: skip
Node = LexborNode


class Refused(Exception):
    """A page that no reader may touch, with the reason for its quarantine."""

    def __init__(self, reason: QuarantineReason, evidence: str) -> None:
        super().__init__(f"{reason}: {evidence}")
        self.reason: QuarantineReason = reason
        self.evidence = evidence


class Tree:
    """A parsed page. ``text`` is its source, ``data`` the same in UTF-8, ``url`` its address."""

    def __init__(self, text: str, url: str, data: bytes | None = None) -> None:
        self.text = text
        self.data = text.encode("utf-8", "replace") if data is None else data
        self.url = url
        self.parser = LexborHTMLParser(self.data)

    @property
    def root(self) -> Node | None:
        """The html element."""
        return self.parser.root

    @property
    def body(self) -> Node | None:
        """The body element."""
        return self.parser.body

    def select(self, selector: str) -> list[Node]:
        """All elements of a CSS selector, in document order. Raises ``ValueError`` for a bad selector."""
        return select(self.parser, selector)

    def first(self, selector: str) -> Node | None:
        """The first element of a CSS selector."""
        found = self.select(selector)
        return found[0] if found else None

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The meta tags: name, property or itemprop in lower case → content. The first non-empty wins."""
        found: dict[str, str] = {}
        for node in self.parser.tags("meta"):
            attributes = node.attributes
            name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
            content = one_line(attributes.get("content"))
            if name and content:
                found.setdefault(name.strip().lower(), content)
        return found

    @cached_property
    def title(self) -> str:
        """The text of the title element of the head, on one line."""
        for node in self.parser.tags("title"):
            if text := one_line(node.text()):
                return text
        return ""


def parse(text: str, url: str = "") -> Tree:
    """Parse once. Raises `Refused` for a page that is too large or nested too deeply."""
    if len(text) > MAX_PAGE:
        raise Refused("too_large", f"{len(text)} characters; the limit is {MAX_PAGE}")
    data = text.encode("utf-8", "replace")
    if b"<!ENTITY" in data[:_PROLOG]:
        raise Refused("unreadable", "the document type declares entities")
    tags = data.count(b"<") if len(data) > _SAFE_TAGS * _SHORTEST_TAG else 0
    if tags > MAX_TAGS:
        raise Refused("too_large", f"{tags} tags; the limit is {MAX_TAGS}")
    if tags > _SAFE_TAGS and (depth := nesting(text)) > MAX_DEPTH:
        raise Refused("unreadable", f"elements nested {depth} deep; the limit is {MAX_DEPTH}")
    if len(data) > _LONG_TAG and _overloaded(data):
        raise Refused("unreadable", f"an element with more than {MAX_ATTRIBUTES} attributes")
    if b"\0" in data:
        return Tree(text.replace("\0", ""), url)
    return Tree(text, url, data)


def _overloaded(text: bytes) -> bool:
    """Whether one element has so many attributes that the parser, quadratic in them, would hang
    (300,000 took 338 s)."""
    for part in _long_parts(text):
        opened = part.rfind(b"<")
        if opened >= 0 and len(_ATTRIBUTE_GAP.findall(part, opened)) > MAX_ATTRIBUTES:
            return True
        if part.count(b'="<') + part.count(b"='<") and part.count(b"=") > MAX_ATTRIBUTES:
            return True
    return False


def _long_parts(text: bytes) -> Iterator[bytes]:
    """The stretches between two ``>`` that are at least `_LONG_TAG` long: a jump from mark to mark, since
    nearly every stretch of that length holds one."""
    start, end = 0, len(text)
    while start + _LONG_TAG <= end:
        last = text.rfind(b">", start, start + _LONG_TAG)
        if last >= 0:
            start = last + 1
            continue
        following = text.find(b">", start + _LONG_TAG)
        yield text[start : following if following >= 0 else end]
        if following < 0:
            return
        start = following + 1


def nesting(text: str) -> int:
    """An upper estimate of how many elements are open at one time, in one pass over the source."""
    depth = deepest = 0
    for closing, name in _TAG.findall(text):
        if name.lower() in _NOT_NESTING:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def select(node: Node | LexborHTMLParser, selector: str) -> list[Node]:
    """All elements below a node. Raises ``ValueError`` for a bad selector."""
    try:
        return list(node.css(selector))
    except SelectolaxError as error:
        raise ValueError(f"not a CSS selector: {selector}") from error


def attribute(node: Node, name: str) -> str:
    """An attribute's value, trimmed; empty where there is none."""
    return (node.attributes.get(name) or "").strip()


def text_of(node: Node) -> str:
    """The visible text of an element on one line, without scripts and styles."""
    return one_line("".join(_texts(node, 0)))


def _texts(node: Node, depth: int) -> Iterator[str]:
    child = node.first_child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            yield child.text_content or ""
        elif tag == "br":
            yield " "
        elif tag not in ("script", "style", "noscript", "template") and depth < 250:
            yield from _texts(child, depth + 1)
        child = child.next
