"""Sums that have their own recipients in one clause: 博士10万元、硕士5万元的安家补贴."""

from __future__ import annotations

import re

from crawler.enrich.amounts import period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import HEAD

_PAIRED = re.compile(
    r"^(?:.*(?:[、，和及与：]|给予|按照|按|对|可申请|可享受|享受|可获|补助|奖励|资助|申请|标准(?:为|是)|金额为))?(?P<own>[^，、。；：]{1,18}?)(?:\d{1,4}[名个项支])?(?:每(?:人|名|个|家|项|户)|分别|各|最高|不超过|每年|每月|每天|每日|一次性|为|补贴|奖励|给予|可享受|人均|发放|的?标准为?)*\Z"
)
_TO_BODY = re.compile(
    r"(?:的)?(?:标准)?(?:给予|奖励|补助|资助|补贴|奖补|支持)(?:其|该)?[^，。；、\d]{0,4}(?:单位|企业|公司|高校|院校|机构|医院|学校|基地|平台)"
)
_BODY_FIRST = re.compile(
    r"(?:给予|奖励|补助|资助|补贴)(?P<who>用人单位|引才单位|所在单位|[^，。；、\d]{0,4}单位|企业|高校|医院|平台)(?=[A-Za-z甲乙丙丁一二三四五第])"
)
_LETTER = re.compile(r"[A-Za-z甲乙丙丁一二三四五](?:类|层次|档|等)[^，。；、]{0,4}\Z")
_BEHIND = re.compile(r"（(?P<own>[^（）]{1,16})）")
#: 东部地区1.5万元、西部地区3.8万元: not who gets it, but in which case.
_CASE = re.compile(
    r"(?:\A[省市区县州国境](?:[内外]|里)|\A(?:本|外)[地省市区县]|地区|片区|乡镇|城区|县区|区域|情形|类院校|等次|一等|二等|三等|学年|阶段|岗位|以内|以上|以下)\Z"
)


def pair(made: list[Frame], offset: int) -> None:
    """博士10万元、硕士5万元的安家补贴: each sum has its own recipient, all have the last one's kind."""
    if len(made) < 2:
        return
    owners = []
    ends = [max(a.end for a in (*f.money, *f.rates, *f.areas)) - offset for f in made]
    behind = [_BEHIND.match(frame.words, end) for frame, end in zip(made, ends, strict=True)]
    if all(b and HEAD.search(b["own"]) for b in behind):
        owners = [b["own"] for b in behind if b]
        for frame in made:
            frame.near = made[0].near
    for frame in made[len(owners) :]:
        found = _PAIRED.search(frame.between)
        own = found["own"] if found else ""
        owners.append(own.rpartition("“")[2] if own.count("“") > own.count("”") else own)
    first = _BODY_FIRST.search(made[0].between)
    if first and all(_LETTER.search(o) for o in owners):
        for frame in made:
            frame.own = first["who"]  # 给予用人单位A类30万元、B类20万元: all to the employer
        return
    placed = [bool(o and _CASE.search(o)) for o in owners]
    if all(placed):
        for frame, owner in zip(made, owners, strict=True):
            frame.case = owner
            frame.near += "|" + made[-1].near.rpartition("|")[2]
            frame.period = period_in(made[-1].near.rpartition("|")[2])
        return
    tail = made[-1].near.rpartition("|")[2]
    if _TO_BODY.match(made[-1].words, ends[-1]):
        for frame in made[:-1]:
            frame.near += "|" + tail
        return  # 按每名硕士2万元、博士3万元补助企业: all go to the employer
    named = [
        bool(o and (HEAD.search(o) or re.search(r"[A-Za-z一二三四五六][类卡]|层次|级|档|奖", o))) for o in owners
    ]
    if sum(named) < 2:
        return
    shared = period_in(tail) or (period_in(made[0].between) if all(behind) else None)
    for frame, owner, good in zip(made, owners, named, strict=True):
        if good:
            frame.own = owner
        frame.near += "|" + tail
        frame.period = shared
