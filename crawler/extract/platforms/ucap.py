"""UCAP (开普): gov.cn and many provinces. ``<UCAPTITLE>``, ``<UCAPCONTENT>``, ``#UCAP-CONTENT``.

Lists of gov.cn are ``h4 a`` rows; Suzhou's and others' are JSON with ``infolist`` and ``currpage``.
"""

from __future__ import annotations

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

FAMILY = Family(
    name="ucap",
    address=((r"//(?:www\.)?gov\.cn/.*content_\d+\.htm", 0.5),),
    source=(("ucaptitle", 0.7), ("ucapcontent", 0.7), ("ucap-content", 0.8), ("ucapcms", 0.5)),
    detail=DetailRules(body="#UCAP-CONTENT, UCAPCONTENT", title="UCAPTITLE"),
)
