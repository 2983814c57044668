"""The headline: what meta tags state, else the heading that best agrees with the title element."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.extract.blocks import HEADINGS, Blocks
from crawler.extract.header_lines import is_header_line
from crawler.extract.title_text import GENERIC, SHORT_TITLE, clean_title, split_number
from crawler.extract.title_unmarked import unmarked
from crawler.extract.tree import Tree, text_of
from crawler.model.values import Provenance
from crawler.text import squeeze

#: Meta names that state the article's own headline, best first.
_TITLE_META = ("articletitle", "article:title", "og:title", "twitter:title", "title", "headline",
               "weibo:article:title")  # fmt: skip
_SITE_NAME = re.compile(r"\S{0,20}(?:网|网站|门户|官网|平台|人民政府|委员会|厅|局|日报|晚报|时报|报社|在线)")
_HEAD_MARK = re.compile(
    r"(?:^|[\s_-])(?:\w*title\w*|headline|\w*_?tit|bt|arti[ct]le?_?h\w*|h1|biaoti|xl_tit\w*)(?:$|[\s_-])"
)
#: A part of every word of `_HEAD_MARK`: most marks hold none.
_HEAD_SIGN = re.compile("tit|headline|bt|arti|h1|biaoti")


@lru_cache(maxsize=8192)
def _is_head_mark(mark: str) -> bool:
    """Whether a class or id says that an element is the headline. Pages of one site share their marks."""
    return bool(_HEAD_SIGN.search(mark)) and bool(_HEAD_MARK.search(mark))


#: A heading that shares at least this much with the title element is the headline.
AGREES = 0.6
#: Characters. `_agreement` is 0 where fewer are shared, but for a heading that stands whole in the title.
_LEAST_SHARED = 4
#: How well a heading agrees that holds the title element and goes on.
LONGER = 0.9
#: A line that no element calls a heading must say at least this share of the title element.
COVERS = 0.5


__all__ = ["UNMARKED", "Headline", "clean_title", "placed", "read_title", "split_number"]


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, who found it, and the block where it stands on the page (None: nowhere)."""

    text: str
    provenance: Provenance
    read_by: str
    block: int | None = None
    subtitle: str | None = None


def read_title(
    tree: Tree, blocks: Blocks, *, ruled: str | None, site_name: str | None, table: str | None = None,
    meta: Mapping[str, str] | None = None,
) -> Headline | None:  # fmt: skip
    """The page's headline. ``ruled`` is what a site's or platform's selector gave, ``table`` what the
    header table (标题, 名称) says, ``meta`` the meta tags where there is more than the page's own."""
    whole = tree.title
    if ruled and (text := clean_title(ruled, site_name, cut=False)):
        return placed(Headline(text, "label", "rule"), blocks)
    if table and len(squeeze(table)) >= 6 and (not whole or _agreement(squeeze(table), squeeze(whole)) >= AGREES):
        return placed(Headline(clean_title(table, cut=False), "header_table", "header_table"), blocks)
    stated = _stated(tree.meta if meta is None else meta, site_name)
    heading = _heading(blocks, whole, stated)
    if heading and stated and not _same_start(heading.text, stated.text):
        heading = None
    if heading and (not stated or len(squeeze(heading.text)) >= len(squeeze(stated.text))):
        return heading
    if stated:
        return placed(stated, blocks)
    marker = tree.first("ucaptitle")
    if marker is not None and (text := text_of(marker)):
        return placed(Headline(text, "label", "ucap_marker"), blocks)
    text = clean_title(whole, site_name)
    named = bool(text) and not GENERIC.match(text)
    # A title element that names a column or an office only: the page's one marked heading says more.
    # So does one that names the site.
    vague = not named or len(squeeze(text)) < SHORT_TITLE or _SITE_NAME.fullmatch(text)
    if vague and (marked := _marked_heading(blocks)):
        return marked
    if vague and (place := unmarked(blocks, _first_prose(blocks))) is not None:
        return Headline(blocks.blocks[place].text, "body", UNMARKED, place)
    return placed(Headline(text, "meta", "title_element"), blocks) if named else None


#: Who found a headline that only its place tells. A listing that led to the page knows better.
UNMARKED = "above_text"
#: Characters of a paragraph of prose.
_PROSE = 40


def _first_prose(blocks: Blocks) -> int | None:
    for i, block in enumerate(blocks.blocks):
        if len(block.text) > _PROSE and "。" in block.text and not block.links and not block.hidden:
            return i
    return None


_NO_HEADLINE = re.compile(
    r"[：:。]$|^(?:相关|热门|最新|推荐|通知公告|当前|您|附件|新闻|政策|信息|联系|版权|网站|扫|分享|索引)"
)


#: An e-newspaper's name with the day of its edition.
_MASTHEAD = re.compile(r"(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?[\s，,]*星期[一二三四五六日天]")


def _marked_heading(blocks: Blocks) -> Headline | None:
    """The first heading by level or class that is long enough to be a headline: h1, class, h2, h3."""
    found: list[tuple[int, int, Headline]] = []
    for first, last, level, marked in _head_runs(blocks):
        if not (marked or 1 <= level <= 3) or last - first > 2:
            continue
        if any(map(is_header_line, blocks.blocks[first + 1 : last])):
            continue
        text = " ".join(b.text for b in blocks.blocks[first:last])
        if not SHORT_TITLE <= len(text) <= 120 or _NO_HEADLINE.search(text) or blocks.blocks[first].hidden:
            continue
        if any(b.links for b in blocks.blocks[first:last]) or _MASTHEAD.search(text):
            continue
        rank = 0 if level == 1 else 1 if marked else level
        read_by = f"heading:h{level}" if level else "heading:class"
        found.append((rank, first, Headline(text, "body", read_by, first)))
    return min(found, key=lambda f: f[:2])[2] if found else None


