"""The sums of one clause made into frames, and the clauses that complete a frame before them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from crawler.enrich import benefit_frames as frames
from crawler.enrich import benefit_marks as marks
from crawler.enrich.amounts import Amount, period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND
from crawler.enrich.benefit_pairs import pair
from crawler.enrich.benefit_terms import YEARS, span_of_years
from crawler.enrich.clauses import Clause

#: Of whom a ceiling speaks that limits the sum before it: 单个企业, 累计.
_WHOLE = re.compile(r"每|单[个家项]|同一|一个|累计|合计|总额|总计|年度|全年|当年|[万元]封顶|原则上|个人")


#: 硕士补4万元: who and how much; what is paid and how was said before.
SAME_AGAIN = re.compile(
    r"[^，。；\d每]{2,14}?(?:则|也)?(?:再)?(?:给予|补贴?|补助|奖励?|发放?|给|为)?\d[\d.]*[万千]?元?"
)


_PARTNERS = re.compile(r"(?:合伙|联合|团队|组团)[^，]{0,8}的?可?(?:提高|放宽|增加|上浮)")
#: 优秀的给予50万元，良好的给予30万元: paid as often as the first.
_GRADED = re.compile(r"(?:考核)?(?:结果)?(?:为)?(?:优秀|良好|合格|优|良)(?:等次|档次?|等)?的")


_PAYEE = re.compile(r"(?:每[家个户]|单[个家户])(?P<who>企业|单位|用人单位|机构|公司)")
_COSTS = re.compile(r"(?:体检|疗养|服务)?(?:费用)?标准(?:为|是|：)?(?:每[人次年])*(?:最高|不超过|不低于)?\d")


def _last_year(words: str) -> int | None:
    """首年发放40%，第三年、第五年各发放30%: the months up to the last year in which a part is paid."""
    years = [YEARS[y] for y in re.findall(r"第([一二三四五六七八九\d])年", words)]
    return 12 * max(years) if years and re.search(r"发放|拨付|兑现|支付|兑付|给付|到位", words) else None


def _total(frame: Frame) -> Decimal | None:
    """What a periodic payment comes to in all."""
    if not frame.money or frame.months is None or frame.period not in ("month", "year"):
        return None
    return frame.money[0].value * frame.months / (1 if frame.period == "month" else 12)


def joins(frame: Frame, words: str, sums: list[Amount], months: list[Amount], clause: Clause, free: bool) -> bool:
    """Whether a clause with sums completes the frame in front of it instead of granting anew."""
    offset = clause.start
    money = [a for a in sums if a.kind == "money"]
    rates = [a for a in sums if a.kind == "rate"]
    areas = [a for a in sums if a.kind == "area"]
    if frame.free and frame.bare and len(money) == len(sums) == 1 and _COSTS.match(words):
        frame.money, frame.end = money, clause.end  # 每年免费体检一次，标准为800元
        return True
    if free and not sums and frame.areas and re.search("租|居住|入住|使用", words):
        frame.end, frame.free = clause.end, True
        frames.settle_terms(frame, words, months, offset, words)
        return True
    if free or areas:
        return False
    if len(money) == len(frame.rates) > 1 and not frame.money and not rates and all(a.is_cap for a in money):
        frame.money, frame.end = money, clause.end  # 按10%、8%、5%给予补贴，最高分别不超过30万元、15万元、8万元
        return True
    told = not KIND.search(words[money[0].end - offset :]) or re.search("共|总|合计", words) if money else False
    if len(money) == 1 and not rates and told and _total(frame) == money[0].value:
        return True  # 每月1500元，连发三年，能拿到5.4万元: the same once more
    if len(money) == 1 and not rates and frames.is_ceiling(words, money[0], offset):
        if (frame.rates or (frame.free and re.search("全额", frame.near))) and not frame.money:
            frame.money = [money[0]]
            if re.search(r"每年|年度|全年|当年|/年|每家每年|年最高|年不超过|(?<![前近\d第])一年(?!内|期)", words):
                frame.period = "year"
            elif re.search(r"每月|/月|(?<![\d个])月(?:补[贴助]|最高|不超过|限额)", words):
                frame.period = "month"
            frame.end = clause.end
            return True
        if frame.money and (_WHOLE.search(words) or not HEAD.search(words[: money[0].start - offset])):
            frame.limits.append(words)
            frame.payee = payee["who"] if (payee := _PAYEE.match(words)) else None
            return True
    if money and frame.money and words.startswith("其中") and not HEAD.search(words):
        return sum(a.value for a in money) <= frame.money[0].value
    parts = [a for a in sums if a.kind in ("money", "rate")]
    if (
        parts
        and frame.money
        and frame.period not in ("month", "year")
        and not HEAD.search(words[: parts[0].start - offset])
    ):
        total = frame.money[0].value
        inside = (
            frames.is_part(words, parts[0], offset)
            and not frame.part
            and not _apart(frame, words, parts[0], offset)
        )
        split = (
            rates
            and not money
            and re.search(
                r"分[^，]{1,4}[年期次批]|比例(?:拨付|发放|兑现|支付)|^(?:其中|先|首期|余下的?|剩余的?|另外?)?\d{1,2}%[^，]{0,20}(?:拨付|发放|兑现|支付)"
                r"|(?:时|后|当年|即|先|再)，?(?:先|再|即|一次性)?(?:拨付|发放|兑付|兑现|支付|到位)(?:资助|补贴|奖励|补助)?(?:总?额|资金|金额|总额)?的?\d{1,3}%\Z",
                words,
            )
        )
        if (inside or split) and all(a.kind == "rate" or a.value < total for a in parts):
            for term in months:
                if frames.term_of(words, term, offset):
                    frame.months, frame.end = int(term.value), clause.end
            if (last := _last_year(words)) and last > (frame.months or 0):
                frame.months, frame.end = last, clause.end
            return True
    if (
        rates
        and not money
        and frame.areas
        and not frame.rates
        and not (frame.free and frame.months)
        and re.search(r"租金|房租|租|价格|售价|评估价|市场价", words)
    ):
        frame.rates = rates[:1]
        frame.end = clause.end
        return True
    return False


def frames_of(
    words: str, sums: list[Amount], months: list[Amount], clause: Clause, free: bool, number: int
) -> list[Frame]:
    """The frames of one clause: one for a rate with its ceiling, one for each enumeration of sums."""
    offset = clause.start
    made: list[Frame] = []
    stretches: list[list[int]] = []
    groups: dict[tuple[str, int], list[Amount]] = {}
    apart, before = 0, None
    for amount in sums:
        apart += bool(before and before.group == amount.group and _own_kinds(words, before, amount, offset))
        groups.setdefault((amount.kind, amount.group + 1000 * apart), []).append(amount)
        before = amount
    act = verb_of(words, sums[0].start - offset if sums else len(words))
    cursor = 0
    for (kind, _), group in groups.items():
        first, stop = group[0].start - offset, group[-1].end - offset
        frame = Frame(clause.start, clause.end, number, verb=act)
        frame.between = words[cursor:first]
        frame.words = words
        tail = re.split(
            r"[、，+]|[和及](?=每|一次|\d|最高|不超过|最长|不低于|相应|相当于|约|面积|一套|免费|[一二两三四五]年)|并",
            re.sub(r"^、(?:期限|年限|最长|为期)[^，、。；]{1,8}?的", "", words[stop:]),
        )[0]
        beside = words[max(cursor, act) : first]
        apart_too = made or (free and frames.free_in(beside))  # 享受7天免费住宿和|最高800元交通补贴
        frame.near = (re.split(r"[、，]|和|及|并", beside)[-1] if apart_too else beside) + "|" + tail
        if kind == "money":
            frame.money = group
        elif kind == "rate":
            frame.rates = group
        else:
            frame.areas = group
        if kind == "money" and not made:
            frame.part = frames.opens_series(words, group[0], offset)
        previous = made[-1] if made else None
        if previous and _completes(previous, frame):
            previous.money = previous.money or frame.money
            previous.rates = previous.rates or frame.rates
            previous.areas = previous.areas or frame.areas
            previous.near += "|" + frame.near
            stretches[-1][1] = stop + len(tail)
        else:
            made.append(frame)
            # 30万元安家费（分5年发放）、20万元科研启动费: what brackets say belongs to the sum in front
            past = stretches[-1][1] if stretches and words[: stretches[-1][1]].endswith("）") else 0
            stretches.append([max(cursor, past), stop + len(tail)])
        cursor = stop
    pair(made, offset)
    found = frames.free_in(words) if free else None
    for frame in made if found else ():
        frame.free = bool(frame.areas and not frame.rates and not frame.money)  # 免租入住180平方米公寓
    if (
        found
        and not any(r.unit == "免" for f in made for r in f.rates)
        and not any(f.areas or (f.money and re.search("租金|房租", f.near)) for f in made)
    ):
        frame = Frame(clause.start, clause.end, number, verb=min(act, found.start()), free=True)
        frame.near, frame.words = words[found.start() :], words
        start = max([found.start() - 8, *[s[1] - 4 for s in stretches if s[1] - 4 < found.end()]])
        made.append(frame)
        stretches.append([max(0, start), len(words)])
    for frame, (start, stop) in zip(made, stretches, strict=True):
        own_months = [m for m in months if start <= m.start - offset < stop] if len(made) > 1 else months
        shared = [m for m in months if not any(a <= m.start - offset < b for a, b in stretches)]
        frames.settle_terms(frame, words, [*own_months, *shared] if len(made) > 1 else own_months, offset,
                            words[start:stop] if len(made) > 1 else words)  # fmt: skip
        if frame.months is None and len(frame.rates) == 1:
            frame.months = span_of_years(words[start:stop] if len(made) > 1 else words)
        if frame.period is None and len(made) > 1:
            frame.period = made[0].period if frame.own and made[0].own else period_in(words[:act])
    return made


def free_then_half(words: str, folded: str, clause: Clause, number: int, shares: bool) -> list[Frame]:
    """两免三减半, 前三年全额奖励、后两年减半: all of it in the first years, half of it in the next.

    ``shares``: whether the clause says shares, as the second form does.
    """
    years = (marks.FULL_HALF if shares else marks.FREE_HALF).search(words)
    if years is None or marks.SPELT_OUT.search(folded, clause.end, clause.end + 12):
        return []
    at, half = clause.start + years.start(), Decimal("0.5")
    share = Amount("rate", at, clause.start + years.end(), half, half, unit="折")
    first = Frame(clause.start, clause.end, number, verb=years.start(), free=True)
    then = Frame(clause.start, clause.end, number, verb=years.start(), rates=[share])
    for frame, name in ((first, "free"), (then, "half")):
        frame.months, frame.words = 12 * YEARS[years[name]], words
        frame.near = words[: years.start()][-12:] + "|" + words[years.end() :]
    return [first, then]


def _own_kinds(words: str, one: Amount, other: Amount, offset: int) -> bool:
    """安家补贴30万元、20万元科研启动费: two sums, the first named in front of it, the second behind it."""
    return (
        "分别" not in words
        and bool(_NAMED_BEFORE.search(words[: one.start - offset]))
        and bool(_NAMED_BEHIND.match(words[other.end - offset :]))
    )


_NAMED_BEFORE = re.compile(r"(?:费|补贴|补助|津贴|经费|资助|奖励|资金)(?:人民币|为|最高|一次性)*\Z")
_NAMED_BEHIND = re.compile(r"的?[^，。；、\d]{0,6}(?:费|补贴|补助|津贴|经费|资助|奖励|资金)")


def verb_of(words: str, limit: int) -> int:
    """Where the verb of a clause stands; the sum where no verb does."""
    for found in ACT.finditer(words, 0, limit):
        if found[0] == "支持" and found.start() <= 3:
            continue
        if not re.match(r"[^，]{0,10}的(?!标准|比例)", words[found.end() : limit]) or found[0] in ("给予", "可获"):
            return found.start()
    return limit


def _completes(previous: Frame, frame: Frame) -> bool:
    """按50%、最高10万元; 120平方米的公寓、租金减免60%: two kinds of figures, one benefit."""
    if previous.rates and frame.money and not previous.money and len(frame.money) == 1:
        return bool(frame.money[0].is_cap)
    if previous.money and frame.rates and not previous.rates:
        return bool(previous.money[0].is_cap and len(previous.money) == 1)
    if previous.rates and frame.areas and not previous.areas and not previous.money:
        return bool(re.search("租|购|价", frame.words))  # 按市场价的70%购买120平方米的住房
    return bool(previous.areas and frame.rates)


def _apart(frame: Frame, words: str, amount: Amount, offset: int) -> bool:
    """50万元建站资助，运行期内每年给予20万元经费补助: a payment of its own, no instalment."""
    head, tail = words[: amount.start - offset], words[amount.end - offset :]
    kind = _NAMED_BEHIND.match(tail)
    named = kind[0].removeprefix("的") if kind else ""
    if re.search(r"每年[^，]{0,4}\Z", head) and len(named) >= 4 and named not in frame.words:
        return True  # 每年享受5万元岗位津贴: another kind than the sum in front
    if frame.months is not None or frames.in_instalments(frame.words) or frames.in_instalments(words):
        return False
    return bool(re.search(r"每年(?:再|另)?(?:给予|补助|资助|补贴|奖励)\Z", head) and KIND.search(tail[:8]))


def inherit(frame: Frame, last: Frame, *, raised: bool, taken: bool) -> None:
    """Give a frame what the one before it has said for both: a period, a share, the ceiling of a raised share."""
    if frame.rates and frame.rates[0].unit == "折" and last.free and not frame.money:
        frame.near += "|" + last.near  # 前两年租金全免，第三年减半: what costs half is said before
        frame.since, frame.areas = last.start, frame.areas or last.areas
    graded = bool(_GRADED.match(frame.words))
    if (frame.elliptic or graded) and frame.money and frame.period is None and last.period and last.money:
        frame.period, frame.since = last.period, last.start
        if last.period != "once" and frame.months is None:
            frame.months = last.months
    if frame.elliptic and frame.money and last.money and last.money[0].is_cap and _PARTNERS.match(frame.words):
        frame.money = [replace(a, is_cap=True, low=None) for a in frame.money]  # 合伙创业的可提高至110万元
    ditto = last.money and frame.money and frame.period is None and SAME_AGAIN.fullmatch(frame.words)
    if ditto and last.period in ("month", "year") and HEAD.search(frame.words[: frame.verb + 1]):
        frame.period, frame.months = last.period, frame.months or last.months  # 中级工每年补5000元，高级工补6500元
        frame.since = last.start
    if last.period == "once" and last.money and frame.money and SAME_AGAIN.fullmatch(frame.words):
        frame.period = frame.period or "once"  # 本科生一次性补2万元，硕士补4万元
        frame.since = last.start if frame.since is None else frame.since
    if raised and frame.rates and not frame.money:
        # 比例提高到80%: the rest stays as it was said.
        frame.money, frame.since = last.money, last.start
        frame.period, frame.months = frame.period or last.period, frame.months or last.months
    if taken:
        frame.since, last.dropped = last.start, True
    capped = frame.elliptic and frame.money and frame.money[0].is_cap
    if last.rates and capped and (not last.money or last.since is not None):
        frame.rates, frame.since = last.rates, last.start if last.since is None else last.since
        frame.period = frame.period or last.period
        last.dropped = not last.money
