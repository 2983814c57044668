"""Deadlines: windows to apply or comment, publicity periods, payouts, days of events."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.enrich import deadline_english
from crawler.enrich.clauses import LONGEST_CLAUSE, Sentence, Text, read_text
from crawler.enrich.deadline_days import Day, at_day, days_in
from crawler.enrich.deadline_terms import kind_in, relative
from crawler.model.release import Deadline
from crawler.model.values import DeadlineKind

_LINK = re.compile(
    r"(?:（[^）]{1,12}）|[上下]午|(?:\d{1,2}[：:时点]\d{0,2}分?(?:[：:]\d\d)?)|\d{1,2}时|起|开始|零时|[早晚]\d{0,2}|(?:周|星期)[一二三四五六日天])*(?:-{1,2}|至|到|直至|直到|起至|开始[，至]?|持续到|截至|截止到)(?:当年|同年|次年)?\Z"
)
_TIME = re.compile(
    r"^(?:（[^）]{1,12}）)?(?:[上下]午|晚上?)?(?:\d{1,2}[：:时点](?:\d{0,2})分?(?:[：:]\d\d)?|\d{1,2}时|24时|零时)?"
)
_NOT = re.compile(
    r"施行|实施|生效|有效期|废止|印发|发布的|出生|颁布|以前出生|之前出生|年龄|毕业|注册成立|成立于|会议|审议|同意|责任编辑|执行|试行|修订|缴纳|取得|在职|签订|落款|入职|任职|认定(?!申)|文件|到期|服务期|上映|停止|封闭|施工|获批|截至目前|至今|以来|期间(?:取得|获得|发表)|发表|通过(?!邮|信|电|网|平台|系统|手机|“)|建成|新增|投用|开工|达到|力争|目标|引进"
)
_OLD = re.compile(
    r"原定|原计划|原截止|原报名|原申报|原为|原于|原时间|(?:由|从)原|由(?=20\d\d年|\d{1,2}月)|原(?=20\d\d|\d{1,2}月)"
)
_NEW = re.compile(
    r"(?:延[长期迟后]|顺延|推迟|调整|改|变更|改期|延至|推后|提前)(?:举行|举办|到|至|为|于|开始|进行)*"
)
_MEETING = re.compile(r"座谈|会见|调研|发布会|全会|常委会|常务会|审议|召开会议|工作会|签约仪式")
_EVENT_SUBJECT = re.compile(
    r"招聘|大会|双选会|洽谈会|论坛|赛|推介会|宣讲|人才周|活动|专场|峰会|路演|对接会|交流会|启动仪式|开幕|沙龙|训练营|直播|见面会|夏令营|研修|开放日|巡回|博览会|交易会|人才节|面试|笔试|考试|培训班|考察|答辩"
)


def find_deadlines(
    title: str | None, paragraphs: Sequence[str], *, published: str | None, doc_type: str, language: str
) -> tuple[Deadline, ...]:
    """The windows and days that a release announces, in reading order. Never raises on any text.

    ``published`` (ISO) gives the year where the text has none and the first day of relative terms;
    without it such a day stays unknown.
    """
    base = _iso_day(published)
    if language == "en":
        return deadline_english.find_english(paragraphs, base)
    text = read_text(paragraphs)
    found: list[Deadline] = []
    reader = _Reader(text, title or "", base, doc_type)
    for start, end in text.lines():
        reader.heading = ""
        for sentence in text.sentences(start, end):
            found += reader.read(sentence)
    return _unique(found)


def _iso_day(published: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _unique(found: list[Deadline]) -> tuple[Deadline, ...]:
    """One of each; an open end that a fuller window of the same kind repeats is left out."""
    kept: dict[tuple[str, str | None, str | None], Deadline] = {}
    for deadline in found:
        kept.setdefault((deadline.kind, deadline.start, deadline.end), deadline)
    rows = [d for d in kept.values() if not _vague(d)]
    ended = {(d.kind, d.end) for d in rows if d.start}
    begun = {(d.kind, d.start) for d in rows if d.end}
    return tuple(
        d
        for d in rows
        if not (d.start is None and (d.kind, d.end) in ended)
        and not (d.end is None and d.start is not None and (d.kind, d.start) in begun)
    )


def _vague(deadline: Deadline) -> bool:
    """Whether an event has no day yet: 10月中旬, 拟于11月."""
    return (
        deadline.kind == "event"
        and deadline.start != deadline.end
        and bool(re.search(r"[上中下]旬|月(?:份|初|底|末|间)?(?!\d)", deadline.quote))
        and not re.search(r"\d[日号]|[-至到]", deadline.quote)
    )


#: 6月30日前签订劳动合同的: who may apply, not until when.
_QUALIFIES = re.compile(
    r"(?:前|之前|以前|以后|之后|后)[^，。；申报]{0,14}(?:签订|取得|毕业|就业|入职|引进|注册|成立|购房|购买|缴纳|落户|获得|退役|认定)[^，。；]{0,20}的"
)


@dataclass
class _Reader:
    text: Text
    title: str
    base: dt.date | None
    doc_type: str
    heading: str = ""
    context: dt.date | None = None

    def read(self, sentence: Sentence) -> list[Deadline]:
        folded = self.text.folded
        words = folded[sentence.start : sentence.end]
        if len(words) > 1600 or not re.search(r"\d|[一二三四五六七八九十]", words):
            if len(words) < 24:
                self.heading = words
            return []
        days = days_in(words, self.base)
        found = relative(self, words, sentence, days)
        taken = [f[1] for f in found]
        result = [f[0] for f in found]
        windows = list(self._windows(words, days))
        fresh = (
            _NEW.search(words) if _OLD.search(words) or re.search(r"延期|延长|顺延|推迟|改期|调整", words) else None
        )
        for first, last, span in windows:
            if any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if fresh and span[0] < fresh.start() and any(w[2][0] >= fresh.start() for w in windows):
                continue
            made = self._one(words, sentence, first, last, span)
            if made:
                result.append(made)
        if len(words) < 24 and not days:
            self.heading = words
        return result

    def _one(
        self, words: str, sentence: Sentence, first: Day | None, last: Day | None, span: tuple[int, int]
    ) -> Deadline | None:
        left = max((words.rfind(mark, 0, span[0]) for mark in "；。"), default=-1) + 1
        comma = words.rfind("，", left, span[0]) + 1
        head = words[left : span[0]]
        near = words[max(comma, left) : span[0]]
        tail = re.split(r"[；。]", words[span[1] : span[1] + 60])[0]
        after = re.split(r"[，；。]", tail)[0]
        kind = self._kind(near, after, head, tail, first, last)
        if kind is None:
            return None
        start = first.day if first else None
        end = last.until if last else None
        if first is last and kind == "payout":
            start = None
        if (
            first is last
            and kind == "apply"
            and re.match(r"[^，。；]{0,8}(?:起|开放|开通|启动|开始|上线|开启|打开)", words[span[1] : span[1] + 12])
        ):
            end = None
        a = max(comma, left)
        if len(near) < 3 and left < comma:
            a = words.rfind("，", left, comma - 1) + 1 or left
            a = max(a, left)
        b = span[1] + len(after)
        if len(near) + len(after) < 3:
            b = span[1] + len("，".join(tail.split("，")[:2]))
        if b - a > LONGEST_CLAUSE:
            a, b = span
        quote = self.text.quote(sentence.start + a, sentence.start + b)
        return (
            Deadline(kind, quote, start.isoformat() if start else None, end.isoformat() if end else None, False)
            if quote
            else None
        )

    def _kind(
        self, near: str, after: str, head: str, tail: str, first: Day | None, last: Day | None
    ) -> DeadlineKind | None:
        if _NOT.search(near[-24:] + "|" + after[:24]) and not re.search(
            r"报名|申报(?!人|单位)|申请(?!人)|受理|公示|征求|活动时间|截止", near + after
        ):
            return None
        if re.search(r"(?:每年|每月|每季度)(?:度)?\Z", near):
            return None
        bounded = first is not None and last is not None and first is not last
        for words, last_said in ((near, True), (after, False), (head, True), (tail, False), (self.heading, True)):
            kind = kind_in(words, last=last_said)
            if kind:
                break
        if re.match(
            r"期间(?!(?:[，。]|内?登录|内?提交|内?报名|内?申[报请]|受理|开展|举[办行]))", after
        ) and not re.search(r"(?:报名|申报|受理|公示|活动|申请)(?:时间|期)", near):
            return None  # in which the applicant did something
        if re.search(r"听证|复议|诉讼|复核|以来", near[-24:] + "|" + after[:14]):
            return None
        if re.search(r"社保|社会保险|准考证|缴纳(?!报名)", near[-12:]) or _QUALIFIES.match(after):
            return None
        step = next((x for x in reversed(re.split(r"[、（；，]", near)) if x), "")
        if re.search(r"(?:审核|初审|复审|评审|审查|核查|考察|考核)[^报请受]{0,8}\Z", step) and not re.search(
            r"申报|申请|报名|受理", step
        ):
            return None
        if kind is None and re.search(r"(?:会议|比赛|举办|^|[^\w])(?:时间|日期|期限)(?:为|：|是)?\Z", near):
            kind = "event" if self.doc_type == "event" else "apply" if bounded and self.doc_type == "call" else None
        if (
            kind is None
            and self.doc_type == "event"
            and not near
            and re.match(r"（|[上下]午|\d{1,2}[：时点]", after)
        ):
            kind = "event"
        if kind is None:
            return None
        if kind == "event":
            if _MEETING.search(tail[:40]):
                return None
            if re.search(r"启动(?!仪式|大会|会)|发布", tail[:40]) and not re.search(
                "活动时间|举[办行]", near + tail[:40]
            ):
                return None
            if self.doc_type in ("policy", "interpretation", "result"):
                return None
            return (
                kind
                if _EVENT_SUBJECT.search(head + tail + self.title + self.heading)
                or re.search("活动时间|时间", near)
                else None
            )
        if kind == "apply" and not bounded:
            closing = re.search(
                r"截至|截止|前|止|不迟于|之前|关闭|结束|[至到为：]\||起|开放|开通|启动|开始|上线|开启|打开|当日|当天",
                near[-8:] + "|" + after[:24],
            )
            if not closing:
                return None
            if not re.search(
                r"申报|申请|受理|报名|报送|提交|递交|投递|申领|登记|填报|预约|截止|材料|系统|邮箱|通道|推荐|确认",
                head + after + self.heading,
            ):
                return None
        return kind

    def _windows(self, words: str, days: list[Day]) -> Iterator[tuple[Day | None, Day | None, tuple[int, int]]]:
        i = 0
        while i < len(days):
            day = days[i]
            nxt = days[i + 1] if i + 1 < len(days) else None
            between = words[day.end : nxt.start] if nxt else ""
            if nxt and len(between) < 24 and _LINK.match(between):
                yield day, nxt, (day.start, nxt.end + len(_TIME.match(words[nxt.end : nxt.end + 24])[0]))  # type: ignore[index]
                i += 2
                continue
            opened = re.match(
                r"[^，。；]{0,4}(?:打开|开启|启动|开始|开放|起)[^。；]{0,12}?(?:，|至)",
                words[day.end : day.end + 24],
            )
            if (
                nxt
                and opened
                and nxt.start - day.end < 28
                and re.match(r"[^，。；]{0,6}(?:关闭|结束|截止|止)", words[nxt.end : nxt.end + 12])
            ):
                yield day, nxt, (day.start, nxt.end)
                i += 2
                continue
            head = words[max(0, day.start - 10) : day.start]
            clock = _TIME.match(words[day.end : day.end + 24])
            tail = words[day.end + (clock.end() if clock else 0) :][:10]
            if re.match(r"起(?:至|到|，)?(?:额满|用完|资金|名额|开放|开始|受理|可|启动|接受|，|。|\Z)", tail):
                yield day, None, (day.start, day.end)
                i += 1
                continue
            if re.search(r"即日起(?:至|到|-)+\Z", head):
                yield (at_day(day, self.base) if self.base else None), day, (day.start, day.end)
            elif (
                (
                    re.search(
                        r"(?:截至|截止|截止到|截止至|于|至|到|不迟于|不晚于|时间为|时间：|为|日期：|日期为|[至到])\Z",
                        head,
                    )
                    and re.search(r"截|不[迟晚]于|[至到]\Z", head)
                )
                or re.search(r"(?:截止|截至)(?:日期|时间|日)?(?:为|是|：|到|至|于)?\Z", head)
            ) or re.match(r"(?:（[^）]{0,8}）)?[^，。；]{0,8}?(?:前|之前|止|截止|结束|关闭|为止|以前)", tail):
                yield None, day, (day.start, day.end)
            elif re.match(r"(?:起|开始)", tail):
                yield day, None, (day.start, day.end)
            else:
                yield day, day, (day.start, day.end)
            i += 1
