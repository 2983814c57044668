"""Dates as Chinese pages print them, and where a page's publication date stands.

A date keeps where it came from. One that is impossible, before the web or after today is refused; a
day that nobody stated is never made up.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.model.values import Provenance
from crawler.text import narrow

#: Pages claim no date before this year: gov.cn documents of the 1950s were put on the web later.
FIRST_YEAR = 1990
_CHINESE = str.maketrans("〇零○ＯO一二三四五六七八九", "00000123456789")
_OFFSET = dt.timezone(dt.timedelta(hours=8))
_MOMENT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s{0,2}(?P<s>[-/.年])\s{0,2}(?P<m>\d{1,2})\s{0,2}[-/.月]\s{0,2}(?P<d>\d{1"
    r",2})(?!\d)\s{0,2}[日号]?"
    r"(?:[\sT,，|_-]{0,6}(?:星期.|周.)?\s{0,3}(?P<half>上午|下午|晚上|AM|"
    r"PM)?\s{0,2}(?P<H>\d{1,2})\s{0,1}[:：时點点]\s{0,1}(?P<M>\d{2})(?:\s{0,1}[:：分]\s{0,1}(?P<S>\d{2}))?"
    r"(?:秒|(?P<f>\.\d{1,9}))?\s{0,1}(?P<z>Z|[+-]\d\d:?\d\d)?)?",
    re.I,
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:(?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)?"
    r")?(?!\d)"
)
_HAN_DAY = re.compile(
    r"([一二][〇零○Ｏ0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3}"
    r")[日号]"
)
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>20\d\d|199\d)(?:(?P<s>[-/_])?(?P<m>[01]?\d)(?(s)[-/_]|/?)(?P<d>[0-3]\d|\d(?=[/_.]))|"
    r"(?P<m2>[01]\d)(?P<d2>[0-3]\d))(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, with the time where one was stated. ``zone``: minutes east of UTC where stated."""

    day: dt.date
    time: dt.time | None = None
    zone: int | None = None
    #: Whether fractions of a second were printed: a program's own stamp, whose zone is meant.
    fraction: bool = False

    def iso(self) -> str:
        """``2024-03-27`` or ``2024-03-27T10:00:00+08:00``."""
        if self.time is None:
            return self.day.isoformat()
        return dt.datetime.combine(self.day, self.time, _OFFSET).isoformat(timespec="seconds")

    def shifted(self) -> Moment:
        """The same moment on the clock of +08:00."""
        if self.time is None or self.zone is None:
            return self
        zone = dt.timezone(dt.timedelta(minutes=self.zone))
        moved = dt.datetime.combine(self.day, self.time, zone).astimezone(_OFFSET)
        return Moment(moved.date(), moved.time(), 480)


def find_moments(text: str) -> Iterator[Moment]:
    """All dates of a text, in order. Impossible ones are left out."""
    text = narrow(text)
    for match in _MOMENT.finditer(text):
        if moment := _moment(match.groupdict()):
            yield moment
    for year, month, day in _HAN_DAY.findall(text):
        if moment := _made(int(year.translate(_CHINESE)), _han_number(month), _han_number(day)):
            yield moment


def parse_moment(text: str) -> Moment | None:
    """The first date of a text; compact (20240327101500) and epoch forms too."""
    for moment in find_moments(text):
        return moment
    if match := _COMPACT.search(text):
        return _moment(match.groupdict())
    digits = text.strip()
    if digits.isdigit() and len(digits) in (10, 13):
        at = dt.datetime.fromtimestamp(int(digits[:10]), _OFFSET)
        return Moment(at.date(), at.time(), 480)
    return None


def url_day(url: str) -> dt.date | None:
    """The day that an address carries: /2024-03/27/, /20240327/, /t20240327_1.html, /art/2024/3/27/."""
    path = urlsplit(url).path
    for match in _URL_DAY.finditer(path):
        part = match.groupdict()
        month, day = part["m"] or part["m2"], part["d"] or part["d2"]
        if month and day and (moment := _made(int(part["y"]), int(month), int(day))):
            return moment.day
    return None


