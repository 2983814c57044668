"""Articles that somebody else already took apart: title and paragraphs are given."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.bilingual import split
from crawler.model import Article, Quarantine, Reading
from crawler.text import one_line


def read_parts(
    url: str,
    title: str | None,
    paragraphs: Sequence[str],
    *,
    published: str | None = None,
    site_name: str | None = None,
    source_credit: str | None = None,
) -> Reading:
    """One article as given. Nothing is looked for, and so nothing has a provenance of ours."""
    lines = tuple(line for p in paragraphs for piece in str(p).split("\n") if (line := one_line(piece)))
    heading = one_line(title) or None
    if not lines and not heading:
        return Reading(quarantine=Quarantine("empty", "neither title nor paragraphs", "Give at least a title."))
    language, body_zh, body_en, pairs = split(lines or (heading or "",))
    article = Article(
        url=url,
        title=heading,
        paragraphs=lines,
        published=published or None,
        source_credit=one_line(source_credit) or None,
        site_name=one_line(site_name) or None,
        language=language,
        body_zh=body_zh,
        body_en=body_en,
        pairs=pairs,
        read_by={"body": "given", "title": "given"},
    )
    return Reading((article,))
