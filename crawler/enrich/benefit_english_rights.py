"""Rights in English releases: schooling, a job for the spouse, residence, medical care."""

from __future__ import annotations

import re

from crawler.model.release import Benefit
from crawler.model.values import Topic

LEAD = re.compile(
    r"^(?:in addition|meanwhile|moreover|besides|also|according to[^,]{0,60}|"
    r"under the[^,]{0,60}|as for[^,]{0,60}|[A-Z][^,:]{0,40}:|for instance|for example|and|"
    r"while|[^.;]{0,120}\b(?:announced|said|says|pledged|promised|means|stipulates?|states?)\b"
    r"[^,.;]{0,30}\bthat|entrepreneurs are not left out:)[,:]?\s+",
    re.I,
)
CUT = re.compile(
    r"(?<![Nn]ewly)(?<!full-time)\s(?:who|that|which|employed|working|recruited|hired|holding|aged|coming|moving|settling|"
    r"relocating|graduating|returning|starting|joining|buying|renting|holding|living|hiring|"
    r"recruiting|introducing|pursuing|chosen|signed|selected to|if|when)\b"
)
_RIGHTS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    ("spouse_employment", re.compile(r"\bspouses?\b[^.]{0,80}\b(?:jobs?|employment|placement|work)\b", re.I)),
    ("children_education", re.compile(
        r"\bchild(?:ren)?\b[^.]{0,80}\b(?:schools?|kindergartens?|enrol|educat)", re.I)),
    ("settlement", re.compile(r"\bhousehold registration|\bhukou\b", re.I)),
    ("visa_residence", re.compile(r"\b(?:permanent residen|residence permit|visas?\b|work permit)", re.I)),
    ("healthcare", re.compile(r"\b(?:medical|health) (?:check|service|care|insurance|treatment|green)", re.I)),
    ("housing", re.compile(
        r"\b(?:live|stay|accommodat|apartments?)\b[^.]{0,60}\b(?:free|rent-free|priority)\b", re.I)),
    ("service_card", re.compile(r"\b(?:talent|service|green) card\b", re.I)),
)  # fmt: skip
_AND = re.compile(r",\s(?:and|while)\s|;\s")
_MAY = re.compile(
    r"\b(?:may|can|shall|will be able to|"
    r"(?:are|is|be) (?:entitled|eligible|exempt|given priority|guaranteed|offered|allowed|admitted"
    r"|helped|assisted))\b",
    re.I,
)


def rights_in(words: str) -> list[Benefit]:
    """What an English sentence lets somebody do without a sum."""
    return [b for piece in _AND.split(words)[:6] for b in _right(piece)]


def _right(words: str) -> list[Benefit]:
    """What somebody may do without a sum: children may enrol in public schools."""
    may = _MAY.search(words)
    if (
        not may
        or may.start() > 90
        or re.search(r"\b(?:contact|visit|call|click|learn|find out)\b", words[may.end() : may.end() + 20])
    ):
        return []
    for topic, pattern in _RIGHTS:
        if pattern.search(words):
            phrase = words[: may.start()].strip(" ,")
            for _ in range(3):
                phrase = LEAD.sub("", phrase, count=1)
            cut = CUT.search(phrase)
            name = (phrase[: cut.start()] if cut else phrase).strip(" ,")
            if not 2 < len(name) <= 80 or re.match(
                r"(?:it|this|that|they|users?|you|we|the platform)\b", name, re.I
            ):
                return []
            condition = phrase[cut.start() :].strip(" ,") if cut else None
            return [Benefit(topic, name, quoted(words), condition=condition)]
    return []


#: A talent service platform and what it does for whom.
_PLATFORM = re.compile(
    r"\b(?:platform|website|portal|mini-program|service (?:hall|window))\b[^.;]{0,60}?\b(?:realizes?|realized"
    r"|provides?|offers?|handles?|delivers?)\b[^.;]{0,60}\b(?:services|online)\b", re.I,
)  # fmt: skip
_USERS = re.compile(
    r"\b(?P<who>Users|Enterprises|Talents?|Employers|Companies|Applicants|Job seekers)\s(?:can|may)\s(?:also\s)?"
    r"(?:quickly\s|accurately\s|easily\s|directly\s)*(?:search|compare|find|apply|submit|query|book|check)\b"
)
_SERVED = re.compile(
    r"\b(?:for|of)\s(?:the\s)?(?P<who>(?:high-level |overseas |foreign |international )?"
    r"(?:talents?|students|experts|enterprises|professionals))\b"
)


def functions_in(words: str) -> list[Benefit]:
    """What a service platform lets talents and employers do: no sum, but something that somebody gets."""
    if "talent" not in words.lower():
        return []
    if users := _USERS.search(words):
        return [Benefit("service_card", users["who"], quoted(words))]
    if _PLATFORM.search(words):
        served = _SERVED.search(words)
        return [Benefit("service_card", served["who"] if served else None, quoted(words))]
    return []


def quoted(piece: str) -> str:
    """A piece of a sentence without the word that joins it to the one before."""
    return re.sub(r"^(?:and|while|plus)\s", "", piece.strip(" ,"))
