"""TRS WCM: ``tYYYYMMDD_ID.html``, ``createPageHTML(pages, current, "index", "html")``, ``TRS_Editor``.

Lists are static: page 1 is ``index.html``, page 2 ``index_1.html``. Search answers of the same maker
are JSON with ``docpuburl`` and ``docpubtime``.
"""

from __future__ import annotations

from crawler.extract.pager import page_address
from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

FAMILY = Family(
    name="trs",
    address=((r"/t(?:19|20)\d{6}_\d+\.s?html?", 0.8),),
    source=(
        ("createpagehtml", 0.6),
        ("trs_editor", 0.6),
        ("trs_ueditor", 0.6),
        ("trs_web", 0.5),
        ("trsapp", 0.3),
        ("/trs_web_upload", 0.3),
    ),
    detail=DetailRules(body=".TRS_Editor, .trs_editor_view, .TRS_UEDITOR"),
    family="trs",
    page=page_address,
)
