"""The header table of 信息公开 pages: 索引号, 发文机关, 成文日期, 发文字号 … as table, list or meta tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.extract.blocks import Blocks
from crawler.text import one_line, squeeze

#: Labels as they are printed, without spaces inside.
LABELS = frozenset([
    "索引号", "索取号", "主题分类", "发文机关", "发布机构", "发布机关", "发文单位", "发布单位", "制发机关",
    "制定机关", "公开主体", "公开机构", "责任部门", "成文日期", "成文时间", "发文日期", "发文时间",
    "发布日期", "发布时间", "公开日期", "公开时间", "生成日期", "印发日期", "签发日期", "发文字号", "文号",
    "文件编号", "文件号", "发文文号", "统一编号", "登记号", "规范性文件编号", "标题", "名称", "信息名称",
    "文件名称", "主题词", "关键词", "有效性", "时效性", "效力状态", "文件状态", "是否有效", "有效期",
    "有效期限", "生效日期", "生效时间", "实施日期", "施行日期", "实施时间", "失效日期", "失效时间",
    "废止日期", "废止时间", "公开方式", "公开形式", "公开属性", "公开范围", "公开类别", "公开程序",
    "公开时限", "信息类别", "信息分类", "文件类型", "公文种类", "文种", "体裁分类", "体裁", "组配分类",
    "服务对象分类", "服务对象", "分类", "类别", "内容分类", "所属主题", "信息索引号", "信息来源", "来源",
    "内容概述", "内容概要", "概述", "联合发文单位", "联系方式", "信息公开类别", "主办单位", "所属机构",
    "发布文号", "发文机构", "信息索引", "文件分类", "公布日期", "公文时效", "解读机关", "有效日期", "信息编号",
    "主送单位",
    "行业分类", "载体类型", "来文单位",
])  # fmt: skip
#: So many different labels make a header table; a single 来源： is a header line.
LEAST = 3
#: Of these, so many must be labels that header lines and tables of people don't have.
LEAST_STRONG = 2
_WEAK = frozenset([
    "来源", "信息来源", "发布时间", "发布日期", "类别", "分类", "名称", "标题", "关键词", "联系方式", "主办单位",
    "体裁", "概述",
])  # fmt: skip
_TITLES, _DAYS = frozenset(["标题", "信息名称"]), frozenset(["发布日期", "发布时间", "公开日期", "公开时间"])
#: Blocks without a label that may stand between two rows of one table.
_GAP = 3
_ALTERNATIVES = "|".join(r"\s{0,3}".join(label) for label in sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(rf"^[\[【〔]?\s*({_ALTERNATIVES})\s*[\]】〕]?\s*[：:]?\s*$")
# A label in brackets needs no colon: [成文日期] 2024-03-10.
_END = r"(?(framed)(?:\s*[\]】〕]\s*[：:]?|\s*[：:])|\s*[\]】〕]?\s*[：:])"
_PAIR = re.compile(rf"^(?P<framed>[\[【〔])?\s*(?P<label>{_ALTERNATIVES}){_END}\s*(?P<value>.+)$")
_NEXT = re.compile(rf"\s+(?P<framed>[\[【〔])?(?:{_ALTERNATIVES}){_END}")
#: The first two characters of a label, and what a row begins with: most blocks are passed with one look.
_HEADS = frozenset(label[:2] for label in LABELS)
_BEGINNINGS = frozenset("[【〔" + "".join(label[0] for label in LABELS))
#: Meta tags that hold the same facts.
META = {
    "syh": "索引号", "indexnumber": "索引号", "wh": "发文字号", "fwzh": "发文字号", "documentnumber": "发文字号",
    "cwrq": "成文日期",
    "fwjg": "发文机关", "ztfl": "主题分类", "fbjg": "发布机构", "fbrq": "发布日期",
}  # fmt: skip


#: What may follow a value on its line and is none: counters and tools change at each visit.
_COUNTER = re.compile(
    r"\s*[|｜【\[（(]?\s*(?:"
    r"(?:(?:文章|信息|本文|本页|累计|总|被)?(?:浏览|点击|阅读|访问|下载|查看|点赞|评论|转发|收藏)"
    r"(?:次数|人次|总数|总量|数|量|率|人数)?|人气|热度|点击率|PV)\s*[：:】\]]|"
    r"(?:浏览|点击|阅读|访问|下载|查看)(?:次数|人次|量|数)?\s*[（(]?\d|"
    r"已?(?:被|有|阅读|浏览|点击)\s*\d+\s*(?:人|次)|\d+\s*(?:次(?:浏览|点击|阅读|访问)|人(?:浏览|阅读|访问))|"
    r"(?:字体|字号|文字)(?:大小|显示)?\s*[：:【\[]|[【\[]\s*(?:字体|字号|打印|大\b|大\s|关闭|收藏|分享|我要纠错)|"
    r"(?:分享到|分享至|打印本页|关闭窗口|我要纠错|我要打印)|(?<!\S)(?:打印|分享|收藏|关闭)(?!\S)"
    r")",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Table:
    """The fields, label → value, in page order, and the blocks that they took."""

    fields: Mapping[str, str]
    taken: frozenset[int]

    def first(self, *labels: str) -> str | None:
        """The value of the first of these labels that is filled in."""
        return next((self.fields[label] for label in labels if self.fields.get(label)), None)


def read_table(blocks: Blocks, meta: Mapping[str, str]) -> Table:
    """The header table, empty where there is none."""
    fields: dict[str, str] = {}
    taken: set[int] = set()
    run: list[tuple[int, dict[str, str], set[int]]] = []
    last = -_GAP - 2
    for i in [i for i, block in enumerate(blocks.blocks) if block.text[0] in _BEGINNINGS]:
        if i <= last:
            continue
        pairs, used = _at(blocks, i)
        if not pairs:
            continue
        if i - last > _GAP:
            _settle(run, fields, taken)
            run = []
        run.append((i, pairs, used))
        last = max(used)
    _settle(run, fields, taken)
    for name, label in META.items():
        if name in meta:
            fields.setdefault(label, meta[name])
    return Table(fields, frozenset(taken))


def _settle(run: list[tuple[int, dict[str, str], set[int]]], fields: dict[str, str], taken: set[int]) -> None:
    labels = {label for _, pairs, _ in run for label in pairs}
    # 标题, 发布日期 and a third: what a page says of itself, however weak each label is alone.
    itself = bool(labels & _TITLES) and bool(labels & _DAYS)
    if len(labels) < LEAST or (len(labels - _WEAK) < LEAST_STRONG and not itself) or fields:
        return
    for _, pairs, used in run:
        for label, value in pairs.items():
            if value := _value(value):
                fields.setdefault(label, value)
        taken |= used


def _value(text: str) -> str:
    """A field's value without counters and tools behind it: a revision must not come of a visit."""
    match = _COUNTER.search(text)
    return text[: match.start()].rstrip(" |｜;；,，") if match else text


