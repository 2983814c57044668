"""RSS 2.0, RSS 1.0 (RDF), Atom, sitemaps, and 大汉's ``<datastore>`` answers."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract import listing_dates as dates
from crawler.extract.listing_links import absolute
from crawler.model import Row
from crawler.text import one_line

#: Rows taken of one feed or sitemap; the protocol's own limit for a sitemap is 50,000.
_MOST = 50_000
_KIND = re.compile(r"<(?:\w{1,20}:)?(rss|feed|rdf|urlset|sitemapindex|datastore|recordset)\b", re.I)
_TAG = re.compile(r"<[^<>]{0,300}>")


class Unsafe(Exception):
    """A document type that declares entities: refused unread (XXE, entity bombs)."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Rows of a feed; ``fragment`` is the HTML of a datastore's records."""

    rows: tuple[Row, ...] = ()
    fragment: str = ""
    total: int | None = None
    next: str | None = None


def kind(text: str) -> str | None:
    """What an XML answer is by its root element: rss, feed, rdf, urlset, sitemapindex, datastore; or None."""
    head = text.lstrip("\ufeff \t\r\n")[:4000]
    if not head.startswith("<"):
        return None
    match = _KIND.search(re.sub(r"<!--.*?-->", "", head, flags=re.S))
    if match is None or re.search(r"<(?:!doctype\s+html|html|head|body|div|script)\b", head[: match.start()], re.I):
        return None
    name = match[1].lower()
    return "datastore" if name == "recordset" else name


def read_feed(text: str, base: str, today: dt.date) -> Feed:
    """The rows of a feed or sitemap. Raises `Unsafe` where the document declares entities.

    A stamp with an offset is moved to +08:00; rows keep the feed's order.
    """
    body = text.lstrip("\ufeff \t\r\n").replace("\0", "")
    if re.search(r"<!ENTITY", body[:200_000], re.I) or re.search(r"<!DOCTYPE[^>\[]{0,300}\[", body[:20_000], re.I):
        raise Unsafe("the document type declares entities")
    body = re.sub(r"^<\?xml[^>]{0,200}\?>", "", body)
    body = re.sub(r"<!DOCTYPE[^>]{0,500}>", "", body, count=1)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Feed()
    rows: list[Row] = []
    following = None
    for element in root.iter():
        name = _name(element)
        if name in ("item", "entry", "url", "sitemap"):
            if row := _row(element, name, base, today):
                rows.append(row)
            if len(rows) >= _MOST:
                break
        elif name == "link" and element.get("rel") == "next" and element.get("href"):
            following = absolute(element.get("href") or "", base)
    return Feed(tuple(rows), next=following)


def _name(element: etree._Element) -> str:
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def _row(element: etree._Element, name: str, base: str, today: dt.date) -> Row | None:
    fields: dict[str, str] = {}
    for child in element:
        key = _name(child)
        if key == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                fields.setdefault("link", child.get("href") or "")
            continue
        text = "".join(str(t) for t in child.itertext()).strip()
        if text:
            fields.setdefault(key, text)
    about = next((v for k, v in element.attrib.items() if str(k).endswith("about")), "")
    guid = fields.get("guid", "")
    link = fields.get("link") or fields.get("loc") or (guid if guid.startswith("http") else "") or str(about)
    url = absolute(html.unescape(link), base) if link else None
    if url is None:
        return None
    title = one_line(html.unescape(_TAG.sub("", html.unescape(fields.get("title", "")))))
    if not title and name in ("url", "sitemap"):
        title = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1] or url
    if not title:
        return None
    stamp = next(
        (
            fields[k]
            for k in ("pubdate", "published", "date", "issued", "lastmod", "updated", "modified")
            if k in fields
        ),
        "",
    )
    day = dates.stamp(stamp, today) if stamp else None
    return Row(title, url, day.isoformat() if day else None)


_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>|<totalcount>\s*(\d{1,9})", re.I)
_HREF = re.compile(r"""href\s*=\s*["']([^"']{1,2000})["']""", re.I)


def read_datastore(text: str, base: str) -> Feed:
    """大汉 (hanweb, jcms): the HTML of all records, the number of items, and the next group's address."""
    records = [
        r.replace("]]>", "").replace("<![CDATA[", "").strip() for r in between(text, "<record>", "</record>")
    ]
    total = _TOTAL.search(text)
    group = next(iter(between(text, "<nextgroup>", "</nextgroup>")), "")
    link = _HREF.search(group)
    return Feed(
        fragment="".join(f"<div>{r}</div>" if "<li" not in r[:20].lower() else r for r in records),
        total=int(total[1] or total[2]) if total else None,
        next=absolute(html.unescape(link[1]), base) if link else None,
    )


def between(text: str, start: str, end: str) -> list[str]:
    """What stands between each pair of marks, in one pass; an open mark without its end is left out."""
    low, found, at = text.lower(), [], 0
    while (begin := low.find(start, at)) >= 0:
        begin += len(start)
        at = low.find(end, begin)
        if at < 0:
            break
        found.append(text[begin:at])
    return found
