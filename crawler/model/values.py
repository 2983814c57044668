"""The closed vocabularies of a release (see docs/domain.md)."""

from __future__ import annotations

from typing import Literal, get_args

from crawler.regions import Level as Level

DocType = Literal["policy", "interpretation", "call", "event", "recruitment", "result", "news", "other"]
Section = Literal["policy", "demand", "service", "programme", "project", "internship"]
Topic = Literal[
    "housing", "living_allowance", "settlement", "children_education", "spouse_employment",
    "healthcare", "research_funding", "startup_funding", "employer_reward", "salary_tax",
    "talent_title", "skills_training", "postdoc", "overseas_talent", "graduates",
    "flexible_recruitment", "loans_finance", "platforms", "visa_residence", "service_card",
]  # fmt: skip
Period = Literal["once", "month", "year"]
DeadlineKind = Literal["apply", "comment", "publicity", "payout", "event"]
LinkKind = Literal[
    "cites", "implements", "interprets", "amends", "repeals",
    "supersedes", "extends", "forwards", "translates",
]  # fmt: skip
Validity = Literal["draft", "in_force", "trial", "expiring", "expired", "repealed", "unknown"]
Language = Literal["zh", "en", "mixed"]
#: Where a date or another header value was found.
Provenance = Literal["meta", "label", "header_table", "listing", "url", "body"]
EventKind = Literal["new", "changed", "deadline_soon", "withdrawn", "expiring", "corrected"]
Cause = Literal["site", "reread", "correction"]
#: Why a response is no content, or could not become any.
QuarantineReason = Literal[
    "challenge", "blocked", "geo_blocked", "login", "error", "removed", "moved", "empty",
    "too_large", "binary", "timeout", "unreachable", "robots", "forbidden_address",
    "mojibake", "shape_changed", "unreadable",
]  # fmt: skip

#: What became of an attachment's content: its text was read; why its text is none; why it was not fetched.
AttachmentState = Literal[
    "read", "ocr", "scanned", "empty", "encrypted", "unsupported", "unreadable", "too_large",
    "too_many", "missing", "blocked", "robots", "foreign", "timeout", "unreachable", "personal",
]  # fmt: skip

#: Types of attachments that are pictures.
PICTURE_TYPES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "webp"})

DOC_TYPES: tuple[str, ...] = get_args(DocType)
SECTIONS: tuple[str, ...] = get_args(Section)
TOPICS: tuple[str, ...] = get_args(Topic)
LEVELS: tuple[str, ...] = get_args(Level)
VALIDITIES: tuple[str, ...] = get_args(Validity)
LANGUAGES: tuple[str, ...] = get_args(Language)
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
