"""Dates as listings print them: short, relative, split over several elements, without a year.

Everything here works on single days. A day after ``today`` is refused: a listing can't show what
was not yet published, so such a figure is a deadline or a mistake.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Sequence

from crawler.text import narrow, one_line

#: China has had no daylight saving since 1991; listings of 人才 sites don't reach back further.
CHINA = dt.timezone(dt.timedelta(hours=8))
#: The first year in which a government site can have published a page.
FIRST_YEAR = 1990
#: Rows are newest first; a row without a year may stand so many days "above" its neighbours.
_DISORDER = dt.timedelta(days=45)

_FULL = re.compile(
    r"(?<![\d.])((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?:\s?日)?(?!\d)(?![-/.年]\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_YY = re.compile(r"(?<![\d-])(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d-])")
_SHORT = re.compile(r"(?<![\d.])(\d{1,2})\s?[-/月.]\s?(\d{1,2})\s?日?(?![\d%])")
_MONTH_YEAR = re.compile(r"(\d{1,2})日?\D{0,3}((?:19|20)\d{2})[-/.年]\s?(\d{1,2})月?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d{2})")
_MD_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?\D{0,3}((?:19|20)\d{2})年?")
_DAY_MONTH = re.compile(r"(\d{1,2})\D{0,2}(\d{1,2})月")
_YEAR_MD = re.compile(r"((?:19|20)\d{2})年?\D{0,2}(\d{1,2})[-/.月](\d{1,2})日?")
_YM_DAY = re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})月? (\d{1,2})日?")
_ENGLISH = re.compile(
    r"(?:([A-Za-z]{3,9})\.? )?(\d{1,2})(?:st|nd|rd|th)?,? (?:([A-Za-z]{3,9})\.?,? )?((?:19|20)\d{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"[T\s]*\d{1,2}[:：时]\d{2}(?:[:：分]\d{1,2}秒?|分)?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?$")
_LABEL = re.compile(
    r"^(?:信息提供|信息公开|网站|首次|最近|最后)?(?:发布|发表|公布|公开|更新|发文|成文|生成|"
    r"印发|制定|录入|上传|添加|编辑|颁布|提供)?"
    r"(?:日期|时间|日)\s?[::]?\s?"
)
_WRAP = " \t[]()【】()〔〕<>《》|·•,,、-—|:"
_AGO = re.compile(r"^(\d{1,3})\s?(秒|分钟|小时|天|日)\s?(?:以)?前$")
_WORD_DAYS = {"今天": 0, "今日": 0, "刚刚": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2}
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_ISO_STAMP = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
#: Labels whose date is no publication date.
NOT_PUBLISHED = re.compile(
    r"截止|截至|报名|有效期|失效|生效|施行|实施|开始|结束|开标|开考|考试|至$|到期|废止|答复|起止|会议|期限"
)


class MonthDay(tuple[int, int]):
    """A month and a day whose year has to come from the context."""

    __slots__ = ()


def plain(token: str) -> str:
    """A token in ASCII digits, without label, brackets, and time of day."""
    text = narrow(one_line(token)).strip(_WRAP)
    text = _LABEL.sub("", text, count=1).strip(_WRAP)
    return _TIME.sub("", text).strip(_WRAP) if ":" in text or "时" in text else text


def make(year: int, month: int, day: int, today: dt.date) -> dt.date | None:
    """The day, or None where there is none such, it is too early for the web, or in the future."""
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found if year >= FIRST_YEAR and found <= today else None


def standalone(token: str, today: dt.date) -> dt.date | MonthDay | None:
    """The date that a token consists of: nothing else may stand in it but label, brackets, time."""
    text = plain(token)
    if not text or len(text) > 24:
        return None
    for pattern, order in (
        (_FULL, "ymd"),
        (_COMPACT, "ymd"),
        (_MD_YEAR, "mdy"),
        (_MONTH_YEAR, "dym"),
        (_YY, "yymd"),
    ):
        if match := pattern.fullmatch(text):
            if found := _ordered(match, order, today):
                return found
            if order == "ymd":
                return None
    if match := _DAY_FIRST.fullmatch(text):
        return _ordered(match, "mdy", today)
    if found := _english(text, today):
        return found
    if match := _HAN_DATE.fullmatch(text):
        return _han_day(match, today)
    if text in _WORD_DAYS:
        return today - dt.timedelta(days=_WORD_DAYS[text])
    if match := _AGO.match(text):
        return today - dt.timedelta(days=int(match[1]) if match[2] in "天日" else 0)
    if match := _SHORT.fullmatch(text):
        month, day = int(match[1]), int(match[2])
        return MonthDay((month, day)) if 1 <= month <= 12 and 1 <= day <= 31 else None
    return None


def joined(tokens: Sequence[str], today: dt.date) -> dt.date | MonthDay | None:
    """The date that neighbouring short tokens make together: ``27`` + ``2024-03``, ``27`` + ``3月``."""
    text = " ".join(narrow(t).strip(_WRAP) for t in tokens)
    if len(text) > 20:
        return None
    for pattern, order in ((_MONTH_YEAR, "dym"), (_MD_YEAR, "mdy"), (_YEAR_MD, "ymd"), (_YM_DAY, "ymd")):
        if match := pattern.fullmatch(text):
            return _ordered(match, order, today)
    if found := _english(text, today):
        return found
    if match := _FULL.fullmatch(text.replace(" ", "")):
        return _ordered(match, "ymd", today)
    if match := _DAY_MONTH.fullmatch(text):
        month, day = int(match[2]), int(match[1])
        return MonthDay((month, day)) if 1 <= month <= 12 and 1 <= day <= 31 else None
    return None


def inside(text: str, today: dt.date) -> dt.date | None:
    """The last full date inside of a short text, for rows such as ``来源:市人社局 2024-03-27``."""
    found = None
    for match in _FULL.finditer(narrow(text)):
        found = _ordered(match, "ymd", today) or found
    return found


def stamp(value: object, today: dt.date) -> dt.date | None:
    """The day in China of a value out of JSON or a feed: epoch number, ISO or RFC 822 stamp, date.

    A stamp that carries an offset is moved to +08:00. One that has none is meant in China.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _epoch(float(value), today)
    text = narrow(one_line(str(value)))
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _epoch(float(text), today)
    if _ISO_STAMP.match(text):
        try:
            moment = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            pass
        else:
            day = moment.astimezone(CHINA).date() if moment.tzinfo else moment.date()
            return make(day.year, day.month, day.day, today)
    if found := inside(text, today):
        return found
    if match := _COMPACT.match(text):
        return _ordered(match, "ymd", today)
    if re.search(r"\d{1,2} [A-Za-z]{3,9} \d{4}", text):
        try:
            moment = email.utils.parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        day = moment.astimezone(CHINA).date() if moment.tzinfo else moment.date()
        return make(day.year, day.month, day.day, today)
    found_one = standalone(text, today)
    return found_one if isinstance(found_one, dt.date) else None


