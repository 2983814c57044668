"""One deadline for one window, however often a release tells it."""

from __future__ import annotations

import re

from crawler.enrich.deadline_words import NEW, OLD
from crawler.model.release import Deadline


def unique(found: list[Deadline]) -> tuple[Deadline, ...]:
    """One of each; an open end that a fuller window of the same kind repeats is left out."""
    moved = {one.kind for one in found if NEW.search(one.quote)}  # 原定5月31日截止。…延长至6月15日
    found = [d for d in found if d.kind not in moved or NEW.search(d.quote) or not OLD.search(d.quote)]
    kept: dict[tuple[str, str | None, str | None], Deadline] = {}
    for deadline in found:
        kept.setdefault((deadline.kind, deadline.start, deadline.end), deadline)
    rows = [d for d in kept.values() if not _vague(d)]
    ended = {(d.kind, d.end) for d in rows if d.start}
    begun = {(d.kind, d.start) for d in rows if d.end}
    return tuple(
        d
        for d in rows
        if not (d.start is None and (d.kind, d.end) in ended)
        and not (d.end is None and d.start is not None and (d.kind, d.start) in begun)
    )


def _vague(deadline: Deadline) -> bool:
    """Whether an event has no day yet: 10月中旬, 拟于11月."""
    words = re.sub(r"\s", "", deadline.quote)
    return (
        deadline.kind == "event"
        and deadline.start != deadline.end
        and bool(re.search(r"[上中下]旬|月(?:份|初|底|末|间)?(?!\d)", words))
        and not re.search(r"\d[日号]|[-—–~～至到]", words)
    )
