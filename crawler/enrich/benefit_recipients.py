"""Who gets it: the recipient of a benefit, and the clause that limits it, from subject clauses."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.enrich.benefit_lexicon import BODIES, FAMILY, HEAD, LEADING_VERB, LINK, PEOPLE

#: Longer than this no recipient's name is.
LONGEST_RECIPIENT = 40

_TAIL = re.compile(
    r"(?:分(?:[一二三四五六七八]|\d)(?:个)?(?:档次?|类|级|等|层次|批)|(?:的)?(?:支持|资助|补贴|补助|奖励|津贴|贷款)?(?:额度|标准|金额|力度)(?:则|均|也)?|每(?:人|名|个|项|家|户|位|支|所|套|次|年|月|人每[年月]|人次)(?:可)?|人均|(?:由|经)[^，的]{1,14}|(?:市|县|区|省|州)?(?:级)?财政|按[^，]{1,30}(?:标准|比例|方式)?"
    r"|一次性|每年|每月|分别|均|各|可|直接|再|还|另|也|都|将|并|按月|按年|累计|最多|最高|一般|同时|额外|即|又|连续.{1,4}年|分.{1,3}年"
    r"|(?:\d+|[一二三四五])年内|可以|能|能够|优先|给)\Z"
)
_LEAD = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}条|[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)][、.]?|\d{1,2}[、.](?!\d)|[①-⑳]|【[^】]{1,12}】|[一二三四五六七八九十]是|[^\w“”（）【】《》〈〉〔〕\[\]\s，。：；、|%+])+"
)
_OPEN = re.compile(
    r"^(?:毕业(?:\d{1,2}|[一二两三四五六七八])年(?:以?内)?(?:且|、|的)?|(?:补贴|补助|奖励|发放|资助|津贴)?(?:标准|金额|额度)(?:分别)?(?:为|是|(?=[一-鿿]{0,6}(?:本科|硕士|博士|人才|技师|专科|大专|毕业生)))|每(?:个|名|位|家|户|支|项|所|座)|单个|对于|对(?!口|接|标|象)|凡是|凡|给予|鼓励|支持|选派(?!人)|向|[将把](?=“[^”]{2,10}”|[^，。；]{0,12}(?:博士|硕士|本科|人才|专家|毕业生|企业|单位|技师|项目|团队))|为|针对|其(?:所带|所率|带领的?|率领的?)?(?=(?:创新|创业|科研|核心)?团队)|其(?=所在|[用引]人?才?单位|依托|工作单位|(?:领衔|核心|带头|牵头|主要|团队)(?:人才|人|成员|骨干|专家)|负责人|骨干|成员)|如果|要是|假如|如|其中|同时|此外|另外|另|并且|并|且|而|若|原则上|经(?:评审|评估|考核|认定|审核|批准|核实)(?:后)?(?:符合条件)?的?)+"
)
#: 新办法把创新团队…, 盟市对入选者…: whoever acts is not the one who gets it.
_TAKEN = re.compile(
    r"(?:[省市县区州盟旗](?:级)?[、和]){1,2}[省市县区州盟旗乡镇](?:级)?财政(?:部门)?(?:共同|分别|统一)?对(?=[^，。；]{2})|"
    r"(?:该|本|我|全)?(?:[区市县省州]|政府|部门|财政|公司|银行)[^，的]{0,6}为(?=[^，。；]{2})"
    r"|[^，。；、的为]{1,10}(?:驿站|中心|机构|部门|平台|园区|委|局|社|公寓|基地|银行)(?:将|应|可|统一|负责|免费)?为(?![^，。；]*(?:引进|推荐|输送|招引|介绍|招聘))(?=[^，。；]{3})|[^，。；、的]{1,10}?(?<![面核应绝反针校应结成配相])(?:把|对(?!象|口|接|标))(?=[^，。；]{2})"
)
#: 向街道提交申请: where one asks, not who gets.
_ASKED_OF = re.compile(
    r"(?:可以?|须|应)?(?:向|到|前往|通过|登录)[^，的]{1,20}(?:提交|提出|申请|申报|办理|咨询|报名|登记)[^，]{0,6}\Z"
)
#: 首次将高级技师纳入: from now on he gets it too.
_INCLUDED = re.compile(r"(?:首次|新|此次|还|并)*[将把](?P<who>[^，。；]{2,16}?)(?:也|首次|一并)*纳入[^，]{0,8}\Z")
_QUOTED = re.compile(r"“([^”]{2,24})”")
#: Classes that stand for their members: A类, 国家级, 一等奖.
CLASS = re.compile(
    r"^(?:[A-Za-z甲乙丙丁][+]?[类档级卡]|[金银]卡|前[一二三四五六七八九十\d]{1,2}名|第?[一二三四五六七八九\d]{1,2}(?:类|层次|档|等|级)|国家级|省级|市级|县级|区级|国家|省|市|[特一二三四]等奖?|[金银铜]奖|优[秀胜]奖|冠军|亚军|季军)"
)
#: Between two heads these end the first phrase: 企业|全年新招用|博士.
_GAP_STOP = re.compile(
    r"每(?!年)|通过|委托|[在到来赴入经被按获给由与带租领创签购办做并且可将须应每新，；：。的当全首共已向凭考攻读持具拥任受选被留回返加定居购租]|服务|落户|落地|入驻|引进|招|聘|牵头|建设|开展|吸纳|取得|完成|参加|申报|录用|培养|享受|组织|开发|推荐|承担|主持|选派|为(?!主)|柔性|设立|建立|评|认定|生活|租房|住房|购房|提供|介绍|接收|分别|一次|最高|发放|补贴|奖励"
)
_NOTHING = re.compile(
    r"^(?:.*(?:来源|作者|责编)[：:].*|时间[：:].*|分[^，]{1,12}[类档级]|本人及?[^，]{0,16}|其(?!(?:他|余)[^，]{2}|所在|[用引]人?才?单位|依托|工作单位|领衔|核心|带头|牵头|负责人|骨干|成员).{0,8}|您.{0,24}|你.{0,24}|此类.{0,4}|该.{0,6}|每.|个人|本人|人员|上述人员|上述人才|其|者|以上人员|以上人才|上述对象|学历|其中|[省市县区州镇]里|[我本该全][省市县区州校院]|政府|财政|单身|带家属|.{0,4}部门|[省市区县]|国家)?$"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Recipients as written, one each, with the limiting clause; ``text`` is the whole phrase."""

    recipient: str
    condition: str | None = None


