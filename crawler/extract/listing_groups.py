"""Finds the main list of a page: the repeated structure that looks most like dated articles."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from crawler.extract import listing_rows as rows
from crawler.extract.listing_links import NAVIGATION, Target, detail_like, target, title_of, weight
from crawler.extract.listing_outer import date_by_whole_rows, outer
from crawler.extract.listing_rows import Draft
from crawler.extract.listing_views import Heads, titled_by_row
from crawler.extract.listing_worth import (
    DETAIL_WORTH,
    FULL_TITLE,
    TITLE,
    Group,
    beside_the_row,
    discount_undated,
    headed_beside,
    pager_of,
    score_of,
    shape,
    unseen,
    without_beside,
    zone,
)
from crawler.extract.outline import Box

#: Links looked at on one page; a sitemap-like page with more is cut (the largest seen has 3,900).
_MAX_LINKS = 6000
#: How far above a link its row may stand.
_CLIMB = 9
#: Candidate groups that are read in full, best first by a cheap estimate.
_READ = 24


def main_list(body: Box, base: str, page_url: str, today: dt.date) -> list[Draft]:
    """The rows of the page's main list in page order; empty where no list stands out."""
    links = _links(body, base, page_url)
    if not links:
        return []
    groups = _groups(links)
    pager = pager_of(body)
    estimates = sorted(groups, key=lambda g: -_estimate(g, links))[:_READ]
    read = []
    for group in estimates:
        _read(group, links, today)
        if group.drafts:
            group.score = score_of(group, pager)
            read.append(group)
    discount_undated(read, pager)
    read = [g for g in read if g.score > 0]
    if not read:
        return []
    read = without_beside(read, pager)
    # Of groups that say the same, the outer one: its rows hold more of what belongs to them.
    best = max(read, key=lambda g: (round(g.score, 3), -g.members[0].order))
    best = outer(best, read)
    date_by_whole_rows(best, read)
    return _tidy(best)


def _links(body: Box, base: str, page_url: str) -> dict[int, tuple[Box, Target, str]]:
    """Links by ``id(box)``: with target and title, navigation words left out."""
    found: dict[int, tuple[Box, Target, str]] = {}
    here = page_url.split("#")[0].rstrip("/")
    heads: Heads = {}
    for box in body.boxes():
        if box.tag != "a" and not ("onclick" in box.attrs and box.tag in ("li", "div", "tr", "td", "p", "span")):
            continue
        if len(found) >= _MAX_LINKS:
            break
        aim = target(box, base)
        if aim is None or (aim.url.rstrip("/") == here and not aim.part):
            continue
        title = title_of(box) or titled_by_row(box, heads)
        if title and (NAVIGATION.match(title) or weight(title) < 1):
            continue
        found[id(box)] = (box, aim, title)
    return found


Links = dict[int, tuple[Box, Target, str]]


def _groups(links: Links) -> list[Group]:
    """All sets of like siblings that hold links, joined over parents that are alike and near."""
    by_parent: dict[tuple[int, str], tuple[Box, dict[int, Box]]] = {}
    for box, _, _ in links.values():
        child = box
        for _, parent in zip(range(_CLIMB), box.above(), strict=False):
            slot = by_parent.setdefault((id(parent), child.tag), (parent, {}))
            slot[1][id(child)] = child
            child = parent
    joined: dict[tuple[int, str, str], list[tuple[Box, dict[int, Box]]]] = defaultdict(list)
    for (_, tag), (parent, children) in by_parent.items():
        grand = parent.parent
        key = (id(grand) if grand else 0, f"{parent.tag}.{shape(parent)}", tag)
        joined[key].append((parent, children))
    wider: dict[tuple[int, str, str], list[tuple[Box, dict[int, Box]]]] = defaultdict(list)
    for (_, name, tag), parts in joined.items():
        grand = parts[0][0].parent
        great = grand.parent if grand else None
        look = f"{name}<{grand.tag}.{shape(grand)}" if grand else name
        wider[(id(great) if great else 0, look, tag)].extend(parts)
    groups: list[Group] = []
    seen: set[tuple[int, ...]] = set()
    for collection in (joined, wider):
        for parts in collection.values():
            if len(parts) > 1 and all(len(children) > 1 for _, children in parts):
                # 热点排行 in the same markup beside the list is no part of it.
                parts = [part for part in parts if not headed_beside(part[0])] or parts
            members = [b for _, children in parts for b in children.values()]
            members.sort(key=lambda b: b.order)
            identity = tuple(b.order for b in members)
            if identity not in seen:
                seen.add(identity)
                groups.append(Group([p for p, _ in parts], members, []))
    return groups


def _estimate(group: Group, links: Links) -> float:
    """A cheap upper guess of a group's worth: titles and addresses, no dates."""
    total = 0.0
    for member in group.members:
        best = 0.0
        for n, box in enumerate(member.boxes()):
            if n > 400:
                break
            if (known := links.get(id(box))) and known[2]:
                worth = min(weight(known[2]), FULL_TITLE) / FULL_TITLE + DETAIL_WORTH * detail_like(known[1].url)
                best = max(best, worth)
        total += best
    return total * zone(group)


def _path(link: Box, member: Box) -> tuple[str, ...]:
    steps: list[str] = []
    box = link
    while box is not member and box.parent is not None:
        name = box.tag
        if name in ("td", "dd", "li") or (name == "a" and box is link):
            name += str(sum(1 for k in box.parent.kids if isinstance(k, Box) and k.order < box.order))
        steps.append(name)
        box = box.parent
    return tuple(reversed(steps))


