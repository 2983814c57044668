"""Frozen models: what every room of the house passes to the next."""

from crawler.model.codec import from_json, to_json
from crawler.model.page import Article, Dropped, Listing, Page, Quarantine, Reading, Row
from crawler.model.release import (
    Attachment,
    Benefit,
    Change,
    Deadline,
    Figure,
    Link,
    Pair,
    Reason,
    Release,
    Revision,
    StoredRelease,
)
from crawler.model.site import Column, DetailRules, Expect, ListRules, Proof, Site, Step
from crawler.model.watch import Alert, Event, Message, Run, Subscription

__all__ = [
    "Alert", "Article", "Attachment", "Benefit", "Change", "Column", "Deadline", "DetailRules",
    "Dropped", "Event", "Expect", "Figure", "Link", "ListRules", "Listing", "Message", "Page",
    "Pair", "Proof", "Quarantine", "Reading", "Reason", "Release", "Revision", "Row", "Run",
    "Site", "Step", "StoredRelease", "Subscription", "from_json", "to_json",
]  # fmt: skip
