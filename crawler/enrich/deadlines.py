"""Deadlines: windows to apply or comment, publicity periods, payouts, days of events."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.enrich import deadline_english
from crawler.enrich.clauses import LONGEST_CLAUSE, Sentence, Text, read_text
from crawler.enrich.deadline_days import Day, days_in, iso_day
from crawler.enrich.deadline_merge import unique
from crawler.enrich.deadline_terms import kind_in, relative
from crawler.enrich.deadline_windows import windows as windows_in
from crawler.enrich.deadline_words import (
    APPLIES,
    AS_AT,
    ASKED,
    CANCELLED,
    CLOSES,
    CLOSES_FOR,
    COUNTED_AT,
    DATED,
    DONE_IN,
    DUTY,
    EVENT_SUBJECT,
    FILED,
    HANDED,
    HEADING,
    LATE,
    LONG,
    MEETING,
    MOVED_TO,
    NEW,
    NOT,
    OFFICES,
    OLD,
    OTHERWISE,
    PAUSED,
    QUALIFIES,
    REACH,
    RECEIVED,
    ROWS,
    SENT,
    TIMED,
    YEAR,
    attended,
)
from crawler.model.release import Deadline
from crawler.model.values import DeadlineKind


def find_deadlines(
    title: str | None, paragraphs: Sequence[str], *, published: str | None, doc_type: str, language: str
) -> tuple[Deadline, ...]:
    """The windows and days that a release announces, in reading order. Never raises on any text.

    ``published`` (ISO) gives the year where the text has none and the first day of relative terms;
    without it such a day stays unknown.
    """
    base = iso_day(published)
    if language == "en":
        return deadline_english.find_english(paragraphs, base)
    text = read_text(paragraphs)
    found: list[Deadline] = []
    reader = _Reader(text, title or "", base, doc_type)
    for start, end in text.lines():
        reader.enter(text.folded[start:end])
        for sentence in text.sentences(start, end):
            found += reader.read(sentence)
    return unique(found)


@dataclass
class _Reader:
    text: Text
    title: str
    base: dt.date | None
    doc_type: str
    heading: str = ""
    #: A heading of times on a line of its own, and for how many lines more it holds.
    above: str = ""
    reach: int = 0

    def enter(self, line: str) -> None:
        """Begin a line: 二、申报时间 above it, or the head of its table's column, tells what its days are."""
        row = "|" in line
        if len(line) <= 40 and HEADING.match(line):
            self.above = line if TIMED.search(line) else ""
            self.reach = ROWS if row else REACH
        elif self.reach <= 0 or not (row or len(line) <= LONG):
            self.above = ""
        self.reach, self.heading = self.reach - 1, self.above

    def read(self, sentence: Sentence) -> list[Deadline]:
        folded = self.text.folded
        words = folded[sentence.start : sentence.end]
        if len(words) > 1600 or not DATED.search(words):
            if len(words) < 24 and "|" not in words:
                self.heading = words
            return []
        days = days_in(words, self.base)
        found = relative(self, words, sentence, days)
        taken = [f[1] for f in found]
        result = [f[0] for f in found]
        windows = list(windows_in(words, days, self.base))
        fresh = (
            NEW.search(words) if OLD.search(words) or re.search(r"延期|延长|顺延|推迟|改期|调整", words) else None
        )
        for first, last, span in windows:
            if any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if len(windows) > 1 and re.search(
                r"（原(?:定|为|计划|时间)?[^（）]{0,12}\Z", words[max(0, span[0] - 16) : span[0]]
            ):
                continue
            if fresh and span[0] < fresh.start() and any(w[2][0] >= fresh.start() for w in windows):
                continue
            later = min((w[2][0] for w in windows if w[2][0] > span[0]), default=len(words))
            made = self._one(words, sentence, first, last, span, later)
            if made:
                result.append(made)
        if len(words) < 24 and not days and "|" not in words:
            self.heading = words
        return result

    def _one(
        self, words: str, sentence: Sentence, first: Day | None, last: Day | None, span: tuple[int, int], later: int
    ) -> Deadline | None:
        left = max((words.rfind(mark, 0, span[0]) for mark in "；。"), default=-1) + 1
        comma = words.rfind("，", left, span[0]) + 1
        head = words[left : span[0]]
        near = words[max(comma, left) : span[0]]
        tail = re.split(r"[；。]", words[span[1] : span[1] + 60])[0]
        # The clause that holds the next day speaks of that day: 看房时间为10月11日，选房时间为10月18日.
        clause = words.rfind("，", span[1], later) - span[1]
        if later - span[1] < len(tail) and clause >= 0 and len(near) > 2:
            tail = tail[:clause]
        after = re.split(r"[，；。]", tail)[0]
        inside = words[first.end : last.start] if first and last and last.start - first.end > 6 else ""
        kind = self._kind(near + inside, after, head, tail, first, last)
        if kind is None:
            return None
        if self.doc_type == "policy" and kind == "apply" and not YEAR.search(words[left : span[1]] + self.title):
            return None  # every year anew
        if (
            self.doc_type in ("policy", "other")
            and kind == "apply"
            and DUTY.search(tail)
            and not APPLIES.search(head + tail)
        ):
            return None  # what offices owe each other
        if kind in ("publicity", "comment") and (first is last or (first and first.day != first.until)):
            return None  # a day on which something is shown, months in which it happened
        if kind == "event" and first is last and last and last.day != last.until:
            return None  # 11月中旬: no day yet
        gone = OLD.search(head) if kind == "apply" else OLD.search(words)
        if (gone and CANCELLED.search(words[gone.end() :])) or (kind == "event" and PAUSED.match(after)):
            return None
        month = first if first and first.day != first.until else last
        past = bool(self.base and month and month.until < self.base)
        handed = HANDED.search(self.title) or HANDED.search(head + after) or LATE.match(after)
        if kind == "payout" and (past or handed):
            return None  # what was paid; papers handed out
        start = first.day if first else None
        end = last.until if last else None
        if (
            kind == "event"
            and first is None
            and last
            and MOVED_TO.search(near)
            and re.search(r"举[办行]|召开|开[幕赛]", after)
        ):
            start = last.day
        closes = kind == "apply" and len(near) < 3 and "截止" in self.heading
        if first is last and (kind == "payout" or closes):
            start = None
        if (
            first is last
            and kind == "apply"
            and re.match(r"[^，。；]{0,8}(?:起|开放|开通|启动|开始|上线|开启|打开)", words[span[1] : span[1] + 12])
        ):
            end = None
        if end is None and first and first.day != first.until:
            return None  # 将于11月启动: no day yet
        a = max(comma, left)
        if len(near) < 3 and left < comma:
            a = max(words.rfind("，", left, comma - 1) + 1 or left, left)
        b = span[1] + len(after)
        if len(near) + len(after) < 3:
            b = span[1] + len("，".join(tail.split("，")[:2]))
        if b - a > LONGEST_CLAUSE:
            a, b = span
        quote = self.text.quote(sentence.start + a, sentence.start + b + attended(kind, words[b : b + 60]))
        return (
            Deadline(kind, quote, start.isoformat() if start else None, end.isoformat() if end else None, False)
            if quote
            else None
        )

    def _kind(
        self, near: str, after: str, head: str, tail: str, first: Day | None, last: Day | None
    ) -> DeadlineKind | None:
        if (
            first is None
            and re.search(r"请[^。；]{0,24}\Z", head)
            and ASKED.match(after)
            and not HANDED.search(head + after)
            and not QUALIFIES.match(after)
        ):
            return "apply"
        if re.search(r"(?:发布|印发|成文|公布|颁布)(?:日|时间|日期)(?:为|是|：)?\Z", near) or OTHERWISE.match(
            after
        ):
            return None
        if NOT.search(near[-24:] + "|" + after[:24]) and not re.search(
            r"报名|申报(?!人|单位)|申请(?!人)|受理|公示|征求|活动时间|会议时间|截止", near + after
        ):
            return None
        if re.search(r"(?:每年|每月|每季度|当年|次年)(?:度)?\Z", near):
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
        if COUNTED_AT.search(near) or RECEIVED.match(tail):
            return None
        if OFFICES.match(after) and not re.search(r"申报|申请|报名|提交|报送|受理|公示", after):
            return None
        if re.search(r"截[止至]\Z", near) and AS_AT.match(tail):
            return None
        if re.match(r"(?:期间)?(?:正在|享受|（含当日）享受)", after) or DONE_IN.search(near):
            return None
        if re.search(r"听证|复议|诉讼|复核|以来", near[-24:] + "|" + after[:14]):
            return None
        if re.search(r"社保|社会保险|准考证|缴纳(?!报名)", near[-12:]) or QUALIFIES.match(
            re.sub(r"^（[^（）]{1,12}）", "", tail)
        ):
            return None
        if last is None and re.match(r"起[^，。；]{1,14}(?:由|改为|调整为|不再)", after):
            return None  # from then on it goes another way
        if CLOSES_FOR.match(after):
            return "apply"
        step = next((x for x in reversed(re.split(r"[、（；，]", near)) if x), "")
        if (
            re.search(r"(?:审核|初审|复审|评审|审查|核查|核验|踏勘|考察|考核)[^报请受]{0,8}\Z", step)
            and not re.search(r"推荐(?:时间|阶段|期限)?[：为]?\Z", step)
            and not re.search(r"申报|申请|报名|受理", step)
            and "公示" not in after
        ):
            return None
        if kind is None and re.search(
            r"(?:会议|比赛|举办|招聘|线[上下]|现场|^|[^\w])(?:时间|日期|期限)】?(?:为|：|是|\|)?\Z", near
        ):
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
        if kind == "apply" and not re.search(r"申报|申请|报名|受理|报送", near + after):
            said = kind_in(head)
            kind = said if said in ("comment", "publicity") else kind
        if kind == "event" and first is None and re.match(r"之?前|以前", after):
            return "apply" if re.search(r"回复|确认|登记|预约|联系", after) else None
        if kind == "event":
            if MEETING.search(tail[:40]):
                return None
            if re.search(r"启动(?!仪式|大会|会)|发布|推出|出台|印发", tail[:40]) and not re.search(
                "活动时间|举[办行]", near + tail[:40]
            ):
                return None
            if self.doc_type in ("policy", "interpretation", "result"):
                return None
            return (
                kind
                if EVENT_SUBJECT.search(near + head + tail + self.title + self.heading)
                or re.search("活动时间|时间", near)
                else None
            )
        if kind == "apply" and not bounded:
            after = tail if re.fullmatch(r"\d{1,2}[：:时点][\d分]*", after) else after
            closing = CLOSES.search(near[-8:] + "|" + after[:24])
            sent = not re.search(r"审|公布|完成|汇总", head + after) and SENT.search(tail)
            if not closing and not ("截止" in self.heading and len(near) < 3):
                return None
            if not (sent or FILED.search(head + after + self.heading)):
                return None
        return kind
