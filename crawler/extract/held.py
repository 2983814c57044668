"""What a page keeps out of its markup: articles inside ``<textarea>``, facts inside scripts."""

from __future__ import annotations

import re
from functools import cache

from crawler.extract.blocks import Blocks
from crawler.extract.tree import Tree, parse

#: Characters of markup in a textarea from which it may hold the article.
_LEAST = 200
#: The page's own prose must be less than this share of what the textarea holds.
_SHARE = 0.5
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


def held_tree(blocks: Blocks, url: str) -> Tree | None:
    """The parse of the textarea that holds the article, where the page itself shows none."""
    if not blocks.held:
        return None
    longest = max(blocks.held, key=len)
    if len(longest) < _LEAST or not _MARKUP.search(longest):
        return None
    own = sum(len(b.text) - b.links for b in blocks.blocks if not b.hidden)
    return parse(longest, url) if own < _SHARE * len(longest) else None


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
