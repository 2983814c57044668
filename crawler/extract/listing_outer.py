"""The rows around a group of links: what belongs to them beside the links themselves."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.listing_links import detail_like, weight
from crawler.extract.listing_worth import Group


def outer(best: Group, read: Sequence[Group]) -> Group:
    """Step out to a group around ``best`` whose rows have titles and dates of their own.

    So a list of related links (相关解读) inside of the rows never stands for the rows.
    """
    moved = True
    while moved:
        moved = False
        inner = {id(d.link) for d in best.drafts}
        boxes = {id(m) for m in best.members}
        for other in read:
            if other is best or len(other.drafts) < 2 or other.dated < 0.5 * best.dated:
                continue
            around = {id(b) for m in best.members for b in m.above()}
            if sum(id(o) in around for o in other.members) < min(2, len(best.members)):
                continue
            own = [
                d for d in other.drafts
                if id(d.link) not in inner and not any(id(b) in boxes for b in (d.link, *d.link.above()))
                and weight(d.title) >= 6 and detail_like(d.target.url) >= 0.5
            ]  # fmt: skip
            if len(own) >= 0.6 * len(other.drafts):
                best, moved = other, True
                break
    return best


def date_by_whole_rows(best: Group, read: Sequence[Group]) -> None:
    """Give ``best`` the days of the rows around its own, where those are the same rows with more of what belongs to
    them: beside the link may stand a day that is only a part's (生成日期 in a box that is switched off)."""
    targets = [d.target for d in best.drafts]
    for other in sorted(read, key=lambda group: -group.members[0].order):
        if other is best or [d.target for d in other.drafts] != targets:
            continue
        pairs = list(zip(best.drafts, other.drafts, strict=True))
        if all(any(box is whole.box for box in own.box.above()) for own, whole in pairs):
            for own, whole in pairs:
                own.day = whole.day or own.day
