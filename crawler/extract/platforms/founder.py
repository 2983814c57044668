"""方正翔宇 (Founder) e-newspapers: ``node_2.htm`` (版), ``content_123.htm``, ``#ozoom``, ``<founder-content>``."""

from __future__ import annotations

import re

from crawler.extract.platforms.family import Family
from crawler.model import DetailRules

_DAY = re.compile(r"/((?:19|20)\d{2})-(\d{2})/(\d{2})/|/((?:19|20)\d{2})(\d{2})/(\d{2})/")


def edition_of(url: str, day: str) -> str | None:
    """The same 版 on another ISO day; None where the address names no day."""
    year, month, date = day.split("-")
    if (match := _DAY.search(url)) is None:
        return None
    shape = f"/{year}-{month}/{date}/" if match[1] else f"/{year}{month}/{date}/"
    return url[: match.start()] + shape + url[match.end() :]


FAMILY = Family(
    name="founder",
    address=((r"/node_\w+\.s?html?", 0.6), (r"/(?:19|20)\d{2}-?\d{2}/\d{2}/content_\d+\.s?html?", 0.7)),
    source=(
        ("founder-content", 0.8),
        ("founder-title", 0.5),
        ("enpcontent", 0.8),
        ("enpproperty", 0.6),
        ('id="ozoom"', 0.7),
        ("id=ozoom", 0.7),
        ("paperdatediv", 0.5),
        ("main-ed-articlenav", 0.6),
    ),
    detail=DetailRules(title="founder-title", body="founder-content, #ozoom"),
    family="epaper",
)
