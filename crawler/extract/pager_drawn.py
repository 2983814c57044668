"""Pagers that are no links: drawn by a plugin (``laypage.render({count, limit, curr, jump: function (o) { … }})``),
or a list of pages to choose from."""

from __future__ import annotations

import html
import re

from crawler.extract.feeds import between
from crawler.extract.listing_links import absolute
from crawler.extract.script_openers import sent_to

#: What the plugin calls when the visitor chooses a page.
_JUMP = re.compile(r"\bjump\s?(?::\s?function\s?\w{0,40}\s?)?\(\s?(\w{1,40})[^()]{0,100}\)\s?\{")
_OPTION = re.compile(r"\b(count|limit|curr)\s?:\s?['\"]?(\d{1,8})\b(?!\s?[-+*/.])|\b(curr)\s?:")
#: One page to choose: its attributes, and its number in words.
_CHOICE = re.compile(r"<option\b([^<>]{0,400})>\s{0,20}\D{0,4}?(\d{1,5})\s?页?\s{0,20}(?=<)", re.I)
_VALUE = re.compile(r"\bvalue\s?=\s?[\"']?([^\"'<>\s]{1,400})", re.I)
#: How such a list sends its visitor on; characters of its own attributes, and lists of a page that are read.
_SENDS, _OWN, _LISTS = re.compile(r"location|jumpMenu|window\.open", re.I), 400, 20
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


def chosen_next(source: str, base: str, current: int) -> str | None:
    """The next page's address out of a list of pages (``<select onchange="location = this.value">``); ``current``
    is this page's number where none of them is marked as chosen."""
    for piece in between(source, "<select", "</select>")[:_LISTS]:
        if not _SENDS.search(piece[:_OWN].partition(">")[0]):
            continue
        pages: dict[int, str] = {}
        for attributes, number in _CHOICE.findall(piece):
            if value := _VALUE.search(attributes):
                pages.setdefault(int(number), html.unescape(value[1]))
            if re.search(r"\bselected\b", attributes, re.I):
                current = int(number)
        if len(pages) > 1 and current + 1 in pages:
            return absolute(pages[current + 1], base)
    return None
