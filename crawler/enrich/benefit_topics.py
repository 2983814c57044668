"""What a benefit is about: the noun at the sum, then its clause, its heading, its recipient, the title."""

from __future__ import annotations

import re
from typing import cast

from crawler.enrich.benefit_context import Context, Said
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import FLEXIBLE, KIND, topic_in
from crawler.enrich.benefit_recipients import is_body, is_person
from crawler.model.values import Topic

#: An employer or an agency that brings somebody.
_HIRES = re.compile(
    r"(?:新|全职|每|成功|首次|自主|当年|全年)*(?:引进|新增|招引|引育|招用|招聘|录用|吸纳|推荐|输送|引荐|举荐|接收|聘|聘用|介绍)(?!平台|项目)[^，。；]{0,16}"
    r"(?:人才|博士|硕士|毕业生|大学生|专家|人员|医师|技师|技工|设计师|工程师|会计师|教授|学者|院士|本科生|员工|高管|骨干|带头人|高级工|选手|助理|\d人|\d名)"
)
_FREE_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("salary_tax", "所得税|个税|税负|税款"),
    ("loans_finance", "贴息"),
    ("housing", "住|居住|住房|公寓|房租|租住|驿站|拎包"),
    ("platforms", "办公|入驻|场地|工位|厂房|孵化|(?<!市)场租|空间"),
    ("healthcare", "体检|医疗|就医"),
    ("skills_training", "培训"),
    ("service_card", "乘坐|游览|参观|停车|公交|景区|地铁|健身"),
)


