"""Smaller platforms: 博达 (``/info/1063/45959.htm``), epoint 新点, Shandong's ``/articles/ch``, Ls CMS (Anhui)."""

from __future__ import annotations

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

BODA = Family(
    name="boda",
    address=((r"/info/\d{3,6}/\d{2,8}\.htm", 0.7), (r"[?&]wbnewsid=\d+", 0.6)),
    source=(("vsb_content", 0.7), ("_vsb_", 0.4), ("v_news_content", 0.6), ("webber", 0.2), ("_sitegray", 0.4)),
    detail=DetailRules(body=".v_news_content, #vsb_content"),
)
EPOINT = Family(
    name="epoint",
    address=((r"/\d{6,9}/(?:19|20)\d{6}/[0-9a-f-]{32,36}\.html", 0.8),),
    source=(("ewb-", 0.5), ("epoint", 0.4), ("webbuilder", 0.3)),
    detail=DetailRules(body=".ewb-article-info, .ewb-info-content, .article-info .content"),
)
SHANDONG = Family(
    name="shandong",
    address=((r"/articles/ch\d+/\d{6}/", 0.8),),
    source=(("pagedcontent", 0.4), ("/articles/ch", 0.4)),
)
LSCMS = Family(
    name="lscms",
    address=((r"/content/column/\d+", 0.6), (r"/content/article/\d+", 0.5)),
    source=(("htmlgeneratetime", 0.6), ("doc_list list-", 0.5), ("lonsun", 0.4)),
    detail=DetailRules(body=".wzcon, .j-fontContent"),
)
FAMILIES = (BODA, EPOINT, SHANDONG, LSCMS)
