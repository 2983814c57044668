"""Reading: bytes and text to articles and rows. Pure: no network, no database, no clock.

``read_page`` (an article's page), ``read_listing`` (a list), ``read_text`` (plain text whose layout is
lost), ``read_parts`` (title and paragraphs that somebody already took apart), ``decode`` (encodings).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extract.encoding import decode

if TYPE_CHECKING:
    from crawler.extract.article import read_page

#: Rises with each change of a rule that can change what is read.
RULES_VERSION = "8"

__all__ = ["RULES_VERSION", "decode", "read_listing", "read_page", "read_parts", "read_text"]
_LATER = {"read_page": "article", "read_listing": "listing", "read_text": "plaintext", "read_parts": "parts"}


def __getattr__(name: str) -> Any:
    """The other readers, imported when they are first used."""
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(f"crawler.extract.{_LATER[name]}"), name)
    raise AttributeError(name)