def topic_of(frame: Frame, context: Context, words: str, said: Said | None) -> Topic | None:
    """The topic of a frame; ``words``: the clauses in front, ``|``, its own clause."""
    if (
        said
        and re.search(r"租[赁用][^，]{0,14}(?:创业|创办|开办)", said.words)
        and "租" in frame.near + frame.words
    ):
        return "startup_funding"
    home = "房" in frame.words or "公寓" in frame.near or "就业创业" in (said.words if said else "")
    if said and frame.rates and "创业" in said.words and "租" in frame.words and not home:
        return "startup_funding"
    if frame.right:
        return cast(Topic, frame.near)
    before, _, own = words.partition("|")
    halved = bool(frame.rates and frame.rates[0].unit == "折" and "免" in frame.words + frame.near)
    if frame.free or halved:
        if re.search(r"租[赁用][^，]{0,14}(?:创业|创办|开办)", before) and re.search("租|场地|办公", frame.near):
            return "startup_funding"
        if said and is_body(said.subject.recipient) and re.search("租", frame.near):
            return "platforms"
        for free_topic, what in _FREE_TOPICS:
            if re.search(what, frame.near):
                return free_topic
    near, own = _INCLUDING.sub("", frame.near), _INCLUDING.sub("", own)
    near = re.sub(r"[给按补奖]?(?:给予|予以)?(?:用人单位|企业|个人|本人)", "", near)
    who = [said.subject.recipient] if said else []
    for name in who:
        near, own, before = near.replace(name, ""), own.replace(name, ""), before.replace(name, "")
    if said and re.search("(?<!含)博士后", said.subject.recipient + before + own + context.heading + context.title):
        return "postdoc"
    if said and said.subject.recipient.endswith("配偶"):
        return "spouse_employment"
    if said and said.subject.recipient.endswith("子女") and re.search("学", own + near):
        return "children_education"
    if _CHILD.search(before + own) and re.search("学费|学杂费|教育补[贴助]|每生|每学年", own):
        return "children_education"  # 其子女入读国际学校的，每学年补贴学费2万元
    if frame.areas and not frame.money and _SITE.search(frame.near) and not _HOUSE.search(frame.near):
        founds = re.search(r"创业的|创业，|创业\Z|创办", said.words if said else "")
        return "startup_funding" if founds or "创业" in frame.near else "platforms"
    heading = _GENERIC.sub("", context.heading).replace("用人单位", "")  # to whom, not for what
    if (
        said
        and (context.topic is None or context.topic_for != said.subject.recipient)
        and (named_so := _by_name(said, near, own, (before, heading, context.title), frame))
    ):
        context.topic, context.topic_for = named_so, said.subject.recipient
        return named_so
    tail = frame.near.rpartition("|")[2]
    if KIND.search(tail) and tail in own:
        own = own[: own.find(tail) + len(tail)]  # 200万元项目资助和100万元购房补贴: each by what follows it
    if frame.elliptic and not frame.areas:
        own = ""
    before = re.sub("落户|户籍|配偶|子女|入户", "", before)
    named = topic_in(*who)
    so_far = named if named == "startup_funding" and context.topic in _SCIENCE else context.topic
    topic = topic_in(near, own) or (None if before else so_far) or topic_in(heading, before)
    guest = bool(who) and (who[0].endswith(("团队", "项目", "引进的")) or is_person(who[0]))
    if topic == "employer_reward" and guest and not topic_in(near, own, before):
        topic = None  # 强化项目引才。揭榜团队…: the heading speaks of those who hire
    if topic == "overseas_talent" and (frame.money or frame.rates or frame.areas):
        topic = topic_in(re.sub(_ABROAD, "", heading))  # 海外人才每年30万元工作补贴: who, not what for
    named = None if named == "overseas_talent" else named
    so_far = None if so_far == "overseas_talent" else so_far
    if topic == "research_funding" and _ASSISTANT.search(before + own) and topic_in(near) is None:
        topic = None  # 开展研发并聘用科研助理: what is paid is the hiring
    hires = topic_in(near) is None and topic not in ("flexible_recruitment", "platforms", "research_funding")
    hires = hires or topic in (None, "graduates", "overseas_talent", "salary_tax")
    if hires and said and is_body(said.subject.recipient) and not who[0].endswith(("团队", "项目")):
        # For an employer who hires, whom he hires is no topic of its own.
        paid_so = topic == "salary_tax" and re.search("薪酬(?:补贴|奖励|补助)|个税|所得税", near)
        if not paid_so and _HIRES.search(before + own):
            around = before + own + context.title
            topic = (
                "flexible_recruitment"
                if FLEXIBLE.search(around) or (_ENGAGED.search(before) and "聘期" not in before)
                else "employer_reward"
            )
    rent = topic == "platforms" and not frame.areas and (frame.money or frame.rates) and "租" in own + before
    tenant = said is not None and (is_body(who[0]) or bool(re.search("入驻|孵化|创业园|产业园", who[0])))
    if (
        topic == "housing"
        and said
        and tenant
        and _HOSTED.search(said.words + before + own + frame.words + frame.near)
    ):
        around = said.words + before + own + context.title
        founds = re.search("创业(?!孵化|园|基地)|初创" if not is_body(who[0]) else "创业|初创", around)
        topic = "startup_funding" if founds else "platforms"
    if (topic == "housing" or rent) and _PREMISES.search(before + own + (said.words if said else "")):
        # Rent for premises is no housing.
        around = "".join((before, own, context.heading, context.title, *who))
        founded = re.search("创业|创办|初创", around)
        topic = "startup_funding" if founded else "platforms"
    if topic == "settlement" and frame.money:
        topic = context.topic or topic_in(
            context.heading, context.title, *who
        )  # 落户支持资金: for coming, not a 户口
    alone = context.topic is None or (context.topic == "living_allowance" and not frame.elliptic)
    if topic is None and alone and re.search("资助", own) and said and not is_body(who[0]):
        topic = "research_funding"
    if (
        topic == "graduates"
        and said
        and _EMPLOYED.search(before + own)
        and not _YOUNG.search("".join((*who, before, own, context.heading, context.title)))
    ):
        topic = named or "living_allowance"  # 就业奖励 for a doctor who works here
    guest = guest and said is not None and not _BROKERS.search(before + own + near + said.words)
    if topic == "employer_reward" and guest:
        topic = (
            "living_allowance"
            if re.search("社保|社会保险", own)
            else "research_funding"
            if "经费" in near
            else None
        )
    if so_far == "employer_reward" and guest:
        so_far = None  # an employer was paid before
    topic = (
        topic
        or so_far
        or (named if named != "graduates" or re.search("面试|求职|见习|实习", who[0]) else None)
        or _told_before(frame, context, own)
        or _titled(context.title, said)
        or _fallback(said, before, own)
    )
    context.topic, context.topic_for = topic, said.subject.recipient if said else None
    return topic


