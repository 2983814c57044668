"""section: the six of the Zhejiang Talent Service Platform, for browsing."""

from __future__ import annotations

import re

from crawler.enrich.taxonomy import Scan
from crawler.model.values import Section

#: A report whose headline says that measures came out is about the measures, whatever they are to bring.
_CAME_OUT = re.compile(
    r"(?:发布|出台|推出|印发|公布|制定|实施|亮出|送上|升级|祭出)[^，。！？；]{0,16}(?:政策|措施|举措|新政|办法|细则|意见|[0-9十]条)|"
    r"(?:政策|措施|举措|新政|办法|细则|意见|[0-9十]条)[^，。！？；]{0,6}(?:发布|出台|推出|印发|公布|落地|出炉|亮相|升级|来了|施行|实施)"
)

_GOES_LIVE = re.compile(
    r"(?:平台|小程序|系统|专区|专窗)[^，。！]{0,4}(?:上线|启用|开通)|服务中心[^，。！]{0,4}(?:揭牌|启用)"
)


def find_section(scan: Scan, *, doc_type: str, relevant: bool | None) -> Section | None:
    """The section, or None where none of the six fits."""
    title, body = scan.labels[0], scan.all
    if "section.internship" in title:
        return "internship"
    if doc_type == "recruitment":
        return "demand"
    if relevant is False:
        return "demand" if "vacancy" in title and doc_type in ("event", "result") else None
    if doc_type in ("policy", "interpretation"):
        return "policy"
    if doc_type == "event":
        if "section.project" in title:
            return "project"
        if "section.demand" in title or "section.demand" in body:
            return "demand"
        return "project" if "section.project" in body else "service"
    if "section.project" in title and doc_type in ("call", "news"):
        return "project"
    if doc_type in ("call", "other") and "section.needs" in title:
        return "demand"
    if doc_type in ("call", "result"):
        if "section.counter" in title:
            return "service"
        if "section.programme" in title:
            return "programme"
        if "section.service" in title or ("section.service" in body and "section.programme" not in body):
            return "service"
        return "programme"
    if doc_type == "news":
        if _CAME_OUT.search(scan.lines[0]):
            return "policy"
        if _GOES_LIVE.search(scan.lines[0]):
            return "service"
        for name in ("demand", "programme", "service"):
            if f"section.{name}" in title and "measure" not in title:
                return name
        return "policy"
    return "policy" if relevant else None
