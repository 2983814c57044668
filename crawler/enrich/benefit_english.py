"""Benefits in English releases."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.model.release import Benefit


def find_english(paragraphs: Sequence[str]) -> tuple[Benefit, ...]:
    """The benefits that an English text grants."""
    return ()
