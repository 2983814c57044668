"""Lists of cleared documents (清理结果): what becomes of each, however its row is set."""

from __future__ import annotations

import re

from crawler.enrich import docno
from crawler.enrich.names import Name
from crawler.model.values import LinkKind

#: A document ends.
REPEAL = re.compile(
    r"废止|予以废除|停止执行|不再执行|停止施行|失去效力|自行失效|同时失效|宣布失效|予以失效|作废|停止使用|不再施行|不再适用|自然失效|即行失效|随之失效"
)
#: How the titles of documents end.
TITLED = re.compile(
    r"(?:通知|意见|"
    r"办法|细则|规定|措施|方案|决定|条例|政策|规划|计划|公告|通告|函|十条)(?:[（(][^（()）]{1,12}[）)])?》?$"
)


def fate(line: str) -> LinkKind | None:
    """What a heading or row of a list of cleared documents (清理结果) says becomes of them."""
    if REPEAL.search(line):
        return "repeals"
    if re.search(r"(?:修改|修订|修正)(?:的|后|下列|以下|$| \|)", line):
        return "amends"
    return "cites" if re.search(r"继续有效|予以保留|保留的", line) else None


def cell(previous: str, line: str) -> tuple[Name, str] | None:
    """A document whose title and number stand in cells, or lines, of their own."""
    number = docno.own_line(line) if " | " not in line and len(line) <= 40 else None
    if number is None or not TITLED.search(previous) or len(previous) > 120 or previous.endswith(("。", "：", ":")):
        return None
    return Name(previous.strip("《》 "), 0, len(line), number), f"{previous}\n{line}"
