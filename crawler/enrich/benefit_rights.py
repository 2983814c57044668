"""Rights without a sum: schooling for children, a job for the spouse, settlement, medical care."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from crawler.model.values import Topic

#: A right is granted only where somebody may, shall be served, or need not.
_MODAL = re.compile(
    r"可|享受|享有|优先|直接|对口|先落户|准予|不受|不设|免|妥善|就近|给予|协助|协调|统筹|随调|任选|予以|由[^，。；]{1,24}(?:安排|解决|安置|提供|办理|落实|帮助|推荐)|提供[^，。；]{1,20}(?:岗位|学位)|为[^，。；]{1,24}(?:发放|办理|提供|安排)|(?:解决|落实)(?:其)?配偶|每年安排|安排[^，]{0,6}(?:体检|疗养)"
)
#: What a department does for its own work is no right of anybody.
_PROGRAMME = re.compile(
    r"^(?:要|将|进一步|不断|持续|着力|全面|积极)?(?:完善|健全|建立|推进|落实|细化|优化|加强|探索|做好|推动|深化|强化|构建|打造|加快|提升|聚焦|围绕)|(?<!同)(?<!平)等[^，。；]{0,8}(?:服务|保障|举措|政策|问题|待遇)|措施|体系|机制|问题|解决了|已为"
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("spouse_employment", re.compile(r"配偶[^。；]{0,60}?(?:随调|安置|就业|岗位|工作|安排|调动|调入|调配|选调)")),
    ("children_education", re.compile(
        r"子女[^。；]{0,60}?(?:入学|入读|就读|插班|入园|转学|上学|就学|择校|义务教育|幼儿园|"
        r"升学|中考|学位|学校|教育)")),
    ("settlement", re.compile(
        r"(?:可|准予|直接|优先|先|即)[^，。；]{0,14}(?:落户|入户)|落户[^，。；]{0,8}(?:不受|"
        r"零门槛|不设)|随迁落户|户口[^，。；]{0,6}迁[入至]")),
    ("healthcare", re.compile(
        r"(?:就医|就诊|诊疗|看病|医疗)[^，。；]{0,12}(?:绿色通道|优先|待遇|服务)|优先(?:挂号|"
        r"就诊|就医)|体检|疗养|保健待遇|医疗保健")),
    ("visa_residence", re.compile(r"签证|永久居留|居留许可|(?<!凭)工作许可")),
    ("talent_title", re.compile(
        r"(?:直接|破格|优先|可)[^，。；]{0,8}(?:认定|申报|评审|评定|晋升|"
        r"参评)[^，。；]{0,12}(?:职称|资格|工程师|教授|称号)|不受(?:学历|资历|年限|"
        r"岗位)[^，]{0,12}限制")),
    ("service_card", re.compile(
        r"(?:发放|颁发|申领|办理|领取)[^，。；]{0,12}(?:绿卡|服务卡|英才卡|人才卡|一卡通)|"
        r"(?:享受|享)[^，。；]{0,12}(?:景区|公交|地铁|出行|贵宾)[^，。；]{0,10}")),
    ("housing", re.compile(
        r"(?:可|优先|申请|入住|安排|提供|享受)[^，。；]{0,10}(?:人才公寓|周转房|周转公寓|"
        r"人才住房|公租房|保障性租赁住房|人才房|共有产权)")),
)  # fmt: skip
_TAX = re.compile(r"(?:个人所得税|个税|税负)[^。；]{0,60}部分")
_PAID_BACK = re.compile(r"(?:给予|予以)(?:等额|全额|财政)?(?:补贴|奖励|返还|免征|补助)")
_WHOSE = re.compile(r"^(?P<who>[^，。；]{0,24}?(?:配偶|子女))")
_OWN = re.compile(r"(?:其|随迁|及其|的|、|父母|，)*(?:配偶|子女)")


@dataclass(frozen=True, slots=True)
class Right:
    """A right, where its verb begins, and whose it is where the clause itself says so."""

    topic: Topic
    verb: int
    recipient: str | None = None
    condition: str | None = None


def right_in(words: str, taken: bool, before: str = "") -> Right | None:
    """The right that a clause grants, if any. ``taken``: the clause has a sum already;
    ``before``: the clause in front of it."""
    if taken or len(words) > 160 or _PROGRAMME.search(words) or not (modal := _MODAL.search(words)):
        return None
    if _TAX.search(before + words) and _PAID_BACK.search(words):
        return Right("salary_tax", 0)
    for topic, pattern in _RULES:
        found = pattern.search(words)
        if not found:
            continue
        if topic in ("spouse_employment", "children_education"):
            whose = _WHOSE.match(words)
            if not whose:
                continue
            said = re.sub(
                r"^(?:并|同时|可|还|协助|帮助|负责|优先|解决|落实|安排){1,4}(?=其?配偶|其?子女)", "", whose["who"]
            )
            own = None if _OWN.fullmatch(said) else said
            return Right(cast(Topic, topic), whose.end() if own else 0, own)
        return Right(cast(Topic, topic), min(found.start(), modal.start()))
    return _continued(words, before)


def _continued(words: str, before: str) -> Right | None:
    """人才子女入学，由教育部门统筹安排: the right begins in the clause in front."""
    if re.search("(?:落户|入户)的?\\Z", before) and re.search("即可|可(?:直接)?办理|准予", words):
        return Right("settlement", 0)
    for topic, pattern in _RULES[:2]:
        family = "配偶" if topic == "spouse_employment" else "子女"
        said = re.match(rf"[^，]{{0,24}}{family}", before)
        if (
            said
            and (before.endswith(("的", family)) or pattern.search(before))
            and pattern.search(before.rstrip("的") + words)
        ):
            return Right(cast(Topic, topic), 0)
    return None
