"""大汉 (hanweb, jcms): ``/col/col123/index.html``, ``/art/2024/3/27/art_123_456.html``.

List rows stand in ``<datastore>`` CDATA, inline or from ``/module/(web/)jpage/dataproxy.jsp``; page N
of a column is ``?uid=…&pageNum=N``.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

#: Where ``dataproxy`` is told which records it shall send.
_PROXY = re.compile(r"dataproxy\.jsp\?([^'\"<>\s]{1,500})", re.I)


def page(url: str, number: int) -> str:
    """Page ``number`` (from 1) of a column, or of a ``dataproxy`` address."""
    parts = urlsplit(url)
    key = "page" if "dataproxy" in parts.path else "pageNum"
    query = [q for q in parts.query.split("&") if q and not q.lower().startswith(key.lower() + "=")]
    return urlunsplit(parts._replace(query="&".join([*query, f"{key}={number}"])))


def proxy_query(source: str) -> str | None:
    """The query of the ``dataproxy.jsp`` call that a column's page makes, or None."""
    match = _PROXY.search(source)
    return match[1] if match else None


def proxy_page(url: str, number: int) -> str | None:
    """Page ``number`` of a ``dataproxy`` address, or None where it is none."""
    return page(url, number) if "dataproxy.jsp" in urlsplit(url).path else None


FAMILY = Family(
    name="hanweb",
    address=((r"/art/(?:19|20)\d{2}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html", 0.8), (r"/col/col\d+/", 0.7)),
    source=(
        ("大汉版通", 0.8),
        ("hanweb", 0.5),
        ("<datastore", 0.7),
        ("dataproxy.jsp", 0.6),
        ("name='maketime'", 0.3),
        ('name="maketime"', 0.3),
        ("zjeg_rss.content", 0.6),
        ("/script/jpage", 0.3),
        ("jcms", 0.2),
    ),
    detail=DetailRules(body="#zoom"),
    page=page,
)
