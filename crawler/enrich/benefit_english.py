"""Benefits in English releases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crawler.enrich.amounts import whole
from crawler.enrich.benefit_english_rights import CUT, LEAD, quoted, rights_in
from crawler.enrich.benefit_lexicon import ENGLISH_TOPICS
from crawler.enrich.english import NUMBER, number, sentences, small
from crawler.model.release import Benefit
from crawler.model.values import Period, Topic

_SCALE = r"(?:\s?(?P<{0}>thousand|million|billion|bn|m|k)\b)?"
_CURRENCY = r"RMB|CNY|yuan|US\$|USD|HK\$|HKD|\$|¥|€|EUR|£"
_TAIL = r"yuan|RMB|renminbi|US dollars|U\.S\. dollars|dollars|euros|Hong Kong dollars|HKD|USD"
_MONEY = re.compile(
    rf"(?P<cur>{_CURRENCY})\s?(?P<a>{NUMBER}){_SCALE.format('sa')}"
    rf"(?:\s?(?:to|and|-|–)\s?(?:{_CURRENCY})?\s?(?P<b>{NUMBER}){_SCALE.format('sb')}"
    rf"(?!\s?(?:percent|%|months?|years?)))?"
    rf"|(?P<c>{NUMBER}){_SCALE.format('sc')}"
    rf"(?:\s?(?:yuan|RMB)?\s?(?:to|and|-|–)\s?(?P<d>{NUMBER}){_SCALE.format('sd')})?\s?(?P<tail>{_TAIL})\b"
)
_DOLLARS = ("US$", "USD", "$", "US dollars", "U.S. dollars", "dollars")
_FOREIGN = dict.fromkeys(_DOLLARS, "USD")
_FOREIGN |= dict.fromkeys(("HK$", "HKD", "Hong Kong dollars"), "HKD")
_FOREIGN |= {"€": "EUR", "EUR": "EUR", "euros": "EUR", "£": "GBP"}
_RATE = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?:percent|per cent|%)")
_AREA = re.compile(rf"(?P<a>{NUMBER})(?:\s?(?:to|-|–)\s?(?P<b>{NUMBER}))?\s?(?:square met(?:er|re)s?|sq\.? ?m|m²)")
_TERM = re.compile(
    r"\b(?:for|over|within|of|spread over|paid over|lasting|in)?\s?(?:(?:up to|"
    r"a maximum of|at most|a period of|no more than|as long as|the first)\s)?(?P<n>\d{1,3}"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[\s-](?P<u>months?|"
    r"years?)\b(?!\s(?:of (?:work|experience)|old))"
)
_CAP = re.compile(
    r"(?:up to|a maximum of|maximum|no more than|not exceeding|capped at|at most|"
    r"as much as|ceiling of|cap of|not more than|limited to)(?:\s\w+)?\s?\Z",
    re.I,
)
_FLOOR = re.compile(r"(?:at least|no less than|not less than|a minimum of|minimum of)\s?\Z", re.I)
_GIVE = re.compile(
    r"\b(?:(?:will|can|may|shall|could|would)\s(?:also\s|each\s)?)?(?:also\s|each\s|"
    r"now\s)*(?:receives?|gets?|(?:are|is|be)\s(?:also\s|each\s)*(?:paid|granted|given|"
    r"offered|awarded|entitled to|eligible for|provided with|reimbursed|rewarded with|"
    r"subsidi[sz]ed)|apply for|borrow|enjoys?|obtain|claim|qualif(?:y|ies) for|earn|rent|"
    r"draw|live)\b",
    re.I,
)
_TO = re.compile(
    r"\b(?:to|for)\s(?P<who>(?:each |every |any |eligible |"
    r"qualified )?[A-Za-z][A-Za-z'’ -]{2,60}?)(?=\s(?:who|that|which|with|employed|working"
    r"|in|for|if|provided)\b|[,.;]|\Z)"
)
_OFFERED = re.compile(
    r"\b(?:offer|give|provide|grant|pay|reward|award)s?\s(?P<who>[A-Za-z][A-Za-z0-9'’ -]{2,60}?)\s"
    r"(?:with\s)?(?:an?|up to|one-off|monthly|yearly|annual)\s"
)
_GRANT = re.compile(
    r"subsid|grant|reward|allowance|receive|bonus|fund|award|paid|loan|borrow|support|incentive|stipend|reimburs|compensat|waive|free",
    re.I,
)
_NEVER = re.compile(
    r"\b(?:budget|invest(?:ed|ment|ments)?|revenue|GDP|output|turnover|total value|fined?|"
    r"penalty|price[ds]?|allocated|earmarked|fund of|fund worth|worth of deals|"
    r"registered capital|sales|profit|raised|purse|has (?:paid|spent|granted|issued|"
    r"distributed)|have been paid|were paid|paid out|so far|last year|totalling|totaling|"
    r"in total)\b",
    re.I,
)
_LATE = re.compile(
    r"(?:,\s)?(?P<c>(?:provided that|as long as|on condition that|if they|if the|subject to)\b[^.;]{3,160})"
)
_SENTENCE_END = re.compile(r",?\s(?:according to|officials said|said)\b.*\Z")


@dataclass(frozen=True, slots=True)
class _Sum:
    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    cap: bool
    currency: str


def find_english(paragraphs: Sequence[str]) -> tuple[Benefit, ...]:
    """The benefits that an English text grants, in reading order."""
    found: list[Benefit] = []
    for sentence in sentences(paragraphs):
        if re.search(r"\d|free\b", sentence) and _GRANT.search(sentence):
            made = _sentence(sentence)
            found += made or rights_in(sentence)
        else:
            found += rights_in(sentence)
    return tuple(found)


def _sentence(words: str) -> list[Benefit]:
    money = [s for m in _MONEY.finditer(words) if (s := _sum(words, m))]
    rates = list(_RATE.finditer(words))
    areas = list(_AREA.finditer(words))
    found: list[Benefit] = []
    if money and not _NEVER.search(words):
        groups = _pieces(words, [(s.start, s.end) for s in money])
        names = _respectively(words, money)
        who: str | None = None
        for i, (item, (start, stop)) in enumerate(zip(money, groups, strict=True)):
            piece = words[start:stop]
            own, condition = _subject(piece[: item.start - start], piece[item.end - start :])
            who = names[i] if names else own or who
            rate = next((r for r in rates if start <= r.start() < stop), None)
            found.append(_benefit(words, piece, who, condition, item, rate, shared=bool(names)))
    elif areas and not _NEVER.search(words) and (give := _GIVE.search(words)):
        area = areas[0]
        who, condition = _subject(words[: give.end()], words[give.end() :])
        high = float(number(area["b"] or area["a"], None))
        low = None if _CAP.search(words[: area.start()]) else float(number(area["a"], None))
        months = _months(words[area.end() :])
        found.append(
            Benefit(
                "housing", who, quoted(words), area_m2_min=low, area_m2_max=high,
                duration_months=months, condition=condition,
            )
        )  # fmt: skip
    elif (
        rates
        and (give := _GIVE.search(words))
        and re.search(r"subsid|reimburs|refund|grant|discount|rent", words)
        and not _NEVER.search(words)
    ):
        who, condition = _subject(words[: give.end()], words[give.end() :])
        share = float(Decimal(rates[0]["n"]) / 100)
        if share <= 1 and who:
            found.append(
                Benefit(
                    _topic(words, words), who, quoted(words), rate=share, period=_period(words), condition=condition
                )
            )
    return found


def _sum(words: str, found: re.Match[str]) -> _Sum | None:
    first, second = (found["a"], found["b"]) if found["a"] else (found["c"], found["d"])
    scale1, scale2 = (found["sa"], found["sb"]) if found["a"] else (found["sc"], found["sd"])
    low = number(first, scale1 or (scale2 if second and len(first) < 4 else None))
    high = number(second, scale2) if second else low
    if high < low:
        high = low
    sign = found["cur"] or found["tail"] or ""
    head = words[max(0, found.start() - 30) : found.start()]
    cap = bool(_CAP.search(head))
    floor = bool(_FLOOR.search(head))
    least = None if cap and low == high else low
    most = None if floor and low == high else high
    return _Sum(found.start(), found.end(), least, most, cap, _FOREIGN.get(sign, "CNY"))


def _pieces(words: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The part of a sentence that belongs to each sum: cut at the last comma, ``and`` or ``while`` between."""
    pieces, start = [], 0
    for i, (_, end) in enumerate(spans):
        stop = len(words)
        if i + 1 < len(spans):
            cut = None
            for cut in re.finditer(
                r",\s(?:and\s|while\s|plus\s)?|\sand\s|\swhile\s|\splus\s", words[end : spans[i + 1][0]]
            ):
                if re.match(r"(?:a|an|the|\w+)\s", words[end + cut.end() :]):
                    break
            stop = end + cut.start() if cut else spans[i + 1][0]
        pieces.append((start, stop))
        start = stop
    return pieces


