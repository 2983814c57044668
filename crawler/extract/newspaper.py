"""Newspaper pages as lines of text: articles cut apart, each whole and none twice."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract import text_lines as lines_
from crawler.text import is_han, narrow, one_line

#: How a newspaper article begins (电头): 本报讯, …记者…报道, 新华社…电.
LEAD = re.compile(
    r"^[\[(【]?(?:本报|本网|本台)?(?:[^,。:()\s]{0,8})?(?:讯|电|消息)\s*[)】\]]?\s*(?:[(【]|记者|通讯员)|"
    r"^(?:本报|本网)(?:[^,。]{0,8})(?:讯|电)(?:\s|\(|$)|^[(【](?:[^()]{0,20})?(?:记者|通讯员)[^()]{2,40}[)】]|"
    r"^(?:新华社|中新[社网]|人民网|央视网|[\u4e00-\u9fff]{2,6}社)[\u4e00-\u9fff]{1,8}\d{1,2}月\d{1,2}日[电讯]"
)
_END_BYLINE = re.compile(r"\((?:[^()]{0,24})?(?:记者|通讯员)[^()]{1,30}\)$")
_ADVERT = re.compile(
    r"(?:遗失声明|声明作废|注销公告|拍卖公告|招租|招聘启事|寻人启事|广告(?:热线|刊登|部|位)|"
    r"刊登热线|商务合作|咨询热线|订阅热线|征订|"
    r"清算公告|减资公告|吸收合并公告|债权(?:转让)?公告|遗失(?:公章|营业执照|证件)|分类(?:广告|信息)|便民(?:广告|信息)栏?|"
    r"招商加盟|开业大吉|(?:商铺|厂房|旺铺|吉房)(?:出租|出售|转让)|订报热线|认领公告|送达公告|更正(?:声明|公告)|"
    r"(?:停电|停水|施工)(?:公告|通告)|债权人公告|迁坟公告)"
)
_PAPER_FURNITURE = re.compile(
    r"^(?:第?\s?[A-Z]?\d{1,2}\s?版(?:[::].{0,12})?|[A-Z]\d{2}\s?.{0,8}|(?:责任|"
    r"值班)?编辑.{0,40}|(?:美编|校对|版式|统筹).{0,30}|"
    r"\d{4}年\d{1,2}月\d{1,2}日\s*星期[一二三四五六日天].{0,20}|上一版|下一版|返回(?:目录|"
    r"版面).{0,6}|上一篇|下一篇|(?:放大|缩小|默认)\W*.{0,8}|"
    r"本版(?:编辑|责编|主编).{0,30}|标题导航|版面导航|版面目录|往期回顾|PDF版?|朗读)$",
    re.I,
)
#: Characters above a reporter's name that make an article of their own.
_SHORTEST = 120
#: A box (年份专栏, 链接) moves to the article whose words it shares this many times more than its own.
_CLOSER = 1.25
#: The share of its rarer wording that a block has in common with an article that it belongs to.
_RELATED = 0.12
#: Characters at the end of a line that say whether it stops in the midst of a sentence.
_TAIL = 160
_YEAR_BOX = re.compile(r"^(?:19|20)\d{2}年?$")


def lead(line: str) -> bool:
    """Whether a paragraph begins as newspaper articles do (电头)."""
    return bool(LEAD.match(narrow(line)))


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of a page. ``kind`` types out what is none: ``advertisement``, ``notice``."""

    title: str
    subtitle: str | None
    paragraphs: tuple[str, ...]
    kind: str = "article"


@dataclass(slots=True)
class _Block:
    """Headlines with what stands under them."""

    heads: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    lead: bool = False
    ended: bool = False

    @property
    def lines(self) -> list[str]:
        return [*self.heads, *self.body]

    @property
    def text(self) -> str:
        return "".join(self.lines)


def cut_blocks(paragraphs: Sequence[str], *, title: str | None = None) -> tuple[Piece, ...] | None:
    """The articles among the text blocks of a page in page order; None when the page is one article.

    ``title`` is a headline that the caller already took off the top of the blocks.
    """
    blocks = [one_line(p) for p in paragraphs]
    if title and (not blocks or narrow(blocks[0]) != narrow(one_line(title))):
        blocks.insert(0, one_line(title))
    lines = [b for b in blocks if b and not _PAPER_FURNITURE.match(narrow(b))]
    if not _several(lines):
        return None
    pieces = [p for block in _articles(mend(lines)) if (p := _piece(block)) is not None]
    return tuple(pieces) if sum(p.kind == "article" for p in pieces) > 1 else None


def _several(lines: Sequence[str]) -> bool:
    """Whether at least two articles begin: a lead under a headline, or a headline after a byline."""
    starts = 0
    for i, line in enumerate(lines):
        if lead(line) and (i == 0 or lines_.heading(lines[i - 1])):
            starts += 1
    first_lead = next((i for i, line in enumerate(lines) if lead(line)), 0)
    if first_lead > 4 and any(len(x) > 45 for x in lines[: max(0, first_lead - 2)]):
        starts += 1
    read = 0
    for i, line in enumerate(lines[:-2]):
        read += len(line)
        closed = lines_.byline(line) or bool(_END_BYLINE.search(narrow(line)))
        if closed and read > _SHORTEST and lines_.heading(lines[i + 1]) and not lines_.byline(lines[i + 1]):
            # A headline after the reporter's name, with text of its own and without a lead: one more.
            ahead = lines[i + 2 : i + 5]
            starts += any(len(x) > 60 for x in ahead) and not any(lead(x) for x in ahead)
            read = 0
    return starts >= 2


