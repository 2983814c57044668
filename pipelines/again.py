"""One stored revision, derived again with today's rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

from crawler import clock
from crawler.errors import EvidenceDamaged, NotFound
from crawler.model import Article, Column, Page, Proof, Release, Revision, Row, Site, StoredRelease
from crawler.model.values import Provenance
from crawler.storage import evidence
from crawler.storage.state.files import contents, pages
from crawler.storage.state.releases import Reread
from pipelines.attach import TROUBLES, attach
from pipelines.enrich import understood
from pipelines.item import Context, PageItem
from pipelines.normalise import normalise
from pipelines.read import read_as, with_frames
from pipelines.validate import validate


def rereader(context: Context, sites: Mapping[str, Site], *, files: Mapping[str, bytes] | None = None) -> Reread:
    """The function that `save` asks: a stored revision by today's rules, or None. ``files``: today's, for
    attachments that nobody had ever asked for: that we read them now is no change of the site."""

    def reread(stored: StoredRelease, revision: Revision) -> Release | None:
        return read_again(stored, revision, context, sites, files=files)

    return reread


#: Told of a response that should be there and can't be read: its id, and why.
Damaged = Callable[[int, EvidenceDamaged], None]


def read_again(
    stored: StoredRelease, revision: Revision, context: Context, sites: Mapping[str, Site],
    *, damaged: Damaged | None = None, files: Mapping[str, bytes] | None = None,
) -> Release | None:  # fmt: skip
    """A revision derived anew from its evidence; where that was pruned (or never kept: names of
    persons) or is ``damaged``, from its stored text. None where the evidence no longer yields this
    release."""
    site = sites.get(stored.site) or plain_site(stored.site, stored.url)
    column = next((c for c in site.columns if c.key == stored.column), None)
    response = _response(revision.evidence_id, context, damaged)
    if response is None:
        article = article_of(revision.release)
    else:
        found = _from_evidence(stored, revision, response, context, site, column, files or {})
        if found is None:
            return None
        article = found
    return understood(article, site, column, as_of=context.now().date())[0]


def article_of(release: Release) -> Article:
    """The article that a release was understood from, as far as the release still holds it."""
    return Article(
        url=release.url, title=release.title, subtitle=release.subtitle,
        paragraphs=tuple(release.body.split("\n")) if release.body else (), published=release.published,
        source_credit=release.source_credit, site_name=release.site_name, metadata=release.metadata,
        attachments=release.attachments, body_in_attachment=release.body_in_attachment,
        body_in_image=release.body_in_image, language=release.language, body_zh=release.body_zh,
        body_en=release.body_en, pairs=release.pairs, provenance=_header(release.provenance),
        read_by=release.read_by, part=release.part,
    )  # fmt: skip


def plain_site(name: str, url: str, title: str = "") -> Site:
    """A site without a file: for pages that belong to none of the catalogue."""
    from crawler.urls import host_of

    return Site(
        name=name, title=title, home=url, hosts=(host_of(url),), family="generic", kind="other", region=None,
        level=None, columns=(), proof=Proof("given by a user", "C"),
    )  # fmt: skip


#: What the article itself says of its origins; the other fields are understood anew.
_HEADER = frozenset({"title", "published", "source_credit", "body"})


def _header(provenance: Mapping[str, Provenance]) -> Mapping[str, Provenance]:
    return {name: where for name, where in provenance.items() if name in _HEADER}


def _response(evidence_id: int | None, context: Context, damaged: Damaged | None) -> evidence.Response | None:
    """The kept response; None where the stored text is all there is."""
    if evidence_id is None:
        return None
    try:
        return evidence.load(context.archive_path, context.engine, evidence_id)
    except EvidenceDamaged as error:
        if damaged is not None:
            damaged(evidence_id, error)
    except NotFound:
        pass  # pruned
    return None


def _from_evidence(
    stored: StoredRelease, revision: Revision, response: evidence.Response, context: Context, site: Site,
    column: Column | None, files: Mapping[str, bytes],
) -> Article | None:  # fmt: skip
    old = revision.release
    listed = {name for name, where in old.provenance.items() if where == "listing"}
    row = Row(
        title=(old.title or "") if "title" in listed else "", url=stored.url,
        date=old.published if "published" in listed else None,
        part=old.part.split("\n")[0] if site_shares_address(column) else "",
    )  # fmt: skip
    page = Page(response.url, response.body, kind_of(response), response.status)
    day: dt.date = clock.parse(response.fetched_at).date()
    given = row if listed else None
    item = PageItem(site, column, page, row)
    _give_files(item, stored, old, context, files)
    item.frames = {
        url: Page(r.url, r.body, kind_of(r), r.status)
        for url, r in pages(context.archive_path, context.engine, stored.release_id, revision.created_at).items()
    }
    item.reading = with_frames(item, read_as(page, site, column, row=given, today=day), day)
    item.articles, item.quarantine = item.reading.articles, item.reading.quarantine
    for stage in (validate, normalise, attach):
        item = stage(item, context)
    if item.quarantine is not None:
        return None
    found = [article for article in item.articles if article.part == old.part]
    if not found and len(item.articles) == 1:
        found = [dataclasses.replace(item.articles[0], part=old.part)]
    return found[0] if found else None


def _give_files(
    item: PageItem, stored: StoredRelease, old: Release, context: Context, today: Mapping[str, bytes]
) -> None:
    """What the revision's files were: their kept bytes, else what was read from them."""
    digests = {a.url: a.sha256 for a in old.attachments if a.sha256}
    item.known = {a.url: a for a in old.attachments if a.state is not None}
    item.refused = {
        a.url: (a.state, a.evidence or "")
        for a in old.attachments
        if a.state is not None and (not a.sha256 or a.state in TROUBLES)
    }
    untried = {a.url for a in old.attachments if a.state is None}
    kept = contents(context.archive_path, context.engine, stored.release_id, digests)
    item.files = {url: body for url, body in today.items() if url in untried} | kept


def site_shares_address(column: Column | None) -> bool:
    """Whether the column's rows share one address and are told apart by a key."""
    return column is not None and column.rules.part is not None


def kind_of(response: evidence.Response) -> str:
    """The response's Content-Type; empty where it said none."""
    return next((v for k, v in response.headers.items() if k.lower() == "content-type"), "")
