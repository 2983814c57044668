"""Cursors: where a reading of all hits of one search goes on, as one word of an address."""

from __future__ import annotations

import base64
import json

from crawler.errors import QueryError
from crawler.storage.index import PolicyIndex
from crawler.storage.index.protocol import Mark
from crawler.text import digest
from crawler.web.forms import Search

#: Characters; ours have under 200.
_LONGEST = 500


def written(search: Search, index: PolicyIndex, mark: Mark) -> str:
    """The cursor of a mark; it holds for this search on this kind of index."""
    text = json.dumps([_name(search, index), *mark], ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def read(search: Search, index: PolicyIndex) -> Mark | None:
    """The mark of the search's cursor; None at the beginning. Raises `QueryError` for another search's."""
    if not search.cursor:
        return None
    try:
        if len(search.cursor) > _LONGEST:
            raise ValueError
        padded = search.cursor + "=" * (-len(search.cursor) % 4)
        name, *mark = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        raise QueryError(
            "that is no cursor", "Take `next` of the answer before, or leave it out.", code="bad_cursor"
        ) from None
    if name != _name(search, index):
        raise QueryError(
            "that cursor belongs to another search", "Keep filters and sort as they were.", code="bad_cursor"
        )
    return tuple(mark)


def _name(search: Search, index: PolicyIndex) -> str:
    query = json.dumps(search.query.to_json(), ensure_ascii=True, sort_keys=True)
    return digest(index.kind, search.sort, query)[:12]
