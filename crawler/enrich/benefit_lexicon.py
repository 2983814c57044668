"""The words of the benefit reader, compiled from ``benefit_words.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any, cast

from crawler.model.values import Topic

_WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("crawler.enrich") / "benefit_words.toml").read_text(encoding="utf-8")
)

#: A pattern that begins with one of these begins with no character of its own.
_SPECIAL = frozenset("([{^$.|*+?\\)")


def _any(words: list[str]) -> str:
    """The alternation of words and short patterns, the longer first, those that begin alike in one branch:
    so the engine compares one character a branch where it would compare all words."""
    branches: dict[str, list[str]] = {}
    patterns: list[str] = []
    for word in sorted(words, key=len, reverse=True):
        if word[0] in _SPECIAL or word[1:2] in ("?", "*", "+", "{"):
            patterns.append(word)
        else:
            branches.setdefault(word[0], []).append(word[1:])
    grouped = [first + ("(?:" + "|".join(rest) + ")" if any(rest) else "") for first, rest in branches.items()]
    return "(?:" + "|".join(patterns + grouped) + ")"


_grant, _never, _recipient = _WORDS["grant"], _WORDS["never"], _WORDS["recipient"]

ACT = re.compile(_any(_grant["acts"]))
KIND = re.compile(_any(_grant["kinds"]))
#: A clause that pays something, or pays something back.
PAYS = re.compile(KIND.pattern + "|报销|返还|代偿|补偿|全额|发放|拨付|兑现|付清|兑付")
NEVER = re.compile(_any(_never["clause"] + _never["fund"]))
ACHIEVED = re.compile(_any(_never["achieved"]))
SCAM = re.compile(_any(_never["scam"]))
THRESHOLD = re.compile(_any(_never["threshold"]) + r"[^，；。的\d]{0,10}\Z")
PEOPLE: tuple[str, ...] = tuple(name for word in _recipient["people"] if (name := word.partition("(")[0]))
BODIES: tuple[str, ...] = tuple(word.partition("(")[0] for word in _recipient["bodies"])
FAMILY: tuple[str, ...] = tuple(sorted(_recipient["family"], key=len, reverse=True))
HEAD = re.compile(_any(_recipient["people"] + _recipient["bodies"]) + "|[A-Za-z甲乙丙丁]类")
LINK = re.compile("(?:" + _any(_recipient["links"]) + "|（[^）]{0,30}）){1,6}")
LEADING_VERB = re.compile(_any(_recipient["verbs"]))
TOPICS: tuple[tuple[Topic, re.Pattern[str]], ...] = tuple(
    (cast(Topic, topic), re.compile(_any(words))) for topic, words in _WORDS["topics"].items()
)
#: 柔性引进, 返聘: whom an employer has without hiring.
FLEXIBLE = dict(TOPICS)["flexible_recruitment"]

ENGLISH_TOPICS: tuple[tuple[Topic, re.Pattern[str]], ...] = tuple(
    (cast(Topic, topic), re.compile(_any(words), re.IGNORECASE))
    for topic, words in _WORDS["english_topics"].items()
)


def topic_in(*texts: str) -> Topic | None:
    """The topic of the first text that names one; within a text the more special topic wins."""
    for text in texts:
        for topic, words in TOPICS:
            if words.search(text):
                return topic
    return None
