"""Topics: what the release grants or calls for, from its benefits and from the words of its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from crawler.enrich.taxonomy import Scan, taxonomy
from crawler.model import Benefit
from crawler.model.values import TOPICS, Topic


def find_topics(scan: Scan, benefits: Sequence[Benefit], doc_type: str) -> tuple[Topic, ...]:
    """The topics in the vocabulary's order. Achievements and targets give none."""
    rules = taxonomy()
    found: set[str] = {b.topic for b in benefits if b.topic}
    granted = {i for i, line in enumerate(scan.lines) if any(_in(b.quote, line) for b in benefits)}
    for number, labels in enumerate(scan.labels):
        boasts = "achieved" in labels or "aim" in labels
        grants = number in granted or ("measure" in labels and not boasts)
        for label in labels:
            topic = label[6:] if label.startswith("topic.") else ""
            if not topic:
                continue
            if topic in rules.addressed:
                if (
                    number == 0
                    or number in granted
                    or (grants and doc_type in ("policy", "call", "event", "interpretation"))
                ):
                    found.add(topic)
            elif (number == 0 and doc_type in ("policy", "call", "interpretation") and topic in rules.in_title) or (
                grants and topic in rules.in_clause and number
            ):
                found.add(topic)
    return tuple(cast("Topic", t) for t in TOPICS if t in found)


def _in(quote: str, line: str) -> bool:
    return bool(quote) and (quote in line or line in quote or (len(quote) > 12 and quote[:12] in line))
