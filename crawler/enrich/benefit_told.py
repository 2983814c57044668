"""How a clause tells who is paid: objects, late subjects, titles, those who hire, those who pay."""

from __future__ import annotations

import itertools
import re

from crawler.enrich.benefit_lexicon import BODIES, HEAD, KIND
from crawler.enrich.benefit_recipients import Subject, strip_lead, subject_of

OBJECT = re.compile(
    r"(?:给予|奖励|补助|资助|补贴|发给|拨给|支付给?|支持|奖补|补给|授予|返还)(?:其|该)?(?P<object>(?:所在|引才|建站|设站|依托|申报|培养|创办|引进|用人|牵头|承办|推荐|推荐的|引进的)?"
    r"(?:用人单位|[^，。；、\d每（）]{0,4}单位|企业|公司|高校|院校|机构|(?:科研|创新|研发|完成)?团队|项目|平台|基地|个人|本人|园区(?:运营)?(?:机构|单位|企业)?|医院|学校|中介机构|人力资源服务机构|推荐人|引荐人|站点|载体|实验室|合作社|工作站|工作室|创业者|职工|学员|毕业生|博士后|博士|硕士|人才|[^，。；、\d每]{2,8}本人))"
)


LATE = re.compile(r"(?:由[^，对]{1,14})?[对向给为](?P<who>[^，。；]{2,30}?)(?:给予|发放|予以|进行|分别|每)")
ORGANISED = re.compile(
    r"(?:组织|安排|选派|邀请)(?:\d{1,5}名?|[^，。；\d]{0,4}名)?(?P<who>[^，。；\d]{2,24}?)(?:免费|参加|赴|开展|进行)?(?:疗养|体检|休养|研修|培训|考察)"
)
FOR = re.compile(r"对(?P<who>[^，。；]{2,30}?)(?:给予|发放|予以|进行|分别|每)")
#: 新评为省首席技师的: who has the title is who gets it.
TITLED = re.compile(
    r"(?:对|凡)?(?:新)?(?:获评|被?评为|被?评定为|被?认定为|当选为?|入选|荣获|晋升为?|获聘为?)(?!者|人员?)(?P<who>[^，的]{2,24}?)的?\Z"
    r"|(?:对|凡)?新?(?:设立|建立|新建|建成|创建|获批)(?P<site>[^，的]{2,24}(?:工作室|工作站|基地|平台|中心|实验室|驿站|研究院|站|园区?|孵化器|空间|学院|研究所|机构))(?:的(?!企业|单位|机构|公司|高校|院校|医院)|并[^，]{0,12}的|，|\Z)"
)
#: 引进省级人才，…: what the employer who was named before does.
BRINGS = re.compile(
    r"(?:(?:一|全|当|每)年|年度|年内)?(?:新|全职|柔性|每|成功|同时)*(?:引进|招引|聘用|招用|吸纳|培养|推荐|接收|聘)(?!的|人才(?:的|，|\Z)|人员(?:的|，|\Z))[^的]{2,24}(?:的|\Z)"
)


#: 标准为每名博士3万元.
PER_HEAD = re.compile(r"每(?:新?引进|招收|招用|培养|推荐)?(?:1|一)?[名位个][^，每给奖补]{1,10}\Z")
#: 按企业实际支付薪酬的40%给予补助: who pays gets it back.
PAYER = re.compile(
    r"按照?(?P<who>(?:用人单位|引才单位|[^，。；的]{0,4}企业|[^，。；的]{0,4}单位))(?:当年|上年度|每年)?实际(?:支付|发生|缴纳|投入|支出)"
)
HIRER = re.compile("(?:" + "|".join(BODIES) + "|推荐人|引荐人|举荐人|荐才人|伯乐|个人)\\Z")
BRINGS_A = re.compile(r"(?:引进|推荐|举荐|招用?|吸纳|培养|引荐)[^，]{0,8}[A-Za-z]类")
PER = re.compile(r"(?:每[人户名家个项年月]|最高|不超过|为|人均|按)*")

