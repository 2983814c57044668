"""Guangdong's NFCMS and its 政府信息公开平台 gkmlpt: ``/content/post_1.html``, ``/gkmlpt/content/…/post_1.html``.

gkmlpt lists come as JSON from ``/gkmlpt/api/all/<column>?page=N&sid=<site>`` (``articles[]`` with
``title``, ``url``, ``display_publish_time``); the static list pages are empty until scripts run.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

_SID = re.compile(r"""["']?(?:SID|site_id|sid)["']?\s*[:=]\s*["']?(\d{3,8})""")
_NUMBER = re.compile(r"([?&]page=)\d{1,6}")
_COLUMN = re.compile(r"/gkmlpt/(?:index|policy|list)?[^#]*#?(\d{2,8})")


def list_api(url: str, source: str, number: int = 1) -> str | None:
    """The JSON address of page ``number`` (from 1) behind a gkmlpt column, or None where it isn't one."""
    column, sid = _COLUMN.search(url), _SID.search(source)
    if column is None or sid is None:
        return None
    return urljoin(url, f"/gkmlpt/api/all/{column[1]}?page={number}&sid={sid[1]}")


def page(url: str, number: int) -> str | None:
    """Page ``number`` (from 1) of a list interface's address, or None where it is none."""
    return _NUMBER.sub(rf"\g<1>{number}", url, count=1) if "/gkmlpt/api/" in url and _NUMBER.search(url) else None


FAMILY = Family(
    name="gkmlpt",
    address=((r"/gkmlpt/", 0.8), (r"/content/post_\d+\.html", 0.7)),
    source=(
        ("/gkmlpt/", 0.3),
        ("nfcms", 0.5),
        ("gdsite", 0.1),
        ('id="zoomcon"', 0.3),
        ("gdbs.gov.cn", 0.1),
        ("post_", 0.1),
    ),
    detail=DetailRules(body="#zoomcon, #info_cont"),
)
