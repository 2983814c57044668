"""Sums without a verb of their own: 硕士5万元, after a sentence part or under a heading that has one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.enrich import benefit_told as told
from crawler.enrich.amounts import Amount
from crawler.enrich.benefit_frames import CAP_ONLY
from crawler.enrich.benefit_lexicon import HEAD, KIND, topic_in
from crawler.enrich.benefit_recipients import strip_lead

if TYPE_CHECKING:
    from crawler.enrich.benefit_context import Context

#: 全日制硕士每人每月800元: who, for each and how often: nothing else is missing.
_RATED = re.compile(r"[^，。；：\d]{2,16}?(?:每[人名位]|人均)每?[年月]")
_CLASSED = re.compile(r"[A-Za-z一二三四五]类|层次|级")


def is_elliptic(
    context: Context, words: str, sums: list[Amount], offset: int, going: bool, waiting: bool, *, named: bool
) -> bool:
    """Whether the sums of a clause without a verb are granted by what stands around it.

    ``going``: the sentence has granted before; ``waiting``: clauses in front have not been used yet;
    ``named``: the last of them is a name with a colon.
    """
    if not any(a.kind in ("money", "area") for a in sums):
        return False
    head = words[: sums[0].start - offset]
    bare = head[strip_lead(head) :]
    if context.kind and waiting and (len(bare) <= 6 or not CAP_ONLY.sub("", bare.removesuffix("不低于"))):
        return True
    if context.kind and waiting and re.fullmatch(r"每[^，每]{1,14}(?:每[年月人])?(?:最高)?", bare):
        return True  # 带徒津贴，每带1名徒弟每月500元
    if context.lead and context.heading.endswith("？") and topic_in(context.heading) and not CAP_ONLY.sub("", bare):
        return True  # 租房补贴有多少？ 每月1500元
    if _RATED.fullmatch(bare) and HEAD.search(bare):
        return True
    spoken = bool(topic_in(context.heading) or KIND.search(context.heading))
    if named and not CAP_ONLY.sub("", bare) and (spoken or sums[0].period):
        return True  # 博士：2500元/月；硕士：1500元/月
    if spoken and context.heading_at is not None and len(bare) <= 8 and sums[0].kind == "money":
        return True  # 面试补贴：区外800元，区内300元
    known = bool(re.search(r"(?:标准|金额|额度)\Z", context.heading)) or going or spoken
    known = known or context.lead is not None or context.kind
    if not known or len(bare) > 24:
        return False
    if re.search(r"(?:标准|金额|额度)\Z", context.heading) and told.PER.fullmatch(bare):
        return True
    if going and re.fullmatch(
        r"(?:合伙|联合|团队|组团)[^，]{0,8}的?，?(?:可|最高)?(?:提高|放宽|增加|上浮)(?:至|到)", bare
    ):
        return True
    if (
        going
        and sums[0].is_cap
        and re.match(r"(?:合伙|联合|团队|组团)(?:[^，]{0,8}的|(?:创业)?(?:最高|不超过))", bare)
    ):
        return True
    return bool(HEAD.search(bare) or _CLASSED.search(bare))
