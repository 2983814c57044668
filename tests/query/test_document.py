"""The flat document: as of a day, with a home for every field."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from crawler.model import Attachment, Benefit, Deadline, Release, StoredRelease
from crawler.model.values import VALIDITIES
from crawler.query import document, token_strings
from crawler.query.document import MAX_TEXT, OPEN_KINDS, validity_on
from crawler.storage.index.fields import BY_NAME, FIELDS, NOT_INDEXED, WORD_WEIGHTS
from tests.index.material import AS_OF, releases


def stored(**fields: object) -> StoredRelease:
    made = Release(url="https://example.gov.cn/1", **fields)  # type: ignore[arg-type]
    return StoredRelease(
        "id", "site", "tzgg", made.url, 1, "2026-11-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00", made, "s"
    )


def test_every_key_is_in_the_field_table_and_the_reverse() -> None:
    for item in releases(1, 20):
        assert list(document(item, AS_OF)) == [field.name for field in FIELDS]


def test_every_field_of_the_model_has_a_home_or_a_reason() -> None:
    fields = {f.name for kind in (Release, StoredRelease) for f in dataclasses.fields(kind)}
    homes = {field.source or field.name for field in FIELDS}
    assert fields - homes == NOT_INDEXED.keys()
    assert homes <= fields


def test_values_have_the_kind_that_the_table_says() -> None:
    kinds: dict[str, type | tuple[type, ...]] = {
        "keywords": list,
        "integer": int,
        "number": (int, float),
        "flag": bool,
        "object": (list, str),
    }
    for item in releases(2, 40):
        for name, value in document(item, AS_OF).items():
            assert value is None or isinstance(value, kinds.get(BY_NAME[name].kind, str)), name
    assert set(WORD_WEIGHTS) == {field.name for field in FIELDS if field.kind == "words"}


def test_it_is_json_and_the_same_every_time() -> None:
    for item in releases(3, 20):
        doc = document(item, AS_OF)
        assert json.loads(json.dumps(doc)) == doc == document(item, AS_OF)
        assert token_strings(doc).items() <= doc.items()


def test_flat_copies_and_the_next_open_deadline() -> None:
    item = stored(
        region="410122",
        doc_no="豫人社办〔2024〕12号",
        published="2026-03-01T09:00:00+08:00",
        benefits=(
            Benefit("housing", None, "q", amount_max=300),
            Benefit("loans_finance", None, "q", amount_max=900, currency="USD"),
            Benefit(None, None, "q", amount_max=500),
        ),
        deadlines=tuple(
            Deadline(kind, "q", end=end)  # type: ignore[arg-type]
            for kind, end in [
                ("apply", "2026-11-21"), ("payout", "2026-11-25"), ("event", "2026-12-24"), ("apply", "2026-12-31"),
                ("apply", None),
            ]
        ),
    )  # fmt: skip
    doc = document(item, AS_OF)
    assert (doc["division_code"], doc["published_day"], doc["doc_no_key"]) == (
        "41",
        "2026-03-01",
        "豫人社办202412号",
    )
    assert (doc["benefit_topics"], doc["benefit_max_cny"]) == (["housing", "loans_finance"], 500)
    assert doc["deadline_end"] == "2026-12-24"
    assert document(item, dt.date(2026, 12, 25))["deadline_end"] == "2026-12-31"
    assert document(item, dt.date(2027, 1, 1))["deadline_end"] is None


@pytest.mark.parametrize(
    ("validity", "end", "day", "expected"),
    [
        ("in_force", None, "2026-11-22", "in_force"),
        ("in_force", "2026-11-22", "2026-11-22", "expiring"),
        ("in_force", "2026-11-21", "2026-11-22", "expired"),
        ("trial", "2027-02-20", "2026-11-22", "expiring"),
        ("trial", "2027-02-21", "2026-11-22", "trial"),
        ("expired", "2027-03-01", "2026-11-22", "in_force"),
        ("repealed", "2026-01-01", "2026-11-22", "repealed"),
        ("draft", "2026-01-01", "2026-11-22", "draft"),
    ],
)
def test_validity_on_a_day(validity: str, end: str | None, day: str, expected: str) -> None:
    assert validity_on(validity, end, day) == expected


def test_validity_is_judged_as_the_reading_judges_it() -> None:
    from crawler.enrich.validity import on_day

    for validity in VALIDITIES:
        for end in (None, "2026-11-21", "2026-11-22", "2027-02-20", "2027-02-21", "2030-01-01"):
            assert validity_on(validity, end, AS_OF.isoformat()) == on_day(validity, end, AS_OF)  # type: ignore[arg-type]


def test_open_kinds_are_those_that_the_daily_job_watches() -> None:
    from crawler.storage.state.releases import OPEN_KINDS as WATCHED

    assert OPEN_KINDS == WATCHED


def test_a_bilingual_half_that_is_not_in_the_body_is_searched_too() -> None:
    doc = document(stored(body="中文", body_zh="中文", body_en="English half"), AS_OF)
    assert doc["body"] == "中文\nEnglish half"
    assert (
        document(stored(body="中文\nEnglish half", body_en="English half"), AS_OF)["body"] == "中文\nEnglish half"
    )


def test_attachments_are_searched_and_long_texts_bounded() -> None:
    item = stored(body="字" * (MAX_TEXT + 5), attachments=(Attachment("u", "附件1.pdf", text="落户条件"),))
    doc = document(item, AS_OF)
    assert "落 户 条 件" in doc["words_text"]
    assert len(doc["body"]) == MAX_TEXT
