"""The source credit (来源): who wrote it, as the page says, without author, editor or counters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from crawler.extract import credit_parts
from crawler.extract.blocks import Blocks
from crawler.model.values import Provenance
from crawler.text import is_han, one_line

_SOURCE_META = (
    "source",
    "article:source",
    "og:article:source",
    "mediaid",
    "copyright-source",
    "weibo:article:source",
)
#: Elements that are called the source by those who made the page.
SOURCE_ELEMENTS = "[class*=source],[id*=source],[class*=laiyuan],[id*=laiyuan]"
_LABELLED = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|新聞|内容|资料|文稿|消息|本文|转载|原文)?(?:来\s{0,4}源|來\s{0,4}源|来自|出处|稿\s{0,4}源|引据|引據)(?:于|"
    r"自)?|[Ss]ource|SOURCE|转载自|转自|摘自|供稿(?:单位)?|信息提供)(?:\s{0,4}[：:]|\s?[】\]|｜丨](?!\s*$))\s{0,4}"
    r"(?P<name>[^\n]{0,120})"
)
#: What follows the source on the same line: other labels, dates, font-size words, counters.
_STOP = re.compile(
    r"\s*(?:(?:(?:文章|稿件|本文)?作\s{0,4}者|责\s{0,3}任\s{0,3}编\s{0,3}辑|責任編輯|责\s{0,4}编|编\s{0,4}辑|記者|"
    r"记\s{0,4}者|摄影|撰稿|撰文|校对|审核|时\s{0,4}间|日\s{0,4}期|"
    r"(?:(?<=\s)|(?=..\s{0,4}(?:[：:]|时间|日期|于|者|人|单位|机构)))(?:发布|發布|发表)|已?\s?浏\s{0,4}览|已?\s?点\s{0,4}击|"
    r"已?\s?阅\s{0,4}读|已?\s?访问|人气|举报|字\s{0,4}体|字\s{0,4}号|字號|大字|分享|打印|【|[\]】]\s{0,9}[\[【]|"
    r"\[(?:字|打|关|大|我)|收藏|评论|我要|我有话|查看|更多|手机看|网友|参与|关闭|公开|更新|索引|关键词|扫|T\||\||｜|"
    r"我来说|进入|用手机|订阅|纠错|转发|语音播|播放|朗读|听全文|A\s?A?\s?[+＋－-])|"
    r"(?:19|20)\d\d\s?[-/年.]|有?\s?\d+\s?[人次]|[(（](?:责|记者|作者|\d+人)|[(（][^()（）]{1,12}[)）]$|"
    r"(?:大|中|小)\s(?:中|大|小))|"
    # Another label, whatever it says, and a day or time without its year.
    r"\s+(?:[\u4e00-\u9fff]{2,6}\s?[：:]|\[?微博|\d{1,2}\s?[:：]\s?\d\d|\d{1,2}[-/月]\d{1,2})"
)
_EMPTY = re.compile(r"^(?:未知|不详|暂无|无|none|null|网络|--?|互联网|原创)$", re.I)
_BAD = re.compile(r"[。！？；]|^https?://|^(?:图?文|图|摄影?)\s?[/／]")
#: Characters of a credit in a block of its own.
_LONGEST_ALONE = 40
#: How headings of a text begin.
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第[一二三四五六七八九十]{1,3}[章条]")
#: Characters; the longest credit seen (a centre with two names) has 40.
LONGEST = 80


def read_source(
    meta: Mapping[str, str], blocks: Blocks, zone: Sequence[int], tail: Sequence[int], *, ruled: str | None,
    marked: Callable[[], Sequence[str]] = tuple, table: Mapping[str, str] | None = None, said: Sequence[int] = (),
) -> tuple[str, Provenance, str] | None:  # fmt: skip
    """The credit, where it stood, which rule found it. ``zone``: blocks of the header; ``tail``: the
    blocks at and after the body's end, where some sites put it (本文来源); ``marked``: the texts of elements
    that are called sources by class, asked for last; ``table``: the header table's fields; ``said``: the
    blocks of headline and body, where only a label is believed: a signature stands beside its day too. A
    publisher (发布机构) stands in where no source is credited."""
    if ruled and (name := clean_source(ruled)):
        return name, "label", "site_rule"
    if name := clean_source(meta.get("contentsource")):
        return name, "meta", "meta:contentsource"
    for where, indices in (("label", zone), ("tail", tail)):
        for i in indices:
            text = blocks.blocks[i].text
            if len(text) > 300 or (where == "tail" and len(text) > 60):
                continue
            for match in _LABELLED.finditer(text):
                name = clean_source(match["name"])
                if not name and not match["name"].strip() and i + 1 < len(blocks.blocks):
                    name = _following(blocks.blocks[i + 1].text)
                if name:
                    return credit_parts.bounded(blocks, i, _linked(blocks, i, name)), "label", "label"
    for key in _SOURCE_META:
        if key in meta and (name := clean_source(meta[key])):
            return name, "meta", f"meta:{key}"
    inside = frozenset(said)
    above = [i for i in zone if i not in inside]
    return (
        _marked(blocks, above, marked)
        or _beside_day(blocks, above)
        or _unlabelled(blocks, above)
        or _label_alone(blocks, zone)
        or _closing(blocks, tail)
        or _tabled(table or {}, ("信息来源", "来源"))
        or _publisher(blocks, zone)
        or _tabled(table or {}, _PUBLISHER_LABELS)
    )


def _following(text: str) -> str | None:
    """The credit in the block behind its label: a name, not the article's first heading."""
    return clean_source(text) if len(text) <= _LONGEST_ALONE and not _NUMBERED.match(text) else None