def _han_number(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(text.translate(_CHINESE))
    return int((tens or "一").translate(_CHINESE)) * 10 + int((ones or "〇").translate(_CHINESE))


def _made(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None = None, zone: int | None = None
) -> Moment | None:
    try:
        date = dt.date(year, month, day)
        time = dt.time(*clock) if clock else None
    except ValueError:
        return None
    return Moment(date, time, zone) if year >= FIRST_YEAR else None


def _moment(part: Mapping[str, str | None]) -> Moment | None:
    clock = None
    if part.get("H"):
        hour = int(part["H"] or 0)
        half = (part.get("half") or "").upper()
        if half in ("下午", "晚上", "PM") and hour < 12:
            hour += 12
        clock = (hour, int(part["M"] or 0), int(part.get("S") or 0))
    zone = None
    if mark := part.get("z"):
        zone = 0 if mark.upper() == "Z" else int(mark[0] + "1") * (int(mark[1:3]) * 60 + int(mark[-2:]))
    year, month, day = (int(part[k] or 0) for k in "ymd")
    made = _made(year, month, day, clock, zone) or _made(year, month, day)
    return dataclasses.replace(made, fraction=True) if made and part.get("f") else made


#: Meta names that state when the page went on line, best first.
PUBLISHED_META = (
    "pubdate", "publishdate", "article:published_time", "og:published_time", "datepublished",
    "firstpublishedtime", "publish-date", "publish_time", "publishtime", "pub_date",
    "weibo:article:create_at", "bytedance:published_time", "og:release_date", "dc.date", "dc.date.issued",
    "dcterms.created", "date", "createdate", "maketime",
)  # fmt: skip
#: Baidu's name for the last change. Large portals fill it with the publication, so that it stands in
#: where page, list and address state no day at all; anywhere else it is the change that it says it is.
_BAIDU_UPDATE = "dateupdate"
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "datemodified", "bytedance:updated_time", "weibo:article:update_at",
    "lastmodified", _BAIDU_UPDATE,
)  # fmt: skip
_LABEL = re.compile(
    r"(?:(?:信息)?(?:发布|發布|发表|發表|公开|刊发|刊登|上网|上传|更新|投稿|创建|推送|添加|录入|发稿|生成|"
    r"公布|印发)(?:时间|日期|時間|于)|(?<![\u4e00-\u9fff])(?:时间|日期|時間|发布|发表于|发布于|"
    r"更新于))\s{0,3}[：:]?\s{0,3}$"
)
#: 生成日期: when the record was made, days before its page in catalogues of public information.
_MADE = re.compile(r"生成(?:时间|日期)\s{0,3}[：:]?\s{0,3}$")
_READ_MADE = ("header_line", "header_table")
_NOT_PUBLISHED = re.compile(
    r"(?:成文|施行|实施|生效|失效|废止|签发|截止|出生|开始|结束|活动|会议|报名|有效|修改|更新)(?:时间|"
    r"日期)?\s{0,3}[：:]?\s{0,3}$|"
    # The day of the visit, which the page's frame prints.
    r"(?:今[天日](?:是|为)?|现在是?|(?:当前|现在|系统|北京)(?:时间|日期)(?:是|为)?|欢迎[^，。]{0,8})\s{0,3}[：:，,！!]?\s{0,3}$"
)