def _read(group: Group, links: Links, today: dt.date) -> None:
    """Choose each row's link by the place where most rows have their best one; read the dates."""
    per_row: list[dict[tuple[str, ...], tuple[Box, Target, str]]] = []
    worth: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for member in group.members:
        row: dict[tuple[str, ...], tuple[Box, Target, str]] = {}
        for n, box in enumerate(member.boxes()):
            if n > 600:
                break
            known = links.get(id(box))
            if known is None or not known[2]:
                continue
            if weight(known[2]) >= TITLE:
                group.links[id(member)] = group.links.get(id(member), 0) + 1
            path = _path(box, member)
            if path not in row:
                row[path] = known
                worth[path].append(_link_worth(known, path))
        per_row.append(row)
    total = len(group.members)
    ranking = {p: sum(v) / total for p, v in worth.items()}
    drafts: list[Draft] = []
    for member, row in zip(group.members, per_row, strict=True):
        if not row:
            continue
        path = max(row, key=lambda p: (round(ranking[p] + _link_worth(row[p], p), 3), -row[p][0].order))
        box, aim, title = row[path]
        same = tuple(b for b, t, _ in row.values() if t == aim and b is not box)
        if weight(title) < 6 or title.endswith(("…", "...")):
            title = title_of(box, same) or title
        drafts.append(Draft(member, box, aim, title, hidden=unseen(member), extent=(member,)))
    flat = [d for d in drafts if d.link is d.box]
    titled = [d for d in flat if weight(d.title) >= TITLE]
    if len(flat) == len(drafts) and 3 <= len(titled) < len(drafts) and len(titled) >= 0.3 * len(drafts):
        # Links side by side: the short ones name a column ([国内]), the long ones are the rows.
        drafts = titled
        group.members = [d.box for d in titled]
    group.drafts = drafts
    _date_rows(group, today)


def _link_worth(known: tuple[Box, Target, str], path: Sequence[str]) -> float:
    box, aim, title = known
    value = min(weight(title), FULL_TITLE) / FULL_TITLE + 0.5 * detail_like(aim.url)
    if any(b.tag in ("h1", "h2", "h3", "h4", "h5") for b in (box, *box.above()) if b.order >= box.order - 3):
        value += 0.2
    if (any(step.startswith(("li", "dd")) for step in path[:-1]) and len(path) > 2) or beside_the_row(box):
        value -= 0.4
    return value


def _date_rows(group: Group, today: dt.date) -> None:
    """Dates of the rows: inside of each; where the rows are bare, in what stands around them."""
    heads = rows.header_cells(group.members[0]) if group.members else {}
    for draft in group.drafts:
        draft.day = rows.date_of(rows.tokens((draft.box,), draft.box, draft.link), today, heads)
    bare = [d for d in group.drafts if d.day is None]
    if len(bare) <= 0.5 * len(group.drafts):
        return
    own, parents = {id(m) for m in group.members}, {id(d.box.parent): d.box.parent for d in group.drafts}
    places = {id(k): i for parent in parents.values() if parent for i, k in enumerate(parent.kids)}
    options: list[list[rows.Day | None]] = [
        [rows.date_of(_around(d, own, places, before), today) for d in group.drafts] for before in (False, True)
    ]
    after, ahead = (sum(v is not None for v in o) for o in options)
    chosen = options[1] if ahead > after else options[0]
    for draft, day in zip(group.drafts, chosen, strict=True):
        draft.day = draft.day or day


def _around(draft: Draft, own: set[int], places: dict[int, int], before: bool) -> list[rows.Token]:
    """The texts between this row and its neighbour, for rows that are flat siblings. ``own``: the rows;
    ``places``: where each stands among its siblings."""
    parent, position = draft.box.parent, places.get(id(draft.box))
    if parent is None or position is None:
        return []
    extent: list[Box | str] = []
    steps = range(position - 1, -1, -1) if before else range(position + 1, len(parent.kids))
    for i in steps:
        item = parent.kids[i]
        if isinstance(item, Box) and (id(item) in own or len(extent) > 12):
            break
        extent.append(item)
    return rows.tokens(extent[::-1] if before else extent, parent, draft.link)


def _tidy(group: Group) -> list[Draft]:
    """Without hidden copies, doubles, and rows that are no articles (a "more", a heading)."""
    visible = [d for d in group.drafts if not d.hidden]
    # One visible row and many hidden ones: the list is the data of a script, shown in pieces.
    enough = len(visible) >= min(3, len(group.drafts)) or 3 * len(visible) >= len(group.drafts)
    drafts = visible if enough else group.drafts
    seen: dict[Target, int] = {}
    kept: list[Draft] = []
    dated = group.dated
    for draft in drafts:
        short = weight(draft.title) < 5
        if draft.day is None and short and (dated > 0.5 or detail_like(draft.target.url) < 0.3):
            continue
        if draft.target in seen:
            first = kept[seen[draft.target]]
            if first.day is None and draft.day is not None:
                first.day = draft.day
            continue
        seen[draft.target] = len(kept)
        kept.append(draft)
    return kept


def read_members(members: list[Box], base: str, today: dt.date) -> list[Draft]:
    """The rows that a site's selector names, each with its best link and its date."""
    if not members:
        return []
    parent = members[0].parent or members[0]
    group = Group([parent], members, [])
    links: Links = {}
    for member in members:
        for box in member.boxes():
            if (box.tag == "a" or "onclick" in box.attrs) and (aim := target(box, base)) is not None:
                links[id(box)] = (box, aim, title_of(box) or titled_by_row(box, {}))
        if member.tag != "a" and not any(id(b) in links for b in member.boxes()):
            link = next((b for b in member.above() if b.tag == "a"), None)
            if link is not None and (aim := target(link, base)) is not None:
                links[id(member)] = (member, aim, title_of(member))
    _read(group, links, today)
    return group.drafts
