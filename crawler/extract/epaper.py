"""E-newspaper pages: one HTML page that holds several articles, cut apart."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from crawler.extract import bilingual
from crawler.extract.blocks import Blocks
from crawler.extract.newspaper import Piece, cut_blocks, lead
from crawler.extract.tree import Tree
from crawler.model import Article, Dropped, Page
from crawler.text import squeeze

__all__ = ["Piece", "cut", "cut_blocks", "lead", "typed_out"]

#: Characters of an advertisement that the ledger keeps.
_KEPT = 300

#: Words of which an e-newspaper page with two articles has at least two; and how much is searched.
_HINT = re.compile(
    r"本报[^\n,。,]{0,10}讯|本报[^\n,。,]{0,6}记者|(?:日报|晚报|晨报|时报|都市报|早报)[^\n,。,]{0,6}记者"
)
_SEARCHED = 400_000
_PAPER_MARK = re.compile(
    r"第\s?[A-Z]?\d{1,3}\s?版|[A-Z]\d{2}\s?版|版次|版面|数字报|电子报|epaper|szb|founder-|"
    r"enpcontent|node_\d+|paper\.|/html/\d{4}-\d{2}/\d{2}/",
    re.I,
)


def cut(tree: Tree, blocks: Blocks, page: Page) -> list[tuple[str, str | None, tuple[str, ...]]] | None:
    """The articles of a page that holds several in one HTML: title, subtitle, paragraphs each; without its
    advertisements and notices. None when the page is one article."""
    pieces = _pieces(tree, blocks, page)
    return [(p.title, p.subtitle, p.paragraphs) for p in pieces if p.kind == "article"] if pieces else None


def typed_out(pieces: Sequence[Piece]) -> tuple[Dropped, ...]:
    """The advertisements and notices (遗失声明, 公告栏) of a page for the ledger, each under its type."""
    return tuple(Dropped(p.kind, " ".join((p.title, *p.paragraphs))[:_KEPT]) for p in pieces if p.kind != "article")


def _pieces(tree: Tree, blocks: Blocks, page: Page) -> tuple[Piece, ...] | None:
    """The pieces of a page that holds several articles, each with its type.

    None when the page is one article. What costs least is asked first, and the marks of an e-newspaper are
    looked for in the source only where its text falls into articles: that search took up to 8 ms a page.
    """
    # Blocks that are mostly links are other articles' headlines.
    texts = [b.text for b in blocks.blocks if b.links <= 0.5 * len(b.text)]
    shown = "\n".join(texts)
    if shown.count("本报") + shown.count("记者") < 2 or len(_HINT.findall(shown, 0, _SEARCHED)) < 2:
        return None
    pieces = cut_blocks(texts)
    if not pieces:
        return None
    if not (_PAPER_MARK.search(f"{page.url} {tree.title}") or _PAPER_MARK.search(tree.text, 0, _SEARCHED)):
        return None
    return pieces


def articles(article: Article, tree: Tree, blocks: Blocks, page: Page) -> tuple[Article, ...]:
    """The articles of an e-newspaper page, where it holds several; none otherwise."""
    found = []
    pieces = _pieces(tree, blocks, page) or ()
    out = typed_out(pieces)
    for title, subtitle, paragraphs in [(p.title, p.subtitle, p.paragraphs) for p in pieces if p.kind == "article"]:
        language, zh, en, pairs = bilingual.split(paragraphs)
        found.append(
            dataclasses.replace(
                article, title=title, subtitle=subtitle, paragraphs=tuple(paragraphs), part=squeeze(title),
                language=language, body_zh=zh, body_en=en, pairs=pairs, attachments=(),
                read_by={**article.read_by, "body": "epaper", "title": "epaper"}, ledger=(*article.ledger, *out),
            )
        )  # fmt: skip
    return tuple(found) if len(found) > 1 else ()