#: 大赛设特等奖1个，…: a prize and how many there are.
_PRIZE = re.compile(
    r"(?:^|设[置有立]?|评出|评选|其中|：|、)((?:[特一二三四]等|[金银铜]|优[秀胜]|入围|创新|人气|潜力|最佳[^，、]{2,4}|[^，、；：\d]{2,6})奖|冠军|亚军|季军)各?(?:(?:\d{1,3}|[一二两三四五六七八九十]{1,2})[个名项家支位](?:左右)?|若干[个名项]?)\Z"
)


def strip_lead(text: str) -> int:
    """How many characters of ordinals (第三条, 一、, （2）) a stretch begins with."""
    found = _LEAD.match(text)
    return found.end() if found else 0


@lru_cache(maxsize=64)  # a clause is asked about by those behind it, too
def subject_of(text: str, *, closed: bool) -> Subject | None:
    """The subject in a clause, or in the part of one before its verb.

    ``closed``: the stretch is a whole clause (it may end in 的); otherwise adverbs before the verb
    are cut off first.
    """
    text = text[strip_lead(text) :][-160:]
    if prize := _PRIZE.search(text[-24:]):
        return Subject(prize[1])
    text = (text if closed else _cut_tail(text)).rstrip("，：")
    if _ASKED_OF.match(text):
        return None
    if included := _INCLUDED.match(text):
        return Subject(included["who"])
    if taken := _TAKEN.match(text):
        text = text[taken.end() :]
    if not text:
        return None
    text = re.sub(
        r"\A[将把]原(?:来|有|先)?(?:办法|政策|规定|标准)?(?:中|里)?(?:的)?|\A每[年月](?=[向对给为选])|\A(?:根据|按照|依据)《[^》]*》[^“，。；]{0,16}“",
        "",
        text,
    )
    opened = _OPEN.match(text)
    body = text[opened.end() :] if opened else text
    ends_de = body.endswith(("的", "后", "时", "之日起")) and not body.endswith("博士后")
    if ends_de:
        named = CLASS.fullmatch(body[:-1]) if body.endswith("的") else None  # 省级的给予30万元
        return Subject(named[0]) if named else leading_name(body[:-1])
    if "的" in body:
        head, _, tail = body.rpartition("的")
        if tail.startswith(FAMILY) and len(head) <= 20:
            stop = next(w for w in FAMILY if tail.startswith(w))
            return Subject(_last_phrase(head) + "的" + stop)
        if _is_phrase(tail) or re.fullmatch(r"“[^”“]{2,12}”", tail):
            return Subject(trim_name(tail), _condition(head))
        there = _BODY_THERE.match(tail)
        if there and LEADING_VERB.match(head.removesuffix("人才多") or head):
            return Subject(there[0], _condition(head))
        if "，" not in body and (found := leading_name(body)):
            return found
        return None
    if _is_phrase(body):
        return Subject(trim_name(body))
    return leading_name(body)


