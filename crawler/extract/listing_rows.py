"""One row of a listing: its date, wherever the page prints it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.extract import listing_dates as dates
from crawler.extract.listing_dates import MonthDay
from crawler.extract.listing_links import Target, title_of
from crawler.extract.outline import Box
from crawler.text import narrow, one_line

Day = dt.date | MonthDay
_PUBLISHED = re.compile(
    r"(?:发布|发表|公布|公开|更新|提供|印发|颁布|上网|挂网)(?:日期|时间)?|^日期|^时间|^\[?日期|date|time", re.I
)
_ISSUED = re.compile(r"成文|生成|发文|印发|制定|签发")
_NAMED = re.compile(r"date|time|(?:^|[\s_-])(?:rq|sj|fbrq|fbsj|day)(?:$|[\s_-])", re.I)
#: A text of more characters is a summary; a date inside of it is the story's, not the row's.
_SHORT_TEXT = 48


@dataclass(slots=True)
class Draft:
    """A row while the listing is being judged."""

    box: Box
    link: Box
    target: Target
    title: str
    day: Day | None = None
    hidden: bool = False
    #: The boxes that the row consists of (several where rows are flat siblings).
    extent: tuple[Box | str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Token:
    """A text of a row, with where it stands: inside the title's link or not, hidden or not."""

    text: str
    owner: Box
    in_link: bool
    hidden: bool
    column: int | None


def tokens(extent: Iterable[Box | str], parent: Box, link: Box, inner: Sequence[Box] = ()) -> list[Token]:
    """The texts of a row in order; ``inner`` are nested rows that are not to be looked into."""
    found: list[Token] = []
    items = tuple(extent)
    for item in items:
        if isinstance(item, str):
            if text := one_line(item):
                found.append(Token(text, parent, False, False, None))
            continue
        for text, owner in item.texts():
            chain = _chain(owner, item)
            if any(b in inner for b in chain) if inner else False:
                continue
            column = next((_index(b) for b in chain if b.tag in ("td", "th")), None)
            found.append(
                Token(
                    text,
                    owner,
                    any(b is link for b in chain),
                    any(b.hidden for b in chain if b is not item or len(items) > 1),
                    column,
                )
            )
    return found


def _chain(owner: Box, top: Box) -> list[Box]:
    chain = [owner]
    while owner is not top and owner.parent is not None:
        owner = owner.parent
        chain.append(owner)
    return chain


def _index(cell: Box) -> int:
    siblings = cell.parent.kids if cell.parent else []
    return sum(1 for k in siblings if isinstance(k, Box) and k.tag in ("td", "th") and k.order < cell.order)


def date_of(found: Sequence[Token], today: dt.date, headers: Mapping[int, str] | None = None) -> Day | None:
    """The publication date of a row, or None. Labels and column heads win over position."""
    best: tuple[float, Day] | None = None
    for i, token in enumerate(found):
        score_day = _candidate(found, i, today, headers or {})
        if score_day is None:
            continue
        score, day = score_day
        if token.hidden:
            score -= 3
        if token.in_link:
            score -= 0.5
        if best is None or score > best[0] or (score == best[0] and _later(day, best[1])):
            best = (score, day)
    return best[1] if best else None


def _candidate(
    found: Sequence[Token], i: int, today: dt.date, headers: Mapping[int, str]
) -> tuple[float, Day] | None:
    token = found[i]
    before = found[i - 1].text if i else ""
    head = headers.get(token.column, "") if token.column is not None else ""
    label = one_line(head + " " + (before if len(before) <= 12 else "") + " " + _label_inside(token.text))
    day = dates.standalone(token.text, today)
    score = 4.0 if isinstance(day, dt.date) else 3.0
    if day is None or isinstance(day, MonthDay):
        for width in (3, 2):
            group = [t.text for t in found[i : i + width]]
            if len(group) == width and all(len(t) <= 10 for t in group):
                split = dates.joined(group, today)
                if split is not None and (day is None or isinstance(split, dt.date)):
                    day, score = split, 3.5
                    break
    if day is None:
        if len(token.text) > _SHORT_TEXT and not token.in_link:
            return None
        inside = dates.inside(token.text, today)
        if inside is None:
            return None
        tail = re.search(r"\d{1,2}日?[\])】)]*(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\])】)]*$", narrow(token.text))
        ahead = re.match(r"[\[(【]?(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}[\])】]?\s", narrow(token.text))
        if token.in_link and not tail and not ahead:
            return None
        day, score = inside, 2.5 if tail else 1.5
    if _NAMED.search(token.owner.names) or token.owner.tag == "time":
        score += 0.6
    if dates.NOT_PUBLISHED.search(label):
        score -= 5 if not _PUBLISHED.search(head) else 0
    elif _ISSUED.search(label) and not re.search("发布|公布|公开", label):
        score += 0.2
    elif _PUBLISHED.search(label):
        score += 1.2
    return (score, day) if score > 0 else None


def _label_inside(text: str) -> str:
    match = re.match(r"^[\[(【]?\s*([\u4e00-\u9fff]{2,8})\s*[::]", narrow(text))
    return match[1] if match else ""


def _later(day: Day, than: Day) -> bool:
    if isinstance(day, dt.date) and isinstance(than, dt.date):
        return day > than
    return isinstance(day, dt.date)


def header_cells(row: Box) -> dict[int, str]:
    """The column heads of the table that a row stands in: column number → head; empty without."""
    table = next((b for b in row.above() if b.tag == "table"), None)
    if row.tag != "tr" or table is None:
        return {}
    for box in table.boxes():
        if box.tag != "tr" or box is row:
            continue
        cells = [k for k in box.kids if isinstance(k, Box) and k.tag in ("td", "th")]
        texts = [one_line(c.text) for c in cells]
        if len(cells) < 2 or any(len(t) > 10 for t in texts):
            return {}
        if any(c.tag == "th" for c in cells) or any(_HEADS.search(t) for t in texts):
            return {i: t for i, t in enumerate(texts) if t}
        return {}
    return {}


_HEADS = re.compile(r"标\s*题|名\s*称|日\s*期|时\s*间|文\s*号|索\s*引|序\s*号|机\s*构")


def link_title(box: Box) -> str:
    """The title that a link or another element shows."""
    return title_of(box)
