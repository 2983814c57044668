"""What a later English sentence says of the sums before it, and what a title says of all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.enrich.benefit_english_rights import quoted
from crawler.enrich.benefit_english_terms import months_in
from crawler.model.release import Benefit
from crawler.model.values import Topic

#: Article 4, (2), 3.: no part of who gets it.
ARTICLE = re.compile(r"^(?:Article|Section|Item)\s\d{1,3}[.:]?\s|^\(?\d{1,2}[.)]\s")
POSTDOC = re.compile(r"\bpost-?doc", re.I)
#: What is paid to those whom a release about post-docs is for is for post-docs.
GENERAL: tuple[Topic, ...] = (
    "living_allowance",
    "research_funding",
    "platforms",
    "talent_title",
    "employer_reward",
)
_PAID = re.compile(
    r"\b(?:money|allowances?|subsid(?:y|ies)|grants?|sums?|payments?|both|it|they|all)\b[^.;]{0,30}?"
    r"\b(?:paid|disbursed|handed out|distributed|released|last|available|granted)\b",
    re.I,
)


def paid_over(sentence: str) -> int | None:
    """The months over which a sentence without sums of its own says that the sums before it are paid."""
    if len(sentence) > 160 or re.search(r"\d{3}|%|yuan|RMB", sentence) or not _PAID.search(sentence):
        return None
    return months_in(sentence)


def lasting(benefit: Benefit, months: int, sentence: str, paragraphs: Sequence[str]) -> Benefit:
    """A benefit together with the sentence behind it that says how long it is paid."""
    paid = benefit.amount_max is not None or benefit.amount_min is not None
    if not paid or benefit.duration_months is not None or benefit.period == "once":
        return benefit
    for paragraph in paragraphs:
        start, end = paragraph.find(benefit.quote), paragraph.find(sentence)
        if 0 <= start < end:
            return replace(benefit, duration_months=months, quote=paragraph[start : end + len(sentence)])
    return benefit


def same_term(found: list[Benefit], words: str, pieces: list[str], gives: re.Pattern[str]) -> list[Benefit]:
    """1,000 yuan a month, … and PhD holders 3,000 yuan, for a maximum of 36 months: the term is everybody's."""
    if len(found) < 2 or len(found) != len(pieces):
        return found
    if found[0].duration_months and found[0].period in ("month", "year"):
        # 2,000 yuan a month for three years, and those with a doctorate 4,000 yuan: so long, too.
        return [
            replace(b, duration_months=found[0].duration_months, quote=quoted(words))
            if b.duration_months is None and b.period == found[0].period and not gives.search(piece)
            else b
            for b, piece in zip(found, pieces, strict=True)
        ]
    if not found[-1].duration_months:
        return found
    tail = pieces[-1]
    if not re.search(r",\s(?:all\s|each\s|both\s|paid\s)?for\s", tail):
        return found
    months, period = found[-1].duration_months, found[-1].period
    return [
        replace(b, duration_months=months, quote=quoted(words))
        if b.duration_months is None and b.period == period and period in ("month", "year")
        else b
        for b in found
    ]
