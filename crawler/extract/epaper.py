"""E-newspaper pages: one HTML page that holds several articles, cut apart."""

from __future__ import annotations

import re

from crawler.extract.newspaper import Piece, cut_blocks, lead
from crawler.extract.outline import Box, outline
from crawler.extract.tree import Tree
from crawler.model import Page
from crawler.text import one_line

__all__ = ["Piece", "cut", "cut_blocks", "lead"]

#: Words of which an e-newspaper page with two articles has at least two; and how much is searched.
_HINT = re.compile(
    r"本报[^<>,。,]{0,10}讯|本报[^<>,。,]{0,6}记者|(?:日报|晚报|晨报|时报|都市报|早报)[^<>,。,]{0,6}记者"
)
_SEARCHED = 400_000
_PAPER_MARK = re.compile(
    r"第\s?[A-Z]?\d{1,3}\s?版|[A-Z]\d{2}\s?版|版次|版面|数字报|电子报|epaper|szb|founder-|"
    r"enpcontent|node_\d+|paper\.|/html/\d{4}-\d{2}/\d{2}/",
    re.I,
)
_BLOCK_TAGS = frozenset(
    {
        "p", "div", "br", "li", "ul", "ol", "td", "tr", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "dl",
        "dt", "dd", "section", "article", "blockquote", "center", "pre", "body",
    }
)  # fmt: skip


def cut(tree: Tree, page: Page) -> list[tuple[str, str | None, tuple[str, ...]]] | None:
    """The articles of a page that holds several in one HTML: title, subtitle, paragraphs each.

    None when the page is one article, which costs one search over its source. Advertisements and
    notices (遗失声明, 公告栏) are typed out and left off.
    """
    if tree.text.count("本报") + tree.text.count("记者") < 2 or len(_HINT.findall(tree.text, 0, _SEARCHED)) < 2:
        return None
    body, _ = outline(tree)
    pieces = cut_blocks(_blocks_of(body))
    if pieces is None or not _PAPER_MARK.search(page.url + " " + tree.title + " " + tree.text[:_SEARCHED]):
        return None
    return [(p.title, p.subtitle, p.paragraphs) for p in pieces if p.kind == "article"]


def _blocks_of(body: Box) -> list[str]:
    """The text blocks of a page in order, without those that are mostly links."""
    found: list[str] = []
    run: list[tuple[str, bool]] = []

    def close() -> None:
        text = one_line("".join(t for t, _ in run))
        linked = sum(len(one_line(t)) for t, in_link in run if in_link)
        if text and linked <= 0.5 * len(text):
            found.append(text)
        run.clear()

    stack: list[tuple[Box | str | None, bool]] = [(body, False)]
    while stack:
        item, in_link = stack.pop()
        if item is None:
            close()
        elif isinstance(item, str):
            run.append((item, in_link))
        else:
            block = item.tag in _BLOCK_TAGS
            if block:
                close()
                stack.append((None, False))
            stack.extend((k, in_link or item.tag == "a") for k in reversed(item.kids))
    close()
    return found
