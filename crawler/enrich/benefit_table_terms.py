"""What the lines around a table say of one of its kinds: 安家补贴分5年发放, 生活津贴最长3年."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.enrich.benefit_frames import in_instalments, is_own_term, term_of
from crawler.enrich.benefit_lexicon import KIND, topic_in
from crawler.enrich.clauses import Text
from crawler.enrich.folding import SPACE, fold
from crawler.model.release import Benefit

#: Longer than this no quote reaches, in characters.
LONGEST_REACH = 1200
_ALL = re.compile(r"(?:上述|以上|表中|各项|上表)")


def fit_kinds(text: Text, table: list[Benefit], around: list[tuple[int, int]]) -> list[Benefit]:
    """The benefits of a table together with the terms that lines above and below give to a kind of them."""
    for start, end in around:
        table = _fit_line(text, table, start, end)
    return table


def _fit_line(text: Text, table: list[Benefit], start: int, end: int) -> list[Benefit]:
    words = text.folded[start:end]
    if "|" in words or not KIND.search(words) or any(a.kind == "money" for a in text.amounts(start, end)):
        return table
    fitted = list(table)
    for sentence in text.sentences(start, end):
        kind, begin = "", sentence.start
        for clause in sentence.clauses:
            said = text.folded[clause.start : clause.end]
            if named := KIND.search(said):
                kind, begin = said[: named.end()][-12:], clause.start
            if kind and re.search(r"一次性(?:发放|兑现|拨付|支付|给予)|一次付清", said):
                fitted = [_once(text, b, kind, (begin, clause.end)) for b in fitted]
            terms = [a for a in text.amounts_in(clause.start, clause.end) if a.kind == "months"]
            terms = [a for a in terms if term_of(said, a, clause.start) or is_own_term(said, a, clause.start)]
            if kind and terms:
                months = int(terms[-1].value)
                split, span = in_instalments(said), (begin, clause.end)
                fitted = [_fit(text, b, kind, months, span, split=split) for b in fitted]
    return fitted


def _once(text: Text, benefit: Benefit, kind: str, span: tuple[int, int]) -> Benefit:
    if topic_in(kind) != benefit.topic or benefit.period or benefit.duration_months or benefit.amount_max is None:
        return benefit
    return replace(benefit, period="once", quote=_reach(text, benefit.quote, span) or benefit.quote)


def _reach(text: Text, quote: str, span: tuple[int, int]) -> str | None:
    """The quote stretched to hold a span above or below the table; None where it would be too long."""
    folded = SPACE.sub("", fold(quote))
    at = text.folded.find(folded)
    start, end = min(at, span[0]), max(at + len(folded), span[1])
    return text.quote(start, end) if at >= 0 and end - start <= LONGEST_REACH else None


def _fit(text: Text, benefit: Benefit, kind: str, months: int, span: tuple[int, int], *, split: bool) -> Benefit:
    meant = bool(_ALL.search(kind)) or topic_in(kind) == benefit.topic
    paid = benefit.amount_max is not None or benefit.amount_min is not None
    if not meant or not paid or benefit.duration_months is not None or benefit.period == "once":
        return benefit
    if split == (benefit.period is not None):
        return benefit  # instalments are of one sum, terms of what is paid again and again
    quote = _reach(text, benefit.quote, span)
    return replace(benefit, duration_months=months, quote=quote) if quote else benefit
