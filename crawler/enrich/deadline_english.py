"""Deadlines in English releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crawler.model.release import Deadline


def find_english(title: str | None, paragraphs: Sequence[str], base: dt.date | None) -> tuple[Deadline, ...]:
    """The windows and days that an English text announces."""
    return ()
