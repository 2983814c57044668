"""Links of a listing: which lead to articles, and what their titles are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.extract.listing_dates import plain
from crawler.extract.outline import Box
from crawler.text import han_count, narrow, one_line

#: Words that move about in a site; never a row's title.
NAVIGATION = re.compile(
    r"^(?:首\s?页|尾\s?页|末\s?页|上一?页|下一?页|前一页|后一页|更\s?多|查看更多|more|返回|"
    r"返回首页|返回顶部|详细|详情|查看详情|"
    r"阅读全文|查看|全文|点击查看|下载|附件下载?|打印|关闭|登录|注册|搜索|跳转|确定|go|"
    r"\d{1,4}|[<>«»‹›]+|\.{2,}|…+)"
    r"[\s>»›+.…]*$",
    re.I,
)
_DETAIL_FILE = re.compile(
    r"(?:^|[/_\-.])(?:t?\d{5,}|art_|content_|post_|article_?|info_?\d|detail|show|view|newsinfo|c_?\d{4,})|"
    r"[0-9a-f]{16,}|\d{4,}",
    re.I,
)
_DETAIL_PATH = re.compile(
    r"/(?:19|20)\d{2}[-/_]?\d{0,2}[-/_]?\d{0,2}/|/(?:art|info|content|article|articles|detail|"
    r"post|show|news|a)/[^/]*\d",
    re.I,
)
_DETAIL_QUERY = re.compile(
    r"(?:^|&)(?:\w*id|guid|uuid|no|num|bh|key|aid|wbnewsid|infoid|articleid|docid|n)=[\w%-]+", re.I
)
_INDEX_FILE = re.compile(r"^(?:index|default|list|node)(?:_?\d{1,4})?\.[a-z]+$|^(?:index|default|list)$", re.I)
_PAPER = re.compile(r"\.(?:pdf|docx?|xlsx?|ofd|zip|rar|wps|et)$", re.I)
_SCRIPT_URL = re.compile(r"""['"]((?:https?://|\.{0,2}/|[\w-]+/)[^'"\s]+|[\w./-]+\.s?html?[^'"\s]*)['"]""", re.I)
_CALL = re.compile(r"(?:javascript:)?\s*(?:return\s+)?([A-Za-z_$][\w$.]*)\s*\(([^()]{1,200})\)", re.I)
_NOT_OPENING = re.compile(
    r"history|print|close|back|goto|page|search|share|login|collect|favor|zoom|font|menu|tab", re.I
)
_CUT_OFF = re.compile(r"(?:\.{2,}|…+|·{3,})\s*$")
_BULLET = re.compile(r"^(?:[·•●▪■◆◇>»›\-—*.、|┊]+|\d{1,3}[.、](?=\D))\s*")
_DAY_AHEAD = re.compile(r"^[\[(【]?(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}[\])】]?\s+(?=\S{4})")
_TAIL = re.compile(r"\s*(?:[\[(【<]?\s*(?:new|hot|新|热|图)\s*[\])】>]|!?new!?)\s*$", re.I)
_HEAD = re.compile(r"^\s*[\[(【]\s*(?:置顶|顶|top|推荐|热|新|new)\s*[\])】]\s*|^置顶\s+", re.I)
_TITLE_LABEL = re.compile(r"^(?:标\s*题|信息名称|文件名称|名\s*称)\s*[:\uff1a]\s*")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TITLE_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w*title|\w*tit|\w*bt|\w*name|subject|headline|h\d|t\d?)(?:$|[\s_-])", re.I
)
_SUMMARY_NAME = re.compile(r"summary|desc|intro|abstract|digest|zhaiyao|jianjie|zy$|content|info$", re.I)
#: A text of more Han characters under a link is a summary, not a title.
LONGEST_TITLE = 120


