"""Rights without a sum: schooling for children, a job for the spouse, settlement, medical care."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.model.values import Topic

_MODAL = r"(?:可|享受|享有|优先|由|协调|提供|随调|就近|任选|准予|统筹|安排|不受|直接|予以)"
_SPOUSE = re.compile(r"^(?P<who>[^，。；]{0,24}配偶)(?P<rest>[^。；]{0,80})", re.S)
_CHILD = re.compile(r"^(?P<who>[^，。；]{0,24}子女)(?P<rest>[^。；]{0,80})")
_SCHOOL = re.compile(r"入学|就读|插班|入园|转学|上学|就学|择校|义务教育|幼儿园|升学|中考")
_JOB = re.compile(r"随调|安置|就业|岗位|工作|安排|调动")
_SETTLE = re.compile(
    r"(?:可|准予|直接|优先|均可|先)[^，。；]{0,14}(?:落户|入户)|落户[^，。；]{0,8}(?:不受|零门槛|不设)"
)
_CARE = re.compile(
    r"(?:可|享受|提供|安排|每年)[^，。；]{0,16}(?:绿色通道|优先就(?:诊|医)|健康体检|医疗保健|免费体检|保健待遇|疗养)"
)
_VISA = re.compile(r"(?:可|可以|协助|予以)[^，。；]{0,12}(?:永久居留|人才签证|工作签证|多次往返|居留许可)")


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
    if taken or len(words) > 160 or "等服务" in words or "措施" in words:
        return None
    for pattern, deeds, topic in ((_SPOUSE, _JOB, "spouse_employment"), (_CHILD, _SCHOOL, "children_education")):
        found = pattern.match(words)
        if found and deeds.search(found["rest"]) and re.search(_MODAL, found["rest"]):
            who = found["who"]
            own = None if re.fullmatch(r"(?:其|随迁|及其|的|、|父母)*(?:配偶|子女)", who) else who
            return Right(topic, found.start("who") if own is None else found.end("who"), own)  # type: ignore[arg-type]
    if re.search(_MODAL, words):
        for family, deeds, topic in (("配偶", _JOB, "spouse_employment"), ("子女", _SCHOOL, "children_education")):
            said = re.search(rf"^[^，]{{0,24}}{family}(?P<rest>[^，]{{0,30}})", before)
            if said and (before.endswith("的") or deeds.search(said["rest"])) and deeds.search(words):
                return Right(topic, 0)  # type: ignore[arg-type]
    for pattern, topic in ((_SETTLE, "settlement"), (_CARE, "healthcare"), (_VISA, "visa_residence")):
        found = pattern.search(words)
        if found:
            return Right(topic, found.start())  # type: ignore[arg-type]
    return None
