"""Values → what a template or a JSON answer shows. No markup here, and no decisions there."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from crawler import regions
from crawler.alerts import wording
from crawler.dedup import compare
from crawler.model import Release, Revision, StoredRelease
from crawler.query import Highlight
from crawler.storage.index import Hit, SearchResult
from crawler.web import forms, marks
from crawler.web.language import Words

#: Facets in the order of the page: field of the document → filter of the query.
_FACETS = {
    "topics": "topic", "region": "region", "doc_type": "doc_type", "validity": "validity", "level": "level",
    "section": "section", "site": "site",
}  # fmt: skip
#: Values of a facet that are shown at once.
_SHOWN = 8


def search_page(search: forms.Search, result: SearchResult, say: Words) -> dict[str, Any]:
    """The search page."""
    pages = max(1, -(-result.total // forms.PAGE))
    return {
        "query": search.query,
        "sort": search.sort,
        "sorts": list(wording.labels("sort", say.lang).items()),
        "total": result.total,
        "took": result.took_ms,
        "hits": [_hit(hit, say) for hit in result.hits],
        "facets": list(filter(None, (_facet(search, result, name, say) for name in _FACETS))),
        "chosen": chosen(search, say),
        "hidden": _hidden(search),
        "page": search.page,
        "pages": pages,
        "previous": search.address(page=search.page - 1) if search.page > 1 else None,
        "next": search.address(page=search.page + 1) if search.page < pages else None,
        "api": search.address("/api/search", page=search.page),
        "compare": search.address("/compare"),
        "subscribe": search.address("/subscribe"),
    }


def _hit(hit: Hit, say: Words) -> dict[str, Any]:
    doc = hit.document
    title = next((pieces(h) for h in hit.highlights if h.field == "title"), [(doc["title"] or doc["url"], False)])
    texts = [pieces(h) for h in hit.highlights if h.field != "title"]
    amounts = sorted((b["amount_max"] or 0 for b in doc["benefits"] if b["currency"] == "CNY"), reverse=True)
    return {
        "id": hit.release_id,
        "title": title,
        "texts": texts or [[(marks.excerpt(doc["body"]), False)]],
        "place": " ".join(doc["region_path"][1:] or doc["region_path"])
        + (f" {doc['zone']}" if doc["zone"] else ""),
        "issuer": say.listed(doc["issuers"][:2]) or doc["source_credit"] or doc["site_name"] or doc["site"],
        "published": doc["published_day"],
        "doc_type": say.label("doc_type", doc["doc_type"]),
        "doc_no": doc["doc_no"],
        "topics": [say.label("topic", t) for t in doc["topics"][:5]],
        "amount": say("search.up_to", amount=wording.money(amounts[0], lang=say.lang))
        if amounts and amounts[0]
        else "",
        "deadline": doc["deadline_end"],
        "validity": say.label("validity", doc["validity"]) if doc["validity"] != "unknown" else "",
        "withdrawn": not doc["current"],
        "unsure": doc["is_talent_policy"] is None,
        "reposts": hit.reposts,
    }


def pieces(highlight: Highlight) -> list[tuple[str, bool]]:
    """The text cut at its marks: ``(text, is a hit)``."""
    edges = [0, *itertools.chain.from_iterable(highlight.marks), len(highlight.text)]
    cut = [(highlight.text[a:b], i % 2 == 1) for i, (a, b) in enumerate(itertools.pairwise(edges))]
    return [(text, hit) for text, hit in cut if text]


def _facet(search: forms.Search, result: SearchResult, name: str, say: Words) -> dict[str, Any] | None:
    filter_ = _FACETS[name]
    held: tuple[str, ...] = getattr(search.query, filter_)
    counted = {value: number for value, number in result.facets.get(name, {}).items() if value}
    values = [
        {"label": _label(filter_, value, say), "count": counted.get(value), "on": value in held,
         "address": search.toggled(filter_, value)}
        for value in [*held, *(v for v in counted if v not in held)]
    ]  # fmt: skip
    if not values:
        return None
    return {"heading": say(f"facet.{name}"), "values": values[:_SHOWN], "more": values[_SHOWN:], "open": bool(held)}


def _label(name: str, value: str, say: Words) -> str:
    if name == "region":
        found = regions.by_code(value)
        return found.name if found else value
    return value if name == "site" else say.label(name, value)


#: Filters that are no facets.
_CHOSEN = ("published_after", "published_before", "deadline_before", "issuer", "doc_no", "language")


def chosen(search: forms.Search, say: Words) -> list[dict[str, str]]:
    """Filters in force, each with the address that takes it away."""
    query = search.query
    out = [
        {"label": _label(name, value, say), "address": search.toggled(name, value)}
        for name in _FACETS.values()
        for value in getattr(query, name)
    ]
    for name in _CHOSEN:
        held = getattr(query, name)
        for one in held if isinstance(held, tuple) else (held,) if held else ():
            address = search.toggled(name, one) if isinstance(held, tuple) else search.address(changes={name: None})
            shown = say.label("language", one) if name == "language" else one
            out.append({"label": say(f"chosen.{name}", value=shown), "address": address})
    if query.min_amount is not None:
        label = say("chosen.min_amount", value=wording.money(query.min_amount, lang=say.lang))
        out.append({"label": label, "address": search.address(changes={"min_amount": None})})
    if query.relevance != "talent":
        label = say.label("relevance", query.relevance)
        out.append({"label": label, "address": search.address(changes={"relevance": "talent"})})
    return out + [
        {"label": say(f"chosen.{name}"), "address": search.address(changes={name: False})}
        for name in ("reposts", "withdrawn")
        if getattr(query, name)
    ]


def criteria(search: forms.Search, say: Words) -> list[str]:
    """All of a search in words, for those who are about to subscribe to it."""
    words = [say("chosen.words", value=search.query.words)] if search.query.words else []
    return [*words, *(one["label"] for one in chosen(search, say))] or [say("chosen.everything")]


#: Filters that the form has fields for; the others go along hidden.
_FIELDS = frozenset({"words", "min_amount", "published_after", "published_before", "deadline_before"})


def _hidden(search: forms.Search) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, value in search.query.to_json().items():
        if name not in _FIELDS:
            out += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return out


def release_page(
    stored: StoredRelease,
    history: Sequence[Revision],
    story: Sequence[StoredRelease],
    today: dt.date,
    say: Words,
) -> dict[str, Any]:
    """The page of one release."""
    release = stored.release
    quotes = list(_quotes(release))
    marked = marks.mark(release.body, quotes)
    return {
        "stored": stored,
        "release": release,
        "facts": _facts(stored, say),
        "benefits": [
            {"anchor": f"b{i}", "topic": say.label("topic", b.topic), "recipient": b.recipient or "—",
             "amount": wording.amount(b, say.lang) or say("release.in_text"),
             "period": wording.period(b, say.lang), "condition": b.condition or "",
             "quote": b.quote}
            for i, b in enumerate(release.benefits)
        ],
        "deadlines": [
            {"anchor": f"d{i}", "kind": say.label("deadline", d.kind),
             "window": wording.window(d, say.lang) or say("release.in_text"), "resolved": d.resolved,
             "state": wording.days_left(d, today, say.lang), "past": bool(d.end and d.end[:10] < today.isoformat()),
             "quote": d.quote}
            for i, d in enumerate(release.deadlines)
        ],
        "reasons": [{"anchor": f"r{i}", "quote": r.quote, "rule": r.rule} for i, r in enumerate(release.reasons)],
        "links": [
            {"anchor": f"l{i}", "kind": say.label("link", k.kind), "title": k.title, "doc_no": k.doc_no,
             "release_id": k.release_id, "quote": k.quote}
            for i, k in enumerate(release.links)
        ],
        "validity": say.label("validity", release.validity),
        "marked": marked,
        "paragraphs": _grouped(marked.blocks),
        "revisions": _revisions(history, say),
        "story": [{"id": s.release_id, "site": s.release.site_name or s.site, "title": s.release.title,
                   "original": s.is_original, "first_seen": s.first_seen[:16].replace("T", " ")} for s in story],
        "first_seen": stored.first_seen[:16].replace("T", " "),
        "last_seen": stored.last_seen[:16].replace("T", " "),
    }  # fmt: skip


def _quotes(release: Release) -> Iterable[marks.Quote]:
    for i, benefit in enumerate(release.benefits):
        yield marks.Quote("benefit", f"b{i}", benefit.quote)
    for i, deadline in enumerate(release.deadlines):
        yield marks.Quote("deadline", f"d{i}", deadline.quote)
    if release.validity_basis:
        yield marks.Quote("validity", "v0", release.validity_basis)
    for i, link in enumerate(release.links):
        yield marks.Quote("link", f"l{i}", link.quote)
    for i, reason in enumerate(release.reasons):
        yield marks.Quote("reason", f"r{i}", reason.quote)


def _facts(stored: StoredRelease, say: Words) -> list[dict[str, str]]:
    release = stored.release
    rows: list[tuple[str, str | None]] = [
        ("issuers", say.listed(release.issuers)),
        ("doc_no", release.doc_no),
        ("published", (release.published or "").replace("T", " ")[:16]),
        ("issued", release.issued),
        ("effective_from", release.effective_from),
        ("effective_to", release.effective_to),
        ("region", " · ".join([*release.region_path, *([release.zone] if release.zone else [])])),
        ("doc_type", say.label("doc_type", release.doc_type)),
        ("topics", say.listed([say.label("topic", one) for one in release.topics])),
        ("source_credit", release.source_credit),
        ("site_name", release.site_name or stored.site),
    ]
    return [
        {"name": say.label("field", field), "value": value, "origin": _origin(release, field, say)}
        for field, value in rows
        if value
    ]


def _origin(release: Release, field: str, say: Words) -> str:
    """Where a value was found; a person's correction is told before any place."""
    if release.read_by.get(field) == "correction":
        return say("release.corrected")
    place = release.provenance.get(field)
    return say("release.origin", place=say.label("provenance", place)) if place else ""


def _grouped(blocks: Sequence[marks.Block]) -> list[dict[str, Any]]:
    """Paragraphs, and rows that follow each other as one table."""
    out: list[dict[str, Any]] = []
    for is_row, run in itertools.groupby(blocks, key=lambda block: block.is_row):
        if is_row:
            out.append({"rows": [block.cells for block in run]})
        else:
            out += [{"rows": [], "pieces": block.cells[0]} for block in run]
    return out


def _revisions(history: Sequence[Revision], say: Words) -> list[dict[str, Any]]:
    out = []
    for older, revision in zip([None, *history], history, strict=False):
        changes = compare(older.release, revision.release) if older else ()
        out.append(
            {
                "number": revision.number,
                "at": revision.created_at[:16].replace("T", " "),
                "cause": say.label("cause", revision.cause),
                "changes": [
                    {
                        "field": wording.field_name(c.field, say.lang),
                        "old": wording.value(c.field, c.old, say.lang),
                        "new": wording.value(c.field, c.new, say.lang),
                    }
                    for c in changes
                ],
            }
        )
    return out[::-1]
