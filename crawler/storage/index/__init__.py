"""The search index: a projection of the truth that can be lost and made again."""

from __future__ import annotations

from crawler.config import Config
from crawler.storage.index.protocol import (
    SORTS,
    Hit,
    PolicyIndex,
    PutReport,
    Refused,
    SearchResult,
    Sort,
    Stamp,
    Target,
    Versioned,
    content_hash,
)

__all__ = [
    "SORTS", "Hit", "PolicyIndex", "PutReport", "Refused", "SearchResult", "Sort", "Stamp", "Target",
    "Versioned", "content_hash", "open_index",
]  # fmt: skip


def open_index(config: Config) -> PolicyIndex:
    """The configured index: a cluster where there is an address, else the embedded file. Opens
    nothing yet: the first call does."""
    if config.elasticsearch.url:
        from crawler.storage.index.elastic import ElasticIndex

        return ElasticIndex(config.elasticsearch)
    from crawler.storage.index.local import LocalIndex

    return LocalIndex(config.index_path)
