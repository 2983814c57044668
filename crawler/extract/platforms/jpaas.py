"""jpaas (大汉's successor): pages filled from JSON fragments by ``parseType="buildstatic"`` scripts.

The list's script names an address and a query; the answer is JSON whose ``data.html`` is the list.
``tagId`` must stay percent-encoded.
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

# The misspelling "bulidstatic" is the platform's own.
_SCRIPT = re.compile(r"<script\b([^>]{0,2000}(?:buil?dstatic|bulidstatic|unitbuild)[^>]{0,2000})>", re.I)
_URL = re.compile(r"""\burl\s*=\s*["']([^"']{1,500})["']""", re.I)
_QUERY = re.compile(r"""\bquerydata\s*=\s*(?:"([^"]{1,1000})"|'([^']{1,1000})')""", re.I)


def fragment_urls(source: str, url: str) -> tuple[str, ...]:
    """The addresses of the JSON fragments that a page's scripts would load, in page order."""
    found: list[str] = []
    for match in _SCRIPT.finditer(source):
        address, query = _URL.search(match[1]), _QUERY.search(match[1])
        if address is None:
            continue
        text = html.unescape((query[1] or query[2]) if query else "{}")
        try:
            fields = json.loads(text if '"' in text else text.replace("'", '"'))
        except ValueError:
            continue
        if isinstance(fields, dict):
            found.append(
                urljoin(url, address[1]) + "?" + urlencode({k: str(v) for k, v in fields.items()}, quote_via=quote)
            )
    return tuple(dict.fromkeys(found))


def page(url: str, number: int, rows: int) -> str | None:
    """Page ``number`` (from 1) of a fragment's address whose first has ``rows`` rows; None where it is none."""
    parts = urlsplit(url)
    if not parts.path.endswith("/page/build/unit"):
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    held = dict(query).get("paramJson", "")
    try:
        asked = json.loads(held) if held else {}
    except ValueError:
        return None
    if not isinstance(asked, dict) or not (rows or asked.get("pageSize")):
        return None
    asked = {**asked, "pageNo": number, "pageSize": asked.get("pageSize") or rows}
    query = [pair for pair in query if pair[0] != "paramJson"]
    query.append(("paramJson", json.dumps(asked, separators=(",", ":"))))
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


FAMILY = Family(
    name="jpaas",
    address=((r"/jpaas-", 0.8), (r"/api-gateway/jpaas", 0.8)),
    source=(("buildstatic", 0.7), ("bulidstatic", 0.7), ("unitbuild.js", 0.7), ("jpaas", 0.4)),
    detail=DetailRules(title="#con_title", date="#con_time", body=".ccontent, #con_con, .editor-content"),
    family="json",
)
