"""What a page keeps out of its markup: articles inside ``<textarea>`` and scripts, facts inside scripts,
articles that a script makes visible."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from crawler.extract.blocks import Blocks, Box
from crawler.extract.held_scripts import scripted_body
from crawler.extract.tree import Tree, parse
from crawler.text import one_line

#: Characters of markup in a textarea from which it may hold the article.
_LEAST = 200
#: So many times what a page shows must be veiled where it shows a sentence: a short notice is its own body.
_FAR_MORE = 10
#: The page's own prose must be less than this share of what the textarea holds.
_SHARE = 0.5
#: Characters of its own prose with which a page needs no script for its body.
ENOUGH = 400
_MARKUP = re.compile(r"<(?:p|div|br|span|table|font)\b", re.I)
#: What JSON-LD and state objects in scripts call the same facts as the meta tags.
_FACTS = {
    "datepublished": "datepublished", "datemodified": "datemodified", "publishtime": "script:published",
    "publish_time": "script:published", "pubdate": "script:published", "pubtime": "script:published",
    "articlepublishtime": "script:published",
}  # fmt: skip
_SPELLINGS = (
    "datePublished",
    "publishTime",
    "publish_time",
    "pubDate",
    "pubtime",
    "pubTime",
    "dateModified",
    "articlePublishTime",
)
#: The same, as `crawler.extract.marks` looks for them.
FACT_WORDS = tuple(dict.fromkeys(word.lower() for word in _SPELLINGS))
_WINDOW = 400_000


@cache
def _fact_pattern() -> re.Pattern[str]:
    return re.compile(rf"[\"']?\b({'|'.join(_FACTS)})[\"']?\s*[:=]\s*[\"'](\d{{4}}[^\"'\n]{{4,30}})[\"']", re.I)


@dataclass(frozen=True, slots=True)
class Held:
    """An article that a page holds as text: its markup, parsed, and what else is held beside it, under the
    names of meta tags."""

    tree: Tree
    meta: Mapping[str, str]
    #: Whether a script holds it: such a string may be anything, and gives way to a sentence that the page shows.
    scripted: bool = False


def held_article(blocks: Blocks, tree: Tree) -> Held | None:
    """The article in a textarea or in a script's string, where the page itself shows none. Raises `Refused`."""
    own = 0
    for block in blocks.blocks:
        own += 0 if block.hidden else len(block.text) - block.links
        if own >= ENOUGH and not blocks.held:
            return None
    if blocks.held:
        longest = max(blocks.held, key=len)
        if len(longest) >= _LEAST and _MARKUP.search(longest) and own < _SHARE * len(longest):
            return Held(parse(longest, tree.url), _named_beside(tree))
    if own < ENOUGH and (written := scripted_body(node.text() for node in tree.select("script"))):
        markup, meta = written
        if own < _SHARE * len(markup):
            return Held(parse(f"<body>{markup}</body>", tree.url), meta, scripted=True)
    return None


def speaks(paragraphs: Sequence[str]) -> bool:
    """Whether a page's own paragraphs say something: a sentence, not a menu's words."""
    return any("。" in line and len(line) >= _SENTENCE for line in paragraphs)


#: Characters of the shortest sentence of a notice.
_SENTENCE = 10


#: What a textarea's class, id or name says that it holds beside the article.
_NAMED = (
    ("articletitle", re.compile(r"(?:^|[\s_-])\w*title$", re.I)),
    ("contentsource", re.compile(r"source(?:[\s_-]?name)?$", re.I)),
    ("pubdate", re.compile(r"(?:^|[\s_-])(?:pub\w*[\s_-]?)?(?:time|date)$", re.I)),
)
#: Characters of such a field.
_LONGEST_FIELD = 200


def _named_beside(tree: Tree) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.select("textarea")[:60]:
        value = one_line(node.text())
        given = node.attributes
        names = [given.get("class") or "", given.get("id") or "", given.get("name") or ""]
        if 0 < len(value) <= _LONGEST_FIELD and "<" not in value:
            for key, pattern in _NAMED:
                if any(pattern.search(name.strip()) for name in names):
                    found.setdefault(key, value)
    return found


def revealed(blocks: Blocks) -> Blocks:
    """The same blocks; where next to all prose stands in one part that only a script makes visible
    (``visibility: hidden``, as WeChat's articles are sent), that part is shown."""
    if sum(len(b.text) - b.links for b in blocks.blocks if b.hidden) < _LEAST:
        return blocks
    largest, size = None, 0
    for index, box in enumerate(blocks.boxes):
        if not box.hidden or (box.parent >= 0 and blocks.boxes[box.parent].hidden) or not _veiled(box):
            continue
        own = sum(len(b.text) - b.links for b in blocks.blocks[box.first : box.last])
        if own > size:
            largest, size = index, own
    shown = [b for b in blocks.blocks if not b.hidden]
    least = _FAR_MORE if speaks([b.text for b in shown if b.links == 0]) else 1 / _SHARE
    if largest is not None and size >= max(_LEAST, least * sum(len(b.text) - b.links for b in shown)):
        _show(blocks, largest)
    return blocks


def _show(blocks: Blocks, index: int) -> None:
    """Show a part; what is switched off inside of it stays so."""
    box = blocks.boxes[index]
    away: set[int] = set()
    for i in range(index, box.end):
        inner = blocks.boxes[i]
        inner.hidden = inner.parent in away or (i != index and _switched_off(inner))
        if inner.hidden:
            away.add(i)
    for block in blocks.blocks[box.first : box.last]:
        block.hidden = block.box in away


def _style(box: Box) -> str:
    return "".join((box.node.attributes.get("style") or "").lower().split())


def _veiled(box: Box) -> bool:
    style = _style(box)
    return "visibility:hidden" in style and "display:none" not in style


def _switched_off(box: Box) -> bool:
    style = _style(box)
    return "display:none" in style or "visibility:hidden" in style or "hidden" in box.node.attributes


def scripted_meta(text: str) -> dict[str, str]:
    """Publication facts that scripts state, under the names of meta tags: those of JSON-LD as its own
    names, those of state objects as ``script:published``, which may be another article's in a list."""
    found: dict[str, str] = {}
    for spelling in _SPELLINGS:
        at = text.find(spelling, 0, _WINDOW)
        while at >= 0:
            if match := _fact_pattern().match(text, at - 1 if at and text[at - 1] in "\"'" else at):
                found.setdefault(_FACTS[match[1].lower()], match[2])
                break
            at = text.find(spelling, at + 1, _WINDOW)
    return found
