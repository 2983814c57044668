"""From an article to its release: each field found by its own module."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.enrich import anatomy as _anatomy
from crawler.enrich import (
    attached,
    benefits,
    dates,
    deadlines,
    docno,
    doctype,
    figures,
    issuers,
    lineage,
    place,
    relevance,
    section,
    taxonomy,
    topics,
    traditional,
    validity,
)
from crawler.model import Article, Release
from crawler.model.values import Provenance


@dataclass(frozen=True, slots=True)
class Hints:
    """What the site's file says of the releases on it. They only stand in where the release is silent."""

    site_name: str | None = None
    #: GB/T 2260 code.
    region: str | None = None
    level: str | None = None
    site_kind: str | None = None
    column_kind: str | None = None


def understand(article: Article, hints: Hints | None = None, *, as_of: dt.date) -> Release:
    """The release that an article is. ``as_of`` is the day on which validity is judged."""
    hints = hints or Hints()
    if traditional.is_traditional(article):
        plain = traditional.simplify(article)
        return traditional.as_printed(_understand(plain, hints, as_of=as_of), article, plain)
    return _understand(article, hints, as_of=as_of)


def _understand(article: Article, hints: Hints, *, as_of: dt.date) -> Release:
    body = _anatomy.dissect(article)
    scan = taxonomy.scan(body.title, body.lines)
    language = article.language
    doc_type = doctype.find_doc_type(body, scan, source=article.source_credit, column_kind=hints.column_kind)
    granted = benefits.find_benefits(article.title, article.paragraphs, language=language)
    signed, from_issuers = issuers.find_issuers(body, doc_type)
    verdict = relevance.judge(body, scan, doc_type=doc_type, benefits=granted, issuers=signed)
    if verdict.relevant is False or (verdict.relevant is None and doc_type == "recruitment"):
        granted = ()  # what an employer offers those it hires is no measure
    issued, from_issued = dates.find_issued(body, doc_type)
    number, from_number = _number(body, doc_type)
    draft = validity.is_draft(body.title)
    effect = dates.Effect()
    if doc_type == "policy":
        effect = dates.find_effect(body, issued=issued, published=article.published, draft=draft)
    elif doc_type in ("interpretation", "news"):
        # A day counted from publication would be counted from the policy's, not from the report's.
        effect = dates.find_effect(body, issued=None, published=None, draft=draft, told=article.published)
    else:
        effect = dates.find_effect(body, issued=issued, published=article.published, draft=draft, named=True)
    valid, basis = validity.judge(body, effect, doc_type=doc_type, as_of=as_of)
    where = place.find_place(
        body, signed, doc_type=doc_type, relevant=verdict.relevant,
        hint_region=hints.region, hint_level=hints.level,
        site_name=article.site_name or hints.site_name, source_credit=article.source_credit, language=language,
    )  # fmt: skip
    targets, achieved = figures.find_figures(
        article.title, article.paragraphs, published=article.published, language=language
    )
    windows = deadlines.find_deadlines(
        article.title, article.paragraphs, published=article.published, doc_type=doc_type, language=language
    )
    granted, windows = attached.with_annexes(
        article, granted, windows, doc_type=doc_type, relevant=verdict.relevant, language=language
    )
    provenance: dict[str, Provenance] = dict(article.provenance)
    origins = {"issuers": from_issuers, "issued": from_issued, "doc_no": from_number}
    provenance |= {name: origin for name, origin in origins.items() if origin is not None}
    for name, value in (("effective_from", effect.start), ("effective_to", effect.end)):
        if value is not None:
            provenance[name] = "header_table" if name in body.header else "body"
    relevant = verdict.relevant is not False
    linked = lineage.find_links(body, doc_type=doc_type, doc_no=number, language=language)
    if not relevant and doc_type == "news":  # an exam that is reported is no day of ours
        windows = tuple(w for w in windows if w.kind != "event" or not re.search("考试|笔试|面试|答辩", w.quote))
    if not relevant and doc_type in ("news", "event"):
        # Documents rest on others whatever they are about; news that is none of ours names books and films, too.
        linked = tuple(link for link in linked if lineage.is_official(link))
    return Release(
        url=article.url,
        title=article.title,
        subtitle=article.subtitle,
        source_credit=article.source_credit,
        site_name=article.site_name or hints.site_name,
        published=article.published,
        issued=issued,
        effective_from=effect.start,
        effective_to=effect.end,
        doc_no=number,
        doc_type=doc_type,
        is_talent_policy=verdict.relevant,
        relevance=verdict.score,
        reasons=verdict.reasons,
        section=section.find_section(scan, doc_type=doc_type, relevant=verdict.relevant),
        topics=topics.find_topics(scan, granted, doc_type) if relevant else (),
        region=where.region,
        region_path=where.path,
        zone=where.zone,
        level=where.level,
        issuers=signed,
        language=language,
        body=article.body,
        body_zh=article.body_zh,
        body_en=article.body_en,
        pairs=article.pairs,
        attachments=article.attachments,
        body_in_attachment=article.body_in_attachment,
        body_in_image=article.body_in_image,
        metadata=article.metadata,
        benefits=granted,
        targets=targets if relevant else (),
        achievements=achieved if relevant else (),
        deadlines=windows,
        links=linked,
        validity=valid,
        validity_basis=basis,
        provenance=provenance,
        read_by=article.read_by,
        part=article.part,
    )


def rejudge(release: Release, as_of: dt.date) -> Release:
    """The release as it is on another day: only what depends on the day (validity) is judged anew."""
    judged = release.validity
    if judged in ("expired", "expiring") and release.effective_to is not None:
        trial = re.search(r"试行", f"{release.validity_basis or ''}{release.title or ''}")
        judged = "trial" if trial else "in_force"
    judged = validity.on_day(judged, release.effective_to, as_of)
    return release if judged == release.validity else dataclasses.replace(release, validity=judged)


def _number(body: _anatomy.Anatomy, doc_type: str) -> tuple[str | None, Provenance | None]:
    """The release's own number: header table, number line, title. What news and digests name is another's."""
    value = body.header.get("doc_no")
    if value:
        found = docno.normalise(value)
        if found:
            return found, "header_table"
    if doc_type in ("news", "interpretation"):
        return None, None
    if body.number:
        return body.number, "body"
    for text in (body.title, body.subtitle):
        found = docno.in_title(text) if text else None
        if found:
            return found, "body"
    return None, None


def header_of(article: Article) -> Mapping[str, str]:
    """The header table by our field names, for `extract --why`."""
    return _anatomy.dissect(article).header
