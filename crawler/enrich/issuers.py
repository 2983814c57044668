"""Issuers (发文机关): the bodies that sign or head a release, never those that it merely names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.enrich.anatomy import Anatomy, bodies, is_body
from crawler.model.values import Provenance

#: 绵阳市人民政府关于印发…; 四川省科学技术厅 四川省财政厅印发《…》的通知
_HEADS = re.compile(r"^(?P<who>[^《“]{3,80}?)\s?(?:关于|印发|转发|批转|公开征求)")

_LEADS = re.compile(r"^(?P<who>[\u4e00-\u9fff（）()]{4,30}?)\s?(?:20\d\d年|公开|面向|招聘|诚聘|招募|征集)")
#: 令 with its number, on a line of its own.
_ORDER = re.compile(r"^(?P<who>[\u4e00-\u9fff、 ]{3,40}?)令\s?(?:[（(][0-9]{4}[）)])?\s?第?\s?[0-9]{1,4}\s?号$")
#: A notice's own title heads it, whatever it is about.
_NOTICE = re.compile(r"(?:公告|通告|通知|决定|公示|通报)$")
#: Ends of words that are bodies only by chance in a headline.
_LOOSE = re.compile(r"(?:全省|全市|全国|人才|单位|企业|事业单位|学校|部|处|行|社|组|站)$|^(?:关于|20)")


def find_issuers(anatomy: Anatomy, doc_type: str) -> tuple[tuple[str, ...], Provenance | None]:
    """The issuers and where they stand. News has none, whatever it names."""
    if doc_type == "news":
        return (), None
    if "issuer" in anatomy.header:
        found = bodies(anatomy.header["issuer"])
        if found:
            signed = tuple(s for s in anatomy.signers if s not in found)
            joint = any(f in anatomy.signers for f in found) and signed
            return (tuple(anatomy.signers) if joint else found), "header_table"
    if anatomy.signers:
        return anatomy.signers, "body"
    if anatomy.explainers:
        return anatomy.explainers, "body"
    if doc_type == "interpretation" or (doc_type == "other" and not _NOTICE.search(anatomy.title)):
        return (), None
    found = _in_title(anatomy.title) or _leads(anatomy.title) or _red_head(anatomy.lines)
    return (found, "body") if found else ((), None)


def _red_head(lines: Sequence[str]) -> tuple[str, ...]:
    """The bodies of a red head (红头): 龙泉市人民政府文件 above the number, 云南省人民政府令第231号."""
    for line in lines[:4]:
        order = _ORDER.match(line)
        if order:
            return tuple(b for b in bodies(order["who"]) if is_body(b))
        if line.endswith("文件") and len(line) <= 80:
            return tuple(b for b in bodies(line[:-2].strip()) if is_body(b))
    return ()


def _leads(title: str) -> tuple[str, ...]:
    """The body that a notice's own title begins with: 云州市人民医院2026年公开招聘公告."""
    head = _LEADS.match(title)
    who = head["who"].strip() if head else ""
    if not re.search(r"(?:公告|通告|通知|启事|简章|公示)$", title) or not is_body(who) or _LOOSE.search(who):
        return ()
    return (who,)


def _in_title(title: str) -> tuple[str, ...]:
    head = _HEADS.match(title)
    if not head:
        return ()
    who = head["who"].strip()
    if "等" in who[-8:]:
        who = re.sub(r"等[\u4e00-\u9fff]{0,6}$", "", who)
    found = bodies(who)
    return tuple(f for f in found if is_body(f))
