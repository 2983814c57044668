"""What later clauses and sentences add to the frames in front of them: an area, a period, instalments."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.enrich import benefit_adopt, benefit_extend
from crawler.enrich import benefit_marks as marks
from crawler.enrich.amounts import Amount
from crawler.enrich.benefit_context import Context
from crawler.enrich.benefit_frames import Frame, in_instalments
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND
from crawler.enrich.benefit_sums import SAME_AGAIN
from crawler.enrich.benefit_terms import YEARS
from crawler.enrich.clauses import Clause


def present_column(header: list[str]) -> int | None:
    """The column of a table of amendments that says what holds now."""
    now = next((i for i, words in enumerate(header) if marks.CHANGED.search(words)), None)
    return now if any(marks.FORMER.search(words) for words in header) else None


#: 由初级1000元、中级1500元，统一调整为: the new sums stand in the next clause.
_REPLACED_NEXT = re.compile(
    r"，(?:现|统一|大幅|相应|分别|均|全部|一律){0,3}(?:提高|提升|增加|调整|上调|提标|上浮|扩大|降低|下调|优化|修改|改)(?:到|至|为)"
)


def is_replaced_next(text: str, folded: str, end: int) -> bool:
    """Whether the sums of a clause are those that the clause behind it replaces."""
    return bool(_REPLACED_NEXT.match(folded, end)) and bool(re.search(r"[由从原][^，；]{0,24}\d", text))


#: 其中40万元为日常经费，|20万元为科研经费: parts of the sum in front.
PORTION = re.compile(r"\d[\d.]*[万亿千]?元(?:为|用于|作为|是)[^，。；\d]{2,16}")


def is_inside(built: list[Frame], sums: list[Amount]) -> bool:
    """奖励100万元，其中个人20万元: whether sums are parts of the one in front."""
    parts = [a.value for a in sums if a.kind == "money"]
    return bool(built and parts and built[-1].money and sum(parts) <= built[-1].money[0].value)


def former_latter(built: list[Frame], words: str, months: list[Amount], offset: int, end: int) -> bool:
    """前者分五年、后者分三年拨付: the two sums in front, each with a term of its own."""
    first, then = words.find("前者"), words.find("后者")
    if not 0 <= first < then or len(built) < 2:
        return False
    for frame, (low, high) in zip(built[-2:], ((first, then), (then, len(words))), strict=True):
        own = [m for m in months if low <= m.start - offset < high]
        frame.months = int(own[-1].value) if own else frame.months
        frame.period = frame.period or ("once" if "一次性" in words[low:high] else None)
        frame.end = end
    return True


def complete(
    built: list[Frame],
    sentence: list[Frame],
    article: list[Frame],
    words: str,
    months: list[Amount],
    clause: Clause,
    context: Context,
    *,
    astray: bool = False,
) -> bool:
    """Whether a clause without sums has said more about the frames in front of it.

    ``built``: those since the last semicolon; ``sentence`` and ``article``: all of theirs. ``astray``: its
    sentence speaks of something else than payments.
    """
    if former_latter(sentence, words, months, clause.start, clause.end):
        return True
    if by_years_served(built, words, months, clause.end):
        return True
    last = built[-1] if built else None
    spread = bool((last and last.elliptic) or re.match(r"(?:以上|上述)?[^，]{0,10}[均都]", words))
    reached = sentence if spread else built
    if in_instalments(words) and KIND.search(words) and not built:
        reached = sentence
    attached = benefit_extend.extend(
        reached or open_frames([] if astray else article, words), words, months, clause, near=bool(reached)
    )
    if attached and last:
        benefit_adopt.adopt(context, last, words)
    elif built and not attached:
        return benefit_adopt.adopt_late(context, built, words, clause.end)
    return attached


#: 办理最长5年的居留许可: how long a permit lasts, no payment.
_PERMIT = re.compile("居留|签证|许可")


def open_frames(article: list[Frame], words: str) -> list[Frame]:
    """The frames of an article that a sentence of its own may complete: 补贴期限最长三年。"""
    if len(words) > 30 or (HEAD.search(words) and re.search(r"在|从|自", words)) or _PERMIT.search(words):
        return []
    return article[-12:]


def shared_by_all(built: list[Frame], words: str, sums: list[Amount], term: int | None, end: int) -> bool:
    """Whether the shares of a clause belong to all the frames of its sentence: a rent, instalments."""
    if "分别" in words and share_out(built, sums, term, end):
        return True
    if not sums or any(a.kind != "rate" for a in sums):
        return False
    homes = [f for f in built if f.areas and not f.rates and not f.money and not f.free]
    if (
        len(sums) == 1
        and len(homes) > 1
        and re.match(r"(?:租金|房租|月租|均?按)[^，]*(?:收取|计收|缴纳|减免|优惠|的?\d)", words)
    ):
        for frame in homes:
            frame.rates, frame.end, frame.months = sums, end, frame.months or term
        return True
    if term and in_instalments(words) and re.search("发放|拨付|兑现|支付|兑付|给付", words):
        owed = [f for f in built if f.money and not f.rates and f.period is None and f.months is None]
        for frame in owed:
            frame.months, frame.end = term, end  # 博士15万元、硕士8万元，分3年按40%、30%、30%发放
        return bool(owed)
    return paid_in_parts(built, words, sums, end)


def share_out(built: list[Frame], rates: list[Amount], months: int | None, end: int) -> bool:
    """顶尖人才200㎡，领军人才150㎡；租金减免比例分别为100%、70%: a share for each area in front."""
    if built and len(rates) == len(built[-1].areas) > 1 and not built[-1].rates:
        rates_only = all(a.kind == "rate" for a in rates)
        if rates_only:
            built[-1].rates, built[-1].end, built[-1].months = rates, end, built[-1].months or months
        return rates_only
    areas = [f for f in built if f.areas and not f.rates]
    if len(rates) < 2 or len(areas) != len(rates) or any(a.kind != "rate" for a in rates):
        return False
    for frame, rate in zip(areas, rates, strict=True):
        frame.rates, frame.end = [rate], end
    return True


def _take_area(built: list[Frame], sums: list[Amount], words: str, end: int) -> bool:
    """免费入住人才公寓，面积90平方米: the area belongs to the homes in front."""
    taken = False
    if not sums or any(a.kind != "area" for a in sums) or "面积" not in words or HEAD.search(words):
        return False
    area = sums[0]
    for frame in reversed(built):
        home = (frame.right and frame.near == "housing") or (frame.rates and not frame.money and len(built) > 1)
        if frame.money and re.search("每平方米|每平米", frame.words):
            frame.limits.append(words)  # 每平方米每月最高50元，面积不超过200平方米
            return True
        if frame.areas or not (home or frame.free or re.search("租|房|场地|公寓", frame.near + frame.words)):
            break
        frame.areas, frame.end, taken = [area], end, True
    return taken


def takes_area(built: list[Frame], sums: list[Amount], words: str, end: int) -> bool:
    """Whether square metres belong to what is in front: homes of that size, or a sum for each metre."""
    return bool(built and _bounds_area(sums, words, built[-1])) or _take_area(built, sums, words, end)


def paid_in_parts(built: list[Frame], words: str, sums: list[Amount], end: int) -> bool:
    """到岗满一年后发放50%，满三年后发放余下的50%: how the sums in front are paid, and until when."""
    if any(a.kind != "rate" for a in sums) or not _PART_PAID.search(words) or "按" in words or KIND.search(words):
        return False
    owed = [f for f in built if f.money and not f.rates and f.period is None]
    years = [YEARS[y] for y in re.findall(r"(?:满|第)([一二两三四五六七八九\d])年", words)]
    for frame in owed if years else ():
        frame.months, frame.end = max(12 * max(years), frame.months or 0), end
    return True  # of sums in front, be they in another sentence


_PART_PAID = re.compile(
    r"(?:满|第|首年|当年|到岗|入职|签约|签订|合格|通过|期满|立项|剩余|余下|其余)[^，。；]{0,20}"
    r"(?:发放|拨付|兑现|支付|兑付|给付|到位)(?:其?余下?的?|剩余的?|总额的?)?\d{1,3}%\Z"
    r"|(?:满|第|首年|当年|剩余|余下|其余)[^，。；]{0,16}\d{1,3}%(?:发放|拨付|兑现|支付|兑付)?\Z"
)


def by_years_served(built: list[Frame], words: str, months: list[Amount], end: int) -> bool:
    """服务满1年、3年、5年后按3:3:4兑付: the sums in front are paid out over so many years."""
    if len(months) < 2 or not _SERVED.search(words):
        return False
    sums = [f for f in built if f.money and f.period is None and f.months is None]
    for frame in sums:
        frame.months, frame.end = int(max(a.value for a in months)), end
    return bool(sums)


_SERVED = re.compile(r"满[^，。；]{1,16}年(?:后|的|时)?，?[^，。；]{0,16}(?:兑付|兑现|拨付|发放|支付|付清)")


def _bounds_area(sums: list[Amount], words: str, last: Frame) -> bool:
    """每平方米补贴15元，补贴面积最多100平方米: for how many square metres, nothing more to get."""
    if not last.money or not sums or any(a.kind != "area" for a in sums):
        return False
    if not re.search(r"(?:补贴|补助|资助|计算|核定|计补)(?:的)?面积", words):
        return False
    last.limits.append(words)
    return True


def renewed(amounts: list[Amount], former: list[Amount]) -> list[Amount]:
    """上限由80万元调整为120万元: the new sum is a ceiling as the old one was."""
    if not any(a.is_cap and a.kind == "money" for a in former):
        return amounts
    return [replace(a, is_cap=True, low=None) if a.kind == "money" and a.low == a.high else a for a in amounts]


def follow(frame: Frame, before: Frame, text: str) -> None:
    """博士每年可领1.8万元；硕士1.2万元: behind a semicolon only how often is taken over."""
    again = (
        before.period == "once"
        and SAME_AGAIN.fullmatch(frame.words)
        and not KIND.search(frame.words[frame.verb + 2 :])
    )
    if not frame.money or not before.money or frame.months:
        return
    if frame.elliptic and before.months and frame.period == before.period and before.period in ("month", "year"):
        if not KIND.search(text, before.end, frame.end) and HEAD.search(text, before.end, frame.end):
            frame.months, frame.since = before.months, before.start  # 硕士三年内每月1500元；博士每月3000元
        return
    if frame.period or before.months:
        return
    if not again and not (frame.elliptic and before.period in ("month", "year")):
        return
    if not again and ACT.search(text, before.end, frame.end):
        return  # 每月1500元；…报销学费，最高5万元: another thing
    if before.period == "once" or (before.period and not KIND.search(text, before.end, frame.end)):
        frame.period, frame.since = before.period, before.start


def split_later(article: list[Frame], words: str, amounts: list[Amount], end: int) -> bool:
    """到岗发放40%，满三年再发放30%，满六年付清余款: how the sums in front are paid out, no sum of its own."""
    rates = [a for a in amounts if a.kind == "rate"]
    months = [a for a in amounts if a.kind == "months"]
    paid = len(re.findall(r"发放|拨付|兑付|兑现|付清|支付|余款|剩余", words))
    if not rates or not months or paid < 2 or any(a.kind in ("money", "area") for a in amounts):
        return False
    sums = [f for f in article[-12:] if f.money and f.period is None and f.months is None]
    for frame in sums:
        frame.months, frame.end = int(max(a.value for a in months)), end
    return bool(sums)
