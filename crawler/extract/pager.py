"""Where a listing goes on, and how many items it says it has."""

from __future__ import annotations

import base64
import binascii
import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

from crawler.extract.listing_links import absolute
from crawler.extract.outline import Box, outline
from crawler.extract.pager_drawn import chosen_next, drawn_next
from crawler.extract.script_openers import led_to, sent_to
from crawler.extract.tree import Refused, parse
from crawler.text import narrow, one_line

_NEXT_WORD = re.compile(r"^\W*(?:下一?页|下页|后一页|后页|下一页>*|next(?:\s?page)?)\W*$", re.I)
_NEXT_SIGN = re.compile(r"^(?:>|›|»|>>|&gt;)$")
_NEXT_NAME = re.compile(
    r"(?:^|[\s_-])(?:next|pb_next_page|page-?next|nextpage|pagination-next|btn-next)(?:$|"
    r"[\s_-])",
    re.I,
)
_OFF = re.compile(r"disabled|(?:^|[\s_-])(?:off|gray|grey|unable)(?:$|[\s_-])", re.I)
_PAGER_NAME = re.compile(
    r"pag(?:e|er|es|ing|ination|ebar|enav)|fenye|fanye|(?:^|[\s_-])(?:fy|pn)(?:$|[\s_-])", re.I
)
_CREATE = re.compile(
    r"createPage(?:HTML)?\w*\s*\(\s*(?:['\"][^'\"()]{0,40}['\"]\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*"
    r"['\"]([^'\"]{1,80})['\"]\s*,\s*['\"](\w{2,6})['\"](?:\s*,\s*['\"]?(\d{1,8})['\"]?)?",
    re.I,
)
_COUNT_VARS = re.compile(
    r"var\s+(?:countPage|totalPage|pageCount|nPageCount|m_nRecordCount)\s*=\s*['\"]?(\d{1,6})", re.I
)
_CURRENT_VARS = re.compile(
    r"var\s+(?:currentPage|curPage|nCurrIndex|pageIndex|currPage)\s*=\s*['\"]?(\d{1,6})", re.I
)
_INDEX_VARS = re.compile(r"['\"](index\w{0,20})_['\"]\s*\+[^;]{0,80}['\"]\.(s?html?)['\"]", re.I)
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,8})"
#: How sites word the number of items; the number of pages is no total.
_TOTALS = (
    re.compile(
        r"(?:共|总共|共有|总计|合计|共计)\s*(?:检索到|找到|查询到|"
        rf"有)?\s*[::]?\s*{_NUMBER}\s*(?:条|篇|项|个(?!页)|则|件|份|records?|items?)"),
    re.compile(rf"(?:总(?:记录|条|数据)数?|记录(?:总)?数|总数|信息总量)\s*(?:为|是)?\s*[::]?\s*{_NUMBER}"),
    re.compile(rf"{_NUMBER}\s*条(?:记录|信息|数据|结果)\s*[,,/|\s]?\s*(?:共|分|\d+\s*/\s*\d+)"),
    re.compile(rf"(?:共|总)\s*\d{{1,6}}\s*页\s*[,,/|]?\s*{_NUMBER}\s*[条篇项]"),
    re.compile(rf"全部\s*{_NUMBER}\s*[条篇](?![\u4e00-\u9fff])"),
    re.compile(rf"\btotal\s*[::]\s*{_NUMBER}\b", re.I),
)  # fmt: skip
#: The same in scripts and attributes.
_SOURCE_TOTALS = (
    re.compile(
        r"(?:totalcount|totalrecords?|recordcount|total_count|rowcount|totaldata|totalitems?|data-total(?:-?count)?|"
        r"totalsize)['\"]?\s*[=::]\s*['\"]?(\d{1,8})", re.I),
    re.compile(r"\bcount\s*:\s*(\d{1,8})\s*,\s*limit\s*:", re.I),
)  # fmt: skip
_PAGES = (
    re.compile(r"(?:共|总共|共有|总计|共计)\s*[::]?\s*(\d{1,6})\s*页"),
    re.compile(r"(?:第\s*)?\d{1,6}\s*/\s*(\d{1,6})\s*页"),
    re.compile(r"总页数\s*[::]?\s*(\d{1,6})"),
)
_PAGE_KEYS = re.compile(
    r"^(?:page|p|pageno|pagenum|pageindex|page_no|page_num|currpage|cur_page|currentpage|pn|"
    r"curpage)$",
    re.I,
)
#: What else than a link turns pages by script; and the head's own word, in its first characters.
_BUTTONS = frozenset({"span", "button", "input", "li", "div", "em", "b"})
_REL_NEXT, _HEAD = re.compile(r"<link\b[^<>]{0,300}\brel\s?=\s?[\"']?next\b[^<>]{0,300}>", re.I), 100_000
_HREF = re.compile(r"\bhref\s?=\s?[\"']?([^\"'<>\s]{1,500})", re.I)
_NUMBERED = re.compile(r"^(.*?)(?:_(\d{1,4}))?(\.s?html?|\.jhtml|\.aspx?|\.jsp|\.php)$", re.I)


