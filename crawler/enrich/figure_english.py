"""Targets and achievements in English releases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from crawler.enrich.english import DATE, NUMBER, SCALES, number, sentences
from crawler.model.release import Figure

_TARGET = re.compile(
    r"\b(?:plans? to|hopes to|aims? to|aiming to|targets?|goal|strives? to|seeks? to|expect(?:s|"
    r"ed) to|hopes? to|is set to|pledged? to|intends? to|will (?!be able)|"
    r"by (?:the end of )?20\d\d|over the next|in the next|in the coming)\b",
    re.I,
)
_DONE = re.compile(
    r"\b(?:attracted|recruited|introduced|built|established|set up|served|held|increased|"
    r"grew|rose|risen|reached|topped|hit|signed|trained|issued|created|added|registered|received|"
    r"aggregates?|realiz(?:es?|ed)|covers?|boasts?|gathers?|brought|launched|selected|supported|helped|"
    r"hosted|opened|joined|has|have|had|so far|since|total(?:l?ed|s)?|exceeded|surpassed|"
    r"accounted|were|was|last year|paid|distributed|drew|took part|participated|resulting|"
    r"flocked)\b",
    re.I,
)
_FIGURE = re.compile(
    rf"(?<![\w.,$€£¥-])(?P<n>{NUMBER})(?:\s(?P<s>thousand|million|"
    rf"billion))?(?:(?P<pct>\s?(?:percent|per cent|%))|"
    rf"\s(?:[“\"‘](?P<said>[a-z][a-z -]{{2,30}})[”\"’]|(?P<what>[a-z][a-z’'-]*(?:\s[a-z][a-z’'-]*){{0,7}})))",
    re.I,
)
_HAD = re.compile(r"\b(?:had|was|were|reached|stood at|totall?ed)\b", re.I)
_MONEY = re.compile(r"(?:RMB|CNY|yuan|USD|US\$|HK\$)\s?\Z", re.I)
_NOT = re.compile(
    r"^(?:years?|months?|days?|weeks?|hours?|yuan|dollars?|euros?|square|minutes?|sections?|times|kilomet)", re.I
)
_GRANTED = re.compile(
    r"\b(?:will pay|reimburs\w*|refund\w*|grant of|receive|entitled|eligible|apply for|granted|subsid|"
    r"allowance|reward of|"
    r"up to RMB|borrow|at least \d+ years?|aged)\b",
    re.I,
)
_YEAR = re.compile(r"\b(20\d\d)\b")
_PHRASE_END = re.compile(
    r"\s(?:at|in|on|of|for|to|from|by|with|during|across|under|over|this|last|each|per|who|that|were|was|are|will|since)\b.*\Z",
    re.I,
)


#: Its talent pool topped 3.6 million; the number of skilled workers shall reach 900,000: named before the number.
_STANDS = re.compile(
    rf"\b(?P<what>(?:number|total|pool|population|stock|count)(?: of(?: [a-z][a-z’'-]*){{1,6}}?)?)"
    rf"(?: (?:in|across) [A-Z][a-z]+| (?:has|had|have|will|shall|should|is expected to|there))*"
    rf" (?:to|topp?(?:ed|s)?|reach(?:ed|es)?|exceed(?:ed|s)?|surpass(?:ed|es)?|total(?:l?ed|s)?|hit|"
    rf"stood at|stands at|grew to|rose to|increased to|was|is)"
    rf"(?: (?:about|nearly|over|more than|around|at least))? "
    rf"(?P<n>{NUMBER})(?: (?P<s>thousand|million|billion))?(?=[,.;]|\Z| by\b| in\b| at\b)",
    re.I,
)
#: What a site, a law or a programme is made of, the number in words too.
_PARTS = re.compile(
    r"\b(?:divided into|consists? of|comprises?|made up of|composed of)\s(?P<n>\d{1,3}|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve)\s(?P<what>(?:[a-z-]+\s){0,2}?(?:sections|parts|columns|modules|plates|"
    r"boards|categories|zones|chapters))\b",
    re.I,
)
_WORDS = ["", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def find_english(paragraphs: Sequence[str], base: dt.date | None) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Targets and achievements that an English text states, in reading order."""
    targets: list[Figure] = []
    achievements: list[Figure] = []
    for sentence in sentences(paragraphs):
        if parts := _PARTS.search(sentence):
            achievements.append(_made_of(parts, sentence))
        if not re.search(r"\d", sentence) or _GRANTED.search(sentence):
            continue
        target = _is_target(sentence, base)
        if target is None:
            continue
        year = _year(sentence, base)
        bare = DATE.sub(lambda m: " " * len(m[0]), sentence)
        figures = [(m.start("n"), _figure(sentence, m, year)) for m in _FIGURE.finditer(bare)]
        figures += [(m.start("n"), _standing(sentence, m, year)) for m in _STANDS.finditer(bare)]
        told = dict(sorted((at, figure) for at, figure in figures if figure))
        (targets if target else achievements).extend(told.values())
    return tuple(targets), tuple(achievements)


