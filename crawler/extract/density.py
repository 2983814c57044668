"""Which box of a page holds the article: our own density reader.

Each block gets a weight: what it adds to an article when it is read as part of it. Prose counts its
characters, a link list counts against. The article's box is the one whose blocks weigh most: a larger
box must earn its navigation with prose, a smaller one loses the paragraphs that it leaves out.
"""

from __future__ import annotations

import re
from itertools import accumulate

from crawler.extract.blocks import Block, Blocks, Box
from crawler.extract.doubtful import is_doubtful
from crawler.extract.furniture import furniture, is_foreign

#: Share of a block's characters in links from which it is a link, not prose.
LINK_SHARE = 0.5
#: What a character of a link block takes away. Swept on the development half of the given pages (body F1):
#: .2 and .3: .952, .45: .964, .6, .8 and 1.0: .969, 1.3: .969. The middle of the level part is taken: lower
#: values leave sidebars of long headlines in.
LINK_COST = 0.8
#: What each link block takes at least, in characters of prose. From 1 to 12 the same sweep moves F1 by .001.
LINK_COST_LEAST = 4.0
#: What a link takes below a heading of related links: such a list often stands in the article's own box, is
#: told by its heading and left out, and must not cost a short article its box.
HEADED_LINK_COST = 1.0
#: Characters of a block that is a row's date.
_DATE_SIZE = 20
#: Worth of a character in a block without any sentence mark (headings, cells, captions).
BARE_WORTH = 0.3
#: Boxes around a heading of related links that its list shares with it: its bar, and the bar's part.
_AROUND_HEADING = 2
#: Labels (来源：… 时间：… 点击：…) from which a line without a sentence mark is worth no more, and its characters.
_LABELS = 3
_LONGEST_LABELS = 160
#: What a furniture block takes away.
FURNITURE_COST = 12.0
#: A foreign box (by its class) that holds more than this share of all prose is the article after all.
FOREIGN_SHARE = 0.5
#: A row of a list: a linked headline, then medium and date.
ROW_SHARE = 0.3
#: Share of a line's characters in links, bars and spaces left out, from which it is a menu.
MENU_SHARE = 0.8
_SEPARATORS = re.compile(r"[\s|｜│丨·/>-]+")
_DATED_ROW = re.compile(r"\d{1,2}[-/月]\d{1,2}日?(?:\s\d{1,2}:\d\d)?[)）\]】]?$")
#: So many items that begin with a link are a list of teasers.
TEASERS = 3
#: Blocks of one such item that is no list item: headline, summary, date, counter.
_TEASER_BLOCKS = 5
_MARKS = re.compile(r"[。，、；：！？,;!?”」）]|\. ")