def _by_name(said: Said, near: str, own: str, around: tuple[str, str, str], frame: Frame) -> Topic | None:
    """The topic that the name of the recipient gives where the sum is just money: a prize, an honour."""
    before, heading, title = around
    if _PLATFORM.search(said.subject.recipient):
        near, own = near.replace("工作经费", ""), own.replace("工作经费", "")  # to a station, what it runs on
    near = near.partition("|用于")[0]  # what the money is spent on names nothing that is paid
    name = said.subject.recipient
    host = is_body(name) or re.search("见习(?:示范)?(?:单位|基地)", said.words)
    if host and re.search("见习", near + before + own + heading):
        return "employer_reward"  # for taking them in; what the young get is for graduates
    if not frame.money or topic_in(near) not in (None, "research_funding", "platforms"):
        return None
    site = _FOUNDED.search("|".join((before, own, said.words, name)))
    if site and re.search(r"(?:启动|建设|运行|运营|开办)(?:经费|资金)", near):
        return "platforms"
    if topic_in(near):
        return None
    contest = _CONTEST.search("|".join((said.words, own, before, heading, title)))
    if contest and _PRIZE.search(name):
        return _contest_topic(contest[0] + title)
    if topic_in(own) is None and _PLATFORM.search(name) and not _BROUGHT.search(before + own):
        return "platforms"
    if topic_in(own) is None and "资助" not in own and _HONOURED.search(name) and not _CONTEST.search(said.words):
        return "talent_title"
    return None


def _told_before(frame: Frame, context: Context, own: str) -> Topic | None:
    """发放租房补贴。补贴按博士每月1500元计发: what is paid was named in the sentence before."""
    if not _AGAIN.match(own):
        return None
    text = context.text.folded
    return topic_in(text[max(text.rfind("\n", 0, frame.start) + 1, frame.start - 80) : frame.start])


def _titled(title: str, said: Said | None) -> Topic | None:
    """The topic of the title; that of employers is no person's."""
    title = title[title.find("《") + 1 :] if "《" in title else title.partition("关于")[2] or title
    topic = topic_in(title)
    if topic == "graduates" and not (said and _YOUNG.search(said.subject.recipient)):
        return None
    return (
        None if topic in ("employer_reward", "platforms") and said and is_person(said.subject.recipient) else topic
    )


#: 安家费30万元（含购房补贴）: what is paid stands in front.
_INCLUDING = re.compile(r"（(?:含|包括|包含)[^）]{1,24}）")
#: 创新领军人才…，创业领军人才…: what the first gets is not what a founder gets.
_SCIENCE = ("research_funding", "talent_title")
#: 补贴按…, 标准为…: the money that was spoken of.
_AGAIN = re.compile(r"(?:上述|以上|该|此项|这项|具体)*(?:补贴|津贴|补助|奖励|资助)?(?:按|标准|金额|额度)")
#: 引才 · 育才 · 留才: headings that divide, and name nothing that is paid.
_GENERIC = re.compile(
    r"\A(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.]|（[一二三四五六七八九十]{1,3}）)?"
    r"(?:[引育留用聚招].{0,4}[引育留用聚招]?才.{0,3}|(?:奖项|奖励|奖金|奖补|评选|支持|扶持|激励|政策|保障)"
    r"(?:设置|设立|办法|标准|政策|措施|内容|名额)|.{0,2}(?:服务保障|待遇))\Z"
)
_ABROAD = re.compile("海外|留学|归国|外籍|境外")
#: A prize of a contest, or who won one.
_PRIZE = re.compile(
    r"(?:[等金银铜]奖|优[胜秀]奖|冠军|亚军|季军|获奖(?:项目|团队|者|企业)|选手|教练|牌|奖)(?:获得者|得主)?\Z"
)
_CONTEST = re.compile(r"[^，。；|《》“”]{0,16}(?:大赛|竞赛|比赛|挑战赛)")
_PLATFORM = re.compile(
    r"(?:基地|工作站|工作室|平台|中心|实验室|孵化器|众创空间|载体|产业园|创业园|创新联合体|研究院|流动站|大院|小院)\Z"
)
#: 设立名医工作室的: what the money is for, whatever it is called.
_FOUNDED = re.compile(r"(?:设立|新建|建立|成立|建成|获批|创建)[^，。；|]{0,16}(?:工作室|工作站|基地|平台|传习所)")
#: Whose name is an honour.
_HONOURED = re.compile(
    r"(?:获得者|能手|大师|工匠|名匠|标兵|状元|劳模|名师|名医|名家|大奖|首席(?:技师|专家|工程师|员工)|典型)”?\Z"
)