@dataclass(frozen=True, slots=True)
class Paging:
    """The next page's address, stated items, stated pages."""

    next: str | None = None
    total: int | None = None
    pages: int | None = None


def paging(body: Box, source: str, url: str, base: str) -> Paging:
    """What the page says about its other pages: scripts of the platforms first, then links."""
    texts = [one_line(t) for t, _ in body.texts()]
    shown = narrow(" ".join(texts))[:400_000]
    total = _first((*_TOTALS, _SOURCE_TOTALS[0]), shown) or _first(_SOURCE_TOTALS, source[:2_000_000])
    pages = _first(_PAGES, shown)
    scripted = _scripted(source, base)
    if scripted is not None:
        return Paging(scripted.next, scripted.total or total, scripted.pages)
    found = _next_link(body, url, base, source)
    if found is None and (hidden := _encoded(body)):
        found = _next_link(hidden, url, base) or _following_number(hidden, url, base, anywhere=True)
        shown = narrow(hidden.text)
        total = total or _first(_TOTALS, shown) or _first((re.compile(r"(\d{1,8})\s*条"),), shown)
    if found is None:
        found = (
            _following_number(body, url, base)
            or drawn_next(source, base)
            or chosen_next(source, base, current_page(url))
            or _headed(source, url, base)
        )
    return Paging(found, total, pages)


def _headed(source: str, url: str, base: str) -> str | None:
    """What ``<link rel="next">`` in the head names, on the page's own host."""
    match = _REL_NEXT.search(source[:_HEAD])
    href = _HREF.search(match[0]) if match else None
    address = absolute(html.unescape(href[1]), base) if href else None
    return address if address and urlsplit(address).netloc == urlsplit(url).netloc else None


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        if (match := pattern.search(text)) and (number := int(match[1].replace(",", ""))):
            return number
    return None


def _scripted(source: str, base: str) -> Paging | None:
    """TRS: ``createPageHTML(pages, current from 0, "index", "html"[, items])``, or its variables."""
    calls = [m for m in _CREATE.finditer(source) if "function" not in source[max(0, m.start() - 12) : m.start()]]
    if calls:
        match = calls[-1]
        pages, current = int(match[1]), int(match[2])
        total = int(match[5]) if match[5] and int(match[5]) >= pages else None
        if current + 1 >= pages:
            return Paging(None, total, pages)
        return Paging(absolute(f"{match[3]}_{current + 1}.{match[4]}", base), total, pages)
    count, current_var, shape = _COUNT_VARS.search(source), _CURRENT_VARS.search(source), _INDEX_VARS.search(source)
    if count and current_var and shape:
        pages, current = int(count[1]), int(current_var[1])
        if current + 1 >= pages:
            return Paging(None, None, pages)
        return Paging(absolute(f"{shape[1]}_{current + 1}.{shape[2]}", base), None, pages)
    return None


def _next_link(body: Box, url: str, base: str, source: str = "") -> str | None:
    signs: list[str] = []
    for box in body.boxes():
        scripted = box.tag in _BUTTONS and "onclick" in box.attrs
        if not scripted and (box.tag != "a" or not (box.attrs.get("href") or box.attrs.get("tagname"))):
            continue
        text = narrow(box.text or box.attrs.get("title", "") or box.attrs.get("value", "") or _pictured(box))
        word = _NEXT_WORD.match(text) or box.attrs.get("rel") == "next"
        sign = _NEXT_SIGN.match(text) or (_NEXT_NAME.search(box.names) and len(text) < 8)
        if not word and not sign:
            continue
        parent = box.parent
        if _OFF.search(box.names) or (parent is not None and _OFF.search(parent.attrs.get("class", ""))):
            continue
        address = _real(box, url, base) or (_called(box, source, url, base) if word else None)
        if address is None:
            continue
        if word:
            return address
        if any(_PAGER_NAME.search(b.names) for b in (box, *list(box.above())[:4])):
            signs.append(address)
    return signs[0] if signs else None


