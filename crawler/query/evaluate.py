"""Whether one document is a hit of a query, why, and the span that proves it.

This is the definition of the hit set: the indexes answer the same, which the contract tests check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.query.document import OPEN_KINDS
from crawler.query.folding import BREAK, holds, words
from crawler.query.highlight import highlights
from crawler.query.model import Query
from crawler.query.synonyms import expand

Doc = Mapping[str, Any]
Test = Callable[[Query, Doc], bool]
#: Texts from which the proof of a word is quoted: a clause of the body says more than the title.
_QUOTED = ("body", "attachments", "title", "subtitle", "doc_no", "issuers")
#: Fields of token strings in which the words of a query are looked for.
WORD_FIELDS = ("words_title", "words_text", "words_issuers")


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the query that held: its name, the value that did, and the span (may be empty)."""

    name: str
    value: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A hit: which clauses held."""

    clauses: tuple[Clause, ...]

    @property
    def reason(self) -> str:
        """The clauses on one line: ``words 落户; region 410100; min_amount 5000000 ≥ 500000``."""
        return "; ".join(f"{c.name} {c.value}" for c in self.clauses) or "every talent policy"

    @property
    def quote(self) -> str:
        """The verbatim span of the first clause that has one; empty where none has."""
        return next((c.quote for c in self.clauses if c.quote), "")


def matches(query: Query, doc: Doc) -> Match | None:
    """The match of a `crawler.query.document`, or None where it is no hit."""
    return _explained(query, doc) if is_hit(query, doc) else None


def is_hit(query: Query, doc: Doc) -> bool:
    """Whether the document is a hit: `matches` without the explanation, for many at once."""
    return (
        is_visible(query, doc)
        and all(test(query, doc) for _, test in _FILTERS)
        and all(_group_holds(group.phrases, doc) != group.excluded for group in query.groups)
    )


def issuer_phrases(query: Query) -> tuple[str, ...]:
    """The token strings of which one must stand in an issuer's name; empty without that filter."""
    wanted = (words(name).strip(f" {BREAK}") for name in query.issuer)
    return tuple(dict.fromkeys(phrase for name in wanted for phrase in expand(name)))


def filters_of(query: Query, *, without: tuple[str, ...] = ()) -> tuple[Test, ...]:
    """The filters that this query has: any other one holds for every document."""
    return tuple(
        test
        for names, test in _FILTERS
        if names[0] not in without and any(getattr(query, name) not in (None, ()) for name in names)
    )


def is_visible(query: Query, doc: Doc) -> bool:
    """Whether the query sees such documents at all: by relevance, withdrawn ones, reposts."""
    if query.relevance != "all" and doc["is_talent_policy"] is not (True if query.relevance == "talent" else None):
        return False
    if not doc["current"] and not query.withdrawn:
        return False
    return bool(doc["is_original"]) or not query.originals_only


def _group_holds(phrases: tuple[str, ...], doc: Doc) -> bool:
    return any(holds(doc[name], phrase) for name in WORD_FIELDS for phrase in phrases)


def _one_of(name: str, field: str) -> Test:
    def test(query: Query, doc: Doc) -> bool:
        wanted = getattr(query, name)
        return not wanted or doc[field] in wanted

    return test


def _in_region(query: Query, doc: Doc) -> bool:
    return not query.region or (doc["region"] is not None and doc["region"].startswith(query.region_prefixes))


def _has_topic(query: Query, doc: Doc) -> bool:
    return not query.topic or not set(query.topic).isdisjoint(doc["topics"])


def _has_issuer(query: Query, doc: Doc) -> bool:
    return not query.issuer or any(holds(doc["words_issuers"], phrase) for phrase in issuer_phrases(query))


def _has_number(query: Query, doc: Doc) -> bool:
    return not query.doc_no or doc["doc_no_key"] in query.doc_no_keys


def _published(query: Query, doc: Doc) -> bool:
    after, before, day = query.published_after, query.published_before, doc["published_day"]
    if not (after or before):
        return True
    return day is not None and (not after or day >= after) and (not before or day <= before)


def _deadline(query: Query, doc: Doc) -> bool:
    wanted, end = query.deadline_before, doc["deadline_end"]
    return not wanted or (end is not None and end <= wanted)


def _amount(query: Query, doc: Doc) -> bool:
    wanted, amount = query.min_amount, doc["benefit_max_cny"]
    return wanted is None or (amount is not None and amount >= wanted)


#: The fields of a query that a test looks at, and the test.
_FILTERS: tuple[tuple[tuple[str, ...], Test], ...] = (
    *(((name,), _one_of(name, name)) for name in ("level", "doc_type", "section", "validity", "language", "site")),
    (("region",), _in_region),
    (("topic",), _has_topic),
    (("doc_no",), _has_number),
    (("published_after", "published_before"), _published),
    (("deadline_before",), _deadline),
    (("min_amount",), _amount),
    (("issuer",), _has_issuer),
)


def _explained(query: Query, doc: Doc) -> Match:
    clauses: list[Clause] = []
    if query.min_amount is not None:
        rich = [b for b in doc["benefits"] if b["currency"] == "CNY" and (b["amount_max"] or 0) >= query.min_amount]
        rich.sort(key=lambda b: b["topic"] not in query.topic)  # stable: the asked-for topic first
        quote = rich[0]["quote"] if rich else ""
        clauses.append(Clause("min_amount", f"{doc['benefit_max_cny']} ≥ {query.min_amount}", quote))
    for group in query.groups:
        if group.excluded:
            clauses.append(Clause("without", group.typed))
        else:
            found = highlights(doc, group.phrases, limit=1, texts=_QUOTED)
            clauses.append(Clause("words", group.typed, found[0].text if found else ""))
    if query.topic:
        shared = [topic for topic in doc["topics"] if topic in query.topic]
        quote = next((b["quote"] for b in doc["benefits"] if b["topic"] in shared), "")
        clauses.append(Clause("topic", ", ".join(shared), quote))
    if query.deadline_before:
        end = doc["deadline_end"]
        meant = [d for d in doc["deadlines"] if d["end"] and d["end"][:10] == end and d["kind"] in OPEN_KINDS]
        quote = meant[0]["quote"] if meant else ""
        clauses.append(Clause("deadline", f"{end} ≤ {query.deadline_before}", quote))
    for name, value in (
        ("region", doc["region"]),
        ("issuer", ", ".join(doc["issuers"])),
        ("doc_no", doc["doc_no"]),
    ):
        if getattr(query, name):
            place = " ".join(doc["region_path"]) if name == "region" else ""
            clauses.append(Clause(name, f"{value} {place}".strip()))
    plain = ("level", "doc_type", "section", "validity", "language", "site")
    clauses += [Clause(name, str(doc[name])) for name in plain if getattr(query, name)]
    if query.published_after or query.published_before:
        clauses.append(Clause("published", str(doc["published_day"])))
    if query.relevance == "talent":
        clauses.append(Clause("relevance", "talent", doc["reasons"][0]["quote"] if doc["reasons"] else ""))
    return Match(tuple(clauses))
