"""Understanding: an `Article` becomes a `Release` with every field of docs/domain.md.

Pure: the same article, hints and day give the same release. Nothing that the text does not say is filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.enrich.understanding import Hints, header_of, rejudge, understand

#: Raised whenever a rule, a word or a table changes what comes out: revisions store it.
RULES_VERSION = "7"

__all__ = ["RULES_VERSION", "Hints", "header_of", "rejudge", "understand"]


def __getattr__(name: str) -> Any:
    """What understands, imported when it is first used: its rules take a quarter of a second to build, which a
    round that finds nothing new doesn't need."""
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("crawler.enrich.understanding"), name)
    raise AttributeError(name)
