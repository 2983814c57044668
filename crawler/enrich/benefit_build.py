"""From frames to benefits: subjects across clauses, enumerations matched with sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from crawler.enrich.amounts import Amount, whole
from crawler.enrich.benefit_classes import lettered, split_classes
from crawler.enrich.benefit_context import Context, Said
from crawler.enrich.benefit_frames import Frame, superseded
from crawler.enrich.benefit_hired import PERSONAL
from crawler.enrich.benefit_lexicon import topic_in
from crawler.enrich.benefit_recipients import CLASS, Subject, is_body, is_person, strip_lead
from crawler.enrich.benefit_topics import topic_of
from crawler.enrich.clauses import Text
from crawler.model.release import Benefit
from crawler.model.values import Topic

_HIRER = re.compile(
    r"(?P<who>[^，。；：的对]{0,6}(?:企业|单位|机构|公司|高校|医院|猎头))(?:每|新|全职|成功|首次|当年)*"
    r"(?:引进|招引|招用|吸纳|聘用|推荐|接收|引荐)(?!的|单位)[^的]{2,30}的?\Z"
)


_LISTED = re.compile(
    r"(?:按照?|对|给予|为|\A)(?P<names>[^，。；：\d按]{1,12}、[^，。；：\d]{1,24}?)(?:分别)?每[人名位](?:每[年月天])?(?:分别)?\Z"
)
_BROUGHT = re.compile(r"(?:全职|新|柔性|自主|成功|当年)*(?:引进|招引|聘用|招用|招聘|吸纳|推荐|输送|培养|引荐)")
#: 企业新建重点实验室、工作站的: what it founds is not who is paid.
_FOUNDS = re.compile(
    r"(?:首次|牵头|联合|当年)*(?:新?(?:建(?!议)|设|建设|获批|认定为?|批准?)|设立|建立|创建|组建|获评|获批)"
)
#: 分优秀、良好两档: how well somebody did, not who it is.
_GRADE = re.compile(r"(?:考核)?(?:结果)?(?:优秀|良好|合格|优|良|中)(?:两档|等次|档次?|的)?")


#: Rights of which no term is one of a payment.
_LASTING = ("visa_residence", "settlement")


def build(frame: Frame, context: Context) -> list[Benefit]:
    """The benefits of a frame: one for each sum of an enumeration."""
    said, condition, words = context.told.get(id(frame), (None, None, ""))
    count = max(len(frame.money), len(frame.areas), len(frame.rates), 1)
    name = said.subject.recipient if said else None
    names = [frame.payee if frame.payee and (name is None or name.endswith("的")) else name] * count
    if count > 1 and not frame.paid_to:
        shared = said and (split_classes(said.subject.recipient, count) or split_classes(said.words, count))
        if (hirer := _HIRER.search((said.words if said else "") or words)) and not PERSONAL.search(frame.near):
            shared = [hirer["who"]] * count  # 企业每引进1名博士、硕士，分别奖励5万元、1万元
        if said and is_body(said.subject.recipient) and _pays_owner(said.subject):
            shared = [said.subject.recipient] * count  # 引进A类、B类人才的医院，分别补助100万元、50万元
        if not shared and len(frame.peers) == count and said and is_person(said.subject.recipient):
            shared = frame.peers  # 首次购房的，分别领取2万元、5万元: the classes of the sums before
        if listed := _LISTED.search(frame.between):
            shared = split_classes(listed["names"], count) or shared  # 按照博士、硕士每人每月3000元、2000元
        if not shared:
            shared = split_classes(words.split("|")[0].rstrip("，的"), count)
        for clause in reversed(context.before.get(id(frame), [])):
            shared = (
                shared or lettered(clause, count) or split_classes(clause[strip_lead(clause) :].rstrip("的"), count)
            )
        if shared and not (said and any(_GRADE.fullmatch(name) for name in shared)):
            names = list(shared)
    quote = context.text.quote(frame.start, frame.end)
    topic = topic_of(frame, context, words, said)
    if (
        not quote
        or frame.dropped
        or (
            said is None
            and not (frame.money or frame.areas)
            and (frame.rates or frame.free)
            and not (frame.free and frame.rates)
        )
    ):
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
                topic=_founder(names[i], _host(i, count, topic, said), frame),
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
                duration_months=None if topic in _LASTING or _lent(topic, frame) else frame.months,
                condition="；".join(limits) or None,
            )
        )
    return benefits


def _pays_owner(subject: Subject) -> bool:
    """Whether what a body brings or founds is listed, but the body is paid: 企业新建实验室、工作站的."""
    done = subject.condition or ""
    owner = subject.recipient.endswith(("企业", "单位", "公司", "高校", "院校", "医院", "学校", "机构"))
    return bool(_BROUGHT.match(done) or (owner and _FOUNDS.match(done)))


def _host(i: int, count: int, topic: Topic | None, said: Said | None) -> Topic | None:
    """新建实验室、博士后工作站的，分别给予…: of a list of platforms only the post-docs' is for post-docs."""
    things = split_classes(said.words, count) if topic == "postdoc" and said and count > 1 else None
    at = next((k for k, name in enumerate(things or ()) if "博士后" in name), 0)
    return "platforms" if things and i < at and not CLASS.fullmatch(things[i]) else topic


