"""Benefits in English releases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.enrich.amounts import whole
from crawler.enrich.benefit_english_figures import Figure, figures_in
from crawler.enrich.benefit_english_later import ARTICLE, GENERAL, POSTDOC, lasting, paid_over, same_term
from crawler.enrich.benefit_english_rights import CUT, LEAD, functions_in, quoted, rights_in
from crawler.enrich.benefit_english_terms import DRAWN, FUND, HIRES, NEVER, months_in, period_in, topic_of
from crawler.enrich.english import sentences
from crawler.model.release import Benefit

_GIVE = re.compile(
    r"\b(?:(?:will|can|may|shall|could|would)\s(?:also\s|each\s|then\s)?(?:rent|lease|use|stay|live|draw|have)\b"
    r"|(?:(?:will|can|may|shall|could|would)\s(?:also\s|each\s|then\s)?)?(?:also\s|each\s|"
    r"now\s|further\s)*(?:receives?|gets?|(?:are|is|be)\s(?:also\s|each\s|now\s|further\s)*(?:paid|granted|given|"
    r"offered|awarded|funded with|funded|exempt(?:ed)?|entitled to|eligible for|"
    r"provided with|reimbursed|rewarded with|rewarded|"
    r"subsidi[sz]ed|refunded|allowed to|able to)|apply for|borrow|enjoys?|obtain|claim|promises"
    r"|qualif(?:y|ies) for|wins?|earn|rent|draw|live)\b)",
    re.I,
)
_TO = re.compile(
    r"\b(?:to|for)\s(?P<who>(?:each |every |any |eligible |"
    r"qualified )?[A-Za-z][A-Za-z'’ -]{2,60}?)(?=\s(?:who|that|which|with|employed|working"
    r"|in|for|if|provided|was|were|is|are|has|rises?|recruited|hired)\b|[,.;]|\Z)"
)
_OFFERED = re.compile(
    r"\b(?:offer|give|provide|grant|pay|reward|award)s?\s(?P<who>[A-Za-z][A-Za-z0-9'’ -]{2,60}?)\s"
    r"(?:with\s)?(?:an?|up to|as much as|at most|one-off|monthly|yearly|annual)(?:\s|\Z)"
)
_GRANT = re.compile(
    r"subsid|grant|reward|allowance|receive|bonus|fund|award|paid|loan|borrow|support|incentive|stipend|reimburs|compensat|waive"
    r"|free|given|apply for|entitle|eligible|\bget|offer|provide|claim|discount|"
    r"(?:can|may|could)\s(?:also\s)?(?:rent|lease)|refund|prize|qualif|enjoy",
    re.I,
)
_LATE = re.compile(
    r"(?:,\s)?(?P<c>(?:provided that|as long as|on condition that|if they|if the|subject to)\b[^.;]{3,160})"
)
_SPLIT = re.compile(r";\s|,\s(?:and\s|while\s|plus\s|as well as\s|or\s)?|\sand\s|\swhile\s|\splus\s|\sas well as\s")
_TAX = re.compile(r"\bincome tax\b[^.;]{0,80}\b(?:exceed|above|over|in excess|difference|portion)", re.I)
_PAID_BACK = re.compile(r"subsidi|refund|exempt|rebate|returned|reimburs|waive", re.I)
_NO_NAME = re.compile(r"\b(?:capped|free|plus|further|about|with a (?:ceiling|cap|maximum))\b")
#: The zone will also provide offices for start-ups: who gives is not who gets.
_GIVER = re.compile(
    r"(?:the\s)?(?:[A-Za-z-]+\s){0,5}?(?:zone|city|county|district|province|government|bureau|authorit(?:y|ies)|park|scheme|programme|policy|fund)\s"
    r"(?:(?:will|can|shall|may)\s)?(?:also\s)?(?:promises?|covers?|offers?|provides?|grants?|pays?|gives?|rewards?|awards?|subsidi[sz]es?)\b",
    re.I,
)
_FOR = re.compile(
    r"\b(?:to|for)\s(?P<who>(?!(?:up|a|an|the first|each year|use|free|rent)\b)[A-Za-z][A-Za-z'’ -]{2,60}?)"
    r"(?=\s(?:in|for|who|that|which|during|over|at)\b|[,.;]|\Z)"
)
#: A ceiling of all sums together says nothing about one of them.
_LIMITED = re.compile(
    r",?\s(?:capped at|with a (?:ceiling|cap|maximum) of|subject to a cap of|limited to|"
    r"subject to an?\s(?:annual |yearly |monthly )?(?:cap|ceiling|limit) of)\b[^;]*"
)
_SHORT = re.compile(
    r"(?P<who>(?:and\s)?[A-Za-z][A-Za-z'’ -]{2,50}?)(?:,)?\s(?:up to|at most|a maximum of|as much as)?\s?\Z"
)


def find_english(paragraphs: Sequence[str], title: str = "") -> tuple[Benefit, ...]:
    """The benefits that an English text grants, in reading order; ``title`` helps to tell the topic."""
    found: list[Benefit] = []
    heading, fresh = "", 0
    for sentence in sentences(paragraphs):
        sentence = ARTICLE.sub("", sentence)
        if len(sentence) < 48 and not re.search(r"\d{3}|%", sentence):
            heading = sentence
        made: list[Benefit] = []
        if re.search(r"\d|free\b|rent", sentence) and _GRANT.search(sentence) and not NEVER.search(sentence):
            made = _sentence(sentence, heading, found[-1] if found else None)
        if not made and fresh and (months := paid_over(sentence)):
            found[-fresh:] = [lasting(b, months, sentence, paragraphs) for b in found[-fresh:]]
            continue
        made = made or _taxed(sentence) or rights_in(sentence) or functions_in(sentence)
        fresh = len(made)
        found += made
    if POSTDOC.search(title):
        found = [replace(b, topic="postdoc") if b.topic in GENERAL else b for b in found]
    return tuple(found)


def _taxed(words: str) -> list[Benefit]:
    """Tax above a share that is paid back."""
    if not (_TAX.search(words) and _PAID_BACK.search(words)):
        return []
    who, condition = _subject(re.split(r"\b(?:will|can|may|shall|is|are)\b", words)[0] + " get", "", "")
    return [Benefit("salary_tax", who, quoted(words), condition=condition)] if who else []


def _groups(words: str) -> list[list[Figure]]:
    """Figures that make one benefit: a share and its ceiling, an area and its rent."""
    groups: list[list[Figure]] = []
    for figure in figures_in(words):
        last = groups[-1] if groups else []
        between = words[last[-1].end : figure.start] if last else ""
        kinds = {f.kind for f in last}
        joined = False
        if last and not _GIVE.search(between) and not re.search(r"\swhile\s|;", between):
            capped = figure.kind == "money" and figure.cap and kinds == {"rate"}
            housed = (figure.kind == "area" and kinds <= {"rate", "free"}) or (
                figure.kind in ("rate", "free") and "area" in kinds
            )
            joined = figure.kind not in kinds and (capped or (housed and not re.search(r"\sand\s", between)))
            joined = joined or (figure.kind == "rate" and kinds == {"money"} and last[0].cap)
        limit = figure.kind == "money" and figure.cap and "money" in kinds and not last[-1].cap
        if limit and re.search(
            r"(?:capped at|ceiling of|cap of|limit(?:ed)? (?:to|of)|maximum of)\s?\Z", between, re.I
        ):
            continue  # 2,000 yuan a head, capped at 100,000 yuan a year: how often, not how much
        if joined:
            last.append(figure)
        else:
            groups.append([figure])
    return groups


def _sentence(words: str, heading: str = "", spoken: Benefit | None = None) -> list[Benefit]:
    """The benefits of one sentence; ``spoken``: the last benefit of the sentences before."""
    groups = _groups(words)
    if not groups:
        return []
    pieces = _pieces(words, groups)
    names = _respectively(words, groups)
    found: list[Benefit] = []
    who: str | None = None
    last: Benefit | None = None
    for i, (group, (start, stop)) in enumerate(zip(groups, pieces, strict=True)):
        piece = words[start:stop]
        first, end = group[0].start - start, group[-1].end - start
        money = next((f for f in group if f.kind == "money"), None)
        if FUND.search(piece) or (money is None and not _GIVE.search(words[:stop])):
            continue
        head = piece[: end if group[0].kind == "free" else first]
        own, condition = _subject(head, piece[end:], piece[group[0].end - start :])
        elliptic = not _GIVE.search(piece)
        own = None if own and _SUM.search(own) else own
        who = names[i] if names else own or who
        if who is None and spoken and _GOES_ON.match(words):
            who, last = spoken.recipient, spoken
        unpaid = len(group) == 1 and group[0].kind == "rate" and not _PAYS.search(words)
        if money is None and (who is None or unpaid):
            continue
        benefit = _benefit(
            words,
            piece,
            who,
            condition,
            group,
            last if elliptic or (who or "").lower().startswith("those") else None,
            shared=bool(names),
            alone=len(groups) == 1,
        )
        last = benefit
        found.append(benefit)
    titled = topic_of(heading, heading, None, None) if heading else None
    found = [replace(b, topic=titled) if titled and b.topic == "living_allowance" else b for b in found]
    found = same_term(found, words, [words[a:b] for a, b in pieces], _GIVE)
    return found + rights_in(words[pieces[-1][1] :]) if found else []


#: For senior technicians, the reward is 5,000 yuan: to whom the sentence before has spoken of.
_GOES_ON = re.compile(
    r"(?:For [^,.]{3,40}, )?(?:the|this|that|an additional|another)\s(?:reward|sum|subsidy|bonus|amount|rate)\b",
    re.I,
)
_PAYS = re.compile(r"subsid|reimburs|refund|grant|discount|rent|reward|paid|cover", re.I)


#: …, paid in three instalments, while others get: the first comma parts nothing.
_BEGINS = re.compile(r"(?!(?:paid|payable|spread|split|disbursed|distributed|released|in|over)\s)\w[\w'’-]*\s")


def _pieces(words: str, groups: list[list[Figure]]) -> list[tuple[int, int]]:
    """The part of a sentence that belongs to each group: cut at the last comma, ``and`` or ``while`` between."""
    pieces, start = [], 0
    for i, group in enumerate(groups):
        end, stop = group[-1].end, len(words)
        if i + 1 < len(groups):
            following = groups[i + 1][0].start
            cuts = list(_SPLIT.finditer(words, end, following))
            good = next((c for c in cuts if _BEGINS.match(words, c.end())), None)
            stop = good.start() if good else (cuts[-1].start() if cuts else following)
        elif rest := re.search(r"[,;]\s(?:and|while)\s(?=[^,;]{3,60}\b(?:will|can|may|are|is)\b)", words[end:]):
            stop = end + rest.start()
        pieces.append((start, stop))
        start = stop
    return pieces


#: For talents in categories B and C, a subsidy of … will be given respectively.
_FOR_EACH = re.compile(r"For (?P<who>[^.;]{3,80}?), (?:an?|the)\s[A-Za-z -]{3,40}? of\s")
#: A sum is nobody.
_SUM = re.compile(r"\d[\d.,]*\s?(?:million|yuan|RMB)|\b(?:yuan|RMB)\b")


def _respectively(words: str, groups: list[list[Figure]]) -> list[str] | None:
    give = _GIVE.search(words)
    if len(groups) < 2 or "respectively" not in words or not give:
        return None
    listed = _FOR_EACH.match(words)
    said = listed["who"] if listed else LEAD.sub("", words[: give.start()]).strip()
    names = re.split(r",\s(?:and\s)?|\sand\s", said)
    if any(_SUM.search(name) for name in names[-len(groups) :]):
        return None
    return names[-len(groups) :] if len(names) >= len(groups) else None


def _subject(head: str, tail: str, behind: str) -> tuple[str | None, str | None]:
    """Who gets it, and under which condition, from the words in front of the figures of a benefit and behind them.

    ``behind``: what stands behind the first of them."""
    head = re.sub(r"^[\s,;]*(?:and|while|plus|as well as|or)?\s*", "", head)
    for _ in range(3):
        head = LEAD.sub("", head, count=1)
    tail = _LIMITED.sub("", tail)
    late = _LATE.search(tail)
    if (giver := _GIVER.match(head)) and (to := _FOR.search(behind) or _FOR.search(head, giver.end())):
        return to["who"].strip(), late["c"] if late else None
    give = _GIVE.search(head)
    if give:
        phrase = head[: give.start()].strip(" ,")
        if phrase.count(", ") == 1 and re.match(r"(?:in|from|under|starting|to|for|after|by)\b", phrase, re.I):
            phrase = phrase.rpartition(", ")[2]
        cut = CUT.search(phrase)
        name = phrase[: cut.start()] if cut else phrase
        condition = (
            re.sub(r"^(?:who|that|which)\s(?:are\s|is\s)?", "", phrase[cut.start() :].strip()) if cut else None
        )
        if name in ("those", "Those", "people", "applicants"):
            name, condition = phrase, None
        return name.strip() or None, condition or (late["c"] if late else None)
    if drawn := DRAWN.search(tail):
        return drawn["who"].strip(), late["c"] if late else None
    for stretch in (tail, head):
        to = _TO.search(stretch)
        if to and not re.match(r"\d|(?:living|the|up|each|every|a|an|one|two|three|rent|housing|as)\b", to["who"]):
            return to["who"].strip(), late["c"] if late else None
        if to and stretch is tail and re.match(r"(?:each|every)\s", to["who"]) and not HIRES.search(tail):
            return to["who"].strip(), late["c"] if late else None
    offered = _OFFERED.search(head)
    if offered:
        return offered["who"], late["c"] if late else None
    bare = _SHORT.fullmatch(head)
    short: str | None = bare["who"].strip() if bare else None
    if short and (re.match(r"(?:an?|the)\s", short) or len(short.split()) > 6 or _NO_NAME.search(short)):
        short = None
    return short, late["c"] if late else None


def _benefit(
    words: str, piece: str, who: str | None, condition: str | None, group: list[Figure], last: Benefit | None,
    *, shared: bool, alone: bool,
) -> Benefit:  # fmt: skip
    """One benefit. ``last``: the one before it where this piece has no verb of its own."""
    kinds = {f.kind: f for f in group}
    money, rate, area = kinds.get("money"), kinds.get("rate"), kinds.get("area")
    text = words if shared else piece
    if money and rate is None and not money.cap:
        text = _LIMITED.sub("", text)
    months = months_in(text)
    instalment = months is not None and re.search(r"instal", text)
    complete = who is not None and who in piece
    quote = quoted(words if shared or not complete else piece)
    start, end = group[0].start, group[-1].end
    around = words[max(0, start - 40) : end + 30]
    period = None if instalment else period_in(text)
    if period is None and last and money and not instalment and not _GIVE.search(piece):
        period, quote = last.period, quoted(words) if last.period else quote
    return Benefit(
        topic=topic_of(
            around if len(piece) > 160 else piece,
            words if alone or shared else "",
            who,
            last.topic if last else None,
        ),
        recipient=who,
        quote=quote,
        currency=money.currency if money else "CNY",
        amount_min=whole(money.low) if money else None,
        amount_max=whole(money.high) if money else None,
        amount_is_cap=bool(money and money.cap),
        rate=float(rate.high) if rate and rate.high is not None else None,
        area_m2_min=float(area.low) if area and area.low is not None else None,
        area_m2_max=float(area.high) if area and area.high is not None else None,
        period=period if money or rate else None,
        duration_months=months,
        condition=condition,
    )
