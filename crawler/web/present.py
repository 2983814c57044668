"""Values → what a template or a JSON answer shows. No markup here, and no decisions there."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler import regions
from crawler.alerts import wording
from crawler.dedup import compare
from crawler.model import Release, Revision, StoredRelease
from crawler.query import Highlight
from crawler.storage.index import Hit, SearchResult
from crawler.web import forms, marks

_SORTS = {
    "relevance": "相关度",
    "published": "发布日期",
    "first_seen": "发现时间",
    "deadline": "截止日期",
    "amount": "金额",
}
#: Facets in the order of the page: field of the document → (filter of the query, heading, labels).
_FACETS: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "topics": ("topic", "主题", wording.TOPICS),
    "region": ("region", "地区", {}),
    "doc_type": ("doc_type", "文种", wording.DOC_TYPES),
    "validity": ("validity", "效力", wording.VALIDITIES),
    "level": ("level", "层级", wording.LEVELS),
    "section": ("section", "栏目", wording.SECTIONS),
    "site": ("site", "来源", {}),
}
#: Values of a facet that are shown at once.
_SHOWN = 8
_PROVENANCE = {
    "meta": "页面元数据", "label": "页面标注", "header_table": "信息公开表头", "listing": "列表页",
    "url": "网址", "body": "正文",
}  # fmt: skip
_CAUSES = {"site": "网站更新", "reread": "重新解读", "correction": "人工更正"}
_LINKS = {
    "cites": "引用", "implements": "落实", "interprets": "解读", "amends": "修改", "repeals": "废止",
    "supersedes": "取代", "extends": "延续", "forwards": "转发", "translates": "翻译",
}  # fmt: skip


def search_page(search: forms.Search, result: SearchResult) -> dict[str, Any]:
    """The search page."""
    pages = max(1, -(-result.total // forms.PAGE))
    return {
        "query": search.query,
        "sort": search.sort,
        "sorts": list(_SORTS.items()),
        "total": result.total,
        "took": result.took_ms,
        "hits": [_hit(hit) for hit in result.hits],
        "facets": list(filter(None, (_facet(search, result, name) for name in _FACETS))),
        "chosen": _chosen(search),
        "hidden": _hidden(search),
        "page": search.page,
        "pages": pages,
        "previous": search.address(page=search.page - 1) if search.page > 1 else None,
        "next": search.address(page=search.page + 1) if search.page < pages else None,
        "api": search.address("/api/search", page=search.page),
        "compare": search.address("/compare"),
    }


def _hit(hit: Hit) -> dict[str, Any]:
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
        "issuer": "、".join(doc["issuers"][:2]) or doc["source_credit"] or doc["site_name"] or doc["site"],
        "published": doc["published_day"],
        "doc_type": wording.DOC_TYPES.get(doc["doc_type"], doc["doc_type"]),
        "doc_no": doc["doc_no"],
        "topics": [wording.TOPICS.get(t, t) for t in doc["topics"][:5]],
        "amount": f"最高 {wording.money(amounts[0])}" if amounts and amounts[0] else "",
        "deadline": doc["deadline_end"],
        "validity": wording.VALIDITIES.get(doc["validity"], "") if doc["validity"] != "unknown" else "",
        "withdrawn": not doc["current"],
        "unsure": doc["is_talent_policy"] is None,
        "reposts": hit.reposts,
    }


def pieces(highlight: Highlight) -> list[tuple[str, bool]]:
    """The text cut at its marks: ``(text, is a hit)``."""
    edges = [0, *itertools.chain.from_iterable(highlight.marks), len(highlight.text)]
    cut = [(highlight.text[a:b], i % 2 == 1) for i, (a, b) in enumerate(itertools.pairwise(edges))]
    return [(text, hit) for text, hit in cut if text]


def _facet(search: forms.Search, result: SearchResult, name: str) -> dict[str, Any] | None:
    filter_, heading, labels = _FACETS[name]
    held: tuple[str, ...] = getattr(search.query, filter_)
    counted = {value: number for value, number in result.facets.get(name, {}).items() if value}
    values = [
        {"label": _label(filter_, value, labels), "count": counted.get(value), "on": value in held,
         "address": search.toggled(filter_, value)}
        for value in [*held, *(v for v in counted if v not in held)]
    ]  # fmt: skip
    if not values:
        return None
    return {"heading": heading, "values": values[:_SHOWN], "more": values[_SHOWN:], "open": bool(held)}


def _label(name: str, value: str, labels: Mapping[str, str] = wording.TOPICS) -> str:
    if name == "region":
        found = regions.by_code(value)
        return found.name if found else value
    return labels.get(value, value)


_CHOSEN = {
    "published_after": "发布不早于 {}", "published_before": "发布不晚于 {}", "deadline_before": "{} 前截止",
    "issuer": "发布单位：{}", "doc_no": "发文字号：{}", "language": "语言：{}",
}  # fmt: skip


def _chosen(search: forms.Search) -> list[dict[str, str]]:
    """Filters in force, each with the address that takes it away."""
    out = [
        {"label": _label(name, value, labels), "address": search.toggled(name, value)}
        for name, _, labels in _FACETS.values()
        for value in getattr(search.query, name)
    ]
    for name, pattern in _CHOSEN.items():
        value = getattr(search.query, name)
        for one in value if isinstance(value, tuple) else (value,) if value else ():
            address = (
                search.toggled(name, one) if isinstance(value, tuple) else search.address(changes={name: None})
            )
            out.append({"label": pattern.format(one), "address": address})
    if search.query.min_amount is not None:
        label = f"金额不低于 {wording.money(search.query.min_amount)}"
        out.append({"label": label, "address": search.address(changes={"min_amount": None})})
    if search.query.relevance != "talent":
        label = {"unsure": "仅待判断", "all": "包括无关内容"}[search.query.relevance]
        out.append({"label": label, "address": search.address(changes={"relevance": "talent"})})
    for name, label in (("reposts", "包括转载"), ("withdrawn", "包括已撤下")):
        if getattr(search.query, name):
            out.append({"label": label, "address": search.address(changes={name: False})})
    return out


#: Filters that the form has fields for; the others go along hidden.
_FIELDS = frozenset({"words", "min_amount", "published_after", "published_before", "deadline_before"})


def _hidden(search: forms.Search) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, value in search.query.to_json().items():
        if name not in _FIELDS:
            out += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return out


def release_page(
    stored: StoredRelease, history: Sequence[Revision], story: Sequence[StoredRelease], today: dt.date
) -> dict[str, Any]:
    """The page of one release."""
    release = stored.release
    quotes = list(_quotes(release))
    marked = marks.mark(release.body, quotes)
    return {
        "stored": stored,
        "release": release,
        "facts": _facts(stored),
        "benefits": [
            {"anchor": f"b{i}", "topic": wording.TOPICS.get(b.topic or "", ""), "recipient": b.recipient or "—",
             "amount": wording.amount(b) or "见原文", "period": wording.period(b), "condition": b.condition or "",
             "quote": b.quote}
            for i, b in enumerate(release.benefits)
        ],
        "deadlines": [
            {"anchor": f"d{i}", "kind": wording.DEADLINES.get(d.kind, d.kind),
             "window": wording.window(d) or "见原文", "resolved": d.resolved,
             "state": wording.days_left(d, today), "quote": d.quote}
            for i, d in enumerate(release.deadlines)
        ],
        "reasons": [{"anchor": f"r{i}", "quote": r.quote, "rule": r.rule} for i, r in enumerate(release.reasons)],
        "links": [
            {"anchor": f"l{i}", "kind": _LINKS.get(k.kind, k.kind), "title": k.title, "doc_no": k.doc_no,
             "release_id": k.release_id, "quote": k.quote}
            for i, k in enumerate(release.links)
        ],
        "validity": wording.VALIDITIES.get(release.validity, release.validity),
        "marked": marked,
        "paragraphs": _grouped(marked.blocks),
        "revisions": _revisions(history),
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


def _facts(stored: StoredRelease) -> list[dict[str, str]]:
    release = stored.release
    rows: list[tuple[str, str, str | None]] = [
        ("issuers", "发布单位", "、".join(release.issuers)),
        ("doc_no", "发文字号", release.doc_no),
        ("published", "发布日期", (release.published or "").replace("T", " ")[:16]),
        ("issued", "成文日期", release.issued),
        ("effective_from", "施行日期", release.effective_from),
        ("effective_to", "失效日期", release.effective_to),
        ("region", "地区", " · ".join([*release.region_path, *([release.zone] if release.zone else [])])),
        ("doc_type", "文种", wording.DOC_TYPES.get(release.doc_type, release.doc_type)),
        ("topics", "主题", "、".join(wording.TOPICS.get(t, t) for t in release.topics)),
        ("source_credit", "来源", release.source_credit),
        ("site_name", "网站", release.site_name or stored.site),
    ]
    return [
        {"name": label, "value": value, "origin": _PROVENANCE.get(str(release.provenance.get(field)), "")}
        for field, label, value in rows
        if value
    ]


def _grouped(blocks: Sequence[marks.Block]) -> list[dict[str, Any]]:
    """Paragraphs, and rows that follow each other as one table."""
    out: list[dict[str, Any]] = []
    for is_row, run in itertools.groupby(blocks, key=lambda block: block.is_row):
        if is_row:
            out.append({"rows": [block.cells for block in run]})
        else:
            out += [{"rows": [], "pieces": block.cells[0]} for block in run]
    return out


def _revisions(history: Sequence[Revision]) -> list[dict[str, Any]]:
    out = []
    for older, revision in zip([None, *history], history, strict=False):
        changes = compare(older.release, revision.release) if older else ()
        out.append(
            {
                "number": revision.number,
                "at": revision.created_at[:16].replace("T", " "),
                "cause": _CAUSES.get(revision.cause, revision.cause),
                "changes": [
                    {
                        "field": wording.field_name(c.field),
                        "old": wording.value(c.field, c.old),
                        "new": wording.value(c.field, c.new),
                    }
                    for c in changes
                ],
            }
        )
    return out[::-1]