def _pictured(box: Box) -> str:
    """What the one picture of a link says in words."""
    pictures = [b for b in box.boxes() if b.tag == "img"] if box.tag == "a" else []
    return (pictures[0].attrs.get("alt", "") or pictures[0].attrs.get("title", "")) if len(pictures) == 1 else ""


def _real(box: Box, url: str, base: str) -> str | None:
    href = box.attrs.get("href", "").strip()
    if href.lower().startswith("javascript:") or href in ("", "#"):
        href = box.attrs.get("tagname", "") or box.attrs.get("data-href", "")
        if not href or href.startswith(("#", "javascript")):
            return None
    address = absolute(href, base)
    return (
        address if address and address.rstrip("/") != url.split("#")[0].rstrip("/") and "{" not in address else None
    )


def _called(box: Box, source: str, url: str, base: str) -> str | None:
    """Where a function of the page leads that 下一页 calls: a further page of this list, so the same host's."""
    for script in (box.attrs.get("onclick", ""), box.attrs.get("href", "")):
        sent = sent_to(script, {}) if "location" in script else None
        if address := (absolute(sent, base) if sent else led_to(script, source, base)):
            parts = urlsplit(address)
            other = parts._replace(fragment="").geturl() != url.split("#")[0]
            return address if other and parts.netloc == urlsplit(url).netloc else None
    return None


def _following_number(body: Box, url: str, base: str, *, anywhere: bool = False) -> str | None:
    """The link ``n+1`` of a row of page numbers, where the current page is no link."""
    numbers: dict[int, str] = {}
    for box in body.boxes():
        if box.tag != "a" or not re.fullmatch(r"\[?\d{1,4}\]?", text := narrow(box.text)):
            continue
        near = [box, *list(box.above())[:4]]
        if not anywhere and not any(_PAGER_NAME.search(b.names) for b in near):
            continue
        if address := _real(box, url, base):
            numbers.setdefault(int(text.strip("[]")), address)
    if not numbers:
        return None
    current = current_page(url)
    return numbers.get(current + 1)


def current_page(url: str) -> int:
    """The number of the page that an address names, from 1; 1 where it names none."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _PAGE_KEYS.match(key) and value.isdigit():
            return max(1, int(value))
    return 1


def next_query(url: str, *, rows: int, total: int | None) -> str | None:
    """The next page of an interface that counts pages in its query; None when all rows were seen."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for i, (key, value) in enumerate(query):
        if _PAGE_KEYS.match(key) and value.isdigit():
            page = int(value)
            if not rows or (total is not None and max(page, 1) * rows >= total):
                return None
            query[i] = (key, str(page + 1))
            return urlunsplit(parts._replace(query=urlencode(query)))
    return None


def _encoded(body: Box) -> Box | None:
    """A pager that the page holds as base64 of percent-encoded HTML, for its script to unpack."""
    for box in body.boxes():
        if not _PAGER_NAME.search(box.names) or len(box.kids) != 1 or not isinstance(box.kids[0], str):
            continue
        text = box.kids[0].strip()
        if len(text) < 40 or len(text) > 100_000 or not re.fullmatch(r"[A-Za-z0-9+/=\s]+", text):
            continue
        try:
            markup = unquote_plus(base64.b64decode(text, validate=False).decode("utf-8"))
            if "<a" in markup:
                return outline(parse(markup))[0]
        except (binascii.Error, UnicodeDecodeError, Refused):
            continue
    return None


def page_address(url: str, number: int) -> str:
    """The address of page ``number`` (from 1) of a listing that is numbered as TRS does it.

    Page 1 is ``index.html`` or the folder, page 2 is ``index_1.html``.
    """
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = _NUMBERED.match(name)
    stem, ending = (match[1], match[3]) if match else ("index", ".html")
    file = f"{stem}{ending}" if number <= 1 else f"{stem}_{number - 1}{ending}"
    return urljoin(url, urlunsplit(("", "", f"{folder}/{file}", parts.query, "")))
