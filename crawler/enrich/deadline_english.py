"""Deadlines in English releases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from crawler.enrich.english import DATE, MONTHS, day_of, sentences, small
from crawler.enrich.workdays import nth_workday
from crawler.model.release import Deadline
from crawler.model.values import DeadlineKind

_KINDS: tuple[tuple[DeadlineKind, re.Pattern[str]], ...] = (
    ("comment", re.compile(r"\b(?:comments?|feedback|opinions?|consultation)\b", re.I)),
    ("publicity", re.compile(r"\b(?:public notice|publici[sz]ed|objections?)\b", re.I)),
    ("apply", re.compile(
        r"\b(?:appl(?:y|ications?|icants?)|register|registration|submit|upload(?:ed)?|submissions?|deadline|"
        r"sign up|enrol|declarations?)\b", re.I)),
    ("payout", re.compile(r"\b(?:paid out|payouts?|disbursed)\b", re.I)),
    ("event", re.compile(
        r"\b(?:job fair|fair|conference|competition|contest|forum|summit|roadshow|event|"
        r"talent week|sessions?|workshops?|interviews?|held|take place|kick off|opens?)\b", re.I)),
)  # fmt: skip
_RANGE = re.compile(r"\s(?:to|until|through|till|and|-|–)\s\Z|\s?[-–]\s?\Z", re.I)
#: Applications open on … and close on …
_OPENS = re.compile(r"\b(?:opens?|starts?|begins?|from|runs?)\s(?:on\s|from\s)?\Z", re.I)
_CLOSES = re.compile(
    r"\b(?:and|,)\s(?:will\s)?(?:closes?|ends?|runs?|last|until|to)\s(?:on\s|until\s|through\s)?\Z", re.I
)
_UNTIL = re.compile(
    r"\b(?:(?:by|before|until|no later than)\s\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\.?)?\son|"
    r"by|before|until|till|no later than|"
    r"(?:deadline|closing date)(?:\s\w+){0,4}:?"
    r"(?:\s\d{1,2}:\d\d(?:\s[ap]\.?m\.?)?,?)?|"
    r"closes?(?:\sat\s\w+)?(?:\son)?|(?:postponed|extended|moved|rescheduled|put off)\s(?:to|until)|"
    r"ends?(?:\son)?|due(?:\son)?|review of applications (?:begins|starts)(?:\son)?|at the latest)\s(?:the\s)?\Z",
    re.I,
)
#: originally scheduled for March 28, has been postponed to April 11: only the new day.
_MOVED = re.compile(
    r"\b(?:(?:postponed|moved|rescheduled|put off|extended)(?:\sfrom\s[\w ,]{3,20})?|brought forward)"
    r"\s(?=(?:to|until)\b)",
    re.I,
)
#: within 30 days of the publication of this notice
_WITHIN = re.compile(
    r"\bwithin (\d{1,3}|[a-z]{3,6}) (working |business )?days (?:of|from|after) (?:the )?"
    r"(?:date of )?(?:publication|release|issuance|announcement|this notice)",
    re.I,
)
#: March 12–14, 2026 and 12 to 14 March 2026: the other day of the same month.
_DAYS_AFTER = re.compile(
    r"\s?(?:-|–|—|\sto\s|\sand\s|\sthrough\s|\suntil\s)\s?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s(?P<y>20\d\d))?\b"
    r"(?!\s?(?:[ap]\.?m|:\d|percent|%|yuan|[A-Z][a-z]+ 20|(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b))"
)
_DAYS_BEFORE = re.compile(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?(?:-|–|—|to|and|through)\s?\Z")
#: should have graduated before July 31: who may apply, not until when.
_HAD = re.compile(
    r"\b(?:born|graduated|registered in|obtained|founded|established|employed)\s(?:\w+\s){0,4}\Z", re.I
)
#: from now until June 30
_NOW = re.compile(r"\b(?:from|starting|beginning)\s(?:now|today)\b[^.]{0,16}\Z", re.I)
_MONTH_END = re.compile(
    r"\b(?:by|until|till|before|through)\s(?:the\s)?end\sof\s(?P<m>January|February|March|April|May|June|July|August|"
    r"September|October|November|December)(?:,?\s(?P<y>20\d\d))?"
)
#: for five working days from May 6
_LASTING = re.compile(
    r"\b(?:for|over|within|lasts?|is)\s(\d{1,3}|[a-z]{3,6})\s(working |business )?days,?\s"
    r"(?:starting|beginning|from|as of)\b",
    re.I,
)
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


def _kind_at(sentence: str, match: re.Match[str]) -> DeadlineKind | None:
    """What the clause around a day is about: the fair is held on May 16, and registration closes on May 1."""
    before = re.split(r"[,;]\s|\sand\s(?=[a-z]+\s[a-z]+)", sentence[: match.start()])[-1]
    after = re.split(r"[,;]\s(?!20)|\sand\s", sentence[match.end() :])[0]
    near = before[-120:] + " | " + after[:60]
    return next((k for k, words in _KINDS if words.search(near)), None)


def _month_end(found: re.Match[str], base: dt.date | None) -> dt.date | None:
    month = MONTHS[found["m"][:3].lower()]
    year = int(found["y"]) if found["y"] else base.year if base else None
    return None if year is None else dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def _windows(sentence: str, overall: DeadlineKind, base: dt.date | None) -> list[Deadline]:
    kind = overall
    matches = list(DATE.finditer(sentence))[:20]
    found: list[Deadline] = []
    within = _WITHIN.search(sentence)
    if within and base and kind != "event" and not matches:
        count = small(within[1]) or 0
        end = nth_workday(base + dt.timedelta(days=1), count) if within[2] else base + dt.timedelta(days=count)
        if 0 < count <= 400 and end:
            found.append(Deadline(kind, sentence, base.isoformat(), end.isoformat(), True))
    closing = _MONTH_END.search(sentence)
    if closing and not matches and kind != "event" and (end := _month_end(closing, base)):
        found.append(Deadline(kind, sentence, None, end.isoformat()))
    lasting = _LASTING.search(sentence) if len(matches) == 1 and kind != "event" else None
    if lasting and (opening := day_of(matches[0], base)):
        count = small(lasting[1]) or 0
        end = nth_workday(opening, count) if lasting[2] else opening + dt.timedelta(days=count - 1)
        if 0 < count <= 400 and end:
            return [Deadline(kind, sentence, opening.isoformat(), end.isoformat(), True)]
    moved = _MOVED.search(sentence)
    if moved:
        matches = [m for m in matches if m.start() >= moved.end()]
    i = 0
    while i < len(matches):
        match = matches[i]
        following = matches[i + 1] if i + 1 < len(matches) else None
        head = sentence[max(0, match.start() - 40) : match.start()]
        kind = _kind_at(sentence, match) or overall
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
        pair = _same_month(sentence, match, day)
        if pair:
            found.append(Deadline(kind, sentence, pair[0].isoformat(), pair[1].isoformat()))
            i += 1
            continue
        if day and moved and kind == "event":
            found.append(Deadline(kind, sentence, day.isoformat(), day.isoformat()))
        elif day and (moved or _UNTIL.search(head)) and not (kind == "apply" and _HAD.search(head)):
            opened = base.isoformat() if base and _NOW.search(head) else None
            found.append(Deadline(kind, sentence, opened, day.isoformat()))
        elif day and kind == "event" and not _NOT.search(sentence):
            found.append(Deadline(kind, sentence, day.isoformat(), day.isoformat()))
        i += 1
    return found


def _same_month(sentence: str, match: re.Match[str], day: dt.date | None) -> tuple[dt.date, dt.date] | None:
    """The first and last day where one month is named for both."""
    if day is None:
        return None
    after = _DAYS_AFTER.match(sentence, match.end()) if match["m1"] and not match["y1"] else None
    before = _DAYS_BEFORE.search(sentence, max(0, match.start() - 12), match.start()) if match["m2"] else None
    try:
        if after:
            year = int(after["y"]) if after["y"] else day.year
            first, last = day.replace(year=year), day.replace(year=year, day=int(after["d"]))
        elif before:
            first, last = day.replace(day=int(before["d"])), day
        else:
            return None
    except ValueError:
        return None
    return (first, last) if first < last else None