class Rules:
    """The furniture rule of each block, or None: judged when first asked for."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks.blocks
        self._known: dict[int, str | None] = {}

    def doubtful(self, i: int) -> bool:
        """Whether the rule of a block is one that lines of an article fall under too."""
        rule = self[i]
        return rule is not None and is_doubtful(rule, self._blocks[i].text)

    def __getitem__(self, i: int) -> str | None:
        if i not in self._known:
            self._known[i] = furniture(self._blocks[i].text)
        return self._known[i]


def weights(blocks: Blocks, rules: Rules) -> list[float]:
    """The weight of each block."""
    found = _block_weights(blocks, rules)
    _cells(blocks, found)
    _teasers(blocks, found)
    total = sum(w for w in found if w > 0)
    skip_to = 0
    for box in blocks.boxes:
        mark = box.mark
        if not mark or box.first < skip_to or box.last == box.first or not is_foreign(mark):
            continue
        inside = sum(w for w in found[box.first : box.last] if w > 0)
        if inside <= FOREIGN_SHARE * total:
            for i in range(box.first, box.last):
                found[i] = min(found[i], -1.0)
            skip_to = box.last
    return found


def _block_weights(blocks: Blocks, rules: Rules) -> list[float]:
    found = []
    headed, until = False, 0
    for index, block in enumerate(blocks.blocks):
        text, links = block.text, block.links
        size = len(text)
        if block.hidden:
            weight = 0.0
        elif links and (links > LINK_SHARE * size or is_row(block)):
            weight = -HEADED_LINK_COST if headed else -max(LINK_COST_LEAST, LINK_COST * links)
        elif rule := rules[index]:
            weight = 0.0 if is_doubtful(rule, text) else -FURNITURE_COST
            headed = rule == "related"
            until = _reach(blocks, block) if headed else 0
        elif headed and size <= _DATE_SIZE and text.strip("[](（）)【】")[:1].isdigit():
            weight = -HEADED_LINK_COST
        elif size > 8 and _MARKS.search(text) and not (text.count("：") >= _LABELS and _labels_only(text, size)):
            weight = float(size - links)
        else:
            weight = (size - links) * BARE_WORTH - 1.0
        headed = headed and weight < 0.0 and index + 1 < until
        found.append(weight)
    return found


def _reach(blocks: Blocks, heading: Block) -> int:
    """The block at which the list below such a heading is over at the latest: where the part around it ends."""
    around = blocks.ancestors(heading.box)[: _AROUND_HEADING + 1]
    return blocks.boxes[around[-1]].last


def _labels_only(text: str, size: int) -> bool:
    """Whether a line of several colons is labels with their values and no sentence: a header line is no prose."""
    return size <= _LONGEST_LABELS and "。" not in text and "，" not in text


def _cells(blocks: Blocks, weight: list[float]) -> None:
    """Cells of a table are short and many: 序号, 姓名, 金额 are content, and cost nothing."""
    if blocks.tags.isdisjoint(("td", "th")):
        return
    for box in blocks.boxes:
        if box.tag in ("td", "th") and box.last - box.first == 1:
            i = box.first
            if -1.0 <= weight[i] < 0.0 and not blocks.blocks[i].links:
                weight[i] = len(blocks.blocks[i].text) * BARE_WORTH


def _teasers(blocks: Blocks, weight: list[float]) -> None:
    """Items that begin with a link are other pages' headlines; the text below each is its summary. List items
    are known by their element, others by their like beside them: small boxes of one class."""
    texts = blocks.blocks
    listed: list[Box] = []
    alike: dict[tuple[int, str, str], list[Box]] = {}
    for box in blocks.boxes:
        size = box.last - box.first
        if size < 2:
            continue
        if box.tag in ("li", "dl"):
            if _is_link(texts[box.first]):
                listed.append(box)
        elif size <= _TEASER_BLOCKS and _is_link(texts[box.first]):
            alike.setdefault((box.parent, box.tag, box.mark), []).append(box)
    groups = [listed, *alike.values()]
    for box in [box for group in groups if len(group) >= TEASERS for box in group]:
        for i in range(box.first, box.last):
            weight[i] = min(weight[i], -1.0)


def is_row(block: Block) -> bool:
    """Whether a block leads to another page: a link, or a linked headline with its date."""
    text, links = block.text, block.links
    size = len(text)
    if links > LINK_SHARE * size:
        return True
    if links <= ROW_SHARE * size:
        return False
    # A menu on one line: what sets its links apart is no text of its own.
    return bool(_DATED_ROW.search(text)) or links > MENU_SHARE * len(_SEPARATORS.sub("", text))


def _is_link(block: Block) -> bool:
    return block.links > LINK_SHARE * len(block.text)


def heaviest(blocks: Blocks, weight: list[float]) -> int | None:
    """The index of the article's box: the heaviest, the innermost of equals. None: no prose at all."""
    sums = [0.0, *accumulate(weight)]
    best, most = None, 0.0
    for index, box in enumerate(blocks.boxes):
        value = sums[box.last] - sums[box.first]
        if value > most or (best is not None and value == most and blocks.inside(index, best)):
            best, most = index, value
    return best


#: Blocks and weight of a box that is no more than the beginning of a short notice; how much furniture may stand in
#: the box around it; the weight of a text that says it is another.
_FEW, _LIGHT, _LOSS, _OTHER = 3, 120.0, 45.0, 8.0


def grown(blocks: Blocks, weight: list[float], best: int) -> int:
    """The box of a short notice with the lines around its heaviest paragraph: too light to pay for the furniture in
    their box (a signature, a table of names), they stand directly beside it, and no other text does."""
    for _ in range(_LEVELS):
        box = blocks.boxes[best]
        if box.parent <= 0 or box.last - box.first > _FEW:
            break
        value = sum(weight[box.first : box.last])
        if value > _LIGHT:
            break
        parent = blocks.boxes[box.parent]
        behind, before = weight[box.last : parent.last], weight[parent.first : box.first][::-1]
        near = [next((n for n, w in enumerate(side) if w < -1.0), len(side)) for side in (behind, before)]
        if (parent.first, parent.last) != (box.first, box.last) and (
            not any(w > 0 for w in behind[: near[0]] + before[: near[1]])
            or any(w > _OTHER for w in behind[near[0] :] + before[near[1] :])
            or sum(weight[parent.first : parent.last]) < value - _LOSS
        ):
            break
        best = box.parent
    return best


#: Boxes that `grown` goes outwards.
_LEVELS = 3