_URL_DATES = (
    re.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_\d"),
    re.compile(r"/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})/"),
    re.compile(r"/((?:19|20)\d{2})(\d{2})[-/]?(\d{2})/"),
)


def from_url(url: str, today: dt.date) -> dt.date | None:
    """The day that an address states in full (``t20240327_1.html``, ``/2024/3/27/art_``), or None."""
    for pattern in _URL_DATES:
        if (match := pattern.search(url)) and (found := _ordered(match, "ymd", today)):
            return found
    return None


def year_in_url(url: str) -> int | None:
    """The year that an address names as a folder (``/2024/``, ``/202403/``)."""
    match = re.search(r"/((?:19|20)\d{2})(?:\d{2}|-\d{1,2})?/", url)
    return int(match[1]) if match else None


def with_years(
    days: Sequence[dt.date | MonthDay | None], urls: Sequence[str], today: dt.date
) -> list[dt.date | None]:
    """Fill in the years: from the address, else the latest that is not in the future.

    Listings run newest first, so that a row which would jump ahead of both rows above it belongs to
    the year before. Single rows may jump: old ones are pinned (置顶) above new ones.
    """
    done: list[dt.date | None] = []
    for value, url in zip(days, urls, strict=True):
        if not isinstance(value, MonthDay):
            done.append(value)
            continue
        month, day = value
        named = from_url(url, today)
        if named and (named.month, named.day) == (month, day):
            done.append(named)
            continue
        year = today.year
        if (hint := year_in_url(url)) and make(hint, month, day, today):
            done.append(make(hint, month, day, today))
            continue
        found = make(year, month, day, today)
        while found is None and year > today.year - 5:
            year -= 1
            found = make(year, month, day, today)
        above = [d for d in done if d][-2:]
        while found and len(above) == 2 and all(found > d + _DISORDER for d in above):
            earlier = make(found.year - 1, month, day, today)
            if earlier is None:
                break
            found = earlier
        done.append(found)
    return done


def _ordered(match: re.Match[str], order: str, today: dt.date) -> dt.date | None:
    a, b, c = (int(g) for g in match.groups())
    if order == "ymd":
        return make(a, b, c, today)
    if order == "mdy":
        return make(c, a, b, today)
    if order == "dym":
        return make(b, c, a, today)
    return make(2000 + a, b, c, today)


def _english(text: str, today: dt.date) -> dt.date | None:
    """``Nov 20, 2026`` and ``20 November 2026``."""
    if not (match := _ENGLISH.fullmatch(text)) or bool(match[1]) == bool(match[3]):
        return None
    word = (match[1] or match[3]).lower()
    month = next((i for i, name in enumerate(_MONTHS, 1) if word.startswith(name)), None)
    return make(int(match[4]), month, int(match[2]), today) if month else None


def _epoch(number: float, today: dt.date) -> dt.date | None:
    if number >= 1e11:
        number /= 1000
    if not 6e8 < number < 5e9:
        return None
    day = dt.datetime.fromtimestamp(number, CHINA).date()
    return make(day.year, day.month, day.day, today)


def _han_day(match: re.Match[str], today: dt.date) -> dt.date | None:
    return make(int(match[1].translate(_HAN_DIGITS)), _han_number(match[2]), _han_number(match[3]), today)


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    value = int(ones.translate(_HAN_DIGITS)) if ones else 0
    return value + (10 * (int(tens.translate(_HAN_DIGITS)) if tens else 1) if ten else 0)