def _at(blocks: Blocks, i: int) -> tuple[dict[str, str], set[int]]:
    """The label (or labels) that a block holds with their values, and the blocks they take."""
    text = blocks.blocks[i].text
    if len(text) > 300:
        return {}, set()
    begun = text.lstrip("[【〔 ")
    if begun[:1] + begun[1:].lstrip()[:1] not in _HEADS:
        return {}, set()
    if match := _LABEL.match(text):
        label = squeeze(match[1])
        following = blocks.blocks[i + 1].text if i + 1 < len(blocks.blocks) and _same_row(blocks, i) else ""
        if not following or _LABEL.match(following) or _PAIR.match(following) or len(following) > 200:
            return ({label: ""}, {i}) if text.rstrip().endswith(("：", ":")) else ({}, set())
        if not (text.rstrip().endswith(("：", ":", "】", "]")) or _in_cell(blocks, i)):
            return {}, set()
        return {label: following}, {i, i + 1}
    if not _PAIR.match(text):
        return {}, set()
    pairs: dict[str, str] = {}
    while match := _PAIR.match(text):
        rest = match["value"]
        following_label = _NEXT.search(" " + rest)
        if following_label:
            cut = max(0, following_label.start() - 1)
            pairs[squeeze(match["label"])] = one_line(rest[:cut])
            text = rest[cut:].strip()
        else:
            pairs[squeeze(match["label"])] = one_line(rest)
            break
    return pairs, {i}


def _same_row(blocks: Blocks, i: int) -> bool:
    """Whether the next block stands in the row of this one: an empty value must not take the next row."""
    box = blocks.blocks[i].box
    cell = next((b for b in blocks.ancestors(box)[:4] if blocks.boxes[b].tag in ("td", "th", "dt")), box)
    row = blocks.boxes[cell].parent
    return row < 0 or blocks.inside(blocks.blocks[i + 1].box, row)


def _in_cell(blocks: Blocks, i: int) -> bool:
    box = blocks.blocks[i].box
    return any(blocks.boxes[b].tag in ("td", "th", "dt") for b in blocks.ancestors(box)[:3])
