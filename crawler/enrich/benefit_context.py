"""Who a sum is for: the subjects said so far, resolved across clauses, sentences and headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.enrich import benefit_told as told
from crawler.enrich.amounts import period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_hired import given, hired
from crawler.enrich.benefit_lexicon import ACT, FAMILY, HEAD, KIND
from crawler.enrich.benefit_recipients import (
    Subject,
    inner_subject,
    is_body,
    is_empty,
    is_person,
    strip_lead,
    subject_of,
)
from crawler.enrich.benefit_rights import Right
from crawler.enrich.benefit_terms import months_opening, months_within, terms_before
from crawler.enrich.clauses import Clause, Text
from crawler.model.values import Period, Topic


@dataclass
class Said:
    """A subject together with the span that says it."""

    subject: Subject
    start: int
    words: str


@dataclass
class Context:
    """What is known at a point of a line: heading, subjects said so far."""

    text: Text
    title: str
    heading: str
    said: Said | None = None
    lead: tuple[Subject, int] | None = None
    #: Per frame: the subject, its words, its condition, the topic's neighbourhood.
    told: dict[int, tuple[Said | None, str | None, str]] = field(default_factory=dict)
    #: Per frame: the clauses in front of it that no other sum has used.
    before: dict[int, list[str]] = field(default_factory=dict)
    topic: Topic | None = None
    topic_for: str | None = None
    #: Whether the sentence names something that is paid.
    kind: bool = False
    #: Where the heading stands if it is part of the same line.
    heading_at: int | None = None
    #: Whom the whole release is about: 本办法所称大学生，包括…
    default: Subject | None = None
    #: 留学回国人员购房的，博士20万元、硕士8万元: whom the classes divide.
    base: Said | None = None
    #: The classes that the last sums were divided among: 本科500元、硕士800元.
    classes: list[str] = field(default_factory=list)
    #: Whether the subject was said in this very sentence.
    fresh: bool = False
    #: The period that a clause without a sum announced, and where it stands: 一次性发放安家补贴：…
    announced: tuple[Period, int] | None = None
    announced_months: int | None = None
    announced_at: int | None = None

    def begin_sentence(self, lead: tuple[Subject, int] | None, kind: bool) -> None:
        """Forget what belongs to the sentence before; its subject stays for 其, 并, 还."""
        self.lead = lead
        self.topic, self.fresh, self.base = None, False, None
        self.kind = self.kind or kind
        self.announced, self.announced_months = None, None

    def begin_segment(self) -> None:
        """After a semicolon a new subject may come; where none does, the one above its classes stays."""
        if self.base:
            self.said, self.base = self.base, None

    def remember(self, pending: list[Clause]) -> None:
        """外籍专家创办企业，…；经认定的，给予…: the subject that no sum has used yet holds behind the semicolon."""
        for clause in pending:
            words = self.text.folded[clause.start : clause.end]
            found = subject_of(words, closed=True)
            if found and HEAD.search(found.recipient) and not is_empty(found.recipient):
                self.said, self.fresh = Said(found, clause.start, words), True
                return

    def turn_to(self, heading: str, start: int) -> None:
        """设站单位也有“红包”：: a heading that says of whom it goes on to speak."""
        found = told.ALSO.match(heading)
        subject = subject_of(found["who"], closed=False) if found else None
        if subject and HEAD.search(subject.recipient) and not is_empty(subject.recipient):
            self.said, self.fresh = Said(subject, start, heading), True

    def announce(self, period: Period | None, pending: list[Clause], clause: Clause) -> None:
        """在引进后三年内，每月享受津贴：博士…: how often, and how long, for all behind the colon."""
        if period is None:
            self.announced_months, self.announced_at = months_opening(self.text, clause), clause.start
            return
        self.announced = (period, clause.start)
        for clause in pending[-2:]:
            if (months := months_within(self.text, clause)) and period != "once":
                self.announced, self.announced_months = (period, clause.start), months

    def resolve(self, frame: Frame, pending: list[Clause], clause: Clause, words: str) -> None:
        """Find who a frame is for: its own clause, the clauses in front, the sentence before."""
        folded = self.text.folded
        near = [folded[c.start : c.end] for c in pending]
        for c, w in zip(pending, near, strict=True):
            if (ACT.search(w) or KIND.search(w)) and (period := period_in(w)) and not re.search(r"\d", w):
                self.announced = (period, c.start)
        if (
            self.announced
            and frame.period is None
            and (frame.money or frame.rates)
            and (frame.elliptic or not pending or len(words) < 16)
        ):
            frame.period, frame.since = self.announced
            frame.months = frame.months or self.announced_months
        elif self.announced_months and frame.months is None and frame.period in ("month", "year"):
            frame.months, frame.since = self.announced_months, self.announced_at
        once = self.heading[strip_lead(self.heading) :].startswith("一次性") and frame.months is None
        if (frame.elliptic or once) and frame.period is None and frame.money:
            frame.period = period_in(self.heading) if len(self.heading) < 24 else None
            if frame.period and self.heading_at is not None:
                frame.since = self.heading_at
        terms_before(self.text, frame, pending, near)
        condition: list[str] = []
        said: Said | None = None
        start = clause.start
        if (
            frame.elliptic
            and self.said
            and told.HIRER.search(self.said.subject.recipient)
            and told.BRINGS_A.search(self.said.words)
        ):
            frame.own = None  # 引进一名A类人才奖励10万元，B类5万元: still to the employer
            words = "|" * frame.verb + words[frame.verb :]
        per_head = told.PER_HEAD.search(words[: frame.verb])
        hirer = [found for w in near if (found := subject_of(w, closed=True)) and is_body(found.recipient)]
        if (
            per_head
            and not frame.own
            and (hirer or (self.fresh and self.said and is_body(self.said.subject.recipient)))
        ):
            words = "|" * frame.verb + words[frame.verb :]  # 标准为每名博士3万元: counted, not paid
        if frame.elliptic and not frame.own and (rank := told.RANK.match(words[: frame.verb])):
            frame.own = rank["who"]  # 正高级职称35万元
        frame.own = frame.own or told.each_of(words[: frame.verb], folded[clause.end : clause.end + 16])
        if not frame.own and (kind := told.KIND_OF.match(words[: frame.verb])):
            frame.own = kind["who"]
        own_subject = (subject_of(frame.own, closed=False) or Subject(frame.own)) if frame.own else None
        prefix = words[: frame.verb]
        subject = subject_of(prefix, closed=False) if prefix else None
        if subject is None and told.NAMED_TO.match(prefix):
            subject = inner_subject(prefix)  # 入选领军人才的资助额度
        if subject and (self.said or near) and re.match(r"(?:单位|企业|用人单位)(?:实际|应|所)?缴", prefix):
            subject = None  # 单位缴纳的社保费由财政补贴: who it is was said before
        if subject and near and told.PAID_BY.match(words) and subject_of(near[-1], closed=True):
            subject = None  # 职工取得学位的，单位报销学费: who pays does not get it
        if subject and told.is_nobody(words):
            subject = None
        if subject and subject.recipient in FAMILY and self.said and is_person(self.said.subject.recipient):
            subject = None  # 外籍专家…；子女入读国际学校: his
        if frame.own:
            self.classes = [*(self.classes if frame.between[:1] in ("、", "，", "和") else ()), frame.own]
        elif len(frame.money) > 1:
            frame.peers = self.classes
        if own_subject and self.base is None:
            above = next((found for w in near if (found := subject_of(w, closed=True))), None)
            if above and HEAD.search(above.recipient) and not is_empty(above.recipient):
                self.base = Said(above, pending[0].start, near[0])
        if own_subject:
            said = Said(own_subject, clause.start, own_subject.recipient)
        elif subject and not is_empty(subject.recipient):
            said = Said(subject, clause.start, prefix)
            if subject.condition:
                condition.append(subject.condition)
        for c, w in zip(reversed(pending), reversed(near), strict=True):
            closed = w.endswith("的")
            titled = told.TITLED.match(w[strip_lead(w) :]) if said is None else None
            name = (titled["who"] or titled["site"]) if titled else ""
            if (
                name
                and (HEAD.search(name[-6:]) or name.endswith("类"))
                and not (
                    titled
                    and titled["site"]
                    and (
                        (self.said and self.fresh and not told.SITE.search(self.said.subject.recipient))
                        or any(is_body(x.recipient) for x in told.named_before(near, w))
                    )
                )
            ):
                said = Said(Subject(name), c.start, w)
                start = c.start
                continue
            if said is None and told.BRINGS.match(w) and self._employer(near, w):
                condition.insert(0, w[strip_lead(w) :].rstrip("的"))
                start = c.start
                continue
            found = subject_of(w, closed=True)
            if found and found.recipient.endswith("子女") and found.recipient in FAMILY and self._related(near, w):
                found = None  # 持卡的人才，子女可以择校: the right is his
            if said is None and found and not is_empty(found.recipient):
                said = Said(found, c.start, w)
                start = c.start
                if found.condition:
                    condition.insert(0, found.condition)
            elif closed or (w.endswith(("后", "时")) and not w.endswith("博士后")):
                condition.insert(0, w[strip_lead(w) :].rstrip("的"))
                start = c.start
        brought = bool(
            near and told.BRINGS.match(near[-1]) and self.said and is_person(self.said.subject.recipient)
        )
        if said is None and (brought or not (self.fresh and self.said and not any("“" in w for w in near))):
            for c, w in zip(reversed(pending), reversed(near), strict=True):
                inner = inner_subject(w)
                if inner:
                    said, start = Said(inner, c.start, w), min(start, c.start)
                    break
        if said is None and (late := told.FOR.search(words[frame.verb if frame.case else 0 :])):
            found = subject_of(late["who"], closed=False)
            said = Said(found, start, words) if found else None
        target = told.OBJECT.search(words[: frame.verb + 24])
        if (
            target
            and not frame.own
            and not is_empty(target["object"])
            and (said is None or is_body(target["object"]) or target["object"].endswith(("本人", "职工", "学员")))
        ):
            if said and said.subject.recipient not in condition and not is_body(said.subject.recipient):
                condition.insert(0, said.words.rstrip("的"))
            whom = target["object"]
            frame.paid_to = whom in ("职工", "学员") or bool(told.HIRER.search(whom) and whom != "个人")
            own_self = target["object"].removesuffix("本人")
            if said is None or not said.subject.recipient.endswith((target["object"], own_self or "\0")):
                said = Said(Subject(target["object"]), start, said.words if said else "")
        elif frame.money and not frame.rates and said and is_body(said.subject.recipient):
            person = hired([*near[-2:], words[: frame.verb]], frame.near)
            said = Said(person, said.start, said.words) if person else said
        if said is None and not self.fresh and (thing := given(words, frame.verb)):
            said = Said(thing, start, thing.recipient)
        paid_out = re.search("生活补|津贴|安家|发给(?!企业|单位)", words)
        if said is None and not paid_out and (payer := told.PAYER.search(words)):
            said = Said(Subject(payer["who"]), start, words)
        if frame.free and said and told.HOME.search(said.subject.recipient):
            said = None  # 青年驿站：免费住14天: where, not who
        whom = told.handed(words, frame.money[0].start - clause.start) if frame.money and not frame.own else None
        if said and whom:
            said = Said(Subject(whom), said.start, said.words)
        if said is None and self.said:
            said, start = self.said, min(start, self.said.start)
        elif said is None and self.lead:
            said, start = Said(*self.lead, self.lead[0].recipient), self.lead[1]
        if (
            said is None
            and (host := told.ORGANISED.search(words))
            and (found := subject_of(host["who"], closed=False))
        ):
            said = Said(found, start, words)
        whole = self.default or (Subject("个人") if prefix.startswith("个人") else None)
        if said is None and whole:
            said = Said(whole, start, whole.recipient)
        if said is None and near and (who := told.headless(near[-1])):
            said = Said(Subject(who), min(start, pending[-1].start), who)
        if said:
            self.fresh, self.said = True, Said(said.subject, min(start, said.start), said.words)
        frame.start = start if frame.since is None else min(start, frame.since)
        limits = "；".join(dict.fromkeys(x for x in condition if x))
        near_words, self.before[id(frame)] = "".join(near), near
        self.told[id(frame)] = (
            said,
            limits or (said.subject.condition if said else None),
            near_words + "|" + words,
        )

    def _employer(self, near: list[str], words: str) -> bool:
        """Whether an employer was named in front of ``words``, which tells whom he brings."""
        named = [*told.named_before(near, words), *([self.said.subject] if self.said else [])]
        return any(is_body(x.recipient) for x in named)

    def _related(self, near: list[str], words: str) -> bool:
        """Whether a person was named in front of ``words``, whose family it speaks of."""
        named = [*told.named_before(near, words), *([self.said.subject] if self.said else [])]
        return any(is_person(x.recipient) and not x.recipient.endswith(FAMILY) for x in named)

    def right(self, right: Right, pending: list[Clause], clause: Clause, words: str) -> Frame | None:
        """A frame without sums for a right: schooling, a job for the spouse, settlement."""
        frame = Frame(clause.start, clause.end, -1, verb=right.verb, right=True)
        frame.near = right.topic
        if right.recipient:
            said = self.said = Said(Subject(right.recipient, right.condition), clause.start, words)
            self.told[id(frame)] = (said, right.condition, words)
            return frame
        self.resolve(frame, pending, clause, words)
        now = self.told[id(frame)][0]
        return frame if now and (HEAD.search(now.subject.recipient) or now.words.endswith("的")) else None
