"""A watched site as data: what one TOML says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crawler.model.values import Level

Family = Literal["generic", "trs", "feed", "json", "epaper"]
Confidence = Literal["A", "B", "C"]
#: The kind of body that publishes: all but the last two issue what they print.
SiteKind = Literal[
    "government", "party", "hrss", "development", "science", "education", "industry", "finance", "housing",
    "health", "zone", "news", "other",
]  # fmt: skip
ColumnKind = Literal["policy", "news", "recruitment"]


@dataclass(frozen=True, slots=True)
class ListRules:
    """How a column's listing is read. Empty: the generic list reader finds the rows itself.

    For HTML: CSS selectors; ``rows`` selects the row element, the others stand inside it.
    For ``json``: dotted keys are not allowed; ``items`` is a list of keys that leads to the rows,
    the others name keys of a row, and ``link_template`` may build an address from them.
    """

    rows: str | None = None
    link: str | None = None
    title: str | None = None
    date: str | None = None
    next: str | None = None
    items: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    link_template: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class DetailRules:
    """Where an article's parts stand: CSS selectors, tried before the platform's and ours."""

    title: str | None = None
    subtitle: str | None = None
    date: str | None = None
    source: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """What a healthy round of a column looks like; outside of it the run has failed."""

    rows_min: int = 1
    rows_max: int = 500
    newest_days: int = 400
    #: A regular expression that each row's URL must match.
    detail_pattern: str | None = None
    zero_ok: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the facts about a site come from. ``last_seen_live`` is an ISO day, or ``never``."""

    source: str
    confidence: Confidence
    last_seen_live: str = "never"


@dataclass(frozen=True, slots=True)
class Step:
    """One level below a list interface's answer: what is asked for each entry that stands in it.

    ``items`` is a list of keys that leads to the entries; in ``url`` and ``body`` ``{key}`` becomes what an entry
    says under that key. With a body it is a POST.
    """

    url: str
    items: tuple[str, ...] = ()
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One watched list of a site."""

    key: str
    name: str
    url: str
    kind: ColumnKind = "policy"
    enabled: bool = True
    #: Why it is disabled, or what a reader of the file must know.
    note: str = ""
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None
    family: Family = "generic"
    #: How often a round looks at it, in minutes.
    every_minutes: int = 360
    max_pages: int = 1
    #: ``url`` of page N (from 2), with ``{n}`` (counts from 1) or ``{i}`` (counts from 0).
    page_url: str | None = None
    rules: ListRules = field(default_factory=ListRules)
    #: Levels between ``url``'s answer and the rows (edition → pages → articles), each asked for in turn.
    steps: tuple[Step, ...] = ()
    #: How an item is opened where all share one address: by POST of ``detail_body``, in which
    #: ``{part}`` becomes the row's key (`ListRules.part`).
    detail_method: Literal["GET", "POST"] = "GET"
    detail_body: str | None = None
    detail: DetailRules | None = None
    expect: Expect = field(default_factory=Expect)
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One publisher. ``name`` is the file's stem, the spider's name and the index's keyword."""

    name: str
    title: str
    home: str
    #: Hosts that rows may lead to and pages may be fetched from.
    hosts: tuple[str, ...]
    family: Family
    kind: SiteKind
    region: str | None
    level: Level | None
    columns: tuple[Column, ...]
    proof: Proof
    enabled: bool = True
    #: Why it is disabled, or what a reader of the file must know.
    note: str = ""
    charset: str | None = None
    browser: bool = False
    #: Loopback addresses are allowed (replicas and tests only).
    loopback: bool = False
    #: Seconds between two requests to one host.
    delay: float = 3.0
    #: Re-visits of known pages per round and host.
    revisit_budget: int = 50
    detail: DetailRules = field(default_factory=DetailRules)
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
