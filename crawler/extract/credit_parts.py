"""Header lines in their elements: a credit without a label, or without a space behind it, is told by its borders.

``来源：<a>甲市日报</a><span>浙江</span>`` is one text of two elements; ``<div>甲市发布</div><div>2024-03-27</div>``
names a medium beside a day and says no 来源.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.extract.blocks import Blocks
from crawler.extract.tree import Node
from crawler.text import one_line, squeeze

#: A text node that goes on with the name before it: 新华网－江苏频道, 新京报(北京).
_JOINED = re.compile(r"[-－—–·・/、,，&（(+＋的]")
#: Elements below a block's box that are looked into.
_MOST = 200
#: Characters of a medium's or an authority's name that stands alone.
_SHORTEST, _LONGEST = 3, 20
#: A full day, or a day and a time without its year, as header lines print them.
_DAY = re.compile(
    r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}|(?<!\d)\d{1,2}[-/月]\d{1,2}日?\s\d{1,2}:\d\d"
)
#: How names of media and accounts end. What also ends columns (新闻, 财经) is left out: a column is no credit.
_OUTLET = re.compile(
    r"(?:[网報报社台]|客户端|融媒体?|融媒体中心|传媒|发布|周刊|杂志|电讯|广电|公众号|视界新闻|[Pp]lus|人社|在线|之声|政法|宣传|"
    r"[\u4e00-\u9fff]{2}(?:局|厅|委|办|委员会|办公室|人民政府|组织部|宣传部|管委会|研究院|协会|人才港|服务中心))$"
)
#: Names of columns and words of the page's tools, which end like names of media.
NO_CREDIT = re.compile(
    r"^(?:国内|国际|社会|时政|财经|科技|教育|文化|体育|娱乐|军事|图片|视频|本地|地方|滚动|综合|行业|热点|今日|最新|更多|相关|部门|"
    r"基层|省内|市内|县区|工作|政务|校园|学校|学院|公司|企业)(?:新闻|要闻|资讯|动态|财经|科技|频道|网)$|^发布于|"
    r"^(?:首页|正文|原创|来源|作者|时间|编辑|通知|公告|上网|本网|官网|互联网|发布|已?发布|信息发布|新闻发布|权威发布|政策发布|"
    r"手机[报网]|订阅|官方发布)$|[：:。，！？《》“”\d]|^(?:打印|分享|收藏|关注|返回|进入|查看|点击|下载)"
)
_MOST_BESIDE = 6


def pieces(blocks: Blocks, i: int) -> list[tuple[str, bool]]:
    """The texts of a block as its elements part them, and whether each is a link."""
    wanted = squeeze(blocks.blocks[i].text)
    found = [(text, linked) for text, linked in _texts(blocks.boxes[blocks.blocks[i].box].node)]
    whole = "".join(squeeze(text) for text, _ in found)
    start = whole.find(wanted)
    if start < 0:
        return [(blocks.blocks[i].text, False)]
    kept, at = [], 0
    for text, linked in found:
        size = len(squeeze(text))
        if at + size > start and at < start + len(wanted):
            kept.append((text, linked))
        at += size
    return kept


def _texts(node: Node, linked: bool = False) -> Iterator[tuple[str, bool]]:
    stack = [(node.first_child, linked)]
    seen = 0
    while stack and seen < _MOST:
        child, inside = stack.pop()
        while child is not None and seen < _MOST:
            seen += 1
            tag = child.tag
            if tag == "-text":
                if text := one_line(child.text_content):
                    yield text, inside
            elif (
                tag not in ("script", "style", "noscript", "template", "-comment") and child.first_child is not None
            ):
                stack.append((child.next, inside))
                child, inside = child.first_child, inside or tag == "a"
                continue
            child = child.next


def bounded(blocks: Blocks, i: int, name: str) -> str:
    """A credit as far as its own element goes; what other elements add without a space is another field."""
    wanted = squeeze(name)
    parts = pieces(blocks, i)
    for at, (part, linked) in enumerate(parts[:-1]):
        bare = squeeze(part)
        ahead = bare.find(wanted[:2])
        own = bare[ahead:] if ahead >= 0 else ""
        if len(own) >= 2 and len(wanted) - len(own) >= 2 and wanted.startswith(own):
            following = parts[at + 1][0]
            # A name whose characters are set in elements of their own is whole only with all of them.
            split = not linked and is_outlet(name) and not is_outlet(own)
            if not split and not _JOINED.match(following) and not _JOINED.match(own[-1]):
                return one_line(part[part.find(name[:1]) :]) if ahead else part
            return name
    return name


def beside_day(blocks: Blocks, zone: Sequence[int]) -> str | None:
    """A medium or an office that stands in an element of its own in the line of the day, or right beside it."""
    for i in zone:
        block = blocks.blocks[i]
        if block.hidden or len(block.text) > 100 or not _DAY.search(block.text):
            continue
        for text, _ in pieces(blocks, i):
            if is_outlet(text):
                return text
        for other in (i - 1, i + 1):
            if other in zone and _together(blocks, i, other) and not blocks.blocks[other].heading:
                for text, _ in pieces(blocks, other)[:3]:
                    if is_outlet(text):
                        return text
    return None


def is_outlet(text: str) -> bool:
    """Whether a short text is named like a medium, an account or an office, and like nothing else."""
    return _SHORTEST <= len(text) <= _LONGEST and bool(_OUTLET.search(text)) and not NO_CREDIT.search(text)


def _together(blocks: Blocks, a: int, b: int) -> bool:
    """Whether two neighbours share a small box: the header line, not the page."""
    for box in blocks.ancestors(blocks.blocks[a].box)[1:4]:
        size = blocks.boxes[box].last - blocks.boxes[box].first
        if size > _MOST_BESIDE:
            return False
        if blocks.inside(blocks.blocks[b].box, box):
            return True
    return False
