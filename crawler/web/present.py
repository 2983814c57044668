"""Values → what a template or a JSON answer shows. No markup here, and no decisions there."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from crawler import regions
from crawler.alerts import wording
from crawler.query import Highlight, Query
from crawler.storage.index import Hit, SearchResult
from crawler.storage.index.offers import Offers
from crawler.web import forms, marks
from crawler.web.language import Words

#: Facets in the order of the page: field of the document → filter of the query.
_FACETS = {
    "topics": "topic", "region": "region", "doc_type": "doc_type", "validity": "validity", "level": "level",
    "section": "section", "site": "site",
}  # fmt: skip
#: Values of a facet that are shown at once.
_SHOWN = 8


def search_page(search: forms.Search, result: SearchResult, offers: Offers, say: Words) -> dict[str, Any]:
    """The search page."""
    pages = max(1, -(-result.total // forms.PAGE))
    return {
        "query": search.query,
        "everything": search.query == Query(),
        "sort": search.sort,
        "sorts": list(wording.labels("sort", say.lang).items()),
        "total": result.total,
        "took": result.took_ms,
        "hits": [_hit(hit, say) for hit in result.hits],
        "relaxed": [_hit(hit, say) for hit in offers.relaxed.hits] if offers.relaxed else [],
        "meant": [
            {
                "label": _meant(one.query, search, say),
                "total": one.total,
                "address": dataclasses.replace(search, query=one.query).address(),
            }
            for one in offers.meant
        ],
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


def _meant(query: Query, search: forms.Search, say: Words) -> str:
    """What is other about a search: its words, and the filter that was changed."""
    before = {one["label"] for one in chosen(search, say)}
    other = [one["label"] for one in chosen(dataclasses.replace(search, query=query), say)]
    words = [query.words] if query.words != search.query.words and query.words else []
    return " · ".join([*words, *(label for label in other if label not in before)])


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
