"""The article's paragraphs: from the box that holds them, without furniture, each text once.

Which box it is says, in this order: the site's own selector, the platform's, and `density`.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from itertools import accumulate

from crawler.extract.blocks import Block, Blocks
from crawler.extract.credit_parts import is_outlet
from crawler.extract.density import LINK_SHARE, Rules, is_row, weights
from crawler.extract.doubtful import beside_prose
from crawler.extract.furniture import furniture, is_related_heading
from crawler.extract.header_lines import (
    LONGEST_VALUE,
    is_bare_day,
    is_header_line,
    is_label,
    is_label_cell,
    is_place,
)
from crawler.extract.side_column import FILE, article_box
from crawler.extract.tables import rows
from crawler.model import Dropped
from crawler.text import squeeze

#: A heading of related links ends where prose of this many characters begins again.
_PROSE = 40
#: What ends a sentence: a day alone behind one is the notice's own, its signature's.
_SENTENCE_ENDS = "。！；"
#: Weight of a block that is a sentence.
_PLAIN = 15.0
#: Share of a box's prose that may follow an end mark and is still furniture (comments, tips, hot lists).
AFTER_END = 0.25
_END_MARKS = frozenset([
    "editor_credit", "previous_next", "related", "statement", "body_end", "comments", "site_note", "share",
    "counter",
])  # fmt: skip
#: Blocks at the head of the box among which header lines (date, source, font size) stand.
_HEAD = 12


@dataclass(slots=True)
class Body:
    """What a body reader found. ``box`` is the container, ``kept`` the indices of its blocks."""

    box: int
    kept: list[int]
    read_by: str
    paragraphs: tuple[str, ...] = ()
    ledger: list[Dropped] = field(default_factory=list)


def read_body(
    blocks: Blocks,
    judged: Judged,
    *,
    boxes: list[int],
    read_by: str,
    title: str | None,
    taken: Set[int],
    drop: Set[int],
    headline: int | None = None,
) -> Body | None:
    """The body. ``boxes``: the containers that a rule named (empty: density decides); ``taken``: blocks of
    the header table; ``drop``: boxes that the site's rules leave out; ``headline``: the headline's block."""
    rules, weight = judged
    if not boxes:
        masked = [min(w, 0.0) if i in taken else w for i, w in enumerate(weight)]
        best = article_box(blocks, masked, headline)
        if best is None:
            return None
        boxes, read_by = [best], "density"
    cleaner = _Cleaner(blocks, rules, weight, drop, trusted=read_by != "density")
    kept: list[int] = []
    for box in boxes:
        kept += cleaner.clean(box, title, taken)
    body = Body(boxes[0], kept, read_by, ledger=cleaner.ledger)
    body.paragraphs = tuple(filter(None, [_uncredited(p, body.ledger) for p in rows(blocks, kept)]))
    return body


#: An editor's credit at the end of a paragraph of prose.
_CREDIT_AT_END = re.compile(
    r"\s*[（(\[【]\s*(?:责任编辑|責任編輯|责编|编辑|本文来源|稿件来源)\s*[：:][^（()）\[\]【】]{1,40}[）)\]】]\s*$"
)


def _uncredited(paragraph: str, ledger: list[Dropped]) -> str:
    if paragraph[-1] not in "）)]】":
        return paragraph
    match = _CREDIT_AT_END.search(paragraph, max(0, len(paragraph) - 60))
    if not match or match.start() == 0:
        return paragraph
    ledger.append(Dropped("editor_credit", match[0].strip()))
    rest = paragraph[: match.start()]
    if rule := furniture(rest):
        ledger.append(Dropped(rule, rest))
        return ""
    return rest


#: The furniture rules and the weights of a page's blocks, judged once for all body readers.
Judged = tuple[Rules, list[float]]


def judge(blocks: Blocks) -> Judged:
    """Rules and weights of a page."""
    rules = Rules(blocks)
    return rules, weights(blocks, rules)


class _Sums:
    """Running sums over the blocks from ``first`` on, so that no box is summed up block by block:
    characters, those in links, blocks that are links, prose."""

    __slots__ = ("first", "linked", "links", "prose", "size")

    def __init__(self, first: int, blocks: list[Block], weight: list[float]) -> None:
        self.first = first
        self.size = [0, *accumulate([len(b.text) for b in blocks])]
        self.links = [0, *accumulate([b.links for b in blocks])]
        self.linked = [0, *accumulate([b.links > LINK_SHARE * len(b.text) for b in blocks])]
        self.prose = [0.0, *accumulate([w if w > 0 else 0.0 for w in weight])]


class _Cleaner:
    def __init__(self, blocks: Blocks, rules: Rules, weight: list[float], drop: Set[int], *, trusted: bool) -> None:
        self.blocks = blocks
        self.rules = rules
        self.weight = weight
        self.drop = drop
        self.trusted = trusted
        self.ledger: list[Dropped] = []
        self.own: set[int] = set()

    def clean(self, index: int, title: str | None, taken: Set[int]) -> list[int]:
        box = self.blocks.boxes[index]
        gone: dict[int, str] = dict.fromkeys(taken, "header_table")
        self._boxes(index, gone)
        self._related(box.first, box.last, gone)
        self._replies(index, gone)
        start = self._start(box.first, box.last, title, gone)
        for i in range(box.first, start):
            gone.setdefault(i, "before_title")
        self._own(box.first, box.last, gone)
        for i in range(self._end(box.last, start, gone), box.last):
            if not FILE.search(self.blocks.blocks[i].text):
                gone.setdefault(i, self._rule(i) or "after_end")
        seen, prose, said, labelled, headed = 0, False, False, False, -2
        kept: list[int] = []
        for i in range(box.first, box.last):
            block = self.blocks.blocks[i]
            rule = gone.get(i) or self._rule(i) or ("hidden" if block.hidden else None)
            if rule is None and seen < _HEAD and len(block.text) <= 120 and not prose:
                seen += 1
                valued = labelled and len(block.text) <= LONGEST_VALUE
                # （2023年12月28日） inside of a box that a rule names is the document's own line.
                signed = is_bare_day(block) and (said or (self.trusted and block.text[0] in "（("))
                cell = i + 1 < box.last and is_label_cell(block, self.blocks.blocks[i + 1])
                rule = "header_line" if (valued or cell or is_header_line(block)) and not signed else None
                labelled = rule is not None and not valued and (cell or is_label(block))
                if not rule and not said and headed == i - 1 and (is_outlet(block.text) or is_place(block)):
                    rule = "header_line"
                elif rule and not said and kept and kept[-1] == i - 1 and is_outlet(self.blocks.blocks[i - 1].text):
                    # The medium beside the line of the day is a field of its own.
                    self.ledger.append(Dropped("header_line", self.blocks.blocks[kept.pop()].text))
                headed = i if rule else headed
            if rule:
                self.ledger.append(Dropped(rule, block.text[:200]))
            else:
                kept.append(i)
                prose = prose or len(block.text) > _PROSE
                said = said or block.text[-1] in _SENTENCE_ENDS
        return self._tail(kept)

    def _rule(self, i: int) -> str | None:
        return None if i in self.own else self.rules[i]

    def _own(self, first: int, last: int, gone: dict[int, str]) -> None:
        """Which doubtful lines are the article's."""
        doubted = [i for i in range(first, last) if self.rules[i] and i not in gone and self.rules.doubtful(i)]
        if doubted:
            weight, rules = self.weight, self.rules
            prose = [i for i in range(first, last) if weight[i] > _PLAIN and i not in gone and not rules[i]]
            self.own = beside_prose(self.blocks, doubted, prose)

    def _boxes(self, index: int, gone: dict[int, str]) -> None:
        boxes = self.blocks.boxes
        first, last = boxes[index].first, boxes[index].last
        sums = _Sums(first, self.blocks.blocks[first:last], self.weight[first:last])
        position = index + 1
        while position < boxes[index].end:
            box = boxes[position]
            rule = self._rule_of_box(position, sums)
            if rule is None:
                position += 1
                continue
            for i in range(box.first, box.last):
                gone.setdefault(i, rule)
            position = box.end

    def _rule_of_box(self, index: int, sums: _Sums) -> str | None:
        box = self.blocks.boxes[index]
        if index in self.drop:
            return "site_rule"
        if box.first == box.last:
            return None
        first, last, total = box.first - sums.first, box.last - sums.first, sums.prose[-1]
        prose = sums.prose[last] - sums.prose[first]
        if prose >= 0.3 * total:
            return None
        if box.tag in ("nav", "footer", "aside"):
            return "nav_element"
        if self.blocks.foreign(index):
            return "foreign_class"
        size, links = sums.size[last] - sums.size[first], sums.links[last] - sums.links[first]
        if sums.linked[last] - sums.linked[first] >= 3 and links > 0.6 * size and prose < 0.2 * total:
            return "link_list"
        return None

    def _related(self, first: int, last: int, gone: dict[int, str]) -> None:
        """A heading such as 相关阅读 takes the links below it with it."""
        i = first
        while i < last:
            if self.rules[i] == "related" and is_related_heading(self.blocks.blocks[i].text):
                i += 1
                while i < last:
                    block = self.blocks.blocks[i]
                    if block.links <= LINK_SHARE * len(block.text):
                        break
                    gone.setdefault(i, "related")
                    i += 1
            else:
                i += 1

    def _replies(self, index: int, gone: dict[int, str]) -> None:
        """Of a forum's posts the first is the article; the others answer it."""
        blocks, box, texts = self.blocks, self.blocks.boxes[index], self.blocks.blocks
        posts = [i for i in range(box.first, box.last) if "发表" in (text := texts[i].text) or "回" in text]
        posts = [i for i in posts if _is_post(texts[i].text)]
        if len(posts) < 2:
            return
        outer = [b for b in blocks.ancestors(blocks.blocks[posts[1]].box) if blocks.boxes[b].first > posts[0]]
        start = blocks.boxes[outer[-1]].first if outer else posts[1]
        for i in range(start, box.last):
            gone.setdefault(i, "reply")

    def _start(self, first: int, last: int, title: str | None, gone: dict[int, str]) -> int:
        """The block behind the repeated headline, where it stands at the box's beginning."""
        wanted = squeeze(title)
        if not wanted:
            return first
        prose = 0
        for i in range(first, min(last, first + 40)):
            text = squeeze(self.blocks.blocks[i].text)
            if len(text) >= 4 and (text == wanted or (self.blocks.blocks[i].heading == 1 and text in wanted)):
                return i + 1
            prose += len(text) if self.weight[i] > 30 and i not in gone else 0
            if prose > 150:
                break
        return first

    def _end(self, last: int, start: int, gone: dict[int, str]) -> int:
        """The block from which on nothing belongs to the article: an end mark (editor's credit, related
        links, copyright, comments …) behind which next to no prose follows."""
        open_ = [i for i in range(start, last) if i not in gone and self.weight[i] > 0]
        behind = sum(self.weight[i] for i in open_)
        limit = AFTER_END * behind
        weights = dict.fromkeys(open_)
        for i in range(start, last):
            if behind <= limit and self._rule(i) in _END_MARKS:
                return i
            if i in weights:
                behind -= self.weight[i]
        return last

    def _tail(self, kept: list[int]) -> list[int]:
        """Links at the end that are not the article's attachments are furniture."""
        while kept:
            block = self.blocks.blocks[kept[-1]]
            if not is_row(block) or self.trusted or FILE.search(block.text):
                break
            self.ledger.append(Dropped("links_at_end", block.text[:200]))
            kept.pop()
        return kept


_POST = re.compile(r"(?:发表于|回复于|回帖于)\s?[：:]?\s?(?:19|20)\d\d[-/.年]")


def _is_post(text: str) -> bool:
    """Whether a block heads a forum's post."""
    return len(text) <= 60 and bool(_POST.search(text))