#: What somebody lives in or uses is not somebody.
HOME = re.compile(r"(?:驿站|公寓|宿舍|公交|地铁|景区|之家)\Z")
#: 县财政对省级资助按1:1配套: a grant that is topped up is nobody.
TOPPED_UP = re.compile(
    r"对(?:国家|中央|上级|[省市]级?)[^，。；]{0,6}(?:资助|奖励|补助|拨款|支持)[^，。；]{0,16}配套"
)
#: 在省补助基础上，市级再给予: who pays more.
PAYS_MORE = re.compile(
    r"(?:国家|[省市县区州]|自治区)(?:级|本级)?(?:财政|再|另|还|同步|追加)+(?:将|按)*(?:给予|配套|补助|奖励|追加)"
)
#: 引进团队，项目资助最高1亿元: what is paid, not who.
SORT_OF_MONEY = re.compile(r"(?:科研|创业|人才|创新)?项目(?:资助|经费|资金|补助)")
_EACH = re.compile(r"\A按照?(?P<who>[^，。；、：的\d每]{1,12}?(?:生|士|师|工|人才|专家))每[人名]\Z")
_NEXT = re.compile(r"[，、][^，。；、：的\d每]{1,10}每[人名]")
SITE = re.compile(r"(?:工作室|工作站|基地|平台|中心|实验室|研究院)\Z")
_HANDED = re.compile(
    r"(?:给予|奖励|补助|资助|补贴|奖给|发给)(?P<who>[\u4e00-\u9fff]{2,8}?)(?:最高|一次性|不超过|每[人名年月])*\Z"
)
#: 设站单位也有“红包”：: of whom the clauses behind the colon speak.
ALSO = re.compile(
    r"(?P<who>[^，。；：]{2,16}?)(?:这边|方面|呢|们?(?:也|同样|还|都)(?:有|能|可)?[^，。；：]{0,8})\Z"
)


def is_nobody(words: str) -> bool:
    """Whether what a clause begins with is money, or who pays it, and not who gets it."""
    return bool(TOPPED_UP.search(words) or SORT_OF_MONEY.match(words) or PAYS_MORE.match(words))


def named_before(near: list[str], words: str) -> list[Subject]:
    """Whom the clauses in front of ``words`` name."""
    found = (subject_of(w, closed=True) for w in itertools.takewhile(lambda w: w is not words, near))
    return [subject for subject in found if subject]


def each_of(words: str, behind: str) -> str | None:
    """按照大专生每人1000元，本科生每人1500元: the first of a list of those who get so much each."""
    found = _EACH.search(words)
    return found["who"] if found and _NEXT.match(behind) else None


def headless(words: str) -> str | None:
    """从事刺绣满十年的，…: a relative clause without a noun is all that names who gets it."""
    bare = words[strip_lead(words) :]
    return (
        bare
        if bare.endswith(("的", "的人员", "的个人"))
        and 5 <= len(bare) <= 40
        and not re.match("对?(?:符合|经|属|有)", bare)
        else None
    )


def handed(words: str, at: int) -> str | None:
    """Whom a sum at ``at`` is handed to in its own clause: 每带出1名补助|师傅|1200元."""
    found = _HANDED.search(words[:at])
    who = found["who"] if found else ""
    if who.startswith(("该", "其", "本", "此")) or KIND.search(who):
        return None
    return who if any(m.end() == len(who) for m in HEAD.finditer(who)) else None


#: 正高级职称, 全日制硕士学历及以上: who has them, where nothing else is said in front of the sum.
RANK = re.compile(
    r"(?P<who>[^，。；、：\d]{1,14}(?:职称|学历|学位|资格|层次)(?:（[^）]{1,12}）)?(?:及?以上)?)(?:的|者|每[人月年名]|给?予?|一次性)*\Z"
)
#: 领衔类每人资助20万元: a class by its own name.
KIND_OF = re.compile(
    r"(?:对|其中)?(?P<who>(?!分|按|每)[\u4e00-\u9fff“”]{1,8}(?:类|型|档|梯队|序列)|(?:全职|柔性|刚性)引进的)(?:的|每[人名个项家]|给予|最高|分别|一次性)*\Z"
)
#: 入选领军人才的资助额度: who has the title gets it.
NAMED_TO = re.compile(r"(?:入选|获评|被?评为|被?认定为|当选|晋升)[^，。；]{2,24}的")
#: 单位报销全部学费.
PAID_BY = re.compile(r"(?:所在|用人)?单位(?:报销|承担|负担|全额报销)")