def _standing(sentence: str, found: re.Match[str], year: int | None) -> Figure:
    cut = sentence.find(", ", found.end())
    quote = sentence[: cut if cut > 0 else len(sentence)].strip()
    return Figure(found["what"], float(number(found["n"], found["s"])), quote, None, year)


def _made_of(found: re.Match[str], sentence: str) -> Figure:
    said = found["n"].lower()
    value = float(said) if said.isdigit() else float(_WORDS.index(said))
    return Figure(found["what"], value, sentence[: found.end()].strip(), found["what"].split()[-1], None)


def _is_target(sentence: str, base: dt.date | None) -> bool | None:
    if _TARGET.search(sentence):
        past = re.search(r"\b(?:exceed(?:ed|ing) the target|has already|have already)\b", sentence, re.I)
        if past is None and base and re.match(r"By the end of 20\d\d,", sentence) and _HAD.search(sentence):
            return (_year(sentence, base) or base.year) >= base.year  # By the end of last year it had …
        return not past
    if not _DONE.search(sentence):
        return None
    year = _year(sentence, base)
    return False if year is None or base is None or year <= base.year else None


def _year(sentence: str, base: dt.date | None) -> int | None:
    found = _YEAR.search(re.sub(r"\bsince 20\d\d\b", "", sentence, flags=re.I))
    if found:
        return int(found[1])
    if base and re.search(r"\blast year\b", sentence, re.I):
        return base.year - 1
    return base.year if base and re.search(r"\bthis year\b", sentence, re.I) else None


def _figure(sentence: str, found: re.Match[str], year: int | None) -> Figure | None:
    if _MONEY.search(sentence[max(0, found.start() - 6) : found.start()]):
        return None
    whole = found["n"]
    if re.fullmatch(r"20\d\d", whole) and not found["pct"]:
        return None
    value = float(number(whole, found["s"] if (found["s"] or "").lower() in SCALES else None))
    cut = sentence.find(", ", found.end())
    quote = sentence[: cut if cut > 0 else len(sentence)].strip()
    if found["pct"]:
        head = re.findall(r"[a-z-]+", sentence[: found.start()].lower())[-3:]
        return Figure(" ".join(head) or "share", value, quote, "%", year)
    what = found["said"] or found["what"]
    if not what or _NOT.match(what):
        return None
    what = _PHRASE_END.sub("", what)
    plural = re.match(r".*?(?:(?!overseas)\b[a-z’'-]*(?:[^s]s)\b|\bpeople\b)", what, re.I)
    if not plural and re.match(r"(?:more|others?)\b", what, re.I):
        return Figure("more", value, quote, None, year)  # 5,000 more: of what the text spoke of before
    if not plural:
        return None
    what = plural[0]
    return Figure(what, value, quote, what.split()[-1], year)
