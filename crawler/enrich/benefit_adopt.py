"""Who gets it, said behind the sum: 按每人3000元的标准，对毕业生给予补助."""

from __future__ import annotations

import re

from crawler.enrich import benefit_told as told
from crawler.enrich.benefit_context import Context, Said
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_recipients import Subject, is_empty, subject_of


def adopt(context: Context, frame: Frame, words: str) -> None:
    """A clause behind the sum may say who: …提高至800元，本科毕业生可连续享受36个月."""
    said, condition, around = context.told.get(id(frame), (None, None, ""))
    found = re.match(r"[^，]{2,40}?(?=(?:均|都)?(?:可|最长|连续|累计|按))", words)
    subject = subject_of(found[0], closed=False) if said is None and found else None
    if subject and not is_empty(subject.recipient):
        context.said = Said(subject, frame.start, words)
        context.told[id(frame)] = (context.said, condition or subject.condition, around)


def adopt_late(context: Context, frames: list[Frame], words: str, end: int) -> bool:
    """按…标准，对三支一扶人员给予补助: who gets the sums is said behind them."""
    late = told.LATE.match(words)
    to_body = None if late else told.OBJECT.match(words)
    found = subject_of(late["who"], closed=False) if late else Subject(to_body["object"]) if to_body else None
    if found is None or is_empty(found.recipient):
        return False
    taken = False
    for frame in frames:
        said, condition, around = context.told.get(id(frame), (None, None, ""))
        if said is None:
            context.told[id(frame)] = (
                Said(found, frame.start, words),
                condition or found.condition,
                around + words,
            )
            frame.end, taken = end, True
    return taken