def _stated(meta: Mapping[str, str], site_name: str | None) -> Headline | None:
    for name in _TITLE_META:
        text = meta.get(name)
        if not text or len(squeeze(text)) < 4:
            continue
        text = clean_title(text, site_name, cut=name not in ("articletitle", "article:title"))
        if text and not GENERIC.match(text) and text != meta.get("sitename"):
            return Headline(text, "meta", f"meta:{name}")
    return None


def _heading(blocks: Blocks, whole: str, stated: Headline | None) -> Headline | None:
    target = squeeze(stated.text if stated else whole).lower()
    bare = squeeze(stated.text if stated else clean_title(whole))
    raw = stated.text if stated else whole
    best: tuple[float, Headline] | None = None
    known = set(target).union(raw.lower()) if target else None
    for first, last, level, marked in _head_runs(blocks, raw):
        text = blocks.blocks[first].text
        if known is not None and (level or marked) and last - first == 1 and not _akin(text, known):
            continue
        if last - first > 1:
            if any(map(is_header_line, blocks.blocks[first + 1 : last])):
                continue
            text = " ".join(b.text for b in blocks.blocks[first:last])
        if not 4 <= len(text) <= 220:
            continue
        # A line of facts (来源：…局) holds a title element that is no more than the publisher's name.
        if not level and not marked and is_header_line(blocks.blocks[first]):
            continue
        plain = squeeze(text).lower()
        if not 4 <= len(plain) <= 150 or GENERIC.match(plain):
            continue
        if not level and not marked and plain[:4] not in target and target[:6] not in plain:
            continue
        share = _agreement(plain, target)
        if (level or marked) and len(bare) >= 4 and bare.lower() in plain:
            share = max(share, LONGER)
        score = share + (0.15 if level == 1 else 0.05 if level else 0.0) + (0.05 if marked else 0.0)
        if not level and not marked and len(plain) < COVERS * len(bare):
            continue
        if not stated and _MASTHEAD.search(text):
            continue
        if share < AGREES and not (not target and level == 1):
            continue
        # Of two that agree alike the longer says more: the title element is often cut off.
        score += min(len(plain), 60) / 1000
        if best is None or score > best[0] + 1e-9:
            best = score, Headline(text, "body", f"heading:h{level}" if level else "heading:class", first)
    return best[1] if best else None


def _akin(text: str, known: set[str]) -> bool:
    """Whether a heading has enough characters of the title element to agree with it at all: most have not."""
    own = set(text.lower()) - {" "}
    return len(own & known) >= min(_LEAST_SHARED, len(own))


def _head_runs(blocks: Blocks, title: str | None = None) -> list[tuple[int, int, int, bool]]:
    """Runs of blocks that are one heading each: (first, last, level, marked as title by class); plain blocks
    too where a title is given and they begin like it or hold its start."""
    runs: list[tuple[int, int, int, bool]] = []
    known: dict[str, bool] = {"": False}
    texts, start, single = blocks.blocks, (title or "")[:4], -1
    for box in blocks.boxes:
        first, last = box.first, box.last
        size = last - first
        if size == 0 or size > 4:
            continue
        level = HEADINGS.get(box.tag, 0)
        mark = box.mark
        if (marked := known.get(mark)) is None:
            marked = known[mark] = _is_head_mark(mark)
        if level or marked:
            runs.append((first, last, level, marked))
            if size > 1:
                runs.append((first, first + 1, level, marked))
        elif size == 1 and first != single and title is not None:
            # Boxes in boxes around the same block: it is looked at once.
            single = first
            if (text := texts[first].text)[:3] in title or start in text:
                runs.append((first, last, 0, False))
    return runs


def _agreement(text: str, target: str) -> float:
    """How much of a heading stands in the title element, 0..1."""
    if not target:
        return 0.0
    if text in target:
        return len(text) / len(target) * 0.3 + 0.7 if len(text) >= 6 or target.startswith(text) else 0.0
    if target in text and len(target) >= 6:
        return 0.95
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    shared = sum(1 for pair in pairs if pair in target)
    return shared / len(pairs) if shared >= 5 else 0.0


def _same_start(a: str, b: str) -> bool:
    a, b = squeeze(a).lower(), squeeze(b).lower()
    return a in b or b in a or SequenceMatcher(None, a, b, autojunk=False).ratio() >= AGREES


def placed(headline: Headline, blocks: Blocks) -> Headline:
    """The headline with the block where the page prints it."""
    wanted = squeeze(headline.text)
    fallback: int | None = None
    for i, block in enumerate(blocks.blocks):
        if not len(wanted) <= len(block.text) <= 2 * len(wanted) + 8:
            continue
        text = squeeze(block.text)
        if text == wanted:
            if block.heading or block.links == 0:
                return Headline(headline.text, headline.provenance, headline.read_by, i)
            fallback = i if fallback is None else fallback
    return Headline(headline.text, headline.provenance, headline.read_by, fallback)
