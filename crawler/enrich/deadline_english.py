"""Deadlines in English releases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from crawler.enrich.english import DATE, day_of, sentences
from crawler.model.release import Deadline
from crawler.model.values import DeadlineKind

_KINDS: tuple[tuple[DeadlineKind, re.Pattern[str]], ...] = (
    ("comment", re.compile(r"\b(?:comments?|feedback|opinions?|consultation)\b", re.I)),
    ("publicity", re.compile(r"\b(?:public notice|publici[sz]ed|objections?)\b", re.I)),
    ("apply", re.compile(
        r"\b(?:appl(?:y|ications?|icants?)|register|registration|submit|submissions?|deadline|"
        r"sign up|enrol|declarations?)\b", re.I)),
    ("payout", re.compile(r"\b(?:paid out|payouts?|disbursed)\b", re.I)),
    ("event", re.compile(
        r"\b(?:job fair|fair|conference|competition|contest|forum|summit|roadshow|event|"
        r"talent week|held|take place|kick off|opens?)\b", re.I)),
)  # fmt: skip
_RANGE = re.compile(r"\s(?:to|until|through|till|and|-|–)\s\Z|\s?[-–]\s?\Z", re.I)
#: Applications open on … and close on …
_OPENS = re.compile(r"\b(?:opens?|starts?|begins?|from|runs?)\s(?:on\s|from\s)?\Z", re.I)
_CLOSES = re.compile(
    r"\b(?:and|,)\s(?:will\s)?(?:closes?|ends?|runs?|last|until|to)\s(?:on\s|until\s|through\s)?\Z", re.I
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|till|no later than|deadline(?:\s\w+){0,4}:?|closes?(?:\son)?|"
    r"ends?(?:\son)?|due(?:\son)?|review of applications (?:begins|starts)(?:\son)?|at the latest)\s(?:the\s)?\Z",
    re.I,
)
_WITHIN = re.compile(r"within (\d{1,3}) (working |business )?days", re.I)
_NOT = re.compile(
    r"\b(?:effective|in force|take effect|came into|valid|issued|released|announced|born|graduated|published)\b",
    re.I,
)


def find_english(paragraphs: Sequence[str], base: dt.date | None) -> tuple[Deadline, ...]:
    """The windows and days that an English text announces, in reading order."""
    found: list[Deadline] = []
    for sentence in sentences(paragraphs):
        kind = next((k for k, words in _KINDS if words.search(sentence)), None)
        if kind is None or len(found) > 200:
            continue
        found += _windows(sentence, kind, base)
    return tuple(dict.fromkeys(found))


def _windows(sentence: str, kind: DeadlineKind, base: dt.date | None) -> list[Deadline]:
    matches = list(DATE.finditer(sentence))[:20]
    found: list[Deadline] = []
    i = 0
    while i < len(matches):
        match = matches[i]
        following = matches[i + 1] if i + 1 < len(matches) else None
        head = sentence[max(0, match.start() - 40) : match.start()]
        if (
            following
            and following.start() - match.end() < 28
            and (
                _RANGE.search(sentence[match.end() : following.start()])
                or (_OPENS.search(head) and _CLOSES.search(sentence[match.end() : following.start()]))
            )
        ):
            last = day_of(following, base)
            first = day_of(match, base, last.year if last else None)
            if first and last and first <= last:
                found.append(Deadline(kind, sentence, first.isoformat(), last.isoformat()))
            i += 2
            continue
        day = day_of(match, base)
        if day and _UNTIL.search(head):
            found.append(Deadline(kind, sentence, None, day.isoformat()))
        elif day and kind == "event" and not _NOT.search(sentence):
            found.append(Deadline(kind, sentence, day.isoformat(), day.isoformat()))
        i += 1
    return found
