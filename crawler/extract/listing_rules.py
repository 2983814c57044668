"""Rows by a site's own selectors. Nothing is guessed where a selector finds nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter

from crawler.extract import listing_dates as dates
from crawler.extract import listing_rows
from crawler.extract.listing_groups import read_members
from crawler.extract.listing_links import clean_title, target
from crawler.extract.listing_rows import Draft
from crawler.extract.outline import Box
from crawler.extract.tree import Node, Tree, select
from crawler.model import ListRules
from crawler.text import one_line

#: Elements between a link and its row at most: a cell, a font, a table's row.
_ROW_DEPTH = 6


def by_rules(
    tree: Tree, known: dict[int, Box], rules: ListRules, base: str, today: dt.date
) -> tuple[list[Draft], tuple[str, ...]]:
    """Drafts of the rows that the selectors name, and drift codes.

    ``selector_lost``: ``rows`` or ``link`` finds nothing. ``selector_invalid``: not a selector.
    ``date_selector_lost``, ``title_selector_lost``: rows are kept, without what was lost.
    """
    try:
        nodes = tree.select(rules.rows or rules.link or "a")
        members = [known[n.mem_id] for n in nodes if n.mem_id in known]
        if not members:
            return [], ("selector_lost",)
        chosen = _chosen(nodes, known, rules)
        drafts = _drafts(members, chosen, rules, base, today)
        drift = _details(nodes, drafts, known, rules, today)
    except ValueError:
        return [], ("selector_invalid",)
    return drafts, drift if drafts else ("selector_lost",)


def next_by_rule(tree: Tree, selector: str, known: dict[int, Box], base: str) -> str | None:
    """The next page by the site's own selector."""
    try:
        nodes = tree.select(selector)
    except ValueError:
        return None
    for node in nodes:
        box = known.get(node.mem_id)
        if box is not None and (aim := target(box, base)) is not None and not aim.part and aim.url != tree.url:
            return aim.url
    return None


def _first(node: Node, selector: str, known: dict[int, Box]) -> Box | None:
    return next((known[n.mem_id] for n in select(node, selector) if n.mem_id in known), None)


def _chosen(nodes: list[Node], known: dict[int, Box], rules: ListRules) -> dict[int, Box]:
    """The link of each row (by ``id(row)``) where the rules name it."""
    found: dict[int, Box] = {}
    if not rules.rows or not rules.link:
        return found
    for node in nodes:
        box = known.get(node.mem_id)
        if box is not None and (link := _first(node, rules.link, known)) is not None:
            found[id(box)] = link
    return found


def _drafts(members: list[Box], chosen: dict[int, Box], rules: ListRules, base: str, today: dt.date) -> list[Draft]:
    drafts = read_members(members, base, today)
    if not chosen:
        if rules.rows:
            return drafts if not rules.link else []
        _dates_around(drafts, members, today)
        return drafts
    by_row = {id(d.box): d for d in drafts}
    done: list[Draft] = []
    for member in members:
        link = chosen.get(id(member))
        aim = target(link, base) if link is not None else None
        if link is None or aim is None:
            continue
        draft = by_row.get(id(member))
        if draft is None or draft.link is not link:
            day = listing_rows.date_of(listing_rows.tokens((member,), member, link), today)
            draft = Draft(member, link, aim, listing_rows.link_title(link), day)
        done.append(draft)
    return done


def _dates_around(drafts: list[Draft], members: list[Box], today: dt.date) -> None:
    """Dates beside links that a site names without their rows: a row is the largest element with one link."""
    count: Counter[int] = Counter(id(box) for member in members for box in (member, *member.above()))
    for draft in drafts:
        if draft.day is not None:
            continue
        row = draft.box
        for box in itertools.islice(draft.box.above(), _ROW_DEPTH):
            if count[id(box)] != 1 or box.tag == "body":
                break
            row = box
        if row is not draft.box:
            draft.day = listing_rows.date_of(listing_rows.tokens((row,), row, draft.link), today)


def _details(
    nodes: list[Node], drafts: list[Draft], known: dict[int, Box], rules: ListRules, today: dt.date
) -> tuple[str, ...]:
    """Titles and dates by their own selectors; drift where a selector finds nothing in any row."""
    by_box = {id(known[n.mem_id]): n for n in nodes if n.mem_id in known}
    drift: list[str] = []
    if rules.title:
        hits = 0
        for draft in drafts:
            box = _first(by_box[id(draft.box)], rules.title, known)
            text = (listing_rows.link_title(box) or clean_title(one_line(box.text))) if box is not None else ""
            if text:
                draft.title, hits = text, hits + 1
        if not hits:
            drift.append("title_selector_lost")
    if rules.date:
        hits = 0
        for draft in drafts:
            box = _first(by_box[id(draft.box)], rules.date, known)
            draft.day = None
            if box is not None:
                found = listing_rows.date_of(listing_rows.tokens((box,), box, draft.link), today)
                draft.day = found or dates.inside(box.text, today) or dates.stamp(box.attrs.get("datetime"), today)
                hits += draft.day is not None
        if drafts and not hits:
            drift.append("date_selector_lost")
    return tuple(drift)
