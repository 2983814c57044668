"""Families of content platforms: fingerprint, list shapes, pagination, detail selectors. Pure."""

from __future__ import annotations

from typing import Any

from crawler.extract.platforms import founder, gkmlpt, hanweb, jpaas, trs, ucap, wcm
from crawler.extract.platforms.family import SEARCHED, Family, Platform

#: In the order in which equal scores are decided: the more particular first.
FAMILIES: tuple[Family, ...] = (
    ucap.FAMILY, founder.FAMILY, gkmlpt.FAMILY, jpaas.FAMILY, hanweb.FAMILY, trs.FAMILY, *wcm.FAMILIES,
)  # fmt: skip

__all__ = ["FAMILIES", "Family", "Platform", "candidates", "detect"]


def candidates(page: Any, url: str) -> list[Platform]:
    """All families that a page (source text, or a parsed tree) may belong to, surest first."""
    source = page if isinstance(page, str) else page.text
    low = source[:SEARCHED].lower()
    found = [p for family in FAMILIES if (p := family.recognise(low, url)) is not None]
    return sorted(found, key=lambda p: -p.score)


def detect(page: Any, url: str) -> Platform | None:
    """The platform of a page, or None where no family is at least half sure."""
    found = candidates(page, url)
    return found[0] if found else None