#: Attributes of a link that say something else; and what is the address of a page in any other.
_OWN = frozenset({"href", "src", "class", "id", "style", "title", "onclick", "name", "alt", "target", "rel"})
_PAGE = re.compile(r"[\w./:%-]{1,300}\.s?html?")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads. ``part`` is set where script opens the item on one shared address."""

    url: str
    part: str = ""


def target(box: Box, base: str) -> Target | None:
    """Where an element leads: its href, or the address or arguments in its script."""
    href = box.attrs.get("href", "").strip()
    script = box.attrs.get("onclick", "")
    if href.lower().startswith("javascript:") or (href in ("", "#") and script):
        found = _script_target(script or href, base) or (_script_target(href, base) if href else None)
        return (_elsewhere(box, base) or found) if found is None or found.part else found
    if not href or href.startswith("#") or href.lower().startswith(("mailto:", "tel:", "data:", "about:")):
        return _elsewhere(box, base)
    url = _unwrapped(absolute(href, base))
    return Target(url) if url else None


def _elsewhere(box: Box, base: str) -> Target | None:
    """An address that a link keeps for its script in an attribute of its own."""
    for name, value in box.attrs.items():
        named = name in ("data-href", "data-url")
        if value and (named or (name not in _OWN and _PAGE.fullmatch(value.strip()))):
            url = absolute(value, base)
            return Target(url) if url else None
    return None


def _unwrapped(url: str | None) -> str | None:
    """大汉's search counts clicks at ``visit/link.do?url=…``: the address itself is the release's."""
    if url is None or "/visit/link.do?" not in url:
        return url
    inner = dict(parse_qsl(urlsplit(url).query)).get("url", "")
    return inner if inner.startswith(("http://", "https://")) else url


def _script_target(script: str, base: str) -> Target | None:
    call = _CALL.search(script)
    if match := _SCRIPT_URL.search(script):
        url = absolute(match[1], base)
        if url:
            return Target(url)
    if call and not _NOT_OPENING.search(call[1]):
        parts = [p.strip().strip("'\"") for p in call[2].split(",")]
        key = ",".join(p for p in parts if p and p not in ("this", "event"))
        if re.search(r"\d|[0-9a-f]{8}", key):
            return Target(base, key)
    return None


def absolute(href: str, base: str) -> str | None:
    """The address resolved against the page's base; None where it is no http(s) address."""
    text = "".join(c for c in href.strip() if c.isprintable())
    try:
        url = urljoin(base, text)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return url.split("#", 1)[0] if "#/" not in url and "#!" not in url else url


