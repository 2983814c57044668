"""From frames to benefits: subjects across clauses, enumerations matched with sums, topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from crawler.enrich.amounts import Amount, whole
from crawler.enrich.benefit_classes import split_classes
from crawler.enrich.benefit_context import Context, Said
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_hired import PERSONAL
from crawler.enrich.benefit_lexicon import KIND, topic_in
from crawler.enrich.benefit_recipients import is_body, is_person
from crawler.enrich.clauses import Text
from crawler.model.release import Benefit
from crawler.model.values import Topic

#: An employer or an agency that brings somebody.
_HIRES = re.compile(
    r"(?:新|全职|每|成功|首次|自主|当年|全年)*(?:引进|招引|引育|招用|招聘|录用|吸纳|推荐|输送|引荐|举荐|接收|聘|聘用|介绍)(?!平台|项目)[^，。；]{0,16}"
    r"(?:人才|博士|硕士|毕业生|大学生|专家|人员|技师|工程师|教授|院士|本科生|员工|高管|骨干|带头人|高级工|\d人|\d名)"
)
_HIRER = re.compile(
    r"(?P<who>[^，。；：的对]{0,6}(?:企业|单位|机构|公司|高校|医院|猎头))(?:每|新|全职|成功|首次|当年)*"
    r"(?:引进|招引|招用|吸纳|聘用|推荐|接收|引荐)(?!的|单位)[^的]{2,20}\Z"
)
_FREE_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("salary_tax", "所得税|个税|税负|税款"),
    ("loans_finance", "贴息"),
    ("housing", "住|居住|住房|公寓|房租|租住|驿站|拎包"),
    ("platforms", "办公|入驻|场地|工位|厂房|孵化|场租|空间"),
    ("healthcare", "体检|医疗|就医"),
    ("skills_training", "培训"),
    ("service_card", "乘坐|游览|参观|停车|公交|景区|地铁|健身"),
)


def build(frame: Frame, context: Context) -> list[Benefit]:
    """The benefits of a frame: one for each sum of an enumeration."""
    said, condition, words = context.told.get(id(frame), (None, None, ""))
    count = max(len(frame.money), len(frame.areas), len(frame.rates), 1)
    names: list[str | None] = [said.subject.recipient if said else None] * count
    if count > 1:
        shared = said and (split_classes(said.subject.recipient, count) or split_classes(said.words, count))
        if (hirer := _HIRER.search((said.words if said else "") or words)) and not PERSONAL.search(frame.near):
            shared = [hirer["who"]] * count  # 企业每引进1名博士、硕士，分别奖励5万元、1万元
        if not shared:
            shared = split_classes(words.split("|")[0].rstrip("，的"), count)
        if shared:
            names = list(shared)
    quote = context.text.quote(frame.start, frame.end)
    topic = _topic(frame, context, words, said)
    if not quote or frame.dropped or (frame.free and frame.bare and said is None):
        return []
    period = None if frame.free and frame.bare else frame.period
    limits = [x for x in (condition, frame.case, *frame.limits) if x]
    benefits = []
    for i in range(count):
        money = _pick(frame.money, i)
        area, rate = _pick(frame.areas, i), _pick(frame.rates, i)
        if rate and not money and not area and rate.high is None and rate.unit != "免":
            continue
        if money and (whole(money.low) is None) and (whole(money.high) is None):
            continue
        benefits.append(
            Benefit(
                topic=topic,
                recipient=_printed(names[i], frame, context),
                quote=quote,
                currency=money.currency if money else "CNY",
                amount_min=whole(money.low) if money else None,
                amount_max=whole(money.high) if money else None,
                amount_is_cap=bool(money and money.is_cap),
                rate=float(rate.value) if rate and rate.high is not None else None,
                area_m2_min=_number(area.low) if area else None,
                area_m2_max=_number(area.high) if area else None,
                period=period,
                duration_months=None if topic == "visa_residence" else frame.months,
                condition="；".join(limits) or None,
            )
        )
    return benefits


def _printed(name: str | None, frame: Frame, context: Context) -> str | None:
    """A recipient as the page prints it: A—D类, not the folded A-D类."""
    at = context.text.folded.find(name, frame.start, frame.end) if name and len(name) > 1 else -1
    return name if at < 0 or name is None else context.text.quote(at, at + len(name)) or name


def _pick(amounts: list[Amount], i: int) -> Amount | None:
    if not amounts:
        return None
    return amounts[i] if i < len(amounts) else amounts[-1]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _topic(frame: Frame, context: Context, words: str, said: Said | None) -> Topic | None:
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
    if said and re.search("(?<!含)博士后", said.subject.recipient + before + own + context.heading + context.title):
        return "postdoc"
    if said and said.subject.recipient.endswith("配偶"):
        return "spouse_employment"
    if said and said.subject.recipient.endswith("子女") and re.search("学", own + near):
        return "children_education"
    tail = frame.near.rpartition("|")[2]
    if KIND.search(tail) and tail in own:
        own = own[: own.find(tail) + len(tail)]  # 200万元项目资助和100万元购房补贴: each by what follows it
    if frame.elliptic and not frame.areas:
        own = ""
    before = re.sub("落户|户籍|配偶|子女|入户", "", before)
    topic = (
        topic_in(near, own)
        or (None if before else context.topic)
        or topic_in(_GENERIC.sub("", context.heading), before)
    )
    hires = topic_in(near) is None and topic not in ("flexible_recruitment", "platforms", "research_funding")
    hires = hires or topic in (None, "graduates", "overseas_talent", "salary_tax")
    if hires and said and is_body(said.subject.recipient):
        # For an employer who hires, whom he hires is no topic of its own.
        topic = "employer_reward" if _HIRES.search(before + own) else topic
    if topic == "housing" and _PREMISES.search(before + own + (said.words if said else "")):
        # Rent for premises is no housing.
        topic = "startup_funding" if "创业" in before + own + context.heading + context.title else "platforms"
    if topic == "settlement" and frame.money:
        topic = context.topic or topic_in(
            context.heading, context.title, *who
        )  # 落户支持资金: for coming, not a 户口
    if topic is None and context.topic is None and re.search("资助", own) and said and not is_body(who[0]):
        topic = "research_funding"
    if topic == "employer_reward" and said and is_person(who[0]) and not _BROKERS.search(before + own + near):
        topic = "living_allowance"  # 社保补贴 to a person
    named = topic_in(*who)
    topic = (
        topic
        or context.topic
        or (named if named != "graduates" else None)
        or _titled(context.title, said)
        or _fallback(said, before, own)
    )
    context.topic = topic
    return topic


def _titled(title: str, said: Said | None) -> Topic | None:
    """The topic of the title; that of employers is no person's."""
    topic = topic_in(title)
    return None if topic == "employer_reward" and said and is_person(said.subject.recipient) else topic


