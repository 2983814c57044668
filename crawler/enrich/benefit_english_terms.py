"""Term, period and topic of English benefits."""

from __future__ import annotations

import re

from crawler.enrich.benefit_lexicon import ENGLISH_TOPICS
from crawler.enrich.english import small
from crawler.model.values import Period, Topic

_TERM = re.compile(
    r"\b(?:for|over|within|of|spread over|paid over|lasting|in)?\s?(?:(?:up to|"
    r"a maximum of|at most|a period of|no more than|as long as|the first)\s)?(?P<n>\d{1,3}"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[\s-](?P<u>months?|"
    r"years?)\b(?!\s(?:of (?:work|experience|service)|old|or more|ago))"
)
#: paid in five annual instalments
_SPLIT = re.compile(
    r"\b(?P<n>\d{1,2}|two|three|four|five|six|eight|ten|twelve) (?:equal )?(?P<u>annual|yearly|monthly) instal"
)
#: A sentence with one of these reports, plans or sells.
NEVER = re.compile(
    r"\b(?:revenue|GDP|output|turnover|total value|fined?|penalty|(?<!market )(?<!half )(?<!housing )"
    r"(?<!of the )(?<!purchase )price[ds]?|"
    r"worth of deals|registered capital|"
    r"sales|profits?|purse|has (?:paid|spent|granted|issued|distributed)|have been paid|were paid|"
    r"paid out(?! over| in)|so far|"
    r"last year|totalling|totaling|in total|totals|earmarked|budget)\b|\braised\s(?!from|to|by)",
    re.I,
)
#: So does a clause that is of the fund itself.
FUND = re.compile(
    r"\b(?:invest(?:ed|ment|ments)?|allocated|set aside"
    r"|(?<!start-up )(?<!research )fund of|fund worth|fund with|pool of)\b",
    re.I,
)
_EMPLOYER = re.compile(
    r"\b(?:enterprises?|compan(?:y|ies)|employers?|firms?|laborator(?:y|ies)|institut|universit|agenc|organi[sz]ations?)",
    re.I,
)
_SITES = re.compile(r"\b(?:workstations?|incubators?|talent stations?|bases|innovation parks?)\Z", re.I)
#: newly hired by local companies: what stands behind the first participle is not who gets it
_HEAD_OF = re.compile(
    r"\s(?:newly\s)?(?:hired|recruited|employed|working|who|that|which|by|with|from|in|at|of)\b.*", re.I
)
_PREMISES = re.compile(
    r"\b(?:offices?|workspace|(?:laboratory|lab|research) space|premises|desks?|workshop|plant)\b", re.I
)
HIRES = re.compile(
    r"\b(?:hir(?:e|es|ed|ing)|recruit\w*|introduc(?:e|es|ing)|attract\w*|bring(?:s|ing)?"
    r"|employ(?:s|ing)?|tak(?:e|es|ing) on)\b",
    re.I,
)


def months_in(text: str) -> int | None:
    """How long a payment lasts: the last term that is neither a contract's nor an age."""
    months: int | None = None
    if split := _SPLIT.search(text):
        return (small(split["n"]) or 0) * (12 if split["u"] in ("annual", "yearly") else 1) or None
    for term in _TERM.finditer(text):
        count = small(term["n"])
        if count is not None and not re.search(
            r"contract|aged|experience|at least\s?\Z|after\s?\Z|under\s?\Z",
            text[max(0, term.start() - 24) : term.start() + 6],
        ):
            months = count * (12 if term["u"].startswith("year") else 1)
    return months


#: up to 10 million yuan to draw in Nobel laureates.
DRAWN = re.compile(
    r"\bto\s(?:help\s)?(?:draw in|draw|attract|lure|woo|bring in|entice)\s(?P<who>[A-Za-z][A-Za-z'’ -]{2,60}?)"
    r"(?=\s(?:who|that|to|with|from|in|and)\b|[,.;]|\Z)"
)
_PER_YEAR = re.compile(
    r"\b\d+\s[A-Za-z -]{2,24}?\s(?:a|per|each)\s(?:year|month)(?=\s(?:can|may|will|are|is|gets?|receives?)\b)", re.I
)


def period_in(text: str) -> Period | None:
    """How often it is paid; how many somebody hires a year does not say it."""
    text = _PER_YEAR.sub("", text)
    if re.search(r"one-(?:off|time)|lump[- ]sum", text, re.I):
        return "once"
    if re.search(r"(?:per|a|each|every)\smonth\b|monthly", text, re.I):
        return "month"
    if re.search(r"(?:per|a|each|every)\syear\b|annual|yearly|per annum", text, re.I):
        return "year"
    return None


def topic_of(piece: str, words: str, who: str | None, before: Topic | None) -> Topic | None:
    """What is paid: by the words of the piece, those of the sentence, the benefit before, the recipient."""
    if (
        who
        and re.match(r"(?:eligible |qualified |new )*start-?ups?\b", who, re.I)
        and not re.search("loan|borrow", piece)
    ):
        return "startup_funding"
    if re.search(r"start-?up (?:fund|grant)", piece, re.I) and re.search(
        r"\b(?:laborator|(?:their|the) research)", piece, re.I
    ):
        return "research_funding"
    if who and re.search(r"\b(?:loans?|interest)\b", who, re.I):
        return "loans_finance"
    if _PREMISES.search(piece) and not re.search("loan|borrow", piece):
        return "platforms"
    if re.search(r"\bpost-?doc", who or "", re.I):
        return "postdoc"
    if re.search(
        r"\b(?:set(?:ting|s)? up|found(?:s|ing)?|start(?:s|ing)?) (?:a |an |their |new )*"
        r"(?:compan|business|firm|start-?up)",
        words or piece,
    ) and (re.search(r"\bfund|capital|grant", piece) and not re.search("rent|interest|loan", piece)):
        return "startup_funding"
    if who and _SITES.search(who) and not re.search("loan|rent|train|recruit|tax", piece):
        return "platforms"
    if who and _EMPLOYER.search(_HEAD_OF.sub("", who)) and HIRES.search(words):
        return "employer_reward"
    bare = piece.replace(who, "") if who else piece
    for text in (bare, "" if before else words.replace(who or "\n", "")):
        for topic, pattern in ENGLISH_TOPICS:
            if topic == "employer_reward" and not _EMPLOYER.search(_HEAD_OF.sub("", who or "")):
                continue
            if pattern.search(text):
                return topic
    named = next((topic for topic, pattern in ENGLISH_TOPICS if who and pattern.search(who)), None)
    if named is None and before is None and re.search(r"\b(?:projects?|teams?)\b", who or "", re.I):
        return "research_funding"
    return before or (named if named not in ("graduates", "employer_reward", None) else None) or "living_allowance"