def _lent(topic: Topic | None, frame: Frame) -> bool:
    """Whether a sum is lent: how long it may be kept is no term of a payment."""
    return (
        topic == "loans_finance"
        and bool(frame.money)
        and not frame.rates
        and not re.search("息|保费|担保费", frame.near)
    )


def _founder(name: str | None, topic: Topic | None, frame: Frame) -> Topic | None:
    """创新人才、创业人才分别资助…: what the founder among them gets is for founding."""
    founds = name is not None and re.search("(?<!创新)创业", name) and topic == "research_funding"
    return "startup_funding" if founds and topic_in(frame.near) is None else topic


def _printed(name: str | None, frame: Frame, context: Context) -> str | None:
    """A recipient as the page prints it: A—D类, not the folded A-D类."""
    name = name and (name[strip_lead(name) :] or name)  # （一）第一层次：…: the ordinal is no part of it
    at = context.text.folded.find(name, frame.start, frame.end) if name and len(name) > 1 else -1
    return name if at < 0 or name is None else context.text.quote(at, at + len(name)) or name


def _pick(amounts: list[Amount], i: int) -> Amount | None:
    if not amounts:
        return None
    return amounts[i] if i < len(amounts) else amounts[-1]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def same_right(first: Frame, second: Frame, one: Benefit, other: Benefit) -> bool:
    """Whether two clauses without figures say one right: 免费乘坐公交，免费游览景区."""
    near = 0 <= second.start - first.end <= 1 or second.start == first.start
    return (
        second.bare
        and near
        and (one.topic, one.recipient, one.period) == (other.topic, other.recipient, other.period)
    )


def _same_again(benefit: Benefit, before: Benefit) -> bool:
    """Whether a raised sum is the one that another paragraph has granted already."""
    worth = (benefit.topic, benefit.amount_min, benefit.amount_max, benefit.rate, benefit.period)
    if worth != (before.topic, before.amount_min, before.amount_max, before.rate, before.period):
        return False
    names = (benefit.recipient or "", before.recipient or "")
    alike = not all(names) or names[0] in names[1] or names[1] in names[0] or names[0][-2:] == names[1][-2:]
    return alike and benefit.quote != before.quote and benefit.duration_months in (before.duration_months, None)


def assemble(made: Sequence[tuple[Frame, Context] | list[Benefit]], text: Text) -> list[Benefit]:
    """The benefits of all frames and tables in reading order; two clauses that say one right make one."""
    found: list[Benefit] = []
    before: tuple[Frame, Benefit] | None = None
    before_loan = False
    for item in made:
        if isinstance(item, list):
            found += item
            continue
        frame, context = item
        benefits = build(frame, context)
        if before_loan and frame.free and frame.bare and "贴息" in frame.near:
            benefits = []  # 创业担保贷款最高30万元，全额贴息: said of the loan
        before_loan = bool(benefits and frame.money and benefits[0].topic == "loans_finance")
        if found and benefits and superseded(frame.words):
            # 租房补贴由每月1000元提高到1500元: told once more, after the rule itself
            benefits = [b for b in benefits if not any(_same_again(b, x) for x in found)]
        if before and len(benefits) == 1 and same_right(before[0], frame, before[1], benefits[0]):
            merged = replace(before[1], quote=text.quote(before[0].start, frame.end))
            found[-1], before = merged, (before[0], merged)
            before[0].end = frame.end
            continue
        found += benefits
        before = (frame, benefits[0]) if len(benefits) == 1 and frame.bare else None
    return [b for b in found if b.recipient or not any(_fuller(other, b) for other in found)]


def _fuller(benefit: Benefit, other: Benefit) -> bool:
    """Whether a benefit says for whom another one is, which a teaser or a headline tells: 最高20万元奖金."""
    return bool(
        benefit.recipient
        and other.amount_max
        and benefit.amount_max == other.amount_max
        and (benefit.topic == other.topic or other.amount_is_cap)
        and (other.rate, other.period, other.currency)
        == (benefit.rate, other.period and benefit.period, benefit.currency)
    )
