"""大汉 (hanweb, jcms): ``/col/col123/index.html``, ``/art/2024/3/27/art_123_456.html``.

List rows stand in ``<datastore>`` CDATA, inline or from ``/module/(web/)jpage/dataproxy.jsp``; page N
of a column is ``?uid=…&pageNum=N``.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.extract.listing_links import absolute
from crawler.extract.platforms.family import Family
from crawler.extract.script_values import Unknown, Values, form
from crawler.model import DetailRules

_JPAGE = re.compile(r"\.jpage\s?\(")
_START, _END = re.compile(r"([?&]startrecord=)(\d{1,7})", re.I), re.compile(r"([?&]endrecord=)(\d{1,7})", re.I)
_RECORDS = frozenset({"startrecord", "endrecord", "perpage"})
#: Where ``dataproxy`` is told which records it shall send.
_PROXY = re.compile(r"dataproxy\.jsp\?([^'\"<>\s]{1,500})", re.I)


def page(url: str, number: int) -> str:
    """Page ``number`` (from 1) of a column, or of a ``dataproxy`` address."""
    parts = urlsplit(url)
    key = "page" if "dataproxy" in parts.path else "pageNum"
    query = [q for q in parts.query.split("&") if q]
    held = [n for n, q in enumerate(query) if q.lower().startswith(key.lower() + "=")]
    for n in held[:1]:  # where it stands: an address is compared as a text
        query[n] = f"{query[n].partition('=')[0]}={number}"
    return urlunsplit(parts._replace(query="&".join(query if held else [*query, f"{key}={number}"])))


def proxy_query(source: str) -> str | None:
    """The query of the ``dataproxy.jsp`` call that a column's page makes, or None."""
    match = _PROXY.search(source)
    return match[1] if match else None


def proxy_page(url: str, number: int) -> str | None:
    """Page ``number`` of a ``dataproxy`` address, or None where it is none."""
    if "dataproxy.jsp" not in urlsplit(url).path:
        return None
    first, last = _START.search(url), _END.search(url)
    if first is None or last is None:
        return page(url, number)
    size = int(last[2]) - int(first[2]) + 1
    if size < 1:
        return None
    begin = (number - 1) * size + 1
    return _END.sub(rf"\g<1>{begin + size - 1}", _START.sub(rf"\g<1>{begin}", url, count=1), count=1)


def next_group(source: str, base: str, held: int) -> tuple[str | None, int | None]:
    """Where the records behind the ``held`` ones of a column's page are asked for, and how many there are in all.

    The page hands ``jpage({proxyUrl, perPage, totalRecord, …: {columnid, unitid, …}})`` to its script, which
    posts ``columnid`` and its like to ``proxyUrl?startrecord=&endrecord=&perpage=``; a GET with all of them
    is answered alike.
    """
    call = _JPAGE.search(source)
    given = Values(source).arguments(call.end()) if call is not None and held else []
    options = given[0] if given and isinstance(given[0], dict) else {}
    proxy, total = options.get("proxyUrl"), options.get("totalRecord")
    wanted = next((v for v in options.values() if isinstance(v, dict) and {"columnid", "unitid"} & v.keys()), None)
    total = total if isinstance(total, int) else None
    if not isinstance(proxy, str) or "dataproxy" not in proxy or wanted is None or (total or 0) <= held:
        return None, total
    try:
        query = form(wanted)
    except Unknown:
        return None, total
    size = options.get("perPage")
    shown = size if isinstance(size, int) and size else held
    return absolute(f"{proxy}?startrecord={held + 1}&endrecord={2 * held}&perpage={shown}&{query}", base), total


def as_post(url: str) -> tuple[str, str] | None:
    """A ``dataproxy`` address as the page's own script asks for it: which records in the query, what they belong
    to in the body; None where the address is none or says no more than the records."""
    parts = urlsplit(url)
    if not parts.path.endswith("/dataproxy.jsp"):
        return None
    query = [pair for pair in parts.query.split("&") if pair]
    shown = [pair for pair in query if pair.partition("=")[0].lower() in _RECORDS]
    body = "&".join(pair for pair in query if pair not in shown)
    return (urlunsplit(parts._replace(query="&".join(shown))), body) if shown and body else None


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
