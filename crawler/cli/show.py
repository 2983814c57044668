"""``talentwatch show``."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
import typer

from crawler.cli.output import JSON, config_of, emit, say
from crawler.errors import NotFound
from crawler.model import Benefit, Deadline, Figure, Link, StoredRelease, to_json

app = typer.Typer(add_completion=False)

RELEASE = typer.Argument(..., metavar="RELEASE", help="An id, 6 or more characters of it, or a URL.")
#: Characters of the body that are printed; --json prints all of it.
_BODY = 2000


@app.command()
def show(ctx: typer.Context, release: str = RELEASE, as_json: bool = JSON) -> None:
    """One release: every value, where it comes from, which rule found it, its quote, where that stands
    in the text, and the kept response that it was read from.

    talentwatch show 8f3a2b

    talentwatch show https://www.gd.gov.cn/zwgk/example.html --json
    """
    from crawler.storage.state import corrections, releases
    from crawler.storage.state.schema import open_state

    config = config_of(ctx)
    engine = open_state(config)
    try:
        stored = releases.get(engine, release)
        value = as_dict(config.archive_path, engine, stored)
        value["corrections"] = corrections.of_release(engine, stored.release_id)
        if as_json:
            emit(value)
        else:
            for line in _lines(stored, value):
                say(line)
    finally:
        engine.dispose()


def as_dict(archive_path: pathlib.Path, engine: sa.Engine, stored: StoredRelease) -> dict[str, Any]:
    """A release as ``show --json`` prints it: its fields, what we know of it, revisions, evidence, and
    ``values``: each with its rule, quote, place and response (`crawler.storage.evidence.trace`)."""
    from crawler.storage.evidence import Blobs, describe
    from crawler.storage.evidence.trace import trace
    from crawler.storage.state import files, releases

    own = {k: v for k, v in to_json(stored).items() if k != "release"}
    found = releases.revisions(engine, stored.release_id)
    history = [
        {
            "number": r.number, "created_at": r.created_at, "cause": r.cause, "rules_version": r.rules_version,
            "content_hash": r.content_hash, "evidence_id": r.evidence_id,
        }
        for r in found
    ]  # fmt: skip
    ids = sorted({r.evidence_id for r in found if r.evidence_id is not None})
    story = [
        {"release_id": s.release_id, "site": s.site, "url": s.url, "is_original": s.is_original}
        for s in releases.story(engine, stored.story_id)
    ]
    kept = []
    for number in ids:
        with contextlib.suppress(NotFound):  # pruned since the revisions were read
            row = describe(engine, number)
            blobs, name = Blobs(archive_path), row["sha256"]
            # Absent where another machine fetched it and the folder is not shared.
            kept.append({**row, "path": str(blobs.path(name)), "here": blobs.path(name).is_file()})
    return {
        **own, **to_json(stored.release), "revisions": history, "evidence": kept, "story": story,
        "files": files.describe(engine, stored.release_id),
        "values": to_json(trace(archive_path, engine, stored, found)),
    }  # fmt: skip


def _lines(stored: StoredRelease, value: dict[str, Any]) -> Iterable[str]:
    r = stored.release
    yield r.title or "(no title)"
    yield f"{stored.release_id}  revision {stored.revision}, on {stored.site}"
    traced = {one["field"]: one for one in value["values"]}
    for name in (
        "url", "doc_no", "issuers", "published", "issued", "effective_from", "effective_to", "source_credit",
        "site_name", "doc_type", "is_talent_policy", "relevance", "section", "topics", "region", "region_path",
        "zone", "level", "language", "validity", "validity_basis",
    ):  # fmt: skip
        shown = _plain(getattr(r, name))
        if shown:
            yield f"{name:>16}: {shown}{_origin(stored, name) or _rule(traced, name, '  [', ']')}"
    yield f"{'first_seen':>16}: {stored.first_seen}, last seen {stored.last_seen}"
    if not stored.current:
        yield f"{'withdrawn':>16}: {stored.withdrawn_at}"
    elif stored.missing_rounds:
        yield f"{'missing':>16}: noted as missing {stored.missing_rounds} time(s), not yet called withdrawn"
    for label, metadata in r.metadata.items():
        yield f"{'header table':>16}: {label} = {metadata}"
    for index, reason in enumerate(r.reasons):
        yield f"{'because':>16}: {reason.rule} 「{reason.quote}」{_place(traced[f'reasons[{index}]'])}"
    for heading, name in (
        ("benefit", "benefits"), ("deadline", "deadlines"), ("target", "targets"),
        ("achievement", "achievements"), ("link", "links"),
    ):  # fmt: skip
        for index, thing in enumerate(getattr(r, name)):
            field = f"{name}[{index}]"
            yield f"{heading:>16}: {_thing(thing)}"
            yield f"{'':>16}  「{thing.quote}」{_place(traced[field])}  [{field}{_rule(traced, field, ': ')}]"
    for attachment in r.attachments:
        told = ", ".join(filter(None, (attachment.type, attachment.state, attachment.evidence)))
        yield f"{'attachment':>16}: {attachment.name}{f' ({told})' if told else ''} {attachment.url}"
        if attachment.state == "ocr":
            yield f"{'':>16}  read by OCR, may contain errors; nothing is computed from it"
    for file in value["files"]:
        yield f"{'file kept':>16}: {file['evidence_id']} {file['fetched_at']} {file['size']} bytes {file['url']}"
    for name, fixed in value["corrections"].items():
        things = isinstance(fixed, list) and any(isinstance(one, dict) for one in fixed)
        yield f"{'corrected':>16}: {name}{f' ({len(fixed)}, as above)' if things else f' = {fixed}'}"
    if len(value["story"]) > 1:
        for member in value["story"]:
            yield f"{'story':>16}: {'original ' if member['is_original'] else ''}{member['url']}"
    for revision in value["revisions"]:
        yield f"{'revision':>16}: {revision['number']} {revision['created_at']} {revision['cause']}"
    for kept in value["evidence"]:
        numbers = [r["number"] for r in value["revisions"] if r["evidence_id"] == kept["id"]]
        rest = "revision " + ", ".join(map(str, numbers))
        yield f"{'evidence':>16}: {kept['id']} of {rest}, fetched {kept['fetched_at']} from {kept['url']}"
        yield f"{'':>16}  {kept['size']} bytes, SHA-256 {kept['sha256']}"
        yield f"{'':>16}  {kept['path']}{'' if kept['here'] else ' (not there)'}"
    body = r.body if len(r.body) <= _BODY else r.body[:_BODY] + f"… ({len(r.body)} characters)"
    yield ""
    yield body


def _origin(stored: StoredRelease, name: str) -> str:
    r = stored.release
    known = [str(part) for part in (r.provenance.get(name), r.read_by.get(name)) if part]
    return f"  [{', '.join(known)}]" if known else ""


def _rule(traced: dict[str, Any], name: str, before: str, after: str = "") -> str:
    """The rule that found a value, or those of a list's first members."""
    one = traced.get(name) or traced.get(f"{name}[0]")
    return f"{before}{one['rule']}{after}" if one and one["rule"] else ""


def _place(traced: dict[str, Any]) -> str:
    place = traced["place"]
    if place is None:
        return ""
    if place["part"] == "body":
        return f"  [paragraph {place['paragraph']}, character {place['offset'] + 1}]"
    return f"  [{' '.join(filter(None, (place['part'].replace('_', ' '), place['name'])))}]"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(str(v) for v in value)
    return "" if value is None else str(value)


def _thing(thing: Benefit | Deadline | Figure | Link) -> str:
    data: dict[str, Any] = to_json(thing)
    return ", ".join(f"{k}={v}" for k, v in data.items() if k != "quote" and v not in (None, False, [], ""))