def _respectively(words: str, money: list[_Sum]) -> list[str] | None:
    give = _GIVE.search(words)
    if len(money) < 2 or "respectively" not in words or not give:
        return None
    names = re.split(r",\s(?:and\s)?|\sand\s", LEAD.sub("", words[: give.start()]).strip())
    return names[-len(money) :] if len(names) >= len(money) else None


def _subject(head: str, tail: str) -> tuple[str | None, str | None]:
    head = re.sub(r"^[\s,]*(?:and|while|plus)?\s*", "", head)
    for _ in range(3):
        head = LEAD.sub("", head, count=1)
    late = _LATE.search(tail)
    give = _GIVE.search(head)
    if give:
        phrase = head[: give.start()].strip(" ,")
        phrase = (
            phrase.rpartition(", ")[2]
            if phrase.count(", ") == 1 and re.match(r"(?:in|from|under|starting|to|for)\b", phrase, re.I)
            else phrase
        )
        cut = CUT.search(phrase)
        name = phrase[: cut.start()] if cut else phrase
        condition = (
            re.sub(r"^(?:who|that|which)\s(?:are\s|is\s)?", "", phrase[cut.start() :].strip()) if cut else None
        )
        return name.strip() or None, condition or (late["c"] if late else None)
    to = _TO.search(tail)
    if to and not re.match(r"\d", to["who"]):
        return to["who"].strip(), late["c"] if late else None
    to = _TO.search(head)
    if to:
        return to["who"].strip(), late["c"] if late else None
    offered = _OFFERED.search(head)
    if offered:
        return offered["who"], late["c"] if late else None
    bare = re.fullmatch(r"(?P<who>[A-Za-z][A-Za-z'’ -]{2,50}?)\s(?:up to|at most)?\s?", head)
    return (bare["who"].strip() if bare and len(bare["who"].split()) <= 5 else None), late["c"] if late else None


