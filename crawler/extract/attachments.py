"""Links to files, from anywhere in the article: name, address, type and size where stated."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from crawler.extract.blocks import Blocks, Link
from crawler.extract.tree import Tree
from crawler.model import Attachment
from crawler.text import one_line
from crawler.urls import canonical

TYPES = frozenset("pdf doc docx xls xlsx ppt pptx wps et dps ofd zip rar 7z txt csv rtf ceb caj".split())  # noqa: SIM905
_SUFFIX = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|txt|csv|rtf|ceb|caj)\b", re.I)
_SERVED = re.compile(
    r"(?:down(?:load|file)?|attach(?:ment)?|file)\w{0,20}\.(?:jsp|do|action|aspx|php|html?)|/(?:download|"
    r"attach|attachment)s?(?:[/?]|$)",
    re.I,
)
_LIKELY = re.compile(r"\.(?:pdf|doc|xls|ppt|wps|et|dps|ofd|zip|rar|7z|txt|csv|rtf|ceb|caj)|down|attach|file", re.I)
#: What every hit of `_LIKELY` (which finds all that `_SUFFIX` finds), and of `_LABEL`, holds.
_SIGNS = (*(f".{kind}" for kind in sorted(TYPES) if not kind.endswith("x")), "down", "attach", "file")
_ANNEX = "附"
_LABEL_SIGNS = (_ANNEX, "下载", "PDF", "pdf", "Pdf", "OFD", "ofd", "Ofd", "原文")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG])B?\b", re.I)
_UNIT = {"K": 1024, "M": 1024**2, "G": 1024**3}
#: No group around the alternatives: so the search jumps to what one of them begins with.
_LABEL = re.compile(r"附\s*[件表]|下载|PDF|pdf|Pdf|OFD|ofd|Ofd|原文")


def read_attachments(blocks: Blocks, base: str, *, first: int, last: int) -> tuple[Attachment, ...]:
    """The attachments that stand in or right around the blocks ``first`` to ``last``: the rest of the
    page offers browsers and forms. Each address once, in page order."""
    found: dict[str, Attachment] = {}
    printed = [link.printed for link in blocks.links]
    labelled = _labelled(printed)
    near: list[tuple[Link, str, str]] = []
    for number, link in enumerate(blocks.links):
        if not first <= link.block <= last and number not in labelled:
            text = printed[number]
            if (text and not text.isspace()) or not _LABEL.search(link.title):
                continue
        attributes = link.node.attributes
        href = (attributes.get("href") or "").strip()
        # Nearly every link leads where it says.
        if href[:1] in "#jJ":
            href = address_of(attributes)
        if href:
            near.append((link, href, attributes.get("title") or attributes.get("download") or ""))
    likely = _holding(_LIKELY, [f"{href}\n{link.printed}\n{title}" for link, href, title in near], _SIGNS)
    for number in sorted(likely):
        link, href, title = near[number]
        block = blocks.blocks[link.block] if link.block < len(blocks.blocks) else None
        ahead = block.text[:_LEAD] if block else ""
        if block is not None and not _ANNEXED.search(link.text) and _in_footer(blocks, block.box):
            continue
        kind = file_type(link, href, title, annexed=bool(_ANNEXED.search(f"{link.text} {title} {ahead}")))
        if kind is None:
            continue
        address = canonical(href, base)
        if address and address not in found:
            found[address] = Attachment(address, _name(link, address), kind or None, _size(blocks, link))
    return tuple(found.values())


def _labelled(texts: list[str]) -> set[int]:
    """Which of many texts hold the label of an attachment. Plain searches jump; a pattern of alternatives tries
    each position."""
    joined = "\0".join(texts)
    places: list[int] = []
    for sign in _LABEL_SIGNS:
        at = joined.find(sign)
        while at >= 0:
            if sign != _ANNEX or _LABEL.match(joined, at):
                places.append(at)
            at = joined.find(sign, at + 1)
    if not places:
        return set()
    starts = [0, *accumulate([len(text) + 1 for text in texts])]
    return {bisect_right(starts, place) - 1 for place in places}


def _holding(pattern: re.Pattern[str], texts: list[str], signs: tuple[str, ...]) -> set[int]:
    """Which of many texts hold a pattern, of whose hits each holds one of the signs, in lower case: one search
    over all texts, and none where no sign is in them (as on most pages; looking for signs costs a tenth)."""
    joined = "\0".join(texts)
    lowered = joined.lower()
    if not any(sign in lowered for sign in signs):
        return set()
    starts = [0, *accumulate([len(text) + 1 for text in texts])]
    found = pattern.finditer(joined)
    return {bisect_right(starts, match.start()) - 1 for match in found}


#: Characters at the beginning of a link's line that may say 附件 of it.
_LEAD = 12
_FOOTER = re.compile(r"(?:^|[\s_-])(?:foot\w*|copyright|friend\w*|nav|menu)(?:$|[\s_-])")


def _in_footer(blocks: Blocks, box: int) -> bool:
    """Whether a link stands in the page's footer or menu: the site's own files, a guide, a reader program."""
    return any(
        blocks.boxes[b].tag in ("footer", "nav") or _FOOTER.search(blocks.boxes[b].mark)
        for b in blocks.ancestors(box)[:5]
    )


#: Where a link that only a script opens keeps its file: in the call, or in an attribute of its own.
_CALLED = re.compile(
    r"[\"'(]\s{0,3}([^\"'()\s<>]{1,500}\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z)(?:\?[^\"'()\s<>]{0,300})?)\s{0,3}[\"')]",
    re.I,
)
_KEPT_IN = ("data-href", "data-url", "data-file", "data-src", "data-link", "onclick")


def address_of(attributes: Mapping[str, str | None]) -> str:
    """Where a link leads as written; what its script opens where the link itself leads nowhere; empty: nowhere."""
    href = (attributes.get("href") or "").strip()
    scripted = href[:11].lower() == "javascript:"
    if href and not scripted and not href.startswith("#"):
        return href
    if scripted and (match := _CALLED.search(href)):
        return match[1]
    for name in _KEPT_IN:
        value = (attributes.get(name) or "").strip()
        if not value:
            continue
        if match := _CALLED.search(value if name == "onclick" else f'"{value}"'):
            return match[1]
    return ""


def file_type(link: Link, href: str, title: str, *, annexed: bool) -> str | None:
    """The file's type, empty where it is a download of unknown type that the page calls an annex (``annexed``),
    None where it is no file."""
    if href[:11].lower() == "javascript:" or href[:7].lower() == "mailto:" or href.startswith("#"):
        return None
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    suffix = parts.path.rpartition(".")[2].lower()
    if suffix in TYPES:
        return suffix
    for text, prose in ((unquote(parts.query), False), (link.text, True), (title, False)):
        if match := _SUFFIX.search(text):
            named = not prose or len(text) < 120 or _SERVED.search(href)
            return match[1].lower() if named else None
    return "" if annexed and _SERVED.search(href) else None


_ANNEXED = re.compile(r"附\s*件")
#: Elements that show a file inside of the page, and where each has its address.
_SHOWING = {"iframe": "src", "embed": "src", "object": "data"}
_SHOWN_BY = re.compile(r"[?&#](?:file|url|src|pdf|path)=([^&#]{1,500})", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd)$", re.I)
#: So many files that a page shows are taken, of so many elements.
_MOST_SHOWN, _LOOKED_AT = 10, 60


def with_shown(
    listed: tuple[Attachment, ...], tree: Tree, tags: Set[str], base: str, *, alone: bool
) -> tuple[Attachment, ...]:
    """The attachments with the files that a page shows in itself: embedded, or in a viewer
    (``viewer.html?file=…``). ``alone``: it has no text of its own, so that a file which its scripts name is its
    body too, where it lists none. ``tags``: the names of the page's elements."""
    named: list[str] = []
    for tag, attribute in _SHOWING.items():
        for node in tree.parser.tags(tag)[:_LOOKED_AT] if tag in tags else ():
            value = (node.attributes.get(attribute) or "").strip()
            inner = _SHOWN_BY.search(value)
            named += [value, unquote(inner[1]) if inner else ""]
    if alone and not listed:
        named += [m[1] for node in tree.parser.tags("script") for m in _CALLED.finditer(node.text()[:200_000])]
    found = {attachment.url: attachment for attachment in listed}
    for value in named:
        address = canonical(value, base) if value and _FILE.search(value.partition("?")[0]) else None
        if address and len(found) < len(listed) + _MOST_SHOWN:
            name = unquote(urlsplit(address).path.rpartition("/")[2])
            found.setdefault(address, Attachment(address, name, name.rpartition(".")[2].lower()))
    return tuple(found.values()) if named else listed


def _name(link: Link, address: str) -> str:
    name = one_line(link.text) or link.title
    if len(name) < 4 and link.title:
        name = link.title
    return name or unquote(urlsplit(address).path.rpartition("/")[2])


def _size(blocks: Blocks, link: Link) -> int | None:
    around: Sequence[str] = [link.text, *(b.text for b in blocks.blocks[link.block : link.block + 1])]
    for text in around:
        if len(text) < 160 and (match := _SIZE.search(text)):
            return int(float(match[1]) * _UNIT[match[2].upper()])
    return None
