"""A stored release as the flat document that every evaluator judges and every index holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from crawler.model import Release, StoredRelease, to_json
from crawler.query.folding import BREAK, key, words

#: Characters of body and attachments that are searched; the rest of a longer text is stored only in
#: the truth. Elasticsearch highlights no further either.
MAX_TEXT = 1_000_000
#: The line of ``attachments`` below which a machine read pictures. Punctuation: no word is found in it.
OCR_MARK = "※※※"
#: Deadlines that somebody can still meet or miss; a payout is none.
OPEN_KINDS = frozenset({"apply", "comment", "publicity", "event"})
#: Days before ``effective_to`` on which a policy is ``expiring``.
EXPIRING_DAYS = 90


def document(stored: StoredRelease, as_of: dt.date) -> dict[str, Any]:
    """The flat document of a release as it is on a day: JSON values only, always all keys.

    ``validity`` and ``deadline_end`` (the next open one) are judged on ``as_of``. ``words_*`` are
    the token strings that phrases are looked for in. Pure: the same release and day give the same
    document.
    """
    doc = bare_document(stored, as_of)
    return doc | token_strings(doc)


def bare_document(stored: StoredRelease, as_of: dt.date) -> dict[str, Any]:
    """`document` without its token strings, which cost more than all the rest."""
    release = stored.release
    day = as_of.isoformat()
    body = _body(stored)
    attachments = _attachments(release)
    yuan = [b.amount_max for b in release.benefits if b.amount_max is not None and b.currency == "CNY"]
    ends = sorted(d.end[:10] for d in release.deadlines if d.end and d.kind in OPEN_KINDS)
    open_ends = [end for end in ends if end >= day]
    return {
        "release_id": stored.release_id,
        "site": stored.site,
        "column": stored.column,
        "url": stored.url,
        "revision": stored.revision,
        "title": release.title,
        "subtitle": release.subtitle,
        "body": body,
        "attachments": attachments,
        "source_credit": release.source_credit,
        "site_name": release.site_name,
        "published": release.published,
        "published_day": release.published[:10] if release.published else None,
        "issued": release.issued,
        "first_seen": stored.first_seen,
        "last_seen": stored.last_seen,
        "effective_from": release.effective_from,
        "effective_to": release.effective_to,
        "doc_no": release.doc_no,
        "doc_no_key": key(release.doc_no) or None,
        "doc_type": release.doc_type,
        "is_talent_policy": release.is_talent_policy,
        "relevance": release.relevance,
        "section": release.section,
        "topics": list(release.topics),
        "region": release.region,
        "division_code": release.region[:2] if release.region else None,
        "region_path": list(release.region_path),
        "zone": release.zone,
        "level": release.level,
        "issuers": list(release.issuers),
        "language": release.language,
        "validity": validity_on(release.validity, release.effective_to, day),
        "validity_basis": release.validity_basis,
        "body_in_image": release.body_in_image,
        "body_in_attachment": release.body_in_attachment,
        "story_id": stored.story_id,
        "is_original": stored.is_original,
        "current": stored.current,
        "withdrawn_at": stored.withdrawn_at,
        "benefit_topics": sorted({b.topic for b in release.benefits if b.topic}),
        "benefit_max_cny": max(yuan, default=None),
        "deadline_end": open_ends[0] if open_ends else None,
        "benefits": to_json(release.benefits),
        "deadlines": to_json(release.deadlines),
        "links": to_json(release.links),
        "reasons": to_json(release.reasons),
    }


def token_strings(doc: Mapping[str, Any]) -> dict[str, str]:
    """The token strings of a document's texts, ``words_*``; an index may leave them out and ask again."""
    text = [words(doc[name]).strip(f" {BREAK}") for name in ("subtitle", "doc_no", "body", "attachments")]
    return {
        "words_title": words(doc["title"]),
        "words_text": f" {BREAK} ".join(part for part in text if part),
        "words_issuers": f" {BREAK} ".join(words(name) for name in doc["issuers"]),
    }


def validity_on(validity: str, effective_to: str | None, day: str) -> str:
    """The validity that was judged some day, as it is on ``day`` (ISO): time passes, the text stays."""
    if effective_to is None or validity in ("draft", "repealed"):
        return validity
    if day > effective_to[:10]:
        return "expired"
    last = dt.date.fromisoformat(effective_to[:10]) - dt.timedelta(days=EXPIRING_DAYS)
    if day >= last.isoformat():
        return "expiring"
    return "in_force" if validity in ("expired", "expiring") else validity


def _attachments(release: Release) -> str:
    """Names and texts of the files; what was read from pictures stands last, below `OCR_MARK`."""
    plain: list[str] = []
    pictures: list[str] = []
    for file in release.attachments:
        (pictures if file.state == "ocr" else plain).extend(part for part in (file.name, file.text) if part)
    return "\n".join([*plain, *([OCR_MARK, *pictures] if pictures else [])])[:MAX_TEXT]


def _body(stored: StoredRelease) -> str:
    """The body, and the halves of a bilingual one where they are not in it already."""
    release = stored.release
    halves = [half for half in (release.body_zh, release.body_en) if half]
    missing = [h for h in halves if not all(line.strip() in release.body for line in h.splitlines()[:50])]
    return "\n".join(part for part in (release.body, *missing) if part)[:MAX_TEXT]