@lru_cache(maxsize=4096)
def detail_like(url: str) -> float:
    """How much an address looks like an article's: 0 (a column, a home page) to 1."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0.0
    path, name = parts.path, parts.path.rstrip("/").rsplit("/", 1)[-1]
    if path in ("", "/"):
        return 0.6 if _DETAIL_QUERY.search(parts.query) else 0.0
    if _PAPER.search(path):
        return 0.7
    if _INDEX_FILE.match(name):
        return 0.6 if _DETAIL_QUERY.search(parts.query) else 0.1
    stem = name.rsplit(".", 1)[0]
    if path.endswith("/") and not parts.query:
        return 0.3 if re.search(r"\d{3}", name) else 0.05
    if _DETAIL_FILE.search(stem) and not re.fullmatch(r"col\d+", stem):
        return 1.0
    if _DETAIL_QUERY.search(parts.query):
        return 0.9
    if _DETAIL_PATH.search(path) and not path.endswith("/"):
        return 0.9
    if "." in name and re.search(r"\d", stem):
        return 0.6
    return 0.3 if "." in name else 0.05


def title_of(link: Box, others: tuple[Box, ...] = ()) -> str:
    """A link's title: its heading or own text, completed from ``title=`` where that was cut off.

    ``others`` are links of the same row with the same target (a picture, a "more").
    """
    best = ""
    for box in (link, *others):
        text = _shown_title(box)
        text = _completed(text, one_line(box.attrs.get("title") or box.attrs.get("data-title")), box)
        if not text or NAVIGATION.match(text):
            continue
        if (
            not best
            or (box is not link and _weight(best) < 6 <= _weight(text))
            or (_CUT_OFF.search(best) and text.startswith(_CUT_OFF.sub("", best)))
        ):
            best = text
    return clean_title(best)


def clean_title(text: str) -> str:
    """A title without bullet, pin mark (置顶), label, and the "new" badge."""
    text = _HEAD.sub("", _BULLET.sub("", _DAY_AHEAD.sub("", one_line(text))))
    text = _TAIL.sub("", _BULLET.sub("", text))
    return _TITLE_LABEL.sub("", text).strip()


def _weight(text: str) -> float:
    return han_count(text) + 0.4 * sum(c.isascii() and c.isalnum() for c in text)


weight = _weight


def _completed(text: str, attribute: str, box: Box) -> str:
    """The ``title=`` attribute where it says the same in full; the shown text otherwise."""
    if "标题" in attribute[:6] or "名称" in attribute[:6]:
        attribute = told_by(attribute)[0] or ("" if "\n" in attribute else attribute)
    if not attribute:
        return text
    if not text:
        image = next((b.attrs.get("alt", "") for b in box.boxes() if b.tag == "img"), "")
        return attribute or one_line(image)
    start = _CUT_OFF.sub("", _BULLET.sub("", text)).strip()
    squeezed, whole = _letters(start), _letters(attribute)
    if _CUT_OFF.search(text) and squeezed and squeezed[: max(4, len(squeezed) - 2)] in whole:
        return attribute
    if len(whole) >= 6 and (whole in squeezed or (squeezed and whole.startswith(squeezed[:10]))):
        return attribute
    return text


def told_by(attribute: str) -> tuple[str, str]:
    """Title and day of a ``title=`` that tells of both (文章标题：… 发布时间：…); empty where it says neither."""
    text = one_line(attribute)
    if not _TELLS.match(text):
        return "", ""
    pieces = _TOLD.split(text)
    told = dict(zip(pieces[1::2], pieces[2::2], strict=False))
    title = next((value.strip() for label, value in told.items() if label.endswith(("标题", "名称"))), "")
    day = next((value.strip() for label, value in told.items() if label.endswith(("时间", "日期"))), "")
    return title, day


_TELLS = re.compile(r"^(?:文章|新闻|信息)?(?:标\s?题|名称)\s?[:：]")
_TOLD = re.compile(
    r"((?:文章|新闻|信息)?(?:标题|名称)|作\s?者|(?:发布|更新|发表|录入|添加|提交)?(?:时间|日期)|点击(?:次数|数)?|浏览(?:次数)?|阅读(?:次数)?|来源|"
    r"转贴自|栏目|(?:发布|录入)人|人气)\s?[:：]"
)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", narrow(text))


def _shown_title(link: Box) -> str:
    """The text of a link that is its title: a heading, a part named so, or all but dates and summary."""
    boxes = list(link.boxes())[1:]
    for box in boxes:
        if box.tag in _HEADINGS and len(one_line(box.text)) >= 4:
            return _without_dates(box)
    parts = [b for b in boxes if _TITLE_NAME.search(b.names) and _weight(b.text) >= 4]
    if parts and len(parts[0].text) < len(link.text):
        return _without_dates(parts[0])
    return _without_dates(link)


#: How a summary ends, and no part of a headline that stands behind another part.
_SENTENCE_ENDS = ("。", "…", "...", "；")


def _without_dates(box: Box) -> str:
    texts: list[tuple[str, Box]] = list(box.texts())
    kept: list[str] = []
    for text, owner in texts:
        if len(texts) > 1 and _date_like(text):
            continue
        if kept and owner is not box and (text.endswith(_SENTENCE_ENDS) or _summary(owner, box)):
            continue
        kept.append(text)
    return box.text if len(kept) == len(texts) else one_line(" ".join(kept))


def _summary(owner: Box, link: Box) -> bool:
    while owner is not link:
        if (owner.tag in ("p",) and len(owner.text) > 30) or _SUMMARY_NAME.search(owner.names):
            return True
        if owner.parent is None:
            break
        owner = owner.parent
    return False


def _date_like(text: str) -> bool:
    words = plain(text)
    return bool(words) and len(words) <= 16 and bool(re.fullmatch(r"[\d年月日./\-\s:]+", words))
