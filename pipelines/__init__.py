"""The stages from a read page to the store; one Scrapy adapter each.

The stages are plain functions: the crawl's adapters, ``ingest --batch`` and ``reread`` call the same.
"""

from __future__ import annotations

from pipelines.attach import attach
from pipelines.dedupe import dedupe
from pipelines.enrich import enrich
from pipelines.item import Context, PageItem
from pipelines.normalise import normalise
from pipelines.read import read
from pipelines.store import rules_version, store
from pipelines.validate import validate

#: In the order of the work; the Scrapy adapters stand in the same order.
STAGES = (read, validate, normalise, attach, enrich, dedupe, store)


def take(item: PageItem, context: Context) -> PageItem:
    """One page through all stages. Raises `StorageError`; a page's own trouble is its quarantine."""
    for stage in STAGES:
        item = stage(item, context)
    return item


__all__ = ["STAGES", "Context", "PageItem", "rules_version", "store", "take"]
