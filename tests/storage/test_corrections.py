"""An analyst's value wins over the rules and survives every reading."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from crawler.errors import NotFound, UsageError
from crawler.storage.state import corrections, events, releases
from crawler.storage.state.correct import correct
from tests.storage.world import NOW, release, submission


def test_a_correction_wins_and_survives(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    changes = correct(engine, saved.release_id, "doc_type", "call", now=NOW)
    assert [(c.field, c.old, c.new) for c in changes] == [("doc_type", "policy", "call")]
    stored = releases.get(engine, saved.release_id)
    assert (stored.release.doc_type, stored.release.read_by["doc_type"], stored.revision) == (
        "call",
        "correction",
        2,
    )
    assert correct(engine, saved.release_id, "doc_type", "call", now=NOW) == ()
    for fields in ({}, {"cause": "reread", "rules_version": "1/9"}):
        releases.save(engine, [submission(release(amount=500_000), **fields)], now=NOW)
        assert releases.get(engine, saved.release_id).release.doc_type == "call"
    assert [r.cause for r in releases.revisions(engine, saved.release_id)] == ["site", "correction", "site"]


def test_a_corrected_region_is_called_by_its_name(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    for text in ("洛阳", "410300"):
        correct(engine, saved.release_id, "region", corrections.parse("region", text), now=NOW)
        held = releases.get(engine, saved.release_id).release
        assert (held.region, held.region_path) == ("410300", ("中国", "河南省", "洛阳市"))
    with pytest.raises(UsageError, match="no region"):
        corrections.parse("region", "999999")
    correct(engine, saved.release_id, "region", None, now=NOW)
    assert releases.get(engine, saved.release_id).release.region_path == ()


def test_a_corrected_amount_is_told_a_corrected_type_is_not(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    correct(engine, saved.release_id, "topics", ["housing"], now=NOW)
    right = json.dumps([{"topic": "housing", "recipient": "博士", "quote": "补贴30万元", "amount_max": 300000}])
    correct(engine, saved.release_id, "benefits", corrections.parse("benefits", right), now=NOW)
    assert [event.kind for event in events.after(engine, 0)] == ["new", "corrected"]
    assert releases.get(engine, saved.release_id).release.benefits[0].recipient == "博士"


def test_relevance_is_corrected_where_the_queue_looks(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release(is_talent_policy=None))], now=NOW)
    correct(engine, saved.release_id, "is_talent_policy", True, now=NOW)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT is_talent_policy FROM releases")).scalar() == 1


def test_no_such_release(engine: sa.Engine) -> None:
    with pytest.raises(NotFound):
        correct(engine, "0" * 64, "doc_type", "call", now=NOW)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("doc_type", "call", "call"),
        ("is_talent_policy", "null", None),
        ("is_talent_policy", "Yes", True),
        ("relevance", "0.5", 0.5),
        ("topics", "housing, graduates", ["housing", "graduates"]),
        ("issuers", '["甲市人民政府"]', ["甲市人民政府"]),
        ("published", "2024-03-27", "2024-03-27"),
        ("effective_to", "null", None),
        ("metadata", '{"文号": "1"}', {"文号": "1"}),
        ("deadlines", "[]", []),
    ],
)
def test_values_from_the_command_line(field: str, text: str, value: object) -> None:
    assert corrections.parse(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nothing", "1"), ("url", "http://a.cn"), ("doc_type", "poem"), ("topics", "housing,poem"),
        ("relevance", "much"), ("is_talent_policy", "maybe"), ("published", "27.3.2024"),
        ("published", "2024-02-31"),
        ("benefits", "30万"), ("benefits", '[{"nonsense": 1}]'), ("benefits", "{}"), ("metadata", "[]"),
        ("doc_type", "null"),
    ],
)  # fmt: skip
def test_values_that_are_none(field: str, text: str) -> None:
    with pytest.raises(UsageError):
        corrections.parse(field, text)


def test_one_thing_of_a_list_is_corrected_or_taken_away(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    held = releases.get(engine, saved.release_id).release
    assert len(held.benefits) == 1
    field, value = corrections.parse_part(held, "benefits[0].amount_max", "310000")
    correct(engine, saved.release_id, field, value, now=NOW)
    mended = releases.get(engine, saved.release_id).release
    assert (mended.benefits[0].amount_max, mended.benefits[0].quote) == (310_000, held.benefits[0].quote)
    correct(engine, saved.release_id, *corrections.parse_part(mended, "benefits[0]", "null"), now=NOW)
    assert releases.get(engine, saved.release_id).release.benefits == ()
    assert corrections.parse_part(held, "doc_type", "call") == ("doc_type", "call")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("benefits[1]", "null"), ("benefits[0].amount_max", "viel"), ("benefits[0].amount_max", "true"),
        ("benefits[0].period", "weekly"), ("benefits[0].nonsense", "1"), ("benefits[0]", '{"topic": "housing"}'),
        ("url[0]", "null"), ("title[0]", "null"), ("topics[0].x", "1"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_refused(engine: sa.Engine, path: str, text: str) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    held = releases.get(engine, saved.release_id).release
    with pytest.raises(UsageError):
        corrections.parse_part(held, path, text)


def test_a_quote_that_stands_nowhere_is_refused(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    invented = [{"topic": "housing", "recipient": "博士", "quote": "补贴九百万元"}]
    with pytest.raises(UsageError, match="does not stand"):
        correct(engine, saved.release_id, "benefits", invented, now=NOW)
    assert corrections.of_release(engine, saved.release_id) == {}
