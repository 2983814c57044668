"""Benefit clauses in one sentence: which sums are granted, and which clauses belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.enrich.amounts import Amount, period_in
from crawler.enrich.benefit_lexicon import ACHIEVED, ACT, HEAD, KIND, NEVER, PEOPLE, THRESHOLD
from crawler.model.values import Period

_SUPERSEDED = re.compile(
    r"(?:由|从|[将把]原)(?:原来的?|原先的?|原|此前的?|过去的?|现行的?|每[年月人]|不超过|最高){0,3}(?P<old>[^，。；由从]{1,24}?)(?:统一|大幅|相应|分别)?(?:提高|提升|增加|调整|上调|提标|上浮|扩大|涨|升|增|提|调|扩|降低|下调|延长|放宽|优化|缩短|减少|压缩|改)(?:到|至|为|了(?=[\d.]+[万千]?元、))"
)
_TERM_BEFORE = re.compile(
    r"(?:连续|分|最长|期限|年限|共|为期|累计|发放|持续|不超过|最多|周期|按|期|长达|可达|给予|补贴|补助|享受|资助|租期|首|前|免租金?|免[费租][^，]{0,10}|就是|可享|一共|不得超过|时间|至多|上限|时限|(?:满|计)发|场地|办公用房|办公室|工位|(?<!共)公寓|住房|贴息|连[发补领享给])(?:为|不超过|最长|最多|不长于|的)?(?:期)?(?:不超过|最长)?\Z"
)
_TERM_AFTER = re.compile(
    r"内，?按?(?:照)?每[人名位]每?[年月]|内按每[年月]|内(?:累计|共|一共)?可?(?:领取?|获得?|拿到?)(?=\d|最高|共|累计)|(?:内|期)?(?:的|按[月年季]|由[^，]{2,10}|为限|等额|平均|分期|逐年)?(?:发放|拨付|兑现|给予|补贴|租房|生活|房租|住房|购房|免租|免费|租金|拨|支付|付清|发完|付完|拨完|兑付|兑完|到位|到账|享受|资助|补助|每[年月]|津贴|期限)|为限|为止|封顶|内?免|、每[年月]"
)
#: These say a term whatever else stands in front of it.
_SURE_TERM = re.compile(
    r"(?:管理期|支持期|资助期|培养期)（\Z|(?:连续|享受|发放|领取|领|享|补贴期|支持期|资助期|租期|补助期|奖励期|免租期?|分)(?:限|期)?(?:为|不超过|最长|最多|不得超过|可达|可)*(?:期)?\Z"
)
_NO_TERM = re.compile(
    r"(?:合同|服务(?:期|年限|满)?|工作(?:满|累计|年限|时间)?|签订|毕业(?!生)|近|取得|年龄|任职|缴纳[^，]{0,10}|社保|注册|成立|经营|研发|建设期|执行期|管理期|有效期|满|项目期|(?<!免费)居住|从业|学制|承诺|到期|办理|未满|经历|经验|在岗|运营|培养期|聘期)[^，。；\d]{0,6}\Z"
)
_FREE = re.compile(
    r"(?:(?<!不)免费|无偿)(?:提供|享受|享有|使用|申请|拎包|安排|获得)?[^，。；、免]{0,14}?(?:入住|住宿|居住|办公|入驻|体检|乘坐|游览|参观|停车|培训|使用|住房|公寓|场地|租住|住|游|工位|就餐|疗养|休养|健身|租用|厂房|创业空间|注册)"
    r"|免(?:收|除|缴|交)?(?:[^，。；]{0,6})?(?:租金|房租|场租|租)|(?:租金|房租|场租|租费|费用|学费|押金)(?:、[^，。；、]{2,6}[费金])?(?:第[一1]年|首年|前[一两二三四五\d]年)?(?:全免|全部免除|全额减免|全额免除|免费)|全免(?:租金|房租|场租)|全额(?:社会?保险?费?|房租|租金|场租)?(?:返还|代偿|贴息|报销|承担|补贴|资助|减免)|免(?:首|前)?[一二三四五\d]{1,2}(?:年|个月)(?:的)?(?:租金|房租|场租|租)|(?:所得税|个税|契税|税负|税款)[^，。；]{0,24}(?:予以)?(?:免征|免缴|全免)|免征[^，。；]{0,16}(?:所得税|个税|契税)|免(?:除|收)[一二三四五\d]{1,2}年学费|免除学费|(?:乘坐|游览|参观|停车|入园|公交|地铁|景区|体检)[^，。；]{0,10}免费|拎包入住|零租金|[“\"]?零房租"
)
#: Without one of these nothing is free.
MAYBE_FREE = re.compile("[免零]|无偿|全额|拎包")
CAP_ONLY = re.compile(
    r"(?:且|但|并|财政|累计|合计|总额|总计|奖励|资助|金额|补助|补贴|贴息|每[家户人个年月项名]|单[个家项次]|一[个家]|同一|全年|年度|每年|每家|当年|年|总|额度|个人|企业|单位|项目|基地|原则上|最多|最高|按|的|资金|支持|给予|予以|平台|最终|合并|可|标准|上限|限额|为|其|贷款|税前|数额|扶持|不超过)+"
)
_PART = re.compile(
    r"(?:首年|次年|末年|第[一二三四五六\d]{1,2}(?:年|期|次|笔|批)(?:至第?[一二三四五六\d]{1,2}年)?|余下|其余|剩余|首期|首次|中期|尾款|先行|期满|余款|首批|二期|先|后|合格后|通过[^，]{0,6}后|验收[^，]{0,6}后|年底|当年|再(?=拨|付|支付|兑))(?:的)?(?:拨付|发放|兑现|支付|给予|拨|付|发)?[^，。；\d]{0,8}\Z"
)
_INSTALMENT = re.compile(r"分(?:\d{1,2}|[一二两三四五六七八九十])(?:个)?(?:年|期|次|批|笔)|等额|分期|分年|逐年")
_TARGET = re.compile(r"力争|目标|争取|确保|计划|预计|规划")
_SUPPORT = re.compile(r"给予|可|享受|补贴|奖励|资助|补助|最高|每人|发放")


@dataclass
class Frame:
    """One grant under construction; positions are of the folded text."""

    start: int
    end: int
    clause: int
    money: list[Amount] = field(default_factory=list)
    rates: list[Amount] = field(default_factory=list)
    areas: list[Amount] = field(default_factory=list)
    free: bool = False
    period: Period | None = None
    months: int | None = None
    limits: list[str] = field(default_factory=list)
    #: The words next to the sum, which name what is paid.
    near: str = ""
    #: The clause it was read in.
    words: str = ""
    #: Where the verb (or the first amount) stands in its clause: the subject is in front of it.
    verb: int = 0
    #: The stretch between verb and sum, where an object may stand: 给予用人单位8万元.
    between: str = ""
    #: Own recipient of a paired sum: 博士10万元、硕士5万元.
    own: str | None = None
    #: Sums that stand without a verb, under one that was said before.
    elliptic: bool = False
    #: Another frame has taken its figures over.
    dropped: bool = False
    #: Where the clause starts whose share this frame has: 补贴20%，A类最高100万元.
    since: int | None = None
    #: In which case the sum is paid: 东部地区.
    case: str | None = None
    #: 首年给予10万元: the first of several sums, each of its own.
    part: bool = False
    #: 给予设站单位50万元: named between the verb and the sum, so that no class in front of it is paid.
    paid_to: bool = False
    #: The classes that the sums in front of it were divided among.
    peers: list[str] = field(default_factory=list)
    #: Who the ceiling behind it says is paid: 每家企业每年不超过2万元.
    payee: str | None = None
    #: A right without a sum (schooling, settlement …).
    right: bool = False

    @property
    def bare(self) -> bool:
        """Whether no figure belongs to it."""
        return not (self.money or self.rates or self.areas or self.months)


#: Months behind these are no term of a payment even in a clause of their own.
_OTHER_TERM = re.compile(
    r"力争|争取|运[行营]|(?:实施|建设|项目)周期|执行期|过去|近[一二三四五\d]|未来|今后|以来|合同|服务|工作|签订|毕业(?!生)|社保|社会保险|注册|成立|聘期|任期|年龄|任职|试用|在职|有效|施行|经营|以内取得|申请|公示|受理|届满|居住|缴|(?<!最长)(?:租满|住满)|举行|举办|开展"
)


def is_own_term(text: str, amount: Amount, offset: int) -> bool:
    """Whether a short clause without sums says nothing but how long a payment lasts: 连发三年."""
    if text[: amount.start - offset].endswith(("每", "第")):
        return False
    if amount.above or len(text) > 24 or _OTHER_TERM.search(text) or text.endswith("的"):
        return False
    return not re.match(r"(?:以内|内(?!发|分|付)|前|后|度|以上)", text[amount.end - offset :])


#: 原政策博士30万元，现调整为40万元: what was.
_FORMERLY = re.compile(
    r"原(?:政策|标准|规定|办法|有|来|先|定)?(?:为|是)?[^，]{0,20}\d(?![^，]*(?:调整|提高|上调|增加)[到至为])"
)


def drops_clause(text: str, *, money: bool) -> bool:
    """Whether nothing in a clause is a grant: funds, fees, fines, prices, money already paid."""
    if NEVER.search(text) or _FORMERLY.match(text):
        return True
    if not money:
        return False
    if ACHIEVED.search(text) and not re.search(r"给予|可享|最高|可获|可申请|按照?\d|不(?:得)?超过\d", text):
        return True
    return bool(_TARGET.search(text) and not _SUPPORT.search(text))


def superseded(text: str) -> tuple[int, int] | None:
    """The span of a sum that is replaced: 由每年2万元提高到 …"""
    found = _SUPERSEDED.search(text) if "由" in text or "从" in text or "原" in text else None
    return found.span("old") if found else None


#: A share that describes, and is not granted: 占比, 不低于60%, 增长34%.
_SHARE_OF = re.compile(
    r"(?:占(?!用)[^，。；]{0,20}|不得?低于|不少于|超过|达到?|同比[^，]{0,4}|增长|下降|(?:覆盖|满意|合格|通过|就业|本地化|完成|落实|留存)率[^，]{0,6}|额度[^，]{0,4}(?:上浮|提高)|平均(?:提高|增长|上涨|提升|增加)(?:了)?|近|超|(?<!最高)(?<!比例)(?<!分别)为)\Z"
)


#: 30万元以内的部分; 贷款30万元以内的, …: for whom the next clause is.
_UP_TO = re.compile(r"(?:以内|以下|以上|之内)?的?部分|(?:（含）)?(?:以内|以下|之内)(?:（含）)?的\Z")


def is_threshold(text: str, amount: Amount, offset: int) -> bool:
    """Whether an amount in a clause only says who qualifies."""
    at, end = amount.start - offset, amount.end - offset
    head, tail = text[:at], text[end:]
    if amount.kind == "rate" and (_SHARE_OF.search(head) or re.match(r"(?:可|应|须|主要|要)?(?:用于|作为)", tail)):
        return True
    if amount.kind == "money" and _UP_TO.match(tail):
        return True
    acts_before = ACT.search(head)
    if amount.above and not acts_before and re.search(r"每[人名](?:每[年月])?不低于\Z", head):
        return False
    if amount.above and (not acts_before or re.match(r"(?:及)?以上(?:\(含\))?的", tail)):
        return True
    if re.match(r"(?:及)?以下(?!罚)", tail) and not acts_before:
        return True
    limit = THRESHOLD.search(head) if amount.kind != "rate" else None
    if limit and not re.match(r"(?:的)?[^，]{0,6}(?:补贴|奖励|补助|资助|津贴|经费)", tail):
        # 给予年薪50万元 grants; 年薪50万元的 limits. An act right in front of the noun decides.
        near = 16 if amount.is_cap else 6
        return not re.search(rf"(?:给予|提供|享受|补贴|奖励|补助)[^，]{{0,{near}}}\Z", head[: limit.start()])
    if acts_before:
        return False
    if re.match(r"的?(?:标准|比例|额度|幅度|档次)", tail):
        return False
    later = ACT.search(tail)
    kind = re.match(r"[^，的]{0,10}", tail)
    if text.endswith("的") and not (kind and KIND.search(kind[0])):
        return True
    between = tail[: later.start()] if later else ""
    return "的" in between and bool(HEAD.search(between.partition("的")[2])) and not (kind and KIND.search(kind[0]))


#: 五年内按其缴纳个人所得税的50%给予奖励.
_TAXED = re.compile(r"之?内，?(?:每年)?按[^，]{0,24}(?:所得税|地方留成|地方贡献|贡献|纳税|税收)")


#: 三年支持期内每人每年…
_MANAGED = re.compile("(?:管理|支持|培养|资助|培育)期(?:为|限)?\\Z")
_IN_TERM = re.compile(r"(?:的)?(?:管理|支持|培养|资助|培育|扶持)期之?内，?(?:每|按)")


def term_of(text: str, amount: Amount, offset: int) -> bool:
    """Whether months in a clause are the term of a payment, not of a contract or a degree."""
    at, end = amount.start - offset, amount.end - offset
    head, tail = text[:at], text[end:]
    if head.endswith(("每", "第")):
        return False
    if _TAXED.match(tail) or _IN_TERM.match(tail) or (_MANAGED.search(head) and re.match("之?内，?每", tail)):
        return True
    if re.search(r"(?:实施|建设|项目|研究)周期|执行期", head) or re.match(
        r"内由[^，]{2,40}(?:审计|审核|评审|验收|检查|核查)", tail
    ):
        return False
    if re.search(r"(?:聘|服务|支持|管理)期（\Z", head) and re.match(r"）(?:之?内|\Z)", tail):
        return bool(re.search("发放|享受|有效|津贴|补贴|期限", text))  # 津贴期限为一个聘期（3年）
    if head.endswith("（") and tail.startswith("）") and not amount.above and head[-2:-1] in "元月年贴费金":
        return True  # 每月2000元（3年）
    if head.endswith(("平方米", "㎡", "平米")):
        return True
    if _SURE_TERM.search(head) and not amount.above and not re.search(r"(?:合同|服务|聘)期?限?[^，]{0,6}\Z", head):
        return True
    if (
        amount.above
        or _NO_TERM.search(head)
        or re.match(r"(?:及)?以上|以内|内(?!每|的租|发|给|免|按|由|连续|可|享|提供)|前|后|度", tail)
    ):
        return bool(re.match(r"内(?:分|逐|平|等|按|由|可|享|提供)", tail)) or bool(
            re.search(r"(?:分|连续|最长)\Z", head)
        )
    return bool(_TERM_BEFORE.search(head) or _TERM_AFTER.match(tail))


def is_ceiling(text: str, amount: Amount, offset: int) -> bool:
    """Whether a clause only caps what another clause grants: 每家每年最高15万元."""
    head = text[: amount.start - offset]
    cap_words = re.search(r"最高|不超过|最多|上限|封顶|以内|限额|不高于|为限|不超|至多", text)
    if not cap_words or len(head) > 26 or re.search(r"标准(?:给予|予以|发放|补助|补贴|奖励)", text):
        return False
    if re.match(r"每[位名个](?:[^，\d]{0,8}?)(?:每[年月]|全年)?(?:最高|最多|不超过|限额|封顶)", text):
        return True  # 按40%给予补助，每位专家每年不超过10万元
    if re.search(r"[A-Za-z甲乙丙丁]类|博士|硕士|本科", head):
        return False
    if re.match(
        r"(?:并|还|另外?|同时|再)?(?:可|能|将|再|还)*(?:申请|享受|获得?|申领|领取|提供|给予|发放)", head
    ) and (KIND.search(text[amount.end - offset :])):
        return False  # 并可申请最高50万元的贷款: something else
    if re.match(r"(?:合伙|联合|团队|组团)(?:[^，]{0,8}的|(?:创业)?(?:可|最高|不超过))", head):
        return False  # 合伙创业的不超过110万元: another case
    rest = CAP_ONLY.sub("", head)
    if any(rest.endswith(name) for name in PEOPLE if len(name) > 1 and name != "个人"):
        return False  # 杰出人才最高5000万元
    return len(rest) <= 5 and not re.match(r"(?:对|给予.{2,})", head)


def is_part(text: str, amount: Amount, offset: int) -> bool:
    """Whether a sum is an instalment of another one: 首年10万元."""
    head, tail = text[: amount.start - offset], text[amount.end - offset :]
    if re.search(r"另(?:外)?(?:给|发|奖|补|行给予|行发放)\Z", head):
        return False
    if re.search(r"(?:之后|此后|以后|另|再)[^，]{0,6}(?:给予|奖励|补助|资助|补贴)\Z", head) and KIND.match(
        re.sub(r"^的?[^，。；的]{0,4}?(?=经费|补贴|补助|奖励|津贴|资助)", "", tail)
    ):
        return False  # 之后每年给予2万元运行经费: something else
    return bool(
        _PART.search(head)
        or re.search(
            r"(?:分[^，]{1,4}年|每年|逐年|之后[^，]{1,3}年|(?<![名个项支家])各)[^，]{0,4}(?:发放|拨付|兑现|支付|发|拨|按|每年)?[^，。；\d]{0,4}\Z",
            head,
        )
    )


def opens_series(text: str, amount: Amount, offset: int) -> bool:
    """Whether a sum is the first of a series that is not said in total: 首年给予10万元，次年…"""
    return bool(re.search(r"(?:首年|第一年|首次|第一次)[^，。；\d]{0,8}\Z", text[: amount.start - offset]))


def free_in(text: str) -> re.Match[str] | None:
    """Something that costs nothing: 免费入住, 免租."""
    return _FREE.search(text)


def in_instalments(text: str) -> bool:
    """Whether a payment is split: 分三年, 等额."""
    return bool(_INSTALMENT.search(text))


def settle_terms(frame: Frame, text: str, months: list[Amount], offset: int, stretch: str) -> None:
    """Let the months and periods of a clause speak for its frame; ``stretch`` is the part that is the
    frame's own."""
    for amount in months:
        if term_of(text, amount, offset):
            value = amount.value
            frame.months = max(int(value), frame.months or 0) if value == int(value) else frame.months
    for amount in frame.money:
        if amount.period:
            frame.period = amount.period
    if frame.period is None:
        frame.period = period_in(stretch)
    if (
        frame.months is None
        and (frame.rates or (frame.free and stretch) or (frame.money and frame.period == "month"))
        and re.search(r"(?:^|[，；]|租金|场租|房租)(?:第[一二三四五六\d]|首|次)年(?!度|至|到|起|[、和]第)", text)
    ):
        frame.months = 12
    if (
        in_instalments(text)
        and frame.period in ("year", "month")
        and frame.money
        and not re.search(r"每[年月]", text)
    ):
        frame.period = None
