"""Who is really paid where an employer hires: 医院引进学科带头人，给予安家费: the person, not the hospital."""

from __future__ import annotations

import re

from crawler.enrich.benefit_lexicon import HEAD
from crawler.enrich.benefit_recipients import Subject, is_empty, is_person, subject_of

#: What only a person can get.
_PERSONAL = re.compile(
    r"安家|生活补[贴助]|生活津贴|购房|租房|住房补|住房公积金|人才津贴|岗位津贴|科研启动|安置费|薪酬|年薪|学费|房补|房贴"
)
_HIRED = re.compile(
    r"(?:引进|招聘|聘用|录用|招录|引育|接收|选聘|聘请|招引)(?:的)?(?P<who>[^，。；]{2,40}?)(?:的|到岗后?|，|\Z)"
)


def hired(clauses: list[str], paid: str) -> Subject | None:
    """The person whom an employer brings, in the last clause that says so, if what is paid is personal.

    ``paid``: the words next to the sum.
    """
    if not _PERSONAL.search(paid):
        return None
    for words in reversed(clauses):
        found = _HIRED.search(words)
        who = subject_of(found["who"], closed=False) if found else None
        if who and is_person(who.recipient) and HEAD.search(who.recipient) and not is_empty(who.recipient):
            return Subject(who.recipient, words.rstrip("的") or None)
    return None
