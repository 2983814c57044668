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
_UNDATED = 0.6
#: The same where the dated one has as many rows as a page of a list has, and a box at its side has not.
_UNDATED_BESIDE_FULL, _FULL_LIST = 0.35, 8
#: What a group is worth whose members are named differently: columns of a page, not rows.
_UNLIKE = 0.6
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:\w*nav\w*|\w*menu\w*|\w*foot\w*|\w*header|head|crumb\w*|bread\w*|friend\w*|yqlj|links?|sitemap|"
    r"copyright|pagination|search(?:box|bar|form|input)?|tab-?title|toolbar|share|weizhi|dqwz)(?:$|[\s_-])"
)
#: Names that mean furniture on the element itself, but may wrap a whole page.
_NARROW = re.compile(r"(?:^|[\s_-])(?:position|location|page[rs]?|pagenav|fenye|fanye)(?:$|[\s_-])")
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:hot\w*|rank\w*|phb|\w*recommend\w*|tuijian|relat(?:ed|ion)\w*|xgyd|xgwz|side|side-?bar\w*|\w+sidebar|"
    r"aside|slide\w*|swiper\w*|banner\w*|focus|lunbo|carousel|notice-?bar|marquee)(?:$|[\s_-])"
)
#: What a side column is worth: less than an undated list of the main part with two thirds of its rows.
_BESIDE_WORTH = 0.35
#: Headings of what stands beside a page's list.
_BESIDE_HEAD = re.compile(
    r"(?:热[点门榜]|点击|阅读|浏览|人气|本[周月]|一周|24小时|推荐|精彩|最新(?:发布|文章|新闻|资讯|更新|动态|消息)?$|相关|猜你|大家|图片|专题|"
    r"友情|常用|快速|便民|下载|排行|往期)[\u4e00-\u9fff]{0,4}(?:榜|行|荐|读|闻|接|栏|题|道|讯|章|片|看|载|$)"
)
#: What a group is worth under such a heading; characters of a heading; levels above the rows where it stands.
_UNDER_BESIDE_HEAD, _HEAD_SIZE, _HEAD_LEVELS = 0.45, 12, 3
#: What stands before a link that goes with the row, and how long such a line can be.
_BESIDE_ROW = re.compile(r"(?:相关|解读|图解|附件|延伸|关联|链接|配套)[\u4e00-\u9fff]{0,4}\s?[：:】\]]\s*$")
_ANNOUNCED = 40
#: Rows of the last page of a list.
_FEW = 3
#: What a group gains by how many levels above it the page's pager stands: menus and side columns have none.
_PAGED = (1.3, 1.25, 1.15, 1.05)
#: What an undated group gains further where it alone has the pager beside dated ones.
_OWN_PAGER = 1.8


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


def unseen(box: Box) -> bool:
    """Whether an element stands in something that is switched off (a tab's other side, a phone's copy)."""
    return box.hidden or any(b.hidden for _, b in zip(range(6), box.above(), strict=False))


def beside_the_row(link: Box) -> bool:
    """Whether a link is announced as something that only goes with the row (``相关解读：``, ``附件：``)."""
    box = link
    for _ in range(2):
        parent = box.parent
        if parent is None:
            return False
        place = next((i for i, kid in enumerate(parent.kids) if kid is box), 0)
        before = "".join(k if isinstance(k, str) else k.text for k in parent.kids[max(0, place - 2) : place])
        if before.strip():
            return len(before) < _ANNOUNCED and bool(_BESIDE_ROW.search(before))
        box = parent
    return False


def zone(group: Group) -> float:
    """How much the place speaks for a list: menus, footers and side columns speak against it."""
    factor = 1.0
    box: Box | None = next((p for p in group.parents if not unseen(p)), group.parents[0])
    distance = 0
    while box is not None and distance < 8:
        names = box.names
        if box.tag in ("nav", "footer", "header") or (names and _FURNITURE.search(names)):
            factor = min(factor, 0.25 + 0.05 * distance)
        elif distance < 2 and names and _NARROW.search(names):
            factor = min(factor, 0.3)
        elif box.tag == "aside" or (names and _BESIDE.search(names)):
            factor = min(factor, _BESIDE_WORTH)
        if box.hidden:
            factor = min(factor, 0.3)
        box = box.parent
        distance += 1
    return factor * _UNDER_BESIDE_HEAD if factor == 1.0 and headed_beside(group.parents[0]) else factor


