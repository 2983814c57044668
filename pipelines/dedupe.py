"""One page never yields the same release twice; who may call itself the original."""

from __future__ import annotations

from crawler.dedup import text_hash
from crawler.model import Release, Site
from crawler.text import squeeze
from crawler.urls import host_of, release_id
from pipelines.item import Context, PageItem

_GOVERNMENT, _CREDITED, _OTHER = 0, 1, 2
#: Kinds of sites that print what others issued.
_REPRINTS = frozenset({"news", "other"})


def dedupe(item: PageItem, context: Context) -> PageItem:  # noqa: ARG001 - the stages' common shape
    """Keep each release and each text of a page once; the store compares with what is known."""
    if item.quarantine is not None:
        return item
    ids: set[str] = set()
    texts: set[str] = set()
    kept = []
    for release in item.releases:
        name, text = release_id(release.url, release.part), text_hash(release)
        if name in ids or text in texts:
            continue
        ids.add(name)
        texts.add(text)
        kept.append(release)
    item.releases = tuple(kept)
    return item


def origin_rank(release: Release, site: Site) -> int:
    """0 for a government source, 1 for the medium that the release credits, 2 for anybody else."""
    host = host_of(release.url)
    if host == "gov.cn" or host.endswith(".gov.cn") or site.kind not in _REPRINTS:
        return _GOVERNMENT
    credit = squeeze(release.source_credit)
    names = {squeeze(name) for name in (site.title, release.site_name) if name}
    return _CREDITED if credit and any(credit in name or name in credit for name in names if name) else _OTHER
