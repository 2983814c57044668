"""The lines under a headline: date, source, author, counters. They are fields of their own, not the body."""

from __future__ import annotations

import re

from crawler.extract.blocks import Block

_HEADER_LINE = re.compile(
    r"(?:19|20)\d\d\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}|^(?:信息|文章|稿件|新闻|本文)?(?:来源|來源|"
    r"出处)(?:于)?\s*[：:]|^(?:作者|记者|撰稿|发布(?:时间|日期|机构|单位|人)?|发表(?:时间|日期)|时间|日期|"
    r"编辑|浏览|阅读|点击|字[体号]|分享|摄影|投稿|供稿(?:单位)?)\s*[：:]",
)
#: A label whose value stands in the next cell or line.
_LABEL_ALONE = re.compile(r"[\u4e00-\u9fff\s]{2,8}[：:]")
#: Characters of such a value.
LONGEST_VALUE = 30


def is_header_line(block: Block) -> bool:
    """Whether a block at the head of the article's box is one of these lines."""
    text = block.text
    return bool(_HEADER_LINE.search(text)) and not re.search(r"[。！？；]", text)


def is_label(block: Block) -> bool:
    """Whether a block is a label alone, whose value is the next block."""
    return bool(_LABEL_ALONE.fullmatch(block.text))
