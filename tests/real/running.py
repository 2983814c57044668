"""A real Elasticsearch for as long as a block lasts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.real.elastic import Elastic


@contextlib.contextmanager
def running(flavour: str, *, fetch: bool, settings: dict[str, str] | None = None) -> Iterator[Elastic]:
    """A started server, removed in the end. Raises `Missing`."""
    made = Elastic(flavour, fetch=fetch, settings=settings or {})
    try:
        made.start()
        yield made
    finally:
        made.remove()
