"""Plain text whose layout is lost: title, dates, source, body, and the borders between articles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract import epaper, listing_dates
from crawler.extract import text_lines as lines_
from crawler.extract.bilingual import split
from crawler.model import Article, Dropped, Quarantine, Reading
from crawler.model.values import Provenance
from crawler.text import han_count, narrow, one_line, squeeze

#: Characters read of one text; a book is no article.
MAX_TEXT = 5_000_000
#: Widths (characters) at which mailers and terminals wrap lines.
_WRAPS = (20, 130)
#: Lines above the body that may be a title or its furniture.
_TOP = 12
#: So many characters of body end the article's head, where source, date and byline stand.
_EARLY = 120
_STAMP = re.compile(
    r"((?:19|"
    r"20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?(?:\s*[T\s]?(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?)?"
)
_SOURCE = re.compile(
    r"(?:^|[\s|【\[(/>])(?:信息|文章|稿件|新闻|内容|"
    r"本文)?来\s*源\s*[】\])]?\s*[::】]\s*(.{1,60})|^source\s*[::]\s*(.{1,60})",
    re.I,
)
_SOURCE_TAG = re.compile(r"^【\s*来\s*源\s*】\s*(.{1,60})$")
_SOURCE_END = re.compile(
    r"\s*(?:作者|记者|编辑|责编|责任编辑|时间|日期|发布|发布时间|发布日期|浏览|点击|阅读|"
    r"字[号体]|分享|打印|【|\||(?:19|20)\d{2}[-年/.]).*$"
)
_AUTHOR = re.compile(r"^[\[(【]?\s*(?:作\s*者|文|撰文|记者)\s*[】\])]?\s*[::】]?\s*([\u4e00-\u9fff·\s、]{2,30})$")
_APP = re.compile(r"^(?:.{2,20}(?:集团|报社|传媒))?(.{2,20}?)(?:客户端|APP|新媒体)$", re.I)
_PUBLISHED_LABEL = re.compile(r"发布|发表|日期|时间|更新|上传|published|date|updated", re.I)
_ABSTRACT = re.compile(
    r"^[\[(【]?(?:摘\s*要|内容提要|导\s*读|核心提示|内容摘要|abstract|summary)[】\])]?\s*[::】]\s*", re.I
)
_AGENCY = re.compile(
    r"^(新华社|新华网|中新[社网]|人民网|央视网|中国新闻网)[\u4e00-\u9fff]{1,8}\d{1,2}月\d{1,2}日(?:电|讯)"
)
_CREDIT_TAG = re.compile(
    r"^【\s*(?:图文|作者|来源|记者|文字|摄影|图片|编辑|校对|审核|统筹|策划|通讯员|设计|视频|海报)\s*】"
)


@dataclass(slots=True)
class _Found:
    """What was seen on the way through the lines."""

    published: str | None = None
    source: str | None = None
    author: str | None = None
    ledger: list[Dropped] = field(default_factory=list)

    def drop(self, rule: str, text: str) -> None:
        self.ledger.append(Dropped(rule, text[:500]))


def read_text(url: str, text: str, *, today: dt.date) -> Reading:
    """The article of a plain text, or the several of a newspaper page.

    Lines that are furniture go into the ledger. A date that isn't stated stays absent.
    """
    if len(text) > MAX_TEXT:
        return Reading(quarantine=Quarantine("too_large", f"{len(text)} characters; the limit is {MAX_TEXT}"))
    lines = [one_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")]
    lines = _unwrapped(lines)
    if not any(lines):
        return Reading(quarantine=Quarantine("empty", "no text", "Give the article's text."))
    found = _Found()
    kept = _without_elsewhere(lines, found)
    pieces = epaper.cut_blocks([line for line in kept if not lines_.furniture(line)])
    if pieces:
        found.ledger.extend(epaper.typed_out(pieces))
        articles = tuple(_newspaper(url, p, found, today) for p in pieces if p.kind == "article")
        return Reading(articles)
    article = _single(url, kept, found, today)
    if not article.paragraphs and not article.title:
        return Reading(quarantine=Quarantine("empty", "only furniture", "Give the article's text."))
    return Reading((article,))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Undo hard wraps: where blank lines part blocks of several full lines, each block is one text."""
    widths = [len(line) for line in lines if line]
    if not widths or not any(not line for line in lines):
        return [line for line in lines if line]
    widest = max(widths)
    if not _WRAPS[0] <= widest <= _WRAPS[1] or sum(w > 0.75 * widest for w in widths) < 0.5 * len(widths):
        return [line for line in lines if line]
    done: list[list[str]] = []
    for i, line in enumerate(lines):
        if not line:
            continue
        before = lines[i - 1] if i else ""
        if done and len(before) > 0.75 * widest and not lines_.finished(before):
            done[-1].append(" " + line if before[-1].isascii() and line[0].isascii() else line)
        else:
            done.append([line])
    return ["".join(parts) for parts in done]


def _without_elsewhere(lines: Sequence[str], found: _Found) -> list[str]:
    """Without recommended headlines: from a head such as 相关推荐 on, as long as headlines follow."""
    kept: list[str] = []
    away = False
    for line in lines:
        if kept and lines_.ELSEWHERE.match(narrow(line)):
            away = True
        elif away and (_sentence(line) or _SOURCE_TAG.match(line)):
            away = False
        if away:
            found.drop("elsewhere", line)
        else:
            kept.append(line)
    return kept


def _sentence(line: str) -> bool:
    """Whether a line is running text: a headline of a list never has a full stop in its midst."""
    if han_count(line) > 10:
        return len(line) > 60 and "。" in line
    return len(line.split()) > 30