#: Every date in figures holds so many in a row, full-width ones included.
_YEAR_DIGITS = re.compile(r"\d{4}")
#: Characters; a longer block with a full stop is prose, and a day in it is not the page's.
_HEADER_LINE = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A publication date and where it was found."""

    moment: Moment
    provenance: Provenance
    read_by: str


def published(
    meta: Mapping[str, str], texts: Sequence[str], *, url: str, today: dt.date, table: str | None = None,
    made: str | None = None, ruled: str | None = None, listed: str | None = None, tail: Sequence[str] = (),
    stamps: Sequence[str] = (), refused: list[tuple[str, str]] | None = None,
) -> Found | None:  # fmt: skip
    """The publication date. ``texts``: the blocks of the header zone, in page order; ``table``: what the header
    table says, ``made``: its 生成日期 where it says no other day; ``ruled``: the text of the site's own selector;
    ``listed``: the list's day; ``stamps``: what time elements state, which tells whether a zero offset is meant;
    ``refused`` takes what was refused: ``future_date`` or ``impossible_date``, and what was printed.

    Order: site's selector → meta → label → header table → first moment with a time near the headline
    → first day → listing → URL. A day alone gives way to the same day with its time.
    """
    refused = [] if refused is None else refused
    found = list(_candidates(meta, texts, ruled=ruled, table=table, refused=refused))
    refused += [("future_date", f"{f.moment.iso()} ({f.read_by})") for f in found if f.moment.day > today]
    found = [f for f in found if f.moment.day <= today]
    if not found:
        last = _candidates({}, tail, ruled=None, table=None)
        found = [f for f in last if f.read_by == "label" and f.moment.day <= today]
    if not found and (stamp := parse_moment(meta.get("script:published", ""))) and stamp.day <= today:
        found = [Found(stamp, "meta", "script")]
    if listed and (day := parse_moment(listed)) and day.day <= today:
        found.append(Found(day, "listing", "listing"))
    made_day = stamp.day if made and (stamp := parse_moment(made)) else None
    if (day_of_url := url_day(url)) and day_of_url <= today:
        found.append(Found(Moment(day_of_url), "url", "url"))
        found.sort(key=lambda f: f.read_by == "made" or (f.moment.day == made_day and f.read_by in _READ_MADE))
    if not found and (change := parse_moment(meta.get(_BAIDU_UPDATE, ""))) and change.day <= today:
        found.append(Found(change, "meta", f"meta:{_BAIDU_UPDATE}"))
    if not found:
        return None
    best = found[0]
    visible = [f.moment for f in found if f.provenance != "meta" and f.moment.time]
    visible += [m for m in map(parse_moment, stamps) if m and m.time and m.zone in (None, 480)]
    moment = local(best.moment, visible)
    timed = moment.time is not None and not (moment.time == dt.time(0) and best.provenance == "meta")
    if not timed:
        moment = next((m for m in visible if m.day == moment.day), moment)
    return Found(moment, best.provenance, best.read_by)


def local(moment: Moment, visible: Sequence[Moment]) -> Moment:
    """A stamp in another zone, on China's clock. Many sites print local time and call it UTC: what
    the page shows its readers decides; unseen, a zero offset is taken for such a mistake,
    unless fractions of a second say that a program wrote it."""
    if moment.zone is None or moment.zone == 480 or moment.time is None:
        return moment
    moved = moment.shifted()
    minute = (moment.day, moment.time.hour, moment.time.minute)
    for seen in visible:
        if seen.time and (seen.day, seen.time.hour, seen.time.minute) == minute:
            return moment
        own = (moved.day, moved.time.hour, moved.time.minute) if moved.time else None
        if seen.time and own == (seen.day, seen.time.hour, seen.time.minute):
            return moved
    return moment if moment.zone == 0 and not moment.fraction else moved


def _candidates(
    meta: Mapping[str, str], texts: Sequence[str], *, ruled: str | None, table: str | None,
    refused: list[tuple[str, str]] | None = None,
) -> Iterator[Found]:  # fmt: skip
    if ruled and (moment := parse_moment(ruled)):
        yield Found(moment, "label", "site_rule")
    for name in PUBLISHED_META:
        if name not in meta:
            continue
        if moment := parse_moment(meta[name]):
            yield Found(moment, "meta", f"meta:{name}")
        elif refused is not None and _YEAR_DIGITS.search(meta[name]):
            refused.append(("impossible_date", f"{meta[name][:60]} (meta:{name})"))
    plain: list[Found] = []
    for text in texts:
        if not _YEAR_DIGITS.search(text):
            yield from _labelled_han(text)
            continue
        narrowed = narrow(text)
        prose = len(text) > _HEADER_LINE and "。" in text
        for match in _COMPACT.finditer(narrowed):
            before = narrowed[max(0, match.start() - 14) : match.start()]
            if _LABEL.search(before) and (moment := _moment(match.groupdict())):
                yield Found(moment, "label", "label")
        for match in _MOMENT.finditer(narrowed):
            moment = _moment(match.groupdict())
            before = narrowed[max(0, match.start() - 14) : match.start()]
            if moment is None:
                if refused is not None and not prose:
                    refused.append(("impossible_date", match[0]))
                continue
            if _LABEL.search(before):
                yield Found(moment, "label", "made" if _MADE.search(before) else "label")
            elif not prose and not _NOT_PUBLISHED.search(before):
                plain.append(Found(moment, "label", "header_line"))
    if table and (moment := parse_moment(table)):
        yield Found(moment, "header_table", "header_table")
    yield from (f for f in plain if f.moment.time)
    yield from plain


def _labelled_han(text: str) -> Iterator[Found]:
    """``发布时间：二〇二四年三月二十七日``: in a header only with its label, since 成文日期 look the same."""
    if "年" not in text or len(text) > _HEADER_LINE:
        return
    for match in _HAN_DAY.finditer(text):
        year, month, day = match.groups()
        moment = _made(int(year.translate(_CHINESE)), _han_number(month), _han_number(day))
        if moment and _LABEL.search(text[max(0, match.start() - 14) : match.start()]):
            yield Found(moment, "label", "label")


def modified(meta: Mapping[str, str], *, today: dt.date) -> str | None:
    """When the page says it was last changed; kept apart from the publication."""
    for name in MODIFIED_META:
        if name in meta and (moment := parse_moment(meta[name])) and moment.day <= today:
            return moment.iso()
    return None