#: 入驻孵化基地的企业，…租金补贴: rent for where it works.
_HOSTED = re.compile(
    "(?:入驻|孵化|园区|基地)[^。；]{0,40}(?:租金|(?<!市)场租|房租)(?![^，。；]{0,10}(?:员工|职工|人才公寓))"
)
#: 引才工作站每推荐1个项目，…: paid for whom it brings.
_BROUGHT = re.compile("每(?:成功|新|全职)*(?:推荐|引荐|引进|举荐|介绍|输送)")
#: 企业聘请院士、教授开展技术攻关的: engaged, not hired.
_ENGAGED = re.compile(r"聘请[^，。；]{0,24}(?:院士|专家|教授|学者|顾问)(?!来[^，。；]{0,4}(?:工作|就业))")
_CHILD = re.compile("子女[^，。；|]{0,12}(?:入读|就读|入学|上学|入园|读书)")
_SITE = re.compile("办公|场地|场所|厂房|工位|实验室|研发用房|孵化")
_HOUSE = re.compile("公寓|住房|住宅|宿舍|人才房|居住")
_ASSISTANT = re.compile("(?:聘用|招用|吸纳|招聘|引进)[^，。；]{0,8}(?:科研|研究|科技)?助理")
_EMPLOYED = re.compile("就业(?:补贴|奖励|奖补)|面试|交通|机票|路费|差旅|车票")
_YOUNG = re.compile("毕业生|大学生|应届|学生|见习|实习|求职|本科|大专|专科|技校")


def _contest_topic(words: str) -> Topic | None:
    if re.search("创业|创新|双创|海创|创客|路演|项目", words):
        return "startup_funding"
    return "skills_training" if re.search("技能|职业|工匠", words) else None


_BROKERS = re.compile(r"引荐|伯乐|引才|推荐|举荐|荐才|招引|猎头|引进(?!的|到|后|计划|工程)|吸纳|招用|聘用|带动")
_PREMISES = re.compile(r"(?:经营|办公|创业|生产)(?:场地|场所|用房|面积)|厂房|工位|(?<!市)场租")


def _fallback(said: Said | None, before: str, own: str) -> Topic:
    """Where no word names what is paid: by who gets it and how."""
    if said and said.subject.recipient.endswith("奖"):
        return "talent_title"
    if re.search("实习|见习", before + own):
        return "living_allowance"
    team = said is not None and re.search("团队|项目", said.subject.recipient)
    if "资助" in own and said and (team or not is_body(said.subject.recipient)):
        return "research_funding"
    if re.search(
        r"入选|入围|工程(?!师|硕|博|技术|类|中心|研究|机械)|计划|获评|获得|获[^，。；]{0,10}(?:奖|称号)|荣获|评为|评选|当选",
        before,
    ):
        return "talent_title"
    if said and re.search("团队|项目", said.subject.recipient):
        return "research_funding"
    if said and re.search("注册(?:公司|企业)|个体工商户|创办|开办", before):
        return "startup_funding"
    if said and (is_body(said.subject.recipient) or _BROUGHT.search(before + own)):
        return "employer_reward"
    return "living_allowance"