def heading(rows: Box) -> str:
    """The short text that stands over a group's rows; empty where there is none."""
    box = rows
    for _ in range(_HEAD_LEVELS):
        parent = box.parent
        if parent is None:
            return ""
        place = next((i for i, kid in enumerate(parent.kids) if kid is box), 0)
        for kid in reversed(parent.kids[max(0, place - 4) : place]):
            if text := _MORE.sub("", _brief(kid)):
                return text if len(text) <= _HEAD_SIZE else ""
        box = parent
    return ""


def _brief(item: Box | str) -> str:
    """The beginning of what an element says: enough to tell whether it is a heading."""
    if isinstance(item, str):
        return item.strip()
    said = ""
    for text, _ in item.texts():
        said += text
        if len(said) > 2 * _HEAD_SIZE:
            break
    return said


def headed_beside(rows: Box) -> bool:
    """Whether the heading over rows says that they go with the page's list (热点排行, 推荐阅读)."""
    return bool(_BESIDE_HEAD.match(heading(rows)))


_MORE = re.compile(r"\s*(?:更多|more|MORE)?[>»+.…\s]*$")


def score_of(group: Group, pager: Box | None = None) -> float:
    """The worth of a group: titles, dates and article-like addresses of its rows, by its place.

    ``pager`` is where the page lists its other pages.
    """
    total, dated = 0.0, group.dated
    targets = Counter((d.target, "") for d in group.drafts)
    for draft in group.drafts:
        size = weight(draft.title)
        value = min(size, FULL_TITLE) / FULL_TITLE
        value += DETAIL_WORTH * detail_like(draft.target.url)
        if draft.day is None and dated >= 0.5 and detail_like(draft.target.url) < 0.2:
            value = -0.5
        elif draft.day is not None:
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
    level = _level(group, pager)
    paged = 1.0 if level is None else _PAGED[level]
    return total * zone(group) * math.sqrt(good) * alike * paged


def discount_undated(groups: list[Group], pager: Box | None = None) -> None:
    """Lower the worth of undated groups where the page's main part has a dated one; but of those that have the
    page's pager for their own, where the dated ones have not."""
    dated = [g for g in groups if g.dated >= 0.5]
    rows = max((len(g.drafts) for g in dated if zone(g) == 1.0), default=0)
    worth = (_UNDATED_BESIDE_FULL if rows >= _FULL_LIST else _UNDATED) if rows else 1.0
    if not dated:
        return
    # Columns of a page that hold a dated row each are no list.
    most = max(len(g.drafts) for g in dated)
    lists = [g for g in dated if 2 * len(g.drafts) >= most]
    nearest = min((level for g in lists if (level := _level(g, pager)) is not None), default=len(_PAGED))
    for group in groups:
        if group.dated < 0.2:
            level = _level(group, pager)
            group.score *= _OWN_PAGER if level is not None and level < nearest else worth


def without_beside(groups: list[Group], pager: Box | None) -> list[Group]:
    """Without groups whose heading says that they only go with the page's list (推荐阅读), however long, where the
    page's pager is another dated one's own."""
    levels = [_level(g, pager) for g in groups if g.dated >= 0.5 and len(g.drafts) >= _FEW and not _beside(g)]
    own = min((level for level in levels if level is not None), default=None)
    if own is None:
        return groups
    return [g for g in groups if not _beside(g) or ((level := _level(g, pager)) is not None and level <= own)]


def _beside(group: Group) -> bool:
    return headed_beside(group.parents[0])


def _level(group: Group, pager: Box | None) -> int | None:
    """How many levels above the rows the page's pager stands; None where it is no part of them."""
    near = [group.parents[0], *list(group.parents[0].above())[:3]]
    return next((n for n, b in enumerate(near) if b.tag != "body" and pager is not None and pager.within(b)), None)


def shape(box: Box) -> str:
    """An element's class without numbers: what like elements have in common."""
    return re.sub(r"\d+", "", box.attrs.get("class", "")).strip().lower()


_PAGER = re.compile(r"^\W*(?:下一?页|尾页|末页|next|共\s?\d+\s?[页条].*)\W*$", re.I)
_PAGER_NAME = re.compile(r"pag(?:e|er|es|ing|ination|enav|ebar)|fenye|fanye")
_SHORT_TAGS = frozenset({"a", "span", "b", "font", "div", "li", "p"})


def pager_of(body: Box) -> Box | None:
    """The element in which the page says where it goes on: 下一页, 尾页, or a small one named so."""
    named = None
    for box in body.boxes():
        only = box.kids[0] if len(box.kids) == 1 else None
        if box.tag in _SHORT_TAGS and isinstance(only, str) and len(only) < 100 and _PAGER.match(only.strip()):
            return box
        if (
            named is None
            and box.names
            and len(box.kids) < 40
            and _PAGER_NAME.search(box.names)
            and len(box.text) < 200
        ):
            named = box
    return named