def mend(lines: Sequence[str]) -> list[str]:
    """Sentences that the newspaper's columns cut are put together; labels of pictures between go."""
    done: list[str] = []
    i = 0
    items = list(lines)
    while i < len(items):
        line = items[i]
        while i + 1 < len(items):
            following = items[i + 1]
            after = items[i + 2] if i + 2 < len(items) else ""
            label = len(following) <= 8 and not lines_.finished(following) and len(after) > 15
            if label and lines_.broken(line[-_TAIL:], after) and len(line) > 8:
                line += after
                i += 2
            elif lines_.broken(line[-_TAIL:], following) and not lead(following):
                line += following
                i += 1
            else:
                break
        done.append(line)
        i += 1
    return done


def _articles(lines: Sequence[str]) -> list[_Block]:
    blocks = _blocks(lines)
    articles: list[_Block] = []
    for block in blocks:
        home = _home(block, articles)
        if home is None:
            articles.append(block)
        else:
            home.body.extend(block.lines)
            home.ended = home.ended or block.ended
    return articles


def _blocks(lines: Sequence[str]) -> list[_Block]:
    """Headlines plus the text under them, in order. Bylines end a block."""
    blocks: list[_Block] = []
    current = _Block()
    for line in lines:
        is_lead = lead(line)
        if is_lead or not (lines_.heading(line) and not lines_.byline(line)):
            if is_lead and current.body:
                blocks.append(current)
                current = _Block()
            current.lead = current.lead or is_lead
            current.body.append(line)
            # A byline ends the article that stands above it.
            current.ended = lines_.byline(line) or bool(_END_BYLINE.search(narrow(line)))
            continue
        if current.body:
            blocks.append(current)
            current = _Block()
        current.heads.append(line)
    if current.lines:
        blocks.append(current)
    return blocks


def _home(block: _Block, articles: list[_Block]) -> _Block | None:
    """The article that a block continues, or None where it begins one itself."""
    if not articles or block.lead or _kind(block.lines) != "article" or _kind(articles[-1].lines) != "article":
        return None
    last = articles[-1]
    if not block.body and not block.heads:
        return last
    if _YEAR_BOX.match(block.heads[0]) if block.heads else False:
        for article in articles:
            if any(_YEAR_BOX.match(line) for line in article.body):
                return article
    scores = _closeness(block, articles)
    best = max(range(len(articles)), key=lambda i: scores[i])
    if not block.body:
        return None if last.ended else last
    if best != len(articles) - 1 and scores[best] > max(_RELATED, _CLOSER * scores[-1]):
        return articles[best]
    if last.ended and len("".join(block.body)) > 60 and scores[best] < _RELATED:
        return None
    return articles[best] if last.ended else last


def _closeness(block: _Block, articles: Sequence[_Block]) -> list[float]:
    """How much of a block's rarer wording (character pairs) each article shares; 0 to 1."""
    grams = [_grams(a.text) for a in articles]
    spread: Counter[str] = Counter()
    for g in grams:
        spread.update(g.keys())
    mine = _grams(block.text)
    total = sum(_rarity(k, spread, len(articles)) * math.log1p(n) for k, n in mine.items()) or 1.0
    return [
        sum(_rarity(k, spread, len(articles)) * math.log1p(n) for k, n in mine.items() if k in g) / total
        for g in grams
    ]


def _rarity(gram: str, spread: Counter[str], articles: int) -> float:
    return math.log((articles + 1) / (spread.get(gram, 0) + 0.5)) if spread.get(gram) else 0.7


def _grams(text: str) -> Counter[str]:
    return Counter(a + b for a, b in itertools.pairwise(text) if is_han(a) and is_han(b))


def _piece(block: _Block) -> Piece | None:
    heads, body = list(block.heads), list(block.body)
    if not heads:
        if not body or not lines_.heading(body[0]):
            return Piece(body[0][:40], None, tuple(body), _kind(body)) if body else None
        heads, body = [body[0]], body[1:]
    title, rest = headline(heads, body)
    if len(heads) == 1 and not body:
        return None
    return Piece(title, "\n".join(rest) or None, tuple(body), _kind([title, *rest, *body]))


def _kind(lines: Sequence[str]) -> str:
    if any(map(lead, lines)):
        return "article"
    text = "\n".join(lines)
    hits = len(_ADVERT.findall(text))
    if hits and len(text) < 400 * hits:
        return "notice" if "公告" in text or "声明" in text else "advertisement"
    return "article"


def headline(heads: Sequence[str], body: Sequence[str]) -> tuple[str, list[str]]:
    """The title among headlines that stand together, and the others (引题, 副题) in order.

    The title names the place that the report is about; else it is the first line.
    """
    if len(heads) == 1:
        return heads[0], []
    opening = "".join(body[:2])[:400]
    ranked = max(range(len(heads)), key=lambda i: (_names_place(heads[i], opening), -i))
    return heads[ranked], [h for i, h in enumerate(heads) if i != ranked]


def _names_place(head: str, opening: str) -> bool:
    """Whether a pair of characters of the head stands in the opening as 〜省/市/县/区."""
    for a, b in itertools.pairwise(head):
        if is_han(a) and is_han(b) and re.search(re.escape(a + b) + "[省市县区州旗镇]", opening):
            return True
    return False
