"""What is the same content: fingerprints of a release, and what changed between two readings of it."""

from crawler.dedup.changes import POLICY_FIELDS, compare, content_hash, facts_hash
from crawler.dedup.fingerprint import alike_titles, plain_text, same_occasion, shingles, text_hash

__all__ = [
    "POLICY_FIELDS",
    "alike_titles",
    "compare",
    "content_hash",
    "facts_hash",
    "plain_text",
    "same_occasion",
    "shingles",
    "text_hash",
]  # fmt: skip
