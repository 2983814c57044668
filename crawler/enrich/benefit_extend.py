"""What a clause without sums adds to the sums in front of it: how long, how often, what for."""

from __future__ import annotations

import re

from crawler.enrich import benefit_frames as frames
from crawler.enrich.amounts import Amount, period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import HEAD, KIND
from crawler.enrich.clauses import Clause

_BY_EMPLOYER = re.compile(
    r"(?:费用|津贴|资金|所需经费)?由(?:企业|用人单位|所在单位|聘用单位)"
    r"(?:自行|自筹)?(?:发放|支付|承担|解决|负担)\Z"
)


_GIVEN_SO = re.compile(
    r"(?:分别|由财政|[市县区省]财政)*(?:一次性|每[月年]|按[月年])?(?:给予|发放|发给|享受|予以)[^，。；\d]{2,16}\Z"
)


def extend(built: list[Frame], words: str, months: list[Amount], clause: Clause, *, near: bool = True) -> bool:
    """A clause without sums may tell the term or the period of the frames in front of it.

    ``near``: the frames are those of its own sentence.
    """
    if not built:
        return False
    frame = built[-1]
    if near and re.match(r"(?:专项|主要|可|仅)?用于", words):
        for other in built:
            other.near += "|" + words  # 发放三年，用于补贴租房: what it is paid for
        return True
    if (
        (often := _GIVEN_SO.match(words))
        and ((frame.elliptic and KIND.search(words)) or frame.words.endswith(("标准", "比例", "额度")))
        and not HEAD.search(words)
    ):
        for other in built:
            other.near += "|" + words  # 按本科3000元、硕士5000元的标准，给予一次性就业补贴
            other.period = other.period or period_in(often[0])
            other.end = clause.end
        return True
    if _BY_EMPLOYER.match(words):
        frame.dropped = True  # 津贴每月不低于800元，由企业发放: no money of the release
        return True
    before = (frame.months, frame.period)
    terms = [
        m for m in months if frames.term_of(words, m, clause.start) or frames.is_own_term(words, m, clause.start)
    ]
    if terms and not (frame.money and re.search(r"减半|递减", words)):
        frame.months = max(int(t.value) for t in terms)
        for other in reversed(built[:-1]):
            same = (bool(other.money), bool(other.areas), other.period, other.free) == (
                bool(frame.money),
                bool(frame.areas),
                frame.period,
                frame.free,
            )
            apart = frames.in_instalments(words) and not HEAD.search(words) and other.money and other.period is None
            if apart and other.months is None:
                other.months, other.end = frame.months, clause.end
                continue
            if (
                not same
                or other.months is not None
                or not (frame.areas or frame.period in ("month", "year") or (frame.own and other.own))
            ):
                break
            other.months, other.end = frame.months, clause.end
    if (
        re.search(r"按年(?:度)?(?:兑现|发放|拨付|享受|给予|支付)|每年(?:兑现|发放)一次|按年", words)
        and frame.period is None
        and not frames.in_instalments(words)
    ):
        frame.period = "year"
    if re.search(r"按月(?:发放|兑现|拨付|支付)|按月", words) and frame.period is None:
        frame.period = "month"
    if (
        re.search(
            r"一次性(?:打到|打入|打进|到账|划拨|发放|兑现|拨付|支付|付清|给予|到位)|一次付清|一次(?:发放|兑现)|[均皆都]为一次性",
            words,
        )
        and frame.period is None
    ):
        frame.period = "once"
        for other in reversed(built[:-1]):
            if (
                other.period
                or other.months
                or not other.money
                or not (
                    other.elliptic
                    or frame.elliptic
                    or re.search("均|都|以上", words)
                    or (frame.own and other.own and frame.clause == other.clause)
                    or (len(words) <= 8 and not KIND.search(frame.near) and frame.own is None)
                )
            ):
                break
            other.period, other.end = "once", clause.end
    if terms or before != (frame.months, frame.period):
        frame.end = clause.end
        return True
    return False
