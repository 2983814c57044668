"""The lines under a headline: date, source, author, counters. They are fields of their own, not the body."""

from __future__ import annotations

import re

from crawler.extract.blocks import Block
from crawler.extract.credit_parts import is_outlet

_HEADER_LINE = re.compile(
    r"(?:19|20)\d\d\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}|^(?:信息|文章|稿件|新闻|本文)?(?:来源|來源|"
    r"出处)(?:于)?\s*[：:]|^(?:作者|记者|撰稿|发布(?:时间|日期|机构|单位|人)?|发表(?:时间|日期)|时间|日期|"
    r"编辑|浏览|阅读|点击|字[体号]|分享|摄影|投稿|供稿(?:单位)?)\s*[：:]",
)
#: A day and a time without their year, which no sentence stands beside.
_SHORT_STAMP = re.compile(r"(?<!\d)\d{1,2}[-/月]\d{1,2}日?\s\d{1,2}:\d\d(?::\d\d)?$")
_STAMP_AHEAD = re.compile(r"\d{1,2}[-/月]\d{1,2}日?\s\d{1,2}:\d\d(?::\d\d)?[\s·|]")
_LONGEST_STAMPED = 40
_SENTENCE = re.compile(r"[。！？；]")
#: Days that the article speaks of: its events, its windows, its numbered paragraphs.
_OWN_DATE = re.compile(
    r"(?:报名|申报|活动|会议|举办|考试|面试|笔试|公示|受理|招聘|截止|截至|开始|结束|征集|培训|比赛|实施|施行|有效)"
    r".{0,4}(?:时间|日期|期限|期|日|从|自|为|[：:])|[日号]\s?(?:前|后|以前|之前|以后)|[日号\d]\s?[起至]|[—–~～]{1,2}\s?\d|"
    r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]\s?[\u4e00-\u9fff]"
)
#: A label whose value stands in the next cell or line.
_LABEL_ALONE = re.compile(r"[\u4e00-\u9fff\s]{2,8}[：:]")
#: Characters of such a value.
LONGEST_VALUE = 30


def is_header_line(block: Block) -> bool:
    """Whether a block at the head of the article's box is one of these lines."""
    text = block.text
    if len(text) <= _LONGEST_STAMPED and ":" in text:
        stamped = _SHORT_STAMP.search(text) or _STAMP_AHEAD.match(text)
        if stamped and not _SENTENCE.search(text):
            return True
    match = _HEADER_LINE.search(text)
    if match is None or _SENTENCE.search(text):
        return False
    return not (match[0][0].isdigit() and _OWN_DATE.search(text))


def is_label(block: Block) -> bool:
    """Whether a block is a label alone, whose value is the next block."""
    return bool(_LABEL_ALONE.fullmatch(block.text))


#: The same in the cells of a small table, where no colon is printed.
_LABEL_CELL = re.compile(r"(?:信息|文章|稿件)?来源|(?:发布)?(?:时间|日期)")
_LONGEST_CELL = 4


def is_label_cell(block: Block, following: Block) -> bool:
    """Whether a block is a cell that names what the next one says: the day, the medium or the office."""
    if len(block.text) > _LONGEST_CELL or not _LABEL_CELL.fullmatch(block.text):
        return False
    return is_bare_day(following) if block.text[-1] in "间期" else is_outlet(following.text)


_PLACE = re.compile(
    r"(?:发布于|发表于|来自|IP属地|IP归属地)?\s?[：:]?\s?(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|"
    r"湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)[省市]?"
)


def is_place(block: Block) -> bool:
    """Whether a block only says from which province an account writes, as the law has it beside the day."""
    return len(block.text) <= 12 and bool(_PLACE.fullmatch(block.text))


_BARE_DAY = re.compile(r"[（(]?(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}\s?日?[）)]?")


def is_bare_day(block: Block) -> bool:
    """Whether a block is a day and nothing else: behind sentences it closes a signature."""
    return bool(_BARE_DAY.fullmatch(block.text))
