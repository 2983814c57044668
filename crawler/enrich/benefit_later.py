"""What later clauses and sentences add to the frames in front of them: an area, a period, instalments."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.enrich.amounts import Amount
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import HEAD, KIND


def open_frames(article: list[Frame], words: str) -> list[Frame]:
    """The frames of an article that a sentence of its own may complete: 补贴期限最长三年。"""
    if len(words) > 30 or (HEAD.search(words) and re.search(r"在|从|自", words)):
        return []
    return article[-12:]


def share_out(built: list[Frame], rates: list[Amount], end: int) -> bool:
    """顶尖人才200㎡，领军人才150㎡；租金减免比例分别为100%、70%: a share for each area in front."""
    areas = [f for f in built if f.areas and not f.rates]
    if len(rates) < 2 or len(areas) != len(rates) or any(a.kind != "rate" for a in rates):
        return False
    for frame, rate in zip(areas, rates, strict=True):
        frame.rates, frame.end = [rate], end
    return True


def take_area(built: list[Frame], area: Amount, end: int) -> bool:
    """免费入住人才公寓，面积90平方米: the area belongs to the homes in front."""
    taken = False
    for frame in reversed(built):
        if frame.areas or not (frame.free or re.search("租|房|场地|公寓", frame.near + frame.words)):
            break
        frame.areas, frame.end, taken = [area], end, True
    return taken


def renewed(amounts: list[Amount], former: list[Amount]) -> list[Amount]:
    """上限由80万元调整为120万元: the new sum is a ceiling as the old one was."""
    if not any(a.is_cap and a.kind == "money" for a in former):
        return amounts
    return [replace(a, is_cap=True, low=None) if a.kind == "money" and a.low == a.high else a for a in amounts]


def follow(frame: Frame, before: Frame, text: str) -> None:
    """博士每年可领1.8万元；硕士1.2万元: behind a semicolon only how often is taken over."""
    if not frame.money or not before.money or frame.period or frame.months or before.months:
        return
    if before.period in ("month", "year") and not KIND.search(text, before.end, frame.end):
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
