"""Pagers that a plugin draws: ``laypage.render({count, limit, curr, jump: function (obj) { … }})``."""

from __future__ import annotations

import re

from crawler.extract.listing_links import absolute
from crawler.extract.script_openers import sent_to

#: What the plugin calls when the visitor chooses a page.
_JUMP = re.compile(r"\bjump\s?(?::\s?function\s?\w{0,40}\s?)?\(\s?(\w{1,40})[^()]{0,100}\)\s?\{")
_OPTION = re.compile(r"\b(count|limit|curr)\s?:\s?['\"]?(\d{1,8})\b(?!\s?[-+*/.])|\b(curr)\s?:")
#: Characters before and after in which the plugin's options and its function stand.
_NEAR = 800


def drawn_next(source: str, base: str) -> str | None:
    """The address of the next page, where the page's pager is drawn by such a plugin; None where it can't be told,
    or where this is the last one."""
    for match in _JUMP.finditer(source):
        around = source[max(0, match.start() - _NEAR) : match.start()].rpartition("{")[2]
        around += source[match.end() : match.end() + _NEAR].rpartition("}")[0]
        options: dict[str, int | None] = {}
        for option in _OPTION.finditer(around):
            options.setdefault(option[1] or option[3], int(option[2]) if option[2] else None)
        current = options.get("curr", 1)
        count, limit = options.get("count"), options.get("limit") or 10
        if current is None or count is None or current * limit >= count:
            continue
        url = sent_to(source[match.end() : match.end() + _NEAR], {f"{match[1]}.curr": current + 1})
        if url and (address := absolute(url, base)) and address != base:
            return address
    return None