def _marked(
    blocks: Blocks, zone: Sequence[int], marked: Callable[[], Sequence[str]]
) -> tuple[str, Provenance, str] | None:
    """What stands in a header line and is called a source by its element's class."""
    lines = [text for i in zone if len(text := blocks.blocks[i].text) <= 100]
    if not any(_DATE.search(line) for line in lines):
        return None
    for text in marked():
        name = clean_source(text)
        if name and len(name) <= _LONGEST_ALONE and any(map(is_han, name)) and any(name in line for line in lines):
            return name, "label", "class"
    return None


def _closing(blocks: Blocks, tail: Sequence[int]) -> tuple[str, Provenance, str] | None:
    for i in tail:
        text = blocks.blocks[i].text
        if len(text) <= 60 and (match := _CLOSING.match(text)) and (name := clean_source(match["name"])):
            return name, "label", "label"
    return None


def _publisher(blocks: Blocks, zone: Sequence[int]) -> tuple[str, Provenance, str] | None:
    for i in zone:
        text = blocks.blocks[i].text
        if len(text) <= 200 and (match := _PUBLISHER.search(text)) and (name := clean_source(match["name"])):
            return name, "label", "publisher"
    return None


def _tabled(table: Mapping[str, str], labels: Sequence[str]) -> tuple[str, Provenance, str] | None:
    for label in labels:
        if name := clean_source(table.get(label)):
            return name, "header_table", "header_table"
    return None


def _linked(blocks: Blocks, i: int, name: str) -> str:
    """The credit that is a link ends where the link ends; what follows it is another column's name."""
    for link in blocks.links:
        if link.block == i and len(link.text) >= 2 and name.startswith(link.text + " ") and link.href:
            return link.text
    return name


def _unlabelled(blocks: Blocks, zone: Sequence[int]) -> tuple[str, Provenance, str] | None:
    """A header line that holds a date and a medium's name and nothing else."""
    for i in zone:
        text = blocks.blocks[i].text
        if len(text) > 100 or not (date := _DATE.search(text)):
            continue
        if (match := _BARE.search(text)) and (name := clean_source(match["name"])):
            return name, "label", "header_line"
        left = one_line(_ADDRESS.sub(" ", text[: date.start()] + " " + text[date.end() :])).strip(" |-·")
        left = re.sub(r"\s+\d{1,6}$", "", left)
        named = _MEDIUM.search(left) or _AUTHORITY.match(left)
        if (
            named
            and not credit_parts.NO_CREDIT.search(left)
            and len(left) <= (40 if "、" in left else 16)
            and (name := clean_source(left))
        ):
            return name, "label", "header_line"
    return None


def _label_alone(blocks: Blocks, zone: Sequence[int]) -> tuple[str, Provenance, str] | None:
    """A label in a cell or element of its own, and the credit in the next."""
    for i in zone:
        if i + 1 < len(blocks.blocks) and _LABEL_ALONE.fullmatch(blocks.blocks[i].text):
            following = blocks.blocks[i + 1].text
            if not following[0].isdigit() and (name := _following(following)):
                return name, "label", "label"
    return None


def _beside_day(blocks: Blocks, zone: Sequence[int]) -> tuple[str, Provenance, str] | None:
    name = credit_parts.beside_day(blocks, zone)
    return (name, "label", "beside_day") if name else None


_DATE = re.compile(r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}日?(?:[\sT]{0,3}\d{1,2}:\d\d(?::\d\d)?)?")
_BARE = re.compile(r"(?:^|[|｜\s\d日])来源\s?(?P<name>[^\s|｜：:]{2,40})")
#: Addresses of the site itself in the line of date and medium.
_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./-]{1,80}", re.I)
#: At the body's end, where the label may be set apart by anything.
_CLOSING = re.compile(
    r"^[（(【\[]?\s?(?:稿件|文章|本文|图文|信息)?来源\s?[丨|/／\s]\s?(?P<name>\S[^丨|/／]{1,30}?)"
    r"(?:\s+(?:编辑|责编|作者|记者|图片)\s?[丨|/／：:].{0,30})?$"
)
#: What publishes, where no source is credited: the authority's own pages.
_PUBLISHER = re.compile(r"(?:信息)?发\s{0,4}布(?:机构|单位|部门|机关)\s{0,4}[：:]\s{0,4}(?P<name>[^\n]{2,80})")
_PUBLISHER_LABELS = ("发布机构", "发布单位", "发布机关")
#: A label that its layout alone sets apart from the credit in the next block.
_LABEL_ALONE = re.compile(r"(?:信息|文章|稿件|新闻)?来\s{0,4}源|稿\s{0,4}源")
#: What a medium's name ends with; a line without it may be a column or a person.
_MEDIUM = re.compile(
    r"(?:网|報|报|社|台|站|新闻|新聞|客户端|在线|周刊|杂志|电讯|广电|日报|晚报|快报|时报|观察|财经|科技|资讯|发布|"
    r"中心|频道|号|\[整理\])$"
)
#: What the name of an authority ends with.
_AUTHORITY = re.compile(
    r"^[\u4e00-\u9fff、]{3,40}(?:局|厅|委|委员会|办公室|人民政府|政府办|组织部|宣传部|管委会|研究院|协会)$"
)


def clean_source(text: str | None) -> str | None:
    """The name alone, or None where nothing credible is left."""
    text = one_line(text)
    if match := _LABELLED.match(text):
        text = match["name"]
    stop = _STOP.search(text)
    if stop:
        text = text[: stop.start()]
    text = text.strip(" 　：:;；,，|-—_·>《》\"'")
    if text.endswith(("]", "】", "）", ")")) and not any(mark in text for mark in "[【（("):
        text = text[:-1].rstrip()
    if not text or len(text) > LONGEST or _EMPTY.match(text) or _BAD.search(text) or text.isdigit():
        return None
    return text
