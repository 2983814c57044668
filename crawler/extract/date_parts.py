"""A day whose parts stand in elements of their own, as calendars print it: ``18`` beside or over ``2026-11``;
days and times out of time elements and scripts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence, Set

from crawler.extract.dates import FIRST_YEAR, Found, Moment, find_moments, local, parse_moment
from crawler.extract.tree import Node, Tree
from crawler.text import narrow

#: Elements whose stamps are read.
_MOST_STAMPS = 20


def stated_stamps(tree: Tree, tags: Set[str], marks: Set[str]) -> list[str]:
    """What the page states for programs in its markup: of time elements, and of elements that are called the
    day of publication (``itemprop=datePublished``), in ``content``, ``datetime`` or ``title``. ``tags`` and
    ``marks``: what the page holds, as the walk and the search for marks found it."""
    found = [n.attributes.get("datetime") or "" for n in _few(tree, "time[datetime]")] if "time" in tags else []
    if "datepublished" in marks:
        for node in _few(tree, "[itemprop=datePublished]"):
            given = node.attributes
            found.append(given.get("content") or given.get("datetime") or given.get("title") or "")
    return found


def _few(tree: Tree, selector: str) -> Sequence[Node]:
    return tree.select(selector)[:_MOST_STAMPS]


def completed(
    found: Found | None, texts: Sequence[str], stamps: Sequence[str], scripts: Callable[[], Sequence[str]],
    tree: Tree, *, today: dt.date,
) -> Found | None:  # fmt: skip
    """The publication with what the readers of this module add: its day where `dates.published` found none,
    its time where that found none. ``texts``: the header's blocks; ``scripts``: the page's short scripts."""
    if found is None or found.moment.time is None:
        found = apart(texts, found, today=today)
    found = found or calendar_day(texts, today=today)
    found = found or scripted(scripts(), today=today)
    if stamps and (found is None or found.moment.time is None):
        found = elements(stamps, found, today=today)
    if found is None or found.provenance == "url":
        found = account_stamp(tree, today=today) or found
    return found


#: How articles of WeChat accounts hold their moment: seconds, or a day with a time.
_ACCOUNT_STAMP = re.compile(
    r"\b(?:createTime|oriCreateTime|publish_time|ct)\s?=\s?[\"'](\d{10}|20\d\d-\d\d-\d\d(?: \d\d:\d\d)?)[\"']"
)


def account_stamp(tree: Tree, *, today: dt.date) -> Found | None:
    """The moment of an account's article, which its scripts print into an empty element."""
    if b'id="js_content"' not in tree.data:
        return None
    for match in _ACCOUNT_STAMP.finditer(tree.text):
        moment = parse_moment(match[1])
        if moment and moment.day <= today:
            return Found(moment, "label", "script")
    return None


#: Characters; the longest such pair is ``18日 2026年11月``.
_LONGEST = 16
_DAY = re.compile(r"(\d{1,2})\s?日?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?月?")
_DAY_FIRST = re.compile(rf"{_DAY.pattern}\s?[/|]?\s?{_MONTH.pattern}")
_MONTH_FIRST = re.compile(rf"{_MONTH.pattern}\s{_DAY.pattern}")


def calendar_day(texts: Sequence[str], *, today: dt.date) -> Found | None:
    """The first such day of a header's blocks: in one block of nothing else, or in two that follow each other.

    ``None`` where there is none, where it is no day of the calendar, or where it lies after ``today``.
    """
    short = [narrow(text).strip() if len(text) <= _LONGEST else "" for text in texts]
    for text, following in zip(short, [*short[1:], ""], strict=False):
        if not text or not text[0].isdigit():
            continue
        if whole := _DAY_FIRST.fullmatch(text):
            day, year, month = whole.groups()
        elif whole := _MONTH_FIRST.fullmatch(text):
            year, month, day = whole.groups()
        elif (first := _DAY.fullmatch(text)) and (second := _MONTH.fullmatch(following)):
            day, year, month = first[1], second[1], second[2]
        elif (first := _MONTH.fullmatch(text)) and (second := _DAY.fullmatch(following)):
            year, month, day = first[1], first[2], second[1]
        else:
            continue
        try:
            found = dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
        if found.year >= FIRST_YEAR and found <= today:
            return Found(Moment(found), "label", "calendar_day")
    return None


def elements(stamps: Sequence[str], found: Found | None, *, today: dt.date) -> Found | None:
    """The time that ``<time datetime>`` adds to a day; the day itself where none was, or the address' only."""
    moments = [local(m, ()) for m in filter(None, map(parse_moment, stamps)) if m.day <= today]
    if found and found.provenance == "url" and len({m.day for m in moments}) == 1:
        found = None
    for moment in moments:
        if found is None or (moment.time and moment.day == found.moment.day):
            return Found(moment, *((found.provenance, found.read_by) if found else ("label", "time_element")))
    return found


def scripted(scripts: Sequence[str], *, today: dt.date) -> Found | None:
    """The moment that a script prints into the page, where nothing else states one."""
    for text in scripts:
        moment = next(find_moments(text), None)
        if moment and moment.time and moment.day <= today:
            return Found(moment, "label", "script")
    return None


#: ``2024 03/16 10:32:45``: the year set apart from month and day, each in an element of its own.
_APART = re.compile(r"(?<!\d)(20\d\d)\s?(\d\d)/(\d\d)\s{1,3}(\d\d):(\d\d)(?::(\d\d))?(?!\d)")
#: Characters of the line or lines that hold it.
_HEAD = 80


def apart(texts: Sequence[str], found: Found | None, *, today: dt.date) -> Found | None:
    """The time that such a line of a header adds to its day; the day itself where the address alone had one."""
    if not any("/" in text for text in texts):
        return found
    for start in range(len(texts)):
        joined = narrow(" ".join(texts[start : start + 3]))[:_HEAD]
        if (match := _APART.search(joined)) is None:
            continue
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            moment = Moment(dt.date(year, month, day), dt.time(hour, minute, second))
        except ValueError:
            continue
        if found is None or found.provenance == "url":
            return Found(moment, "label", "header_line") if moment.day <= today else found
        if moment.day == found.moment.day:
            return Found(moment, found.provenance, found.read_by)
    return found