#: 引才 · 育才 · 留才: headings that divide, and name nothing that is paid.
_GENERIC = re.compile(r"\A(?:[一二三四五六七八九十]{1,3}、)?[引育留用聚招].{0,4}[引育留用聚招]?才.{0,3}\Z")


_BROKERS = re.compile(r"引荐|伯乐|引才|推荐|举荐|荐才|招引|猎头|引进|吸纳|招用|聘用|带动")
_PREMISES = re.compile(r"(?:经营|办公|创业|生产)(?:场地|场所|用房|面积)|厂房|工位|场租")


def _fallback(said: Said | None, before: str, own: str) -> Topic:
    """Where no word names what is paid: by who gets it and how."""
    if said and said.subject.recipient.endswith("奖"):
        return "talent_title"
    if "资助" in own and said and not is_body(said.subject.recipient):
        return "research_funding"
    if re.search(r"入选|入围|工程(?!师|硕|博|技术|类|中心|研究|机械)|计划|获评|获得|荣获|评为|评选|当选", before):
        return "talent_title"
    if said and re.search("团队|项目", said.subject.recipient):
        return "research_funding"
    if said and is_body(said.subject.recipient):
        return "employer_reward"
    return "living_allowance"


def same_right(first: Frame, second: Frame, one: Benefit, other: Benefit) -> bool:
    """Whether two clauses without figures say one right: 免费乘坐公交，免费游览景区."""
    near = 0 <= second.start - first.end <= 1 or second.start == first.start
    return (
        second.bare
        and near
        and (one.topic, one.recipient, one.period) == (other.topic, other.recipient, other.period)
    )


def assemble(made: Sequence[tuple[Frame, Context] | list[Benefit]], text: Text) -> list[Benefit]:
    """The benefits of all frames and tables in reading order; two clauses that say one right make one."""
    found: list[Benefit] = []
    before: tuple[Frame, Benefit] | None = None
    for item in made:
        if isinstance(item, list):
            found += item
            continue
        frame, context = item
        benefits = build(frame, context)
        if before and len(benefits) == 1 and same_right(before[0], frame, before[1], benefits[0]):
            merged = replace(before[1], quote=text.quote(before[0].start, frame.end))
            found[-1], before = merged, (before[0], merged)
            before[0].end = frame.end
            continue
        found += benefits
        before = (frame, benefits[0]) if len(benefits) == 1 and frame.bare else None
    return found
