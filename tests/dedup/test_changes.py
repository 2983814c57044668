"""What is a change, and what only looks like one."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import POLICY_FIELDS, compare, content_hash, facts_hash
from crawler.model import Attachment, Benefit, Deadline, Figure, Release
from tests.storage.world import release


def fields(old: Release, new: Release) -> list[str]:
    return [change.field for change in compare(old, new)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_credit", "新闻网"), ("published", "2026-01-01"), ("relevance", 0.1), ("topics", ("housing",)),
        ("read_by", {"body": "density"}), ("validity", "expired"), ("doc_type", "news"), ("region", "110000"),
        ("title", " 示范市青年人才安家若干措施之１ "),
    ],
)  # fmt: skip
def test_no_change(field: str, value: Any) -> None:
    new = dataclasses.replace(release(), **{field: value})
    assert compare(release(), new) == ()
    assert content_hash(release()) == content_hash(new)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doc_no", "示人社〔2026〕1号"), ("issued", "2026-01-01"), ("effective_from", "2026-01-01"),
        ("effective_to", "2027-01-01"), ("issuers", ("示范市人民政府",)),
        ("benefits", ()), ("targets", (Figure("吸引人才", 1000.0, "吸引1000人"),)),
        ("deadlines", (Deadline("apply", "至12月1日", end="2026-12-01"),)),
        ("attachments", (Attachment("http://a.cn/1.pdf", "申请表"),)),
    ],
)  # fmt: skip
def test_every_policy_field_is_compared(field: str, value: Any) -> None:
    new = dataclasses.replace(release(), **{field: value})
    assert fields(release(), new) == [field]
    assert content_hash(release()) != content_hash(new)


def test_the_list_of_policy_fields_is_the_one_that_is_tested() -> None:
    marks = test_every_policy_field_is_compared.pytestmark  # type: ignore[attr-defined]
    assert {field for field, _ in marks[0].args[1]} == set(POLICY_FIELDS)


def test_a_benefit_is_compared_part_by_part() -> None:
    one = Benefit(
        "housing", "博士", "每月1000元", amount_min=1000, amount_max=1000, period="month", duration_months=36
    )
    two = dataclasses.replace(one, amount_max=1500, amount_min=1500, duration_months=24, quote="每月1500元")
    other = Benefit("housing", "硕士", "每月800元", amount_max=800)
    old, new = release(benefits=(one, other)), release(benefits=(other, two))
    assert {c.field: (c.old, c.new) for c in compare(old, new)} == {
        "benefits.amount_min": (1000, 1500), "benefits.amount_max": (1000, 1500),
        "benefits.duration_months": (36, 24),
    }  # fmt: skip
    assert all(change.quote == "每月1500元" for change in compare(old, new))


def test_of_several_alike_the_nearest_are_paired() -> None:
    sums = [Benefit("housing", "博士", f"{n}万", amount_max=n, condition=f"第{n}类") for n in (1, 2, 3)]
    moved = [sums[2], sums[0], dataclasses.replace(sums[1], amount_max=9)]
    (change,) = compare(release(benefits=tuple(sums)), release(benefits=tuple(moved)))
    assert (change.field, change.old, change.new) == ("benefits.amount_max", 2, 9)


def test_a_moved_deadline_and_a_second_one() -> None:
    first, moved = (Deadline("apply", f"截止{end}", end=end) for end in ("2026-12-01", "2026-12-15"))
    (change,) = compare(release(deadlines=(first,)), release(deadlines=(moved,)))
    assert (change.field, change.old, change.new) == ("deadlines.end", "2026-12-01", "2026-12-15")
    (change,) = compare(release(deadlines=(first,)), release(deadlines=(first, moved)))
    assert (change.field, change.old) == ("deadlines", None)


def test_the_bodys_change_quotes_only_what_differs() -> None:
    old = release()
    new = dataclasses.replace(old, body=old.body + "\n新增一条：用人单位可以自主认定。")
    (change,) = compare(old, new)
    assert (change.field, change.old, change.new) == ("body", None, "新增一条：用人单位可以自主认定。")


def test_the_facts_are_the_same_on_every_site() -> None:
    file = (Attachment("http://a.cn/1.pdf", "申请表"),)
    here, there = release(attachments=file), release(title="转载：新政", url="http://b.cn/1", attachments=())
    assert facts_hash(release()) == facts_hash(release(url="http://b.cn/1"))
    assert facts_hash(here) == facts_hash(dataclasses.replace(there, title=here.title))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 3)), max_size=6), st.randoms())
def test_the_order_of_benefits_is_no_change(pairs: list[tuple[str, int]], rng: Any) -> None:
    benefits = [Benefit("housing", who, f"{n}元", amount_max=n) for who, n in pairs]
    mixed = benefits[:]
    rng.shuffle(mixed)
    old, new = release(benefits=tuple(benefits)), release(benefits=tuple(mixed))
    assert compare(old, new) == ()
    assert content_hash(old) == content_hash(new)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_the_hash_says_what_compare_says(one: str, two: str) -> None:
    old, new = release(body=one), release(body=two)
    assert (compare(old, new) == ()) == (content_hash(old) == content_hash(new))


def test_hostile_lists_and_bodies_take_bounded_time() -> None:
    many = tuple(Benefit("housing", "博士", f"{n}元", amount_max=n) for n in range(2000))
    more = tuple(dataclasses.replace(b, amount_max=(b.amount_max or 0) + 5000) for b in many)
    started = time.process_time()
    compare(release(benefits=many, body="甲\n" * 100_000), release(benefits=more, body="乙\n" * 100_000))
    assert time.process_time() - started < 8
