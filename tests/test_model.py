"""Models survive the way to JSON and back, and their vocabulary is documented."""

from __future__ import annotations

import pathlib

import pytest

from crawler.errors import UsageError
from crawler.model import (
    Attachment,
    Benefit,
    Deadline,
    Figure,
    Link,
    Pair,
    Reason,
    Release,
    StoredRelease,
    from_json,
    to_json,
)
from crawler.model.values import DOC_TYPES, EVENT_KINDS, LEVELS, SECTIONS, TOPICS, VALIDITIES

PROJECT = pathlib.Path(__file__).resolve().parent.parent

FULL = Release(
    url="http://example.cn/a.html",
    title="题",
    topics=("housing",),
    reasons=(Reason("word", "人才"),),
    benefits=(Benefit(topic="housing", recipient="博士", quote="q", amount_min=1, amount_max=2, rate=0.5),),
    targets=(Figure(metric="人", value=1.5, quote="q", year=2026),),
    deadlines=(Deadline(kind="apply", quote="q", end="2026-12-01"),),
    links=(Link(kind="cites", quote="q", doc_no="某府发〔2024〕1号"),),
    pairs=(Pair("中", "en", ("5",)),),
    attachments=(Attachment("http://example.cn/a.pdf", "a"),),
    metadata={"索引号": "1"},
    provenance={"published": "meta"},
    region_path=("某省", "某市"),
)


def test_a_release_survives_json() -> None:
    stored = StoredRelease("id", "site", "column", FULL.url, 1, "2026-01-01", "2026-01-01", FULL, "id")
    assert from_json(StoredRelease, to_json(stored)) == stored


def test_json_names_every_field_even_when_absent() -> None:
    empty = to_json(Release(url="u"))
    assert empty["doc_no"] is None
    assert empty["benefits"] == []
    assert set(empty) == set(to_json(FULL))


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(UsageError, match="no field amount"):
        from_json(Release, {"url": "u", "amount": 3})


def test_every_value_is_documented() -> None:
    text = (PROJECT / "docs" / "domain.md").read_text("utf-8")
    for value in (*DOC_TYPES, *TOPICS, *SECTIONS, *VALIDITIES, *EVENT_KINDS):
        assert f"`{value}`" in text, value
    for name in to_json(Release(url="u")):
        if name not in {"url", "site_name", "language", "part"}:
            assert f"`{name}`" in text, name
    assert all(f"`{level}`" in (PROJECT / "docs" / "query.md").read_text("utf-8") for level in LEVELS)
