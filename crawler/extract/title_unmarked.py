"""Headlines that no meta tag, heading, class or title element states: the line above the day's,
or above the text.

Old tables and e-newspapers print the headline in a cell like any other, under a title element that names the site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.blocks import Block, Blocks
from crawler.extract.furniture import furniture
from crawler.extract.header_lines import is_header_line, is_label
from crawler.extract.text_lines import byline

_DAY = re.compile(r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}")
_WEEKDAY = re.compile(r"星期|农历|今天是")
#: What begins no headline: numbers of parts, dashes (副题), marks of a byline, words of the page's furniture.
_OTHER = re.compile(
    r"[一二三四五六七八九十\d]{1,3}[、.．)）]|第[一二三四五六七八九十\d]{1,3}[章条节版]|[（(][一二三四五六七八九十\d]|——|—|[□■◎●◆★]|"
    r"附件|本报|记者|作者|来源|责任|编辑|您|当前|欢迎|首页|版权|主办|用户|密码|搜索|登录|索引|相关|热门|最新|"
    r"[\u4e00-\u9fff]{1,30}[：:]"
)
_ENDS = re.compile(r"[：:。；，、;,]$")
#: Characters of a headline, and how many blocks above the day's line or the text it may begin.
_SHORTEST, _LONGEST, _NEAR = 6, 80, 4


def unmarked(blocks: Blocks, prose: int | None) -> int | None:
    """The block of such a headline; ``prose`` is the article's first long paragraph. None where there is none."""
    texts = blocks.blocks
    end = len(texts) if prose is None else prose
    for i in range(min(end + 1, len(texts))):
        block = texts[i]
        # A paragraph that speaks of a day is none of these lines, and the day of today is the site's.
        if len(block.text) <= 120 and _DAY.search(block.text) and is_header_line(block) and not _today(block):
            found = _above(texts, i)
            if found is not None:
                return found
    return _above(texts, prose) if prose else None


def _today(block: Block) -> bool:
    return bool(_WEEKDAY.search(block.text))


def _above(texts: Sequence[Block], place: int) -> int | None:
    for i in range(place - 1, max(-1, place - 1 - _NEAR), -1):
        block = texts[i]
        size = len(block.text)
        if block.links or block.hidden or size > _LONGEST:
            return None
        if size < _SHORTEST or _OTHER.match(block.text) or _ENDS.search(block.text):
            continue
        if is_header_line(block) or is_label(block) or byline(block.text) or furniture(block.text):
            continue
        return i
    return None
