"""Targets and achievements in English releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crawler.model.release import Figure


def find_english(paragraphs: Sequence[str], base: dt.date | None) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Targets and achievements that an English text states."""
    return (), ()
