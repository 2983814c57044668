"""The signature of an English release: a body on a line of its own, and a date below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.enrich import english

_BODY = re.compile(
    r"\b(?:Government|Committee|Commission|Bureau|Department|Ministry|Office|Administration|Cent(?:re|er)|"
    r"Authority|University|College|Institute|Academy|Hospital|Council|Association|Federation|Zone|New Area)\b"
)
#: A name is made of capitalised words; a sentence is not.
_NAME = re.compile(r"(?:The )?[A-Z][\w’'-]*(?:,? (?:[A-Z][\w’'-]*|of|for|and|the|on|in|&)){1,20}\Z")


def is_body(text: str) -> bool:
    """Whether a short line is the name of a body."""
    return 8 <= len(text) <= 160 and bool(_NAME.match(text)) and bool(_BODY.search(text))


def signature(lines: Sequence[str]) -> tuple[tuple[str, ...], str | None, int]:
    """The bodies that sign, the ISO day of the signature, and the line at which it begins."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        found = english.DATE.fullmatch(lines[at].strip(" .()"))
        signed = english.day_of(found, None) if found else None
        if signed is None:
            continue
        first = at
        while first > 1 and at - first < 6 and is_body(lines[first - 1].strip(" .")):
            first -= 1
        bodies = tuple(dict.fromkeys(line.strip(" .") for line in lines[first:at]))
        return bodies, signed.isoformat(), first if bodies else at
    last = len(lines) - 1
    if last >= 2 and is_body(lines[last].strip(" .")):
        return (lines[last].strip(" ."),), None, last
    return (), None, len(lines)
