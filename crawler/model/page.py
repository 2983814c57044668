"""What readers take and give: pages, listings, articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.model.release import Attachment, Pair
from crawler.model.values import Language, Provenance, QuarantineReason


@dataclass(frozen=True, slots=True)
class Page:
    """One response as it came: bytes with what the server said of them, or decoded text."""

    url: str
    body: bytes | str
    content_type: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why a page is no content. ``evidence`` quotes what decided; ``mend`` says what to do."""

    reason: QuarantineReason
    evidence: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a listing. ``url`` is absolute; ``date`` an ISO day, or None; ``part`` the POST
    key where all items share one URL."""

    title: str
    url: str
    date: str | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as read: rows in page order, the next page's URL, the total that the page states."""

    rows: tuple[Row, ...] = ()
    next: str | None = None
    total: int | None = None
    quarantine: Quarantine | None = None
    #: Selector trouble and the like, for the health report: short codes such as ``selector_lost``.
    drift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """One line of the boilerplate ledger: a block that was left out of the body, and the rule."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read from a page, before anything is understood.

    ``paragraphs`` is the body in reading order, one string a block, table rows with `` | `` between
    cells. Dates are ISO strings: ``2024-03-27`` or ``2024-03-27T10:00:00+08:00``. Absent is None or
    empty, never guessed.
    """

    url: str
    title: str | None = None
    subtitle: str | None = None
    paragraphs: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    source_credit: str | None = None
    site_name: str | None = None
    author: str | None = None
    #: The header table (信息公开 metadata): label as printed → value.
    metadata: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    body_in_attachment: bool = False
    body_in_image: bool = False
    #: The pictures that the body consists of, in order, where ``body_in_image``.
    pictures: tuple[Attachment, ...] = ()
    language: Language = "zh"
    body_zh: str | None = None
    body_en: str | None = None
    pairs: tuple[Pair, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    #: Which reader won per field, e.g. ``{"body": "density", "title": "meta"}``.
    read_by: Mapping[str, str] = field(default_factory=dict)
    ledger: tuple[Dropped, ...] = ()
    #: The normalised title where the page holds several articles; empty otherwise.
    part: str = ""

    @property
    def body(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer of a reader: articles, or the reason why there are none."""

    articles: tuple[Article, ...] = ()
    quarantine: Quarantine | None = None
    drift: tuple[str, ...] = ()
