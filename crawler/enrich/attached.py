"""What the annexes of a release grant: benefits and windows in the text of its attachments, with their place.

A quote that stands in an attachment says so (``attachment: 申报指南.pdf p.3``). Text that a machine
recognised in a picture (OCR) is searched, but nothing is read from it: one wrong digit is a wrong amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.enrich import benefits, deadlines
from crawler.model import Article, Attachment, Benefit, Deadline
from crawler.model.values import DocType, Language
from crawler.text import squeeze

#: Releases whose annexes say what one gets; those of news and results tell of others.
_GRANTING = frozenset({"policy", "call", "interpretation"})
#: Benefits that the annexes of one release may add: a price list is no policy.
MOST = 80
#: Annexes that are filled in, not granted: their sums are examples.
_FORM = re.compile(
    r"申[报请]表|登记表|推荐表|汇总表|承诺书|协议书|合同|模板|样表|样式|名单|联系(?:方式|人)|材料清单|预算"
)
_PAGE = re.compile(r"第(\d{1,6})页")
_EDGE = re.compile(r"^正文$")


def place(attachment: Attachment, where: str) -> str:
    """``attachment: 申报指南.pdf p.3``, ``attachment: 标准.xlsx 工作表：博士``."""
    where = _EDGE.sub("", _PAGE.sub(r"p.\1", where).removesuffix("，正文"))
    return f"attachment: {attachment.name} {where}".rstrip()


def placed(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """A stored attachment's paragraphs by their place."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        if line.startswith("【") and line.endswith("】") and _is_place(line[1:-1]):
            found.append((line[1:-1], []))
        elif line:
            found[-1][1].append(line)
    return [(where, tuple(lines)) for where, lines in found if lines]


def _is_place(words: str) -> bool:
    return words == "正文" or words.startswith(("工作表：", "文件：")) or bool(_NUMBERED.fullmatch(words))


_NUMBERED = re.compile(r"第\d{1,6}(?:页|张幻灯片)")


def with_annexes(
    article: Article, found: Sequence[Benefit], windows: Sequence[Deadline], *, doc_type: DocType,
    relevant: bool | None, language: Language,
) -> tuple[tuple[Benefit, ...], tuple[Deadline, ...]]:  # fmt: skip
    """The benefits and windows of the page, each told where it stands, and those that only the annexes have."""
    if not any(a.text for a in article.attachments):
        return tuple(found), tuple(windows)
    own = [replace(b, source=_source(article, b.quote)) for b in found]
    ends = [replace(d, source=_source(article, d.quote)) for d in windows]
    main = article.read_by.get("body", "").removeprefix("attachment:")
    if relevant is False or doc_type not in _GRANTING:
        return tuple(own), tuple(ends)
    for attachment in article.attachments:
        # The file that became the body is read already; so is the page that is a file.
        if attachment.url in (main, article.url) or not attachment.text or attachment.state in ("ocr", "personal"):
            continue
        if _FORM.search(attachment.name):
            continue
        lines = tuple(line for _, part in placed(attachment.text) for line in part)
        known = {_key(b) for b in own}
        for benefit in benefits.find_benefits(article.title, lines, language=language):
            if len(own) < MOST and _key(benefit) not in known:
                own.append(replace(benefit, source=_in(attachment, benefit.quote)))
        kinds = {d.kind for d in ends}
        fresh = deadlines.find_deadlines(
            article.title, lines, published=article.published, doc_type=doc_type, language=language
        )
        # The page's own window counts; an annex fills in what the page leaves open.
        ends += [replace(d, source=_in(attachment, d.quote)) for d in fresh if d.kind not in kinds]
    return tuple(own), tuple(ends)


def _key(benefit: Benefit) -> tuple[object, ...]:
    return (
        squeeze(benefit.recipient), benefit.amount_min, benefit.amount_max, benefit.rate, benefit.period,
        benefit.area_m2_min, benefit.area_m2_max, benefit.topic,
    )  # fmt: skip


def _source(article: Article, quote: str) -> str | None:
    """The attachment and place of a quote that the page itself doesn't print; None where the page does."""
    main = article.read_by.get("body", "")
    wanted = squeeze(quote.split("\n")[0])
    first = next((a for a in article.attachments if main == f"attachment:{a.url}" or a.url == article.url), None)
    if first is None or not first.text or not wanted:
        return None
    theirs = {squeeze(line) for _, lines in placed(first.text) for line in lines}
    page = "\n".join(squeeze(p) for p in article.paragraphs if squeeze(p) not in theirs)
    return None if wanted in page else _in(first, quote)


def _in(attachment: Attachment, quote: str) -> str:
    """The place in an attachment where a quote begins; the attachment alone where its lines go over places."""
    wanted = squeeze(quote.split("\n")[0])
    for where, lines in placed(attachment.text or ""):
        if any(wanted in squeeze(line) for line in lines) or wanted in squeeze("".join(lines)):
            return place(attachment, where)
    return place(attachment, "")
