"""Puts the text of scans and pictures (OCR) into an article's attachments, marked as what it is.

The state is ``ocr``, the evidence names engine, confidence and pages. Such text is searched and shown, and that
is all: it never becomes the body, nothing is understood from it (`crawler.enrich.attached`), and a change of it
is no change of the site (`crawler.dedup.changes`). One wrong digit is a wrong amount.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from crawler.extract.files import ocr
from crawler.extract.files.ocr import OcrLimits
from crawler.model import Article, Attachment


def with_pictures(article: Article, *, asked: bool, known: Mapping[str, Attachment]) -> Article:
    """The article with the pictures that its body consists of (图解) among its attachments.

    ``asked``: all of them, to be read; otherwise those that an earlier reading holds (``known``).
    """
    listed = {a.url for a in article.attachments}
    more = tuple(p for p in article.pictures if p.url not in listed and (asked or p.url in known))
    return replace(article, attachments=(*article.attachments, *more)) if more else article


def put_in(
    article: Article, files: Mapping[str, bytes], *, limits: OcrLimits | None, known: Mapping[str, Attachment]
) -> Article:
    """The article with the text of those attachments that are scans or pictures.

    ``files``: address → content, as far as it is at hand; ``limits`` None: nothing is read, but what was read of
    the same bytes before (``known``) stays. The pages of all files together are limited.
    """
    left = limits.pages if limits else 0
    out: list[Attachment] = []
    for attachment in article.attachments:
        content = files.get(attachment.url)
        if content is None or not _may_be_read(attachment, content):
            out.append(attachment)
            continue
        before = known.get(attachment.url)
        if before is not None and _still_holds(before, content, limits):
            out.append(replace(attachment, state=before.state, evidence=before.evidence, text=before.text))
            continue
        if limits is None:
            out.append(attachment)
            continue
        if left <= 0:
            spent = f"OCR: the article's {limits.pages} pages are spent (crawl.ocr_pages)"
            out.append(replace(attachment, state="scanned", evidence=spent, text=None))
            continue
        said = ocr.recognise(content, limits, pages=left)
        left -= said.pages
        out.append(
            replace(
                attachment, state="ocr" if said.state == "read" else said.state, evidence=said.evidence,
                text=said.text if said.state == "read" else None,
            )
        )  # fmt: skip
    return replace(article, attachments=tuple(out))


def read_scan(url: str, name: str, body: bytes, limits: OcrLimits) -> Article | None:
    """A picture, or a PDF that no other reader found text in, as an article without title and body; its text is
    the attachment's. None for anything else."""
    if not (ocr.is_picture(body) or b"%PDF-" in body[:1024]):
        return None
    kind = name.rpartition(".")[2].lower() if "." in name else None
    own = Attachment(
        url, name, kind, len(body), state="scanned" if b"%PDF-" in body[:1024] else "unsupported",
        sha256=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip
    article = Article(url=url, attachments=(own,), body_in_attachment=True, body_in_image=True)
    return put_in(article, {url: body}, limits=limits, known={})


def _may_be_read(attachment: Attachment, content: bytes) -> bool:
    if attachment.state == "scanned":
        return b"%PDF-" in content[:1024]
    return attachment.state == "unsupported" and ocr.is_picture(content)


def _still_holds(before: Attachment, content: bytes, limits: OcrLimits | None) -> bool:
    """Whether an earlier reading is that of the same bytes, and would come out the same."""
    if before.sha256 != hashlib.sha256(content).hexdigest():
        return False
    # Where it can't be read again, or is not to be, what was read stays.
    if limits is None or ocr.missing():
        return before.state == "ocr"
    return ocr.is_settled(before.evidence, limits)
