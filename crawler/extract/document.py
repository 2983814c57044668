"""A listing's row that leads to a file itself (PDF, Word …): the file is the article."""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
from urllib.parse import unquote, urlsplit

from crawler.extract import bilingual, dates
from crawler.extract.attachment_text import read_apart
from crawler.model import Article, Attachment, Page, Quarantine, Reading, Row
from crawler.model.values import Provenance
from crawler.text import one_line

#: Characters; a longer first paragraph is prose, not a headline.
_LONGEST_TITLE = 80
#: First paragraphs among which a document's headline stands, under the red head and the number.
_HEAD = 6
_KINDS = (
    "办法",
    "意见",
    "通知",
    "公告",
    "细则",
    "方案",
    "规划",
    "措施",
    "指南",
    "通告",
    "公示",
    "决定",
    "政策",
    "规定",
)


def read_document(page: Page, found: Quarantine, listed: Row | None, *, today: dt.date) -> Reading:
    """The file as an article; ``found``, why it is no page, where it can't be read either.

    A scan is an article without text, marked ``body_in_image``, where a row gives it a title.
    """
    body = page.body
    if isinstance(body, str) or page.status >= 400:
        return Reading(quarantine=found)
    name = unquote(posixpath.basename(urlsplit(page.url).path))
    read = read_apart(body, name)
    if read.state not in ("read", "scanned"):
        reason = f"{found.evidence}; {read.state}: {read.evidence}"
        return Reading(quarantine=Quarantine(found.reason, reason[:300], found.mend))
    stated = one_line(listed.title) if listed else ""
    title = stated or _headline(read.paragraphs)
    if read.state == "scanned" and not title:
        return Reading(
            quarantine=Quarantine("empty", f"a scan without a title: {read.evidence}", "read it by hand")
        )
    provenance: dict[str, Provenance] = {"title": "listing" if stated else "body"}
    day = dates.published({}, (), url=page.url, today=today, listed=listed.date if listed else None)
    if day:
        provenance["published"] = day.provenance
    if read.paragraphs:
        provenance["body"] = "body"
    language, zh, en, pairs = bilingual.split(read.paragraphs)
    kind = read.type or posixpath.splitext(name)[1].lstrip(".").lower() or None
    own = Attachment(
        page.url, name, kind, len(body), state=read.state, sha256=hashlib.sha256(body).hexdigest(),
        text=read.text if read.parts and read.parts[0].place != "正文" else None, evidence=read.evidence or None,
    )  # fmt: skip
    article = Article(
        url=page.url, title=title or None, paragraphs=read.paragraphs,
        published=day.moment.iso() if day else None, attachments=(own,),
        body_in_attachment=True, body_in_image=read.state == "scanned", language=language, body_zh=zh, body_en=en,
        pairs=pairs, provenance=provenance, read_by={"title": "listing" if stated else "file", "body": "file"},
    )  # fmt: skip
    return Reading((article,))


def _headline(paragraphs: tuple[str, ...]) -> str:
    """The first line that is named like a document, else the first that is short enough for a headline."""
    head = [p for p in paragraphs[:_HEAD] if 4 <= len(p) <= _LONGEST_TITLE and not p.endswith(("。", "；"))]
    return next((p for p in head if p.endswith(_KINDS)), head[0] if head else "")
