"""A release and what it holds. Field names are those of docs/domain.md, everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.model.values import (
    AttachmentState,
    DeadlineKind,
    DocType,
    Language,
    Level,
    LinkKind,
    Period,
    Provenance,
    Section,
    Topic,
    Validity,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that decided, and the span that it saw."""

    rule: str
    quote: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """One thing that somebody can get. Amounts are exact integers of ``currency`` (yuan)."""

    topic: Topic | None
    recipient: str | None
    quote: str
    currency: str = "CNY"
    amount_min: int | None = None
    amount_max: int | None = None
    amount_is_cap: bool = False
    #: A share, 0..1.
    rate: float | None = None
    area_m2_min: float | None = None
    area_m2_max: float | None = None
    period: Period | None = None
    duration_months: int | None = None
    condition: str | None = None
    #: Where the quote stands, where that is not the page: ``attachment: 申报指南.pdf p.3``.
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A target or an achievement. ``value`` is absolute (1.3亿元 is 130000000)."""

    metric: str
    value: float
    quote: str
    unit: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A window; ``start`` and ``end`` are ISO days. ``resolved``: a date had to be computed."""

    kind: DeadlineKind
    quote: str
    start: str | None = None
    end: str | None = None
    resolved: bool = False
    #: As a benefit's.
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Lineage: what this release does to another document."""

    kind: LinkKind
    quote: str
    title: str | None = None
    doc_no: str | None = None
    release_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two paragraphs that say the same; ``mismatch`` names figures that differ."""

    zh: str
    en: str
    mismatch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page links to. ``size`` in bytes, ``text`` once it was read: parts begin with
    their place (``【第3页】``, ``【工作表：标准】``) where there are several."""

    url: str
    name: str
    type: str | None = None
    size: int | None = None
    text: str | None = None
    #: None: never asked for. ``evidence`` says why in words where it is not ``read``.
    state: AttachmentState | None = None
    evidence: str | None = None
    #: SHA-256 of the bytes that ``text`` was read from.
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One published page, or one article of an e-newspaper page, understood.

    Absent is None or empty, never an invented value. Days are ISO strings; ``published`` has a time
    and ``+08:00`` where the page states one.
    """

    url: str
    title: str | None = None
    subtitle: str | None = None
    source_credit: str | None = None
    site_name: str | None = None
    published: str | None = None
    issued: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None
    doc_no: str | None = None
    doc_type: DocType = "other"
    #: None: can't be told; kept and marked for review.
    is_talent_policy: bool | None = None
    relevance: float = 0.0
    reasons: tuple[Reason, ...] = ()
    section: Section | None = None
    topics: tuple[Topic, ...] = ()
    region: str | None = None
    region_path: tuple[str, ...] = ()
    zone: str | None = None
    level: Level | None = None
    issuers: tuple[str, ...] = ()
    language: Language = "zh"
    body: str = ""
    body_zh: str | None = None
    body_en: str | None = None
    pairs: tuple[Pair, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    body_in_attachment: bool = False
    body_in_image: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    benefits: tuple[Benefit, ...] = ()
    targets: tuple[Figure, ...] = ()
    achievements: tuple[Figure, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    links: tuple[Link, ...] = ()
    validity: Validity = "unknown"
    validity_basis: str | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    read_by: Mapping[str, str] = field(default_factory=dict)
    #: The part key of `crawler.urls.release_id`: empty, article title, or POST key.
    part: str = ""


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release with what the system itself knows of it. The three clocks: ``release.issued``,
    ``release.published``, ``first_seen`` (ours, ISO with offset)."""

    release_id: str
    site: str
    column: str
    url: str
    revision: int
    first_seen: str
    last_seen: str
    release: Release
    story_id: str
    is_original: bool = True
    #: False once withdrawn from the site.
    current: bool = True
    #: ISO moment when the site was found to have dropped it, after two rounds.
    withdrawn_at: str | None = None
    missing_rounds: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a revision changed; ``old`` and ``new`` are JSON values."""

    field: str
    old: object
    new: object
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One content state of a release."""

    release_id: str
    number: int
    created_at: str
    cause: str
    rules_version: str
    content_hash: str
    release: Release
    evidence_id: int | None = None