def _cut_tail(text: str) -> str:
    for _ in range(8):
        found = _TAIL.search(text[-46:])
        if not found or not found[0]:
            break
        text = text[: len(text) - len(found[0])].rstrip("，")
    return text


def _condition(text: str) -> str | None:
    text = text.strip("，、；。：")
    return text or None


#: 引进人才多的|企业也能得实惠: whom the clause in front describes.
_BODY_THERE = re.compile(r"(?:用人)?(?:企业|单位|机构|公司|高校|院校|医院|园区)(?=也|都|均|还|则)")
_NEWLY = re.compile(r"新?引进|入选|获评|全职|培养|新(?:入职|招录|录用|招聘|聘用|进站|毕业)|首次")


#: What begins right behind a name is what he does: 人才子女|入读国际学校, 社会力量|在我市建立中心.
_PREDICATE = re.compile(
    r"[在来到赴][^，的]{1,10}(?:创办|工作|就业|设立|建立|建设|注册|购|租|落户|参加|学习|研修|任教|就读)(?!的)"
    r"|(?:入读|就读|报读|入住|入园|考取|考上|攻读|购买|购置|租住|租用|租赁|承租|取得|获得|获评|获批|建立|设立|新建|创办|开办|携带|带着|聘请|"
    r"转让|转化|参加|出资|承办|牵头|委托|联合|申请|新认定|认定|被认定|为(?!主))(?!的|者|人)"
)


def _is_phrase(text: str) -> bool:
    """Whether a stretch is nothing but a noun phrase that ends in a recipient."""
    if re.search(r"分(?:为|成)", text):
        return False  # 软件人才按年薪分为三档: a clause
    if not text or len(text) > LONGEST_RECIPIENT or LEADING_VERB.match(text):
        return bool(text) and len(text) <= 16 and bool(_NEWLY.match(text)) and _ends(text)
    return _ends(text) or bool(CLASS.fullmatch(text))


_RANKED = re.compile(r"[A-Za-z甲乙丙丁一二三四五六七八九\d](?:类|档|层次|级)\Z|前[一二三四五六七八九十\d]{1,2}名\Z")


def _ends(text: str) -> bool:
    text = re.sub(r"（[^）]{0,40}）$", "", text)
    heads = list(HEAD.finditer(text))
    for one, other in itertools.pairwise(heads):
        gap = text[one.end() : other.start()]
        if re.search(r"可(?!持续)|应当|须|参评|申报|取得|每(?!年)", gap) or re.match(
            r"(?:新|全职|每|自主|柔性|成功)*(?:聘|引进|新增|举荐|引荐|招|吸纳|录用|培养(?!的)|推荐|接收|输送|建立|设立|新建|选派)",
            gap,
        ):
            return False
        if _PREDICATE.match(gap) or _PREDICATE.match(text, one.end()):
            return False  # 专家在本市创办企业, 人才子女入读国际学校: a clause, no name
    if heads and text[heads[-1].end() :] in ("", "”", "等", "们", "类"):
        return True
    named = CLASS.match(text)
    if named and text[named.end() :] in ("", "类", "者", "等", "奖", "人才", "人员", "团队", "项目", "平台"):
        return True
    return bool(_RANKED.search(text))


def trim_name(text: str) -> str:
    """A name without marks at its ends; quotation marks stay where they close around a part of it."""
    if text.count("“") != text.count("”") or (text[:1] == "“" and text.find("”") == len(text) - 1):
        return text.strip("“”、：")
    return text


def _last_phrase(text: str) -> str:
    return re.split(r"[，。；：的]|对于|对", text)[-1]


#: 企业|全职聘用的|博士未购房的: it is the one who was hired of whom the clause speaks.
_HIRED_BY = re.compile(
    r"[^，。；的]{0,8}?(?:聘用|聘请|引进|招聘|招用|录用|选派|派出|引育|接收)的(?!单位|企业|机构)"
)


