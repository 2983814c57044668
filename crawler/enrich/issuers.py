"""Issuers (发文机关): the bodies that sign or head a release, never those that it merely names."""

from __future__ import annotations

import re

from crawler.enrich.anatomy import Anatomy, bodies, is_body
from crawler.model.values import Provenance

#: 绵阳市人民政府关于印发…; 四川省科学技术厅 四川省财政厅印发《…》的通知
_HEADS = re.compile(r"^(?P<who>[^《“]{3,80}?)\s?(?:关于|印发|转发|批转|公开征求)")


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
    if doc_type in ("interpretation", "other"):
        return (), None
    found = _in_title(anatomy.title)
    return (found, "body") if found else ((), None)


def _in_title(title: str) -> tuple[str, ...]:
    head = _HEADS.match(title)
    if not head:
        return ()
    who = head["who"].strip()
    if "等" in who[-8:]:
        who = re.sub(r"等[\u4e00-\u9fff]{0,6}$", "", who)
    found = bodies(who)
    return tuple(f for f in found if is_body(f))
