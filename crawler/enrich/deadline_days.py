"""Days as Chinese notices write them, ranges included, with the year from the context."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from crawler.enrich.numerals import parse_number

_HAN_DAY = "[一二三四五六七八九十〇零]{1,3}"
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>20\d\d|二[〇零]二[一二三四五六七八九]|今|本|明|次)年(?:度)?)?(?P<m>1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})月(?:份)?(?:(?P<d>3[01]|[12]\d|0?[1-9]|"
    + _HAN_DAY
    + r")(?:[日号]|(?!\d))|(?P<part>底|末|上旬|中旬|下旬|初))?"
    r"|(?<![\d.])(?P<y2>20\d\d)[-./](?P<m2>1[0-2]|0?[1-9])[-./](?P<d2>3[01]|[12]\d|0?[1-9])(?=\d{1,2}(?:[：:]\d\d|[时点])|(?!\d))"
    r"|(?<![\d.])(?P<d3>3[01]|[12]\d|0?[1-9])[日号]"
    r"|(?P<y4>20\d\d|今|本|明)年年?(?P<end4>底|末)"
    r"|(?<![\d每去上往当次近半全每后前])年(?P<end6>底|末)(?=之?前)"
    r"|(?<![\d.])(?:(?P<y5>20\d\d)年)?(?P<m5>1[0-2]|0?[1-9])\.(?P<d5>3[01]|[12]\d|0?[1-9])"
    r"(?=\d{1,2}(?:[：:]\d\d|[时点])|(?![\d.%万亿千百元倍米分点个]))"
)
#: 10.9—10.30: a month and a day only as one end of such a pair; alone it is a number.
_OTHER_END = re.compile(
    r"(?:（[^（）]{1,8}）)?(?:\d{1,2}[：:]\d\d)?起?(?:-{1,2}|至|到)(?:20\d\d[年.])?"
    r"(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?=\d{1,2}(?:[：:]\d\d|[时点])|(?![\d.%万亿千百元倍米分点个]))"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a sentence, and where it stands there."""

    start: int
    end: int
    day: dt.date
    #: The last day of a span that the words name: a whole month, 上旬.
    until: dt.date


def iso_day(published: str | None) -> dt.date | None:
    """The day of an ISO date or time; None where there is none."""
    try:
        return dt.date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def days_in(words: str, base: dt.date | None) -> list[Day]:
    """Every day in a sentence, in reading order; ``base`` gives the year where none is written."""
    days: list[Day] = []
    previous: Day | None = None
    for match in _DATE.finditer(words):
        day = _day(match, previous, base)
        if day:
            days.append(day)
            previous = day
    return days


def _day(match: re.Match[str], previous: Day | None, base: dt.date | None) -> Day | None:
    anchor = previous.day if previous else base
    try:
        if match["end4"]:
            year = _year(match["y4"], anchor, base)
            return Day(*match.span(), dt.date(year, 12, 31), dt.date(year, 12, 31)) if year else None
        if match["end6"]:
            return Day(*match.span(), dt.date(base.year, 12, 31), dt.date(base.year, 12, 31)) if base else None
        if match["m5"]:
            text, at = match.string, match.start()
            closes = previous is not None and 1 <= at - previous.end <= 16 and text[at - 1] in "-至到"
            if not (closes or _OTHER_END.match(text, match.end())):
                return None
            year = int(match["y5"]) if match["y5"] else anchor.year if anchor else None
            if year is None:
                return None
            if match["y5"] is None and previous and int(match["m5"]) < previous.day.month:
                year += 1
            day = dt.date(year, int(match["m5"]), int(match["d5"]))
            return Day(*match.span(), day, day)
        if match["y2"]:
            day = dt.date(int(match["y2"]), int(match["m2"]), int(match["d2"]))
            return Day(*match.span(), day, day)
        if match["d3"]:
            if not previous or match.start() - previous.end > 24:
                return None
            day = dt.date(previous.day.year, previous.day.month, int(match["d3"]))
            return Day(*match.span(), day, day)
        year = _year(match["y"], anchor, base)
        month = _int(match["m"])
        if not year or not month:
            return None
        if match["y"] is None and previous and (month < previous.day.month):
            year += previous.day.month - month >= 6
        elif match["y"] is None and not previous and base and base.month - month >= 9:
            year += 1
        number = _int(match["d"]) if match["d"] else None
        if number:
            day = dt.date(year, month, number)
            return Day(*match.span(), day, day)
        first, last = _part(match["part"])
        final = last or _last_day(year, month)
        if match["part"] in ("底", "末"):
            return Day(*match.span(), dt.date(year, month, final), dt.date(year, month, final))
        return Day(*match.span(), dt.date(year, month, first), dt.date(year, month, final))
    except ValueError:  # 2月30日 and the like
        return None


def _year(word: str | None, anchor: dt.date | None, base: dt.date | None) -> int | None:
    if word is None:
        return anchor.year if anchor else None
    if word in ("今", "本"):
        return base.year if base else None
    if word in ("明", "次"):
        return base.year + 1 if base else None
    return _int(word)


def at_day(day: Day, value: dt.date) -> Day:
    """The same place, another day."""
    return Day(day.start, day.end, value, value)


def _int(text: str) -> int | None:
    number = parse_number(text)
    return int(number) if number is not None else None


def _part(word: str | None) -> tuple[int, int | None]:
    return {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, None), "初": (1, 10)}.get(word or "", (1, None))


def _last_day(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months on, or the last one of a shorter month."""
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return dt.date(year, month, min(day.day, _last_day(year, month)))