def leading_name(text: str) -> Subject | None:
    """The noun phrase at the beginning of a clause; what follows it limits it."""
    if LEADING_VERB.match(text) and not re.match(
        r"引进人才|引进人员|全职人才|入选(?:者|人员|项目|人才)|在职|自主[创就择]业|新引进人才|新[设建]站(?:单位|企业)|来",
        text,
    ):
        head, _, tail = text.partition("的")
        found = leading_name(tail) if tail and len(head) <= 40 and "，" not in head else None
        return Subject(found.recipient, _condition(text)) if found else None
    first = HEAD.search(text, 0, 48)
    if not first or re.search(
        r"(?:[在到从按被于](?!职|校|读|站|外)|后与|[经将](?!济|营|纪|来))", text[: first.start()]
    ):
        return None
    end = first.end()
    hired = _HIRED_BY.match(text, end)
    who = HEAD.search(text, hired.end(), hired.end() + 16) if hired else None
    if hired and who and who[0].endswith(PEOPLE):
        return leading_name(text[hired.end() :])
    for _ in range(12):
        link = LINK.match(text, end)
        following = HEAD.match(text, link.end() if link else end)
        if not following:
            following = HEAD.search(text, end, end + 16)
            if following and re.fullmatch(
                r"[^，。；的]{0,12}(?:大赛|竞赛|比赛|计划|工程)[^，。；的]{0,4}", text[end : following.start()]
            ):
                end = following.end()
                continue
            if not following or _GAP_STOP.search(text[end : following.start()]):
                break
        end = following.end()
    owner = re.match(r"(?:自主)?(?:领办|创办|创立|成立|注册)的?", text[end:])
    if owner and (body := HEAD.match(text, end + owner.end())):
        end = body.end()
    if text[end : end + 1] == "费":
        return None  # 猎头费由政府承担一半
    if text[end : end + 1] == "”":
        end += 1
    name = text[:end]
    if name.count("（") > name.count("）"):
        closing = text.find("）", end, end + 12)
        end = closing + 1 if closing > 0 else name.rfind("（")
        name = text[:end]
    if len(name) > LONGEST_RECIPIENT:
        return None
    rest = text[end:]
    return Subject(
        trim_name(name),
        _condition(rest) if len(rest) > 3 and not re.match("[每能可还也均由]|租房每", rest) else None,
    )


def inner_subject(text: str) -> Subject | None:
    """Where no subject leads: the name in quotation marks that is won, or the first recipient."""
    text = text[strip_lead(text) :]
    quoted = _QUOTED.search(text)
    if quoted and re.match(
        r"(?:对|凡)?(?:当年|首次|新)?(?:获评|评为|入选|获得|被评为|当选|获|荣获|授予|被授予|认定为|被认定为|获批|建成|新建)",
        text,
    ):
        return Subject(quoted[1], None)
    chosen = re.match(
        r"(?:每年|每届|每两年|定期|经)*(?:评选|遴选|选拔|选树|表彰|评审|资助|支持|认定)(?:产生|不超过|约|一批|出)*(?:\d{1,4}(?:名|个|家|项|人|支)左右?)?",
        text,
    )
    if chosen:
        name = _QUOTED.match(text, chosen.end())
        found = None if name else leading_name(text[chosen.end() :])
        if name or found:
            return Subject(name[1]) if name else found
    programme = re.match(
        r"(?:设立|实施|启动|开展|组织实施|推出)“?([^，。；“”]{2,16}?(?:项目|计划|工程))”?(?:，|\Z)", text
    )
    if programme:
        return Subject(programme[1])
    programme = re.match(r"“([^“”]{2,14}(?:计划|工程|项目))”(?:拟|每年|共|将)*(?:资助|支持|遴选|选拔)", text)
    if programme:
        return Subject(programme[1])
    won = re.match(
        r"(?:当年|首次|新|经(?:专家)?(?:评审|评估|认定|审核|考核|遴选|评选)?(?:后)?)?"
        r"(?:获评|被?评为|入选|当选|被?认定为|晋升为?|获批|认定的|取得|获得|引进|新引进|全职引进)",
        text,
    )
    if won:
        first = HEAD.search(text[won.end() : won.end() + 30])
        if first and len(text[won.end() : won.end() + first.end()]) <= 16:
            found = leading_name(text[won.end() :])
            return Subject(found.recipient, _condition(text.rstrip("的"))) if found else None
    return None


def is_empty(recipient: str | None) -> bool:
    """Whether a word names nobody by itself: 个人, 上述人员."""
    return recipient is None or bool(_NOTHING.match(recipient))


def is_body(recipient: str) -> bool:
    """Whether the recipient is an employer or another organisation, not a person."""
    return recipient.endswith(BODIES)


def is_person(recipient: str) -> bool:
    """Whether the recipient is a person or a class of persons."""
    return recipient.endswith(PEOPLE)
