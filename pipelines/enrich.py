"""Articles to releases: what they say, understood."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from crawler.model import Article, Column, Quarantine, Release, Site
from pipelines.item import Context, PageItem

if TYPE_CHECKING:
    from crawler.enrich import Hints


def enrich(item: PageItem, context: Context) -> PageItem:
    """Fill ``releases``. Names of persons (名单) go no further than here."""
    if item.quarantine is not None:
        return item
    releases = []
    for article in item.articles:
        try:
            release, personal = understood(article, item.site, item.column, as_of=context.now().date())
        except Exception as error:  # noqa: BLE001 - any text may come: one that breaks a rule must not end the round
            evidence = f"{type(error).__name__}: {error}"[:500]
            item.quarantine = Quarantine("unreadable", evidence, "A rule of ours failed: please report this page.")
            return item
        item.personal = item.personal or personal
        releases.append(release)
    item.releases = tuple(releases)
    return item


def understood(article: Article, site: Site, column: Column | None, *, as_of: dt.date) -> tuple[Release, bool]:
    """One article understood, and whether names of persons were left out of it."""
    # The taxonomy takes a while to load: only what really understands a page waits for it.
    from crawler.enrich import understand
    from crawler.enrich.personal import without_names

    release = understand(article, hints_of(site, column), as_of=as_of)
    bare = without_names(release)
    return dataclasses.replace(bare, url=article.url, part=article.part), bare.body != release.body


def hints_of(site: Site, column: Column | None) -> Hints:
    """What a site's file says of the releases that stand on it."""
    from crawler.enrich import Hints

    return Hints(
        site_name=site.title, region=site.region, level=site.level, site_kind=site.kind,
        column_kind=column.kind if column is not None else None,
    )  # fmt: skip
