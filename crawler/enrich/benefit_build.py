"""From frames to benefits: subjects across clauses, enumerations matched with sums, topics."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from crawler.enrich.amounts import Amount, period_in, whole
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND, topic_in
from crawler.enrich.benefit_recipients import (
    Subject,
    inner_subject,
    is_body,
    is_empty,
    split_classes,
    strip_lead,
    subject_of,
)
from crawler.enrich.benefit_rights import Right
from crawler.enrich.clauses import Clause, Text
from crawler.model.release import Benefit
from crawler.model.values import Period, Topic

_OBJECT = re.compile(
    r"(?:给予|奖励|补助|资助|补贴|发给|拨给|支付给?|支持|奖补|补给|授予|返还)(?:其|该)?(?P<object>(?:所在|引才|建站|设站|依托|申报|培养|创办|引进|用人|牵头|承办|推荐|推荐的|引进的)?"
    r"(?:用人单位|[^，。；、\d每（）]{0,4}单位|企业|公司|高校|院校|机构|团队|项目|平台|基地|个人|本人|园区|医院|学校|中介机构|人力资源服务机构|推荐人|引荐人|站点|载体|实验室|合作社|工作站|创业者|职工|学员|毕业生|博士后|博士|硕士|人才|[^，。；、\d每]{2,8}本人))"
)


#: 奖励引才大使1万元, 资助每个平台100万元: whoever stands between the act and the sum.
_GIVEN = re.compile(
    r"(?:给予|奖励|补助|资助|奖给|发给|支持|补贴|奖|补)(?:每[名位个家户支项所]|单个|该|其)?"
    r"(?P<object>[^，。；、：\d“（]{2,16}?)(?:每[人次年月家]|最高|一次性|不超过|人民币|分别|各|不低于|不少于|总额)*(?=\d)"
)
#: 5万元安家费发给每位来校任教的硕士: or behind it.
_PAID_TO = re.compile(
    r"\d[^，。；]{0,24}?(?:发给|发放给|支付给|拨付给|拨给|奖励给|补助给|补贴给|奖给|给到)(?:每[名位个家户支项所])?(?P<object>[^，。；、：\d]{2,24})"
)
#: 在三年管理期内，每月…: how long the payments of the next clause last.
_MANAGED = re.compile(
    r"(?:在|自|从)?[^，]{0,10}(?:\d{1,2}|[一二两三四五六七八九十])个?[年月](?:的)?(?:管理|支持|培养|资助|补贴|培育|享受|扶持|聘|发放)?期?限?之?内\Z"
)
_MANAGED_NOT = re.compile(r"毕业|取得|签订|注册|成立|来|引进|就业|入职|落户|购")
_LATE = re.compile(r"(?:由[^，对]{1,14})?[对向给为](?P<who>[^，。；]{2,30}?)(?:给予|发放|予以|进行|分别|每)")
_FOR = re.compile(r"对(?P<who>[^，。；]{2,30}?)(?:给予|发放|予以|进行|分别|每)")
#: 新评为省首席技师的: who has the title is who gets it.
_TITLED = re.compile(
    r"(?:对|凡)?(?:新)?(?:获评|被?评为|被?评定为|被?认定为|当选为?|入选|荣获|晋升为?|获聘为?)(?P<who>[^，的]{2,24}?)的?\Z"
)
#: 引进省级人才，…: what the employer who was named before does.
_BRINGS = re.compile(r"(?:新|全职|柔性|每|成功|同时)*(?:引进|招引|聘用|招用|吸纳|培养|推荐|接收|聘)(?!的|人才(?:的|，|\Z)|人员(?:的|，|\Z))[^的]{2,24}(?:的|\Z)")
#: An employer or an agency that brings somebody.
_HIRES = re.compile(
    r"(?:新|全职|每|成功|首次|自主|当年|全年)*(?:引进|招引|引育|招用|招聘|录用|吸纳|推荐|输送|引荐|举荐|接收|聘|聘用|介绍)(?!平台|项目)[^，。；]{0,16}"
    r"(?:人才|博士|硕士|毕业生|大学生|专家|人员|技师|工程师|教授|院士|本科生|员工|\d人|\d名)"
)
_FREE_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("salary_tax", "所得税|个税|税负|税款"),
    ("loans_finance", "贴息"),
    ("housing", "入住|住宿|居住|住房|公寓|房租|租住|驿站|拎包"),
    ("platforms", "办公|入驻|场地|工位|厂房|孵化|场租|空间"),
    ("healthcare", "体检|医疗|就医"),
    ("skills_training", "培训"),
    ("service_card", "乘坐|游览|参观|停车|公交|景区|地铁|健身"),
)


@dataclass
class _Said:
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
    said: _Said | None = None
    lead: tuple[Subject, int] | None = None
    #: Per frame: the subject, its words, its condition, the topic's neighbourhood.
    told: dict[int, tuple[_Said | None, str | None, str]] = field(default_factory=dict)
    topic: Topic | None = None
    #: Whether the sentence names something that is paid.
    kind: bool = False
    #: Where the heading stands if it is part of the same line.
    heading_at: int | None = None
    #: Whether the subject was said in this very sentence.
    fresh: bool = False
    #: The period that a clause without a sum announced, and where it stands: 一次性发放安家补贴：…
    announced: tuple[Period, int] | None = None

    def begin_sentence(self, lead: tuple[Subject, int] | None, kind: bool) -> None:
        """Forget what belongs to the sentence before; its subject stays for 其, 并, 还."""
        self.lead = lead
        self.topic, self.fresh = None, False
        self.kind = self.kind or kind
        self.announced = None

    def begin_segment(self) -> None:
        """After a semicolon a new subject may come; the old one stays where none does."""

    def elliptic(self, words: str, sums: list[Amount], offset: int, going: bool, waiting: bool) -> bool:
        """硕士5万元, without a verb, after a sentence part or under a heading that has one."""
        if not any(a.kind in ("money", "area") for a in sums):
            return False
        head = words[: sums[0].start - offset]
        bare = head[strip_lead(head) :]
        if self.kind and waiting and len(bare) <= 6:
            return True
        known = (
            going or self.lead is not None or self.kind or bool(topic_in(self.heading) or KIND.search(self.heading))
        )
        return (
            known
            and len(bare) <= 24
            and bool(
                re.search(r"(?:标准|金额|额度)\Z", self.heading)
                and re.fullmatch(r"(?:每[人户名家个项年月]|最高|不超过|为|人均|按)*", bare)
            )
            or known
            and len(bare) <= 24
            and bool(HEAD.search(bare) or re.search(r"[A-Za-z一二三四五]类|层次|级", bare))
        )

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
            and frame.money
            and (frame.elliptic or not pending or len(words) < 16)
        ):
            frame.period, frame.since = self.announced
        if frame.elliptic and frame.period is None and frame.money:
            frame.period = period_in(self.heading) if len(self.heading) < 24 else None
            if frame.period and self.heading_at is not None:
                frame.since = self.heading_at
        if frame.months is None and frame.period in ("month", "year") and frame.money:
            for c, w in zip(pending[-2:], near[-2:], strict=True):
                if term := _MANAGED.search(w):
                    months = [a for a in self.text.amounts_in(c.start, c.end) if a.kind == "months"]
                    if months and not _MANAGED_NOT.search(w):
                        frame.months, frame.since = int(months[-1].value), c.start + term.start()
        if frame.months is None and frame.money and frame.period is None:
            for c, w in zip(pending[-2:], near[-2:], strict=True):
                if KIND.search(w) and re.search(r"分[^，]{1,4}年", w):
                    spans = [a for a in self.text.amounts_in(c.start, c.end) if a.kind == "months"]
                    if spans:
                        frame.months, frame.since = int(spans[-1].value), c.start
        condition: list[str] = []
        said: _Said | None = None
        start = clause.start
        own_subject = (subject_of(frame.own, closed=False) or Subject(frame.own)) if frame.own else None
        prefix = words[: frame.verb]
        subject = subject_of(prefix, closed=False) if prefix else None
        if own_subject:
            said = _Said(own_subject, clause.start, own_subject.recipient)
        elif subject and not is_empty(subject.recipient):
            said = _Said(subject, clause.start, prefix)
            if subject.condition:
                condition.append(subject.condition)
        for c, w in zip(reversed(pending), reversed(near), strict=True):
            closed = w.endswith("的")
            if said is None and (titled := _TITLED.match(w)) and HEAD.search(titled["who"][-6:]):
                said = _Said(Subject(titled["who"]), c.start, w)
                start = c.start
                continue
            if said is None and self.said and is_body(self.said.subject.recipient) and _BRINGS.match(w):
                condition.insert(0, w[strip_lead(w) :].rstrip("的"))
                start = c.start
                continue
            found = subject_of(w, closed=True)
            if said is None and found and not is_empty(found.recipient):
                said = _Said(found, c.start, w)
                start = c.start
                if found.condition:
                    condition.insert(0, found.condition)
            elif closed or (w.endswith(("后", "时")) and not w.endswith("博士后")):
                condition.insert(0, w[strip_lead(w) :].rstrip("的"))
                start = c.start
        if said is None and not (self.fresh and self.said and not any("“" in w for w in near)):
            for c, w in zip(reversed(pending), reversed(near), strict=True):
                inner = inner_subject(w)
                if inner:
                    said, start = _Said(inner, c.start, w), min(start, c.start)
                    break
        if said is None and frame.case and (late := _FOR.search(words[frame.verb :])):
            found = subject_of(late["who"], closed=False)
            said = _Said(found, start, words) if found else None
        target = _OBJECT.search(words[: frame.verb + 24])
        if (
            target
            and not frame.own
            and not is_empty(target["object"])
            and (said is None or is_body(target["object"]) or target["object"].endswith("本人"))
        ):
            if said and said.subject.recipient not in condition and not is_body(said.subject.recipient):
                condition.insert(0, said.words.rstrip("的"))
            if said is None or not said.subject.recipient.endswith(target["object"]):
                said = _Said(Subject(target["object"]), start, said.words if said else "")
        if said is None and not self.fresh and (thing := _given(words, frame.verb)):
            said = _Said(thing, start, thing.recipient)
        if said is None and self.said:
            said, start = self.said, min(start, self.said.start)
        elif said is None and self.lead:
            said = _Said(self.lead[0], self.lead[1], self.lead[0].recipient)
            start = self.lead[1]
        if said:
            self.fresh = True
            self.said = _Said(said.subject, min(start, said.start), said.words)
        frame.start = start if frame.since is None else min(start, frame.since)
        limits = "；".join(dict.fromkeys(x for x in condition if x))
        near_words = "".join(near)
        self.told[id(frame)] = (
            said,
            limits or (said.subject.condition if said else None),
            near_words + "|" + words,
        )

    def adopt(self, frame: Frame, words: str) -> None:
        """A clause behind the sum may say who: …提高至800元，本科毕业生可连续享受36个月."""
        said, condition, around = self.told.get(id(frame), (None, None, ""))
        found = re.match(r"[^，]{2,40}?(?=(?:均|都)?(?:可|最长|连续|累计|按))", words)
        subject = subject_of(found[0], closed=False) if said is None and found else None
        if subject and not is_empty(subject.recipient):
            self.said = _Said(subject, frame.start, words)
            self.told[id(frame)] = (self.said, condition or subject.condition, around)

    def adopt_late(self, frames: list[Frame], words: str, end: int) -> bool:
        """按…标准，对三支一扶人员给予补助: who gets the sums is said behind them."""
        late = _LATE.match(words)
        found = subject_of(late["who"], closed=False) if late else None
        if found is None or is_empty(found.recipient):
            return False
        taken = False
        for frame in frames:
            said, condition, around = self.told.get(id(frame), (None, None, ""))
            if said is None:
                self.told[id(frame)] = (
                    _Said(found, frame.start, words),
                    condition or found.condition,
                    around + words,
                )
                frame.end, taken = end, True
        return taken

    def right(self, right: Right, pending: list[Clause], clause: Clause, words: str) -> Frame | None:
        """A frame without sums for a right: schooling, a job for the spouse, settlement."""
        frame = Frame(clause.start, clause.end, -1, verb=right.verb, right=True)
        frame.near = right.topic
        if right.recipient:
            said = self.said = _Said(Subject(right.recipient, right.condition), clause.start, words)
            self.told[id(frame)] = (said, right.condition, words)
            return frame
        self.resolve(frame, pending, clause, words)
        said_now = self.told[id(frame)][0]
        if said_now is None or not HEAD.search(said_now.subject.recipient):
            return None
        return frame


def _given(words: str, verb: int) -> Subject | None:
    """Who stands between the act and the sum, or behind the sum it is paid to."""
    found = _GIVEN.search(words[: verb + 40]) or _PAID_TO.search(words)
    thing = subject_of(found["object"], closed=False) if found else None
    if thing is None or is_empty(thing.recipient) or not HEAD.search(thing.recipient):
        return None
    return thing


def build(frame: Frame, context: Context) -> list[Benefit]:
    """The benefits of a frame: one for each sum of an enumeration."""
    said, condition, words = context.told.get(id(frame), (None, None, ""))
    count = max(len(frame.money), len(frame.areas), len(frame.rates), 1)
    names: list[str | None] = [said.subject.recipient if said else None] * count
    if count > 1:
        shared = said and (split_classes(said.subject.recipient, count) or split_classes(said.words, count))
        if not shared:
            shared = split_classes(words.split("|")[0].rstrip("，的"), count)
        if shared:
            names = list(shared)
    quote = context.text.quote(frame.start, frame.end)
    topic = _topic(frame, context, words, said)
    if not quote or frame.dropped or (frame.free and frame.bare and said is None):
        return []
    period = frame.period
    limits = [x for x in (condition, frame.case, *frame.limits) if x]
    benefits = []
    for i in range(count):
        money = _pick(frame.money, i)
        area, rate = _pick(frame.areas, i), _pick(frame.rates, i)
        if money and (whole(money.low) is None) and (whole(money.high) is None):
            continue
        benefits.append(
            Benefit(
                topic=topic,
                recipient=names[i],
                quote=quote,
                currency=money.currency if money else "CNY",
                amount_min=whole(money.low) if money else None,
                amount_max=whole(money.high) if money else None,
                amount_is_cap=bool(money and money.is_cap),
                rate=float(rate.value) if rate and rate.high is not None else None,
                area_m2_min=_number(area.low) if area else None,
                area_m2_max=_number(area.high) if area else None,
                period=period,
                duration_months=frame.months,
                condition="；".join(limits) or None,
            )
        )
    return benefits


def _pick(amounts: list[Amount], i: int) -> Amount | None:
    if not amounts:
        return None
    return amounts[i] if i < len(amounts) else amounts[-1]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _topic(frame: Frame, context: Context, words: str, said: _Said | None) -> Topic | None:
    if (
        said
        and re.search(r"租[赁用][^，]{0,14}(?:创业|创办|开办)", said.words)
        and "租" in frame.near + frame.words
    ):
        return "startup_funding"
    if said and frame.rates and "创业" in said.words and re.search("租", frame.words) and "房" not in frame.words:
        return "startup_funding"
    if frame.right:
        return cast(Topic, frame.near)
    before, _, own = words.partition("|")
    if frame.free:
        if re.search(r"租[赁用][^，]{0,14}(?:创业|创办|开办)", before) and re.search("租|场地|办公", frame.near):
            return "startup_funding"
        if said and is_body(said.subject.recipient) and re.search("租", frame.near):
            return "platforms"
        for free_topic, what in _FREE_TOPICS:
            if re.search(what, frame.near):
                return free_topic
    near = re.sub(r"[给按补奖]?(?:给予|予以)?(?:用人单位|企业|个人|本人)", "", frame.near)
    who = [said.subject.recipient] if said else []
    for name in who:
        near, own, before = near.replace(name, ""), own.replace(name, ""), before.replace(name, "")
    if said and "博士后" in said.subject.recipient + before + own + context.title:
        return "postdoc"
    if said and said.subject.recipient.endswith("配偶"):
        return "spouse_employment"
    if frame.elliptic:
        own = ""
    before = re.sub("落户|户籍|配偶|子女|入户", "", before)
    topic = topic_in(near, own) or (None if before else context.topic) or topic_in(_GENERIC.sub("", context.heading), before)
    if topic in (None, "graduates", "overseas_talent") and said and is_body(said.subject.recipient):
        # For an employer who hires, whom he hires is no topic of its own.
        topic = "employer_reward" if _HIRES.search(before + own) else topic
    if topic == "settlement" and frame.money:
        topic = context.topic or topic_in(
            context.heading, context.title, *who
        )  # 落户支持资金: for coming, not a 户口
    if topic is None and context.topic is None and re.search("资助", own) and said and not is_body(who[0]):
        topic = "research_funding"
    topic = topic or context.topic or topic_in(*who) or topic_in(context.title) or _fallback(said, before, own)
    context.topic = topic
    return topic


#: 引才 · 育才 · 留才: headings that divide, and name nothing that is paid.
_GENERIC = re.compile(r"\A(?:[一二三四五六七八九十]{1,3}、)?[引育留用聚招].{0,4}[引育留用聚招]?才.{0,3}\Z")


def _fallback(said: _Said | None, before: str, own: str) -> Topic:
    """Where no word names what is paid: by who gets it and how."""
    if "资助" in own and said and not is_body(said.subject.recipient):
        return "research_funding"
    if re.search(r"入选|入围|工程|计划|获评|获得|荣获|评为|评选|当选", before):
        return "talent_title"
    if said and re.search("团队|项目|领军", said.subject.recipient):
        return "research_funding"
    if said and is_body(said.subject.recipient):
        return "employer_reward"
    return "living_allowance"