def _benefit(
    words: str,
    piece: str,
    who: str | None,
    condition: str | None,
    item: _Sum,
    rate: re.Match[str] | None,
    *,
    shared: bool,
) -> Benefit:
    text = words if shared else piece
    months = _months(text)
    instalment = months is not None and re.search(r"instal", text)
    quote = quoted(words if shared or who is None or who not in piece else piece)
    around = words[max(0, item.start - 40) : item.end + 30]
    return Benefit(
        topic=_topic(around if len(words) > 160 else piece, words, who),
        recipient=who,
        quote=quote,
        currency=item.currency,
        amount_min=whole(item.low),
        amount_max=whole(item.high),
        amount_is_cap=item.cap,
        rate=float(Decimal(rate["n"]) / 100) if rate else None,
        period=None if instalment else _period(text),
        duration_months=months,
        condition=condition,
    )


def _months(text: str) -> int | None:
    months: int | None = None
    for term in _TERM.finditer(text):
        count = small(term["n"])
        if count is not None and not re.search(
            r"contract|aged|experience|at least\s?\Z", text[max(0, term.start() - 24) : term.start()]
        ):
            months = count * (12 if term["u"].startswith("year") else 1)
    return months


def _period(text: str) -> Period | None:
    if re.search(r"one-(?:off|time)|lump[- ]sum", text, re.I):
        return "once"
    if re.search(r"(?:per|a|each|every)\smonth\b|monthly", text, re.I):
        return "month"
    if re.search(r"(?:per|a|each|every)\syear\b|annual|yearly|per annum", text, re.I):
        return "year"
    return None


def _topic(piece: str, words: str, who: str | None = None) -> Topic | None:
    if (
        who
        and re.match(r"(?:eligible |qualified |new )*start-?ups?\b", who, re.I)
        and not re.search("loan|borrow", piece)
    ):
        return "startup_funding"
    for text in (piece, words):
        for topic, pattern in ENGLISH_TOPICS:
            if pattern.search(text):
                return topic
    return "living_allowance"
