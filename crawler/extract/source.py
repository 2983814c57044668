"""The source credit (来源): who wrote it, as the page says, without author, editor or counters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.extract.blocks import Blocks
from crawler.model.values import Provenance
from crawler.text import one_line

_SOURCE_META = (
    "source",
    "article:source",
    "og:article:source",
    "mediaid",
    "copyright-source",
    "weibo:article:source",
)
_LABELLED = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|内容|资料|文稿|消息|本文|转载|原文)?(?:来\s{0,4}源|來\s{0,4}源|来自|出处|稿\s{0,4}源)(?:于|"
    r"自)?|[Ss]ource|SOURCE|转载自|转自|摘自|供稿(?:单位)?|信息提供)(?:\s{0,4}[：:]|\s?[】\]|｜丨](?!\s*$))\s{0,4}"
    r"(?P<name>[^\n]{0,120})"
)
#: What follows the source on the same line: other labels, dates, font-size words, counters.
_STOP = re.compile(
    r"\s*(?:(?:(?:文章|稿件|本文)?作者|责任编辑|責任編輯|责编|编辑|記者|记者|摄影|撰稿|撰文|校对|审核|"
    r"时间|日期|发布|發布|发表|浏览|点击|阅读|访问|人气|举报|字体|字号|字號|大字|分享|打印|【|\[(?:字|打|"
    r"关|大|我)|收藏|评论|我要|我有话|查看|更多|手机看|网友|参与|关闭|公开|更新|索引|关键词|扫|T\||\||｜|"
    r"我来说|微博|进入|用手机|订阅|纠错|转发)|(?:19|20)\d\d\s?[-/年.]|(?:\d+\s?人)|[(（](?:责|记者|作者|"
    r"\d+人)|[(（][^()（）]{1,12}[)）]$|(?:大|中|小)\s(?:中|大|小))"
)
_EMPTY = re.compile(r"^(?:未知|不详|暂无|无|none|null|网络|--?|互联网|原创)$", re.I)
_BAD = re.compile(r"[。！？；]|^https?://|^(?:图?文|图|摄影?)\s?[/／]")
#: Characters; the longest credit seen (a centre with two names) has 40.
LONGEST = 80


def read_source(
    meta: Mapping[str, str], blocks: Blocks, zone: Sequence[int], tail: Sequence[int], *, ruled: str | None
) -> tuple[str, Provenance, str] | None:
    """The credit, where it stood, which rule found it. ``zone``: blocks of the header; ``tail``: the
    blocks at and after the body's end, where some sites put it (本文来源)."""
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
                    name = clean_source(blocks.blocks[i + 1].text)
                if name:
                    return _linked(blocks, i, name), "label", "label"
    for key in _SOURCE_META:
        if key in meta and (name := clean_source(meta[key])):
            return name, "meta", f"meta:{key}"
    return _unlabelled(blocks, zone)


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
        left = one_line(text[: date.start()] + " " + text[date.end() :]).strip(" |-·")
        left = re.sub(r"\s+\d{1,6}$", "", left)
        named = _MEDIUM.search(left) or _AUTHORITY.match(left)
        if named and len(left) <= 16 and (name := clean_source(left)):
            return name, "label", "header_line"
    for i in zone:
        if i + 1 < len(blocks.blocks) and _LABEL_ALONE.fullmatch(blocks.blocks[i].text):
            following = blocks.blocks[i + 1].text
            if len(following) <= 20 and not following[0].isdigit() and (name := clean_source(following)):
                return name, "label", "label"
    return None


_DATE = re.compile(r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}日?(?:[\sT]{0,3}\d{1,2}:\d\d(?::\d\d)?)?")
_BARE = re.compile(r"(?:^|[|｜\s\d日])来源\s?(?P<name>[^\s|｜：:]{2,20})")
#: A label that its layout alone sets apart from the credit in the next block.
_LABEL_ALONE = re.compile(r"(?:信息|文章|稿件|新闻)?来\s{0,4}源|稿\s{0,4}源")
#: What a medium's name ends with; a line without it may be a column or a person.
_MEDIUM = re.compile(
    r"(?:网|報|报|社|台|站|新闻|新聞|客户端|在线|周刊|杂志|日报|晚报|快报|时报|观察|财经|科技|资讯|发布|"
    r"中心|频道|号|\[整理\])$"
)
#: What the name of an authority ends with.
_AUTHORITY = re.compile(
    r"^[\u4e00-\u9fff]{3,16}(?:局|厅|委|委员会|办公室|人民政府|政府办|组织部|宣传部|管委会|研究院|协会)$"
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