def _single(url: str, lines: Sequence[str], found: _Found, today: dt.date) -> Article:
    title, subtitle, rest = _heading(lines, found)
    body: list[str] = []
    size = 0
    for i, line in enumerate(rest):
        early = size < _EARLY
        if _take(line, found, today, early=early, last=i >= len(rest) - 12):
            continue
        if title and squeeze(line) == squeeze(title):
            found.drop("title_again", line)
            continue
        body.append(line)
        size += len(line)
    provenance: dict[str, Provenance] = {}
    if found.published:
        provenance["published"] = "label"
    elif day := listing_dates.from_url(url, today):
        found.published, provenance["published"] = day.isoformat(), "url"
    if found.source:
        provenance["source_credit"] = "label"
    elif agency := next((m[1] for p in body[:2] if (m := _AGENCY.match(narrow(p)))), None):
        found.source, provenance["source_credit"] = agency, "body"
    language, body_zh, body_en, pairs = split(body)
    return Article(
        url=url,
        title=title,
        subtitle=subtitle,
        paragraphs=tuple(body),
        published=found.published,
        source_credit=found.source,
        author=found.author,
        language=language,
        body_zh=body_zh,
        body_en=body_en,
        pairs=pairs,
        provenance=provenance,
        read_by={"body": "plaintext", "title": "plaintext"},
        ledger=tuple(found.ledger),
    )


def _heading(lines: Sequence[str], found: _Found) -> tuple[str | None, str | None, list[str]]:
    """Title, subtitle, and the lines below. The first line that can be a headline is the title."""
    for i, line in enumerate(lines[:_TOP]):
        if lines_.furniture(line) or _ABSTRACT.match(narrow(line)) or _meta_line(line):
            continue
        if not lines_.heading(line) and not (line.endswith((":", "：")) and len(line) < 60):
            break
        following = lines[i + 1] if i + 1 < len(lines) else ""
        for furnished in lines[:i]:
            found.drop(lines_.furniture(furnished) or "above_title", furnished)
        if line.endswith((":", "：")) and lines_.heading(following):
            return f"{line} {following}" if line.endswith(":") else line + following, None, list(lines[i + 2 :])
        subtitle = following if following.startswith(("——", "—", "--")) and lines_.heading(following) else None
        return line, subtitle, list(lines[i + (2 if subtitle else 1) :])
    return None, None, list(lines)


def _meta_line(line: str) -> bool:
    """Whether a line only says when, where and how often: ``本站 2025-05-17 18:29 2``."""
    return len(line) <= 80 and bool(_STAMP.search(narrow(line))) and "。" not in line and not lines_.finished(line)


def _take(line: str, found: _Found, today: dt.date, *, early: bool, last: bool) -> bool:
    """Whether a line is no body text; what it tells is remembered."""
    text = narrow(line)
    if len(text) <= 160 and (match := _SOURCE.search(text)) and (early or last) and "。" not in text[:-1]:
        _remember_source(match[1] or match[2], found)
        _remember_date(text, found, today)
        found.drop("source", line)
        return True
    if _CREDIT_TAG.match(text) and len(text) < 80:
        if match := _AUTHOR.match(text):
            found.author = found.author or one_line(match[1])
        found.drop("credit", line)
        return True
    if early and _meta_line(line) and not epaper.lead(line):
        _remember_date(text, found, today)
        found.drop("meta_line", line)
        return True
    if early and _ABSTRACT.match(text):
        found.drop("abstract", line)
        return True
    if rule := lines_.furniture(line):
        found.drop(rule, line)
        return True
    if lines_.caption(line):
        found.drop("caption", line)
        return True
    if lines_.byline(line) and (early or last):
        found.drop("byline", line)
        found.author = found.author or lines_.reporters(line)
        return True
    return False


def _remember_source(value: str, found: _Found) -> None:
    credit = _SOURCE_END.sub("", value.strip(" :】)]").strip()).strip(" ,。;")
    if match := _APP.match(credit):
        credit = match[1]
    if credit and not found.source:
        found.source = credit


def _remember_date(text: str, found: _Found, today: dt.date) -> None:
    match = _STAMP.search(text)
    if match is None or found.published:
        return
    day = listing_dates.make(int(match[1]), int(match[2]), int(match[3]), today)
    if day is None:
        return
    if match[4] and int(match[4]) < 24 and int(match[5]) < 60:
        found.published = f"{day.isoformat()}T{int(match[4]):02d}:{match[5]}:{int(match[6] or 0):02d}+08:00"
    else:
        found.published = day.isoformat()


def _newspaper(url: str, piece: epaper.Piece, found: _Found, today: dt.date) -> Article:
    ledger: list[Dropped] = list(found.ledger)
    body: list[str] = []
    author = None
    for line in piece.paragraphs:
        if lines_.byline(line):
            author = author or lines_.reporters(line)
            ledger.append(Dropped("byline", line))
        elif lines_.caption(line):
            ledger.append(Dropped("caption", line))
        else:
            body.append(line)
    day = listing_dates.from_url(url, today)
    provenance: dict[str, Provenance] = {"published": "url"} if day else {}
    language, body_zh, body_en, pairs = split(body)
    return Article(
        url=url,
        title=piece.title,
        subtitle=piece.subtitle,
        paragraphs=tuple(body),
        published=day.isoformat() if day else None,
        language=language,
        body_zh=body_zh,
        body_en=body_en,
        pairs=pairs,
        provenance=provenance,
        read_by={"body": "epaper", "title": "epaper"},
        author=author,
        ledger=tuple(ledger),
        part=squeeze(piece.title),
    )
