"""The Elasticsearch that benchmarks run on: the one of ``ES_URL``, else a real one that we start and end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks import measured
from tests.real.elastic import Elastic, Missing


@contextmanager
def elasticsearch(heap: str = "512m") -> Iterator[tuple[str, str]]:
    """Its address and its version; ``heap`` is that of one that we start. Raises `measured.Missing`."""
    url, node = os.environ.get("ES_URL", ""), None
    if not url:
        # As a server has it; tests do without, for machines that allow few maps.
        node = Elastic("es8", heap=heap, settings={"node.store.allow_mmap": "true"})
        try:
            node.start()
        except Missing as error:
            node.remove()
            raise measured.Missing(str(error)) from error
        url = node.url
    try:
        from crawler.config import ElasticsearchConfig
        from crawler.storage.index.elastic_client import connect

        client = connect(ElasticsearchConfig(url=url))
        number = str(client.info()["version"]["number"])
        client.close()
        yield url, number
    finally:
        if node is not None:
            node.remove()
