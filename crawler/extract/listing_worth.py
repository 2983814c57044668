"""What a group of like elements is worth as a list of articles: its rows, and its place on the page."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from crawler.extract.listing_links import detail_like, weight
from crawler.extract.listing_rows import Draft
from crawler.extract.outline import Box

#: A title of so many (Han) characters counts in full; menus have 2-6.
FULL_TITLE = 16
#: What a date and an article-like address are worth beside a full title (1.0); chosen on the
#: synthetic variants of tests/extract so that a short dated list beats a long undated one.
_DATE_WORTH, DETAIL_WORTH = 1.3, 0.6
#: A row holds its link and a few related ones; a block of a page holds more links with titles.
_ROW_LINKS = 4
#: Fewer (Han) characters are no title of an article, but a menu's or a tag's word.
TITLE = 6
#: What an undated group is still worth on a page that has a dated one in its main part.
UNDATED = 0.6
#: What a group is worth whose members are named differently: columns of a page, not rows.
_UNLIKE = 0.6
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:\w*nav\w*|\w*menu\w*|\w*foot\w*|\w*header|head|crumb\w*|bread\w*|"
    r"position|location|friend\w*|"
    r"yqlj|links?|sitemap|copyright|page[rs]?|pagination|search\w*|tab-?title|toolbar|share|"
    r"weizhi|dqwz)(?:$|[\s_-])"
)
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:\w*hot\w*|\w*rank\w*|phb|\w*recommend\w*|tuijian|\w*relat\w*|xgyd|xgwz|"
    r"side\w*|\w*sidebar|aside|"
    r"slide\w*|swiper\w*|banner\w*|focus|lunbo|carousel|notice-?bar|marquee)(?:$|[\s_-])"
)


@dataclass(slots=True)
class Group:
    """Rows that repeat one structure, with what they are worth together."""

    parents: list[Box]
    members: list[Box]
    drafts: list[Draft]
    score: float = 0.0
    #: How many links each row (by ``id``) holds.
    links: dict[int, int] = field(default_factory=dict)

    @property
    def dated(self) -> float:
        """The share of rows with a date."""
        return sum(d.day is not None for d in self.drafts) / max(1, len(self.drafts))


def zone(group: Group) -> float:
    """How much the place speaks for a list: menus, footers and side columns speak against it."""
    factor = 1.0
    box: Box | None = group.parents[0]
    distance = 0
    while box is not None and distance < 8:
        names = box.names
        if box.tag in ("nav", "footer", "header") or (names and _FURNITURE.search(names)):
            factor = min(factor, 0.25 + 0.05 * distance)
        elif box.tag == "aside" or (names and _BESIDE.search(names)):
            factor = min(factor, 0.45)
        if box.hidden:
            factor = min(factor, 0.3)
        box = box.parent
        distance += 1
    return factor


def score_of(group: Group) -> float:
    """The worth of a group: titles, dates and article-like addresses of its rows, by its place."""
    total = 0.0
    targets = Counter((d.target, "") for d in group.drafts)
    for draft in group.drafts:
        size = weight(draft.title)
        value = min(size, FULL_TITLE) / FULL_TITLE
        value += DETAIL_WORTH * detail_like(draft.target.url)
        if draft.day is not None:
            value += _DATE_WORTH
        elif size < TITLE:
            value *= 0.1
        elif detail_like(draft.target.url) < 0.2:
            value *= 0.4
        if draft.target.part:
            value *= 0.7
        if (links := group.links.get(id(draft.box), 1)) > _ROW_LINKS:
            value *= _ROW_LINKS / links
        total += value / targets[(draft.target, "")]
    good = sum(weight(d.title) >= TITLE for d in group.drafts) / max(1, len(group.drafts))
    shapes = Counter(shape(d.box) for d in group.drafts)
    most = max(shapes.values(), default=0)
    alike = 1.0 if 2 * most >= max(3, len(group.drafts)) or len(group.drafts) < 2 else _UNLIKE
    return total * zone(group) * math.sqrt(good) * alike


def shape(box: Box) -> str:
    """An element's class without numbers: what like elements have in common."""
    return re.sub(r"\d+", "", box.attrs.get("class", "")).strip().lower()
