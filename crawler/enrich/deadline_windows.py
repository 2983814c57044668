"""Which days of a sentence open, close or make up a window."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from crawler.enrich.deadline_days import Day, at_day
from crawler.enrich.deadline_words import GOES_ON, LINK, MOVED_CLOSE, ROUND_CLOSES, SHUTS, SINCE, TILL_FULL, TIME

#: Between two days that follow each other.
_AND = re.compile(r"(?:（[^（）]{1,8}）|[上下]午)*[、和及与](?:（[^（）]{1,8}）)?\Z")


def windows(
    words: str, days: list[Day], base: dt.date | None
) -> Iterator[tuple[Day | None, Day | None, tuple[int, int]]]:
    """Start, end and span of each window among the days of a sentence; one day alone is both."""
    i = 0
    while i < len(days):
        day = days[i]
        nxt = days[i + 1] if i + 1 < len(days) else None
        clock = TIME.match(words[day.end : day.end + 24])
        timed = day.end + (clock.end() if clock else 0)
        between = words[day.end : nxt.start] if nxt else ""
        if nxt and len(between) < 24 and LINK.match(between):
            yield day, nxt, (day.start, nxt.end + len(TIME.match(words[nxt.end : nxt.end + 24])[0]))  # type: ignore[index]
            i += 2
            continue
        run = i
        while run + 1 < len(days) and days[run + 1].day - days[run].day == dt.timedelta(days=1):
            if not _AND.match(words[days[run].end : days[run + 1].start]):
                break
            run += 1
        if run > i:  # 10月24日、25日: one stretch
            yield day, days[run], (day.start, days[run].end)
            i = run + 1
            continue
        if nxt and len(between) < 48 and GOES_ON.search(between):
            yield day, nxt, (day.start, nxt.end)
            i += 2
            continue
        opened = re.match(
            r"[^，。；]{0,4}(?:打开|开启|启动|开始|开放|开通|开闸|上线|开幕|启幕|开赛|起)[^。；]{0,12}?(?:，|至)",
            words[timed : timed + 24],
        )
        labelled = re.search(
            r"(?:起始|开始|启动|开放)(?:时间|日期|日)(?:为|：|是)?\Z", words[max(0, day.start - 12) : day.start]
        )
        if (
            nxt
            and (
                opened
                or (labelled and re.search(r"(?:截止|结束|终止|关闭)(?:时间|日期|日)?(?:为|：|是)?\Z", between))
            )
            and (
                labelled
                or re.search(r"截[止至](?:时间|日期)?(?:为|：|到|至)?\Z", between)
                or (
                    nxt.start - timed < 28
                    and re.match(
                        r"[^，。；]{0,8}(?:关闭|结束|截止|闭幕|落幕|止)|前(?:提交|申请|申报|报名|申领|办理)",
                        words[nxt.end : nxt.end + 14],
                    )
                )
            )
            and nxt.start - day.end < 48
            and not re.search(r"材料|纸质|推荐", between)
        ):
            yield day, nxt, (day.start, nxt.end)
            i += 2
            continue
        head = re.split(r"[，。；]", words[max(0, day.start - 10) : day.start])[-1]
        tail = words[timed : timed + 10]
        if re.match(r"起(?:至|到|，)?(?:额满|用完|资金|名额|开放|开始|受理|可|启动|接受|，|。|\Z)", tail):
            yield day, None, (day.start, day.end)
            i += 1
            continue
        if TILL_FULL.match(words, timed):
            yield day, None, (day.start, day.end)
            i += 1
            continue
        since = words[max(0, day.start - 26) : day.start]
        if ROUND_CLOSES.search(since) or (MOVED_CLOSE.search(since) and "截止" in words[: day.start]):
            yield None, day, (day.start, day.end)
        elif SINCE.search(since):
            yield (at_day(day, base) if base else None), day, (day.start, day.end)
        elif (
            (
                (
                    re.search(
                        r"(?:截至|截止|截止到|截止至|于|至|到|不迟于|不晚于|最迟[应须需]?(?:于|在)?|时间为|时间：|为|日期：|日期为|[至到])\Z",
                        head,
                    )
                    and re.search(r"截|不[迟晚]于|最迟|[至到]\Z", head)
                )
                or re.search(
                    r"(?:截止|截至)(?:日期|时间|日)?(?:(?:为|是|：|到|至|于){0,2}|至?[^，。；]{2,8}或)\Z|结束(?:时间|日期)(?:为|是|：){0,2}\Z",
                    head,
                )
            )
            or re.match(
                r"(?:（[^）]{0,8}）)?[^，。；]{0,8}?(?:前|之前|止|截止|结束|关闭|关门|为止|以前|之?后，?(?:将)?(?:不再|不予|停止))",
                tail,
            )
            or SHUTS.match(words, timed)
        ):
            yield None, day, (day.start, day.end)
        elif re.match(r"(?:起|开始)", tail):
            # 10月17日下午2点开始: an hour of that day.
            yield day, day if timed > day.end and tail.startswith("开始") else None, (day.start, day.end)
        else:
            yield day, day, (day.start, day.end)
        i += 1
