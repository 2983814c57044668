"""Who is really paid where an employer hires: 医院引进学科带头人，给予安家费: the person, not the hospital."""

from __future__ import annotations

import re

from crawler.enrich.benefit_lexicon import HEAD
from crawler.enrich.benefit_recipients import Subject, is_empty, is_person, subject_of

#: What only a person can get.
PERSONAL = re.compile(
    r"安家|生活补[贴助]|生活津贴|购房|租房|住房补|住房公积金|人才津贴|岗位津贴|科研启动|安置费|薪酬|年薪|学费|房补|房贴"
)
_HIRED = re.compile(
    r"(?:引进|招聘|聘用|录用|招录|引育|接收|选聘|聘请|招引)(?:的)?(?P<who>[^，。；]{2,40}?)(?:的|到岗后?|，|\Z)"
)

#: 奖励引才大使1万元, 资助每个平台100万元: whoever stands between the act and the sum.
_GIVEN = re.compile(
    r"(?:给予|奖励|补助|资助|奖给|发给|支持|补贴|奖|补)(?:每[名位个家户支项所]|单个|该|其)?"
    r"(?P<object>[^，。；：\d（]{2,30}?)(?:每[人次年月家]|最高|一次性|不超过|人民币|分别|各|不低于|不少于|总额)*(?=\d)"
)
#: 5万元安家费发给每位来校任教的硕士: or behind it.
_PAID_TO = re.compile(
    r"\d[^，。；]{0,24}?(?:发给|发放给|支付给|拨付给|拨给|奖励给|补助给|补贴给|奖给|给到)(?:每[名位个家户支项所])?(?P<object>[^，。；、：\d]{2,24})"
)


def hired(clauses: list[str], paid: str) -> Subject | None:
    """The person whom an employer brings, in the last clause that says so, if what is paid is personal.

    ``paid``: the words next to the sum.
    """
    if not PERSONAL.search(paid):
        return None
    for words in reversed(clauses):
        found = _HIRED.search(words)
        who = subject_of(found["who"], closed=False) if found else None
        if who and is_person(who.recipient) and HEAD.search(who.recipient) and not is_empty(who.recipient):
            return Subject(who.recipient, words.rstrip("的") or None)
    return None


def given(words: str, verb: int) -> Subject | None:
    """Who stands between the act and the sum, or behind the sum it is paid to."""
    found = _GIVEN.search(words[: verb + 40]) or _PAID_TO.search(words)
    if found and (named := re.fullmatch(r"“([^”]{2,12})”", found["object"])):
        return Subject(named[1])
    bare = re.sub(r"\A[^，]*的(?=每[名位个])|每[名位个]", "", found["object"]) if found else ""
    thing = subject_of(bare, closed=False) if bare else None
    if thing is None or is_empty(thing.recipient) or not HEAD.search(thing.recipient):
        return None
    return thing
