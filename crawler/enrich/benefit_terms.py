"""How long and how often, said in a clause in front of the sum: 连续三年领取租房补贴，每年6000元."""

from __future__ import annotations

import re

from crawler.enrich.amounts import period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import PAYS
from crawler.enrich.clauses import Clause, Text

#: 在三年管理期内，每月…: how long the payments of the next clause last.
_MANAGED = re.compile(
    r"(?:在|自|从)?[^，]{0,10}(?:\d{1,2}|[一二两三四五六七八九十])个?[年月](?:的)?(?:管理|支持|培养|资助|补贴|培育|享受|扶持|聘|发放)?期?限?之?内\Z"
    r"|在[站岗校](?:\d{1,2}|[一二两三四])年期间\Z"
    r"|(?:管理|支持|培养|资助|补贴|培育)期(?:限)?(?:为|是)?(?:\d{1,2}|[一二两三四五六七八])年\Z"
)
_MANAGED_NOT = re.compile(r"毕业|取得|签订|注册|成立|来|引进(?!后)|就业|入职(?!后)|落户|购")
#: 自注册之日起三年内，可免费使用: so long from a day on.
_FROM_DAY = re.compile(
    r"自[^，。；]{2,24}之?[日月]起，?(?:连续)?(?:\d{1,2}|[一二两三四五六七八九十])个?[年月]之?内\Z"
)
#: 可连续三年领取租房补贴: the clause names what is paid and for how long, not how much.
_FOR_YEARS = re.compile(
    r"(?:连续|为期|最长|最多|不超过|分)(?:\d{1,2}|[一二两三四五六七八九十])(?:个)?[年月][^，；]{0,6}(?:领取|享受|发放|给予|获得|提供|资助)"
    r"|(?:\d{1,2}|[一二两三四五六七八九十])年内，?(?:每年|按年|每月|按月)"
)
#: 第三至五年, 第二年、第三年: so many years, twelve months each.
_SPAN = re.compile(
    r"第(?P<a>[一二三四五六七八九\d])年?(?:至|到|-|、|和)第?(?P<b>[一二三四五六七八九\d])年(?!级|度)|后(?P<n>[一二两三四五\d])年"
)
YEARS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2} | {str(i): i for i in range(10)}


def terms_before(text: Text, frame: Frame, pending: list[Clause], near: list[str]) -> None:
    """Let the clauses in front of a frame say how long its payments last. ``near`` holds their words."""
    if frame.months is not None:
        return
    if pending and _FROM_DAY.search(near[-1]) and (frame.free or frame.areas or frame.rates or frame.period):
        months = [a for a in text.amounts_in(pending[-1].start, pending[-1].end) if a.kind == "months"]
        frame.months, frame.since = int(months[-1].value) if months else None, pending[-1].start
        return
    if not (frame.money or frame.rates):
        return
    for clause, words in list(zip(pending, near, strict=True))[-2:]:
        term = _FOR_YEARS.search(words) if PAYS.search(words) else None
        if frame.period in ("month", "year") and not _MANAGED_NOT.search(words):
            term = term or _MANAGED.search(words)
        elif frame.period is None and PAYS.search(words):
            term = term or re.search(r"分[^，]{1,4}年", words)
        if term is None:
            continue
        months = [a for a in text.amounts_in(clause.start, clause.end) if a.kind == "months"]
        if months:
            frame.months, frame.since = int(months[-1].value), clause.start + term.start()
            if frame.period is None and term[0].startswith("分") is False:
                frame.period = period_in(words)


def months_within(text: Text, clause: Clause) -> int | None:
    """The months of a clause that says for how long something is paid: 在引进后三年内."""
    words = text.folded[clause.start : clause.end]
    if not _MANAGED.search(words) or _MANAGED_NOT.search(words):
        return None
    months = [a for a in text.amounts_in(clause.start, clause.end) if a.kind == "months"]
    return int(months[-1].value) if months else None


def months_opening(text: Text, clause: Clause) -> int | None:
    """The months that a heading begins with: 三年内按以下标准享受生活补贴."""
    words = text.folded[clause.start : clause.end]
    if not re.match(r"(?:在|前|连续)?(?:\d{1,2}|[一二两三四五六七八九十])个?[年月](?:之?内|每|，|按|享)", words):
        return None
    months = [a for a in text.amounts_in(clause.start, clause.end) if a.kind == "months"]
    return int(months[0].value) if months else None


def span_of_years(words: str) -> int | None:
    """The months of a numbered span of years: 第三至五年 → 36."""
    found = _SPAN.search(words)
    if not found:
        return None
    if found["n"]:
        return 12 * YEARS[found["n"]]
    first, last = YEARS[found["a"]], YEARS[found["b"]]
    return 12 * (last - first + 1) if last > first else None
