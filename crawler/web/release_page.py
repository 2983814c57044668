"""The page of one release: its values with the words, the rule and the response that each stands on."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.alerts import wording
from crawler.config import Config
from crawler.dedup import compare
from crawler.errors import NotFound
from crawler.model import Release, Revision, StoredRelease
from crawler.storage.evidence import describe
from crawler.storage.evidence.trace import Traced, trace
from crawler.storage.state import files
from crawler.web import marks
from crawler.web.language import Words


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a release rests on: the trace of each value, the kept responses with the revisions that were
    read from them, and the kept files by address."""

    traced: Mapping[str, Traced]
    responses: Sequence[tuple[Mapping[str, Any], Sequence[int]]]
    files: Mapping[str, Mapping[str, Any]]


def evidence(engine: sa.Engine, config: Config, stored: StoredRelease, history: Sequence[Revision]) -> Evidence:
    """As ``talentwatch show`` tells it."""
    read: dict[int, list[int]] = {}
    for revision in history:
        if revision.evidence_id is not None:
            read.setdefault(revision.evidence_id, []).append(revision.number)
    responses = []
    for number, revisions in read.items():
        try:
            responses.append((describe(engine, number), revisions))
        except NotFound:
            continue  # pruned
    traced = {one.field: one for one in trace(config.archive_path, engine, stored, history)}
    kept = {str(one["url"]): one for one in files.describe(engine, stored.release_id)}
    return Evidence(traced, responses, kept)


def release_page(
    stored: StoredRelease,
    history: Sequence[Revision],
    story: Sequence[StoredRelease],
    today: dt.date,
    say: Words,
    rests_on: Evidence,
) -> dict[str, Any]:
    """The page of one release."""
    release = stored.release
    quotes = list(_quotes(release))
    marked = marks.mark(release.body, quotes)
    return {
        "stored": stored,
        "release": release,
        "facts": _facts(stored, say, rests_on),
        "stands_on": {
            "benefits": _standing("benefits", rests_on, say), "deadlines": _standing("deadlines", rests_on, say),
            # All values of a revision stand on one response; those that a person set say so themselves.
            "facts": _standing("title", rests_on, say),
        },
        "evidence": [_response(*one) for one in rests_on.responses],
        "attachments": _attachments(release, say, rests_on),
        "benefits": [
            {"anchor": f"b{i}", "topic": say.label("topic", b.topic), "recipient": b.recipient or "—",
             "amount": wording.amount(b, say.lang) or say("release.in_text"),
             "period": wording.period(b, say.lang), "condition": b.condition or "",
             "quote": b.quote, "source": b.source or ""}
            for i, b in enumerate(release.benefits)
        ],
        "deadlines": [
            {"anchor": f"d{i}", "kind": say.label("deadline", d.kind),
             "window": wording.window(d, say.lang) or say("release.in_text"), "resolved": d.resolved,
             "state": wording.days_left(d, today, say.lang), "past": bool(d.end and d.end[:10] < today.isoformat()),
             "quote": d.quote, "source": d.source or ""}
            for i, d in enumerate(release.deadlines)
        ],
        "reasons": _reasons(release),
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


def _reasons(release: Release) -> list[dict[str, str]]:
    """The spans that decided, each once, with every rule that it satisfied."""
    rules: dict[str, list[str]] = {}
    anchors: dict[str, str] = {}
    for number, reason in enumerate(release.reasons):
        anchors.setdefault(reason.quote, f"r{number}")
        rules.setdefault(reason.quote, []).append(reason.rule)
    return [{"anchor": anchors[q], "quote": q, "rule": ", ".join(named)} for q, named in rules.items()]


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


def _facts(stored: StoredRelease, say: Words, rests_on: Evidence) -> list[dict[str, Any]]:
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
        {"name": say.label("field", field), "value": value, "origin": _origin(release, field, say),
         **_standing(field, rests_on, say)}
        for field, value in rows
        if value
    ]  # fmt: skip


def _standing(field: str, rests_on: Evidence, say: Words) -> dict[str, Any]:
    """The rule that found a value and the number of the response it was read from."""
    one = rests_on.traced.get(field) or rests_on.traced.get(f"{field}[0]")
    rule = say("release.reader", name=one.rule) if one and one.rule and one.rule != "correction" else ""
    return {"rule": rule, "response": one.evidence.id if one and one.evidence else None}


def _response(kept: Mapping[str, Any], revisions: Collection[int]) -> dict[str, Any]:
    told = {name: kept[name] for name in ("id", "url", "status", "size", "sha256")}
    return {**told, "at": str(kept["fetched_at"])[:19].replace("T", " "), "revisions": list(revisions)}


def _attachments(release: Release, say: Words, rests_on: Evidence) -> list[dict[str, Any]]:
    out = []
    for one in release.attachments:
        kept = rests_on.files.get(one.url)
        state = say.label("file", one.state) if one.state and one.state != "read" else ""
        out.append({"url": one.url, "name": one.name or one.url, "type": one.type or "", "state": state,
                    "recognised": one.text if one.state == "ocr" else "", "evidence": one.evidence or "",
                    "sha256": str(kept["sha256"]) if kept else one.sha256 or "",
                    "at": str(kept["fetched_at"])[:19].replace("T", " ") if kept else ""})  # fmt: skip
    return out


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
                    for c in wording.told(changes)
                ],
            }
        )
    return out[::-1]
