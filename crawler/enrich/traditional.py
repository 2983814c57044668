"""Releases in traditional characters (Hong Kong, Macao, Taiwan): read in simplified ones, quoted as printed.

The rules are written once, for simplified characters. An article that holds traditional ones is turned
character by character before it is understood, with the table that search has: every place stays, so that
what was found leads back to the printed words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from crawler.model import Article, Attachment, Release
from crawler.query.folding import simplified

#: Read from the article as they are; what stands in them is printed already.
_COPIED = (
    "title", "subtitle", "source_credit", "site_name", "body_zh", "body_en", "pairs", "attachments", "metadata",
)  # fmt: skip
#: What the reader found in the words of the text. Document numbers, dates and names of divisions are in one form.
_FOUND = (
    "reasons",
    "issuers",
    "zone",
    "benefits",
    "targets",
    "achievements",
    "deadlines",
    "links",
    "validity_basis",
)
_WORDS = frozenset({"quote", "recipient", "condition", "metric", "unit", "title"})


@cache
def _table() -> dict[int, str]:
    return {ord(old): new for old, new in simplified().items()}


@cache
def _telling() -> frozenset[str]:
    """Characters that no text in simplified characters has (乾, 著 and 徵 are in both)."""
    return frozenset(c for c, new in simplified().items() if c != new and not c.encode("gb2312", "ignore"))


def is_traditional(article: Article) -> bool:
    """Whether an article has traditional characters in its title or its text."""
    seen = set(article.title or "")
    seen.update(*article.paragraphs)
    return not _telling().isdisjoint(seen)


def simplify(article: Article) -> Article:
    """The same article in simplified characters; every text keeps its length."""
    return replace(
        article,
        title=_turned(article.title),
        subtitle=_turned(article.subtitle),
        source_credit=_turned(article.source_credit),
        site_name=_turned(article.site_name),
        paragraphs=tuple(p.translate(_table()) for p in article.paragraphs),
        metadata={_turned(k) or k: _turned(v) or v for k, v in article.metadata.items()},
        attachments=tuple(
            replace(a, name=a.name.translate(_table()), text=_turned(a.text)) for a in article.attachments
        ),
    )


def as_printed(found: Release, article: Article, plain: Article) -> Release:
    """What was found in ``plain``, in the words of ``article``."""
    printer = Printer(_all(article), _all(plain))
    own: dict[str, Any] = {name: printer.value(getattr(found, name)) for name in _FOUND}
    own |= {name: getattr(article, name) for name in _COPIED if name != "site_name" or article.site_name}
    return replace(found, body=article.body, **own)


def _turned(text: str | None) -> str | None:
    return None if text is None else text.translate(_table())


def plain(text: str) -> str:
    """The text in simplified characters, of the same length."""
    return text.translate(_table())


def holds_traditional(text: str) -> bool:
    """Whether a text has characters that only traditional texts have."""
    return not _telling().isdisjoint(text)


class Printer:
    """The way back from simplified words to the printed ones; the two texts have the same length."""

    def __init__(self, printed: str, plain: str) -> None:
        self.printed = printed
        self.plain = plain
        counts = Counter(zip(self.plain, self.printed, strict=True))
        self.usual: dict[int, str] = {}
        for (new, old), _ in sorted(counts.items(), key=lambda item: item[1]):
            self.usual[ord(new)] = old

    def text(self, words: str) -> str:
        """The printed span; words that were put together are turned back as the text mostly prints them."""
        at = self.plain.find(words)
        return self.printed[at : at + len(words)] if at >= 0 else words.translate(self.usual)

    def value(self, value: Any) -> Any:
        """Texts, tuples of texts, and tuples of what was found."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self.value(v) for v in value)
        if is_dataclass(value) and not isinstance(value, type):
            words = {f.name: getattr(value, f.name) for f in fields(value) if f.name in _WORDS}
            return replace(value, **{name: self.text(word) for name, word in words.items() if word})
        return value


def _all(article: Article) -> str:
    parts: tuple[str | None, ...] = (article.body, article.title, article.subtitle, article.source_credit)
    return "\0".join(p or "" for p in chain(parts, _cells(article.metadata), _texts(article.attachments)))


def _cells(metadata: Mapping[str, str]) -> list[str]:
    return [text for pair in metadata.items() for text in pair]


def _texts(attachments: tuple[Attachment, ...]) -> list[str]:
    return [text for a in attachments for text in (a.name, a.text or "")]
