"""Hashed labels find their quotes again and judge as the scorer does. All texts are synthetic."""

from __future__ import annotations

import hashlib
import pathlib
from types import ModuleType
from typing import Any

import pytest

from tests.quality import hashed, partly

TEXT = "第三条 新引进的博士每月领取租房补贴900元。第四条 企业可获贷款，另给用人单位3万元奖励。"


@pytest.fixture
def judge(shared: pathlib.Path) -> ModuleType:
    return hashed.scorer(shared)


def _label(judge: ModuleType, quote: str, **values: Any) -> dict[str, Any]:
    folded = judge.norm(quote)
    return {"at": {"length": len(folded), "sha": hashlib.sha256(folded.encode()).hexdigest()[:16]}, **values}


def _guess(quote: str, recipient: str, amount: int | None, **values: Any) -> dict[str, Any]:
    return {"quote": quote, "recipient": recipient, "amount_min": amount, "amount_max": amount, **values}


RENT = "新引进的博士每月领取租房补贴900元"
REWARD = "另给用人单位3万元奖励"


@pytest.mark.shared
def test_a_quote_is_found_by_its_hash_alone(judge: ModuleType) -> None:
    folded = judge.norm(TEXT)
    label = _label(judge, RENT)
    assert RENT not in str(label)
    assert hashed.located(label["at"], folded) == judge.norm(RENT)
    assert hashed.located(label["at"], folded.replace("900", "800")) == ""


@pytest.mark.shared
def test_the_variant_that_a_guess_meets_is_the_truth(judge: ModuleType) -> None:
    values = {"recipient": "博士", "amount_min": 900, "amount_max": 900, "period": "month"}
    row = _label(judge, RENT, topic="housing", **values, **{"or": [{"topic": "living_allowance"}]})
    met = _guess(RENT, "新引进的博士", 900, period="month", topic="living_allowance")
    truth, kept = hashed.compared([row], [met], judge.norm(TEXT), judge)
    assert [t["topic"] for t in truth] == ["living_allowance"]
    assert kept == [met]
    other, _ = hashed.compared([row], [{**met, "topic": "postdoc"}], judge.norm(TEXT), judge)
    assert [t["topic"] for t in other] == ["housing"]


@pytest.mark.shared
def test_what_is_optional_counts_neither_way_but_wrong_values_do(judge: ModuleType) -> None:
    row = _label(judge, REWARD, topic="*", recipient="*", amount_min=30000, amount_max=30000, optional=True)
    right, wrong = _guess(REWARD, "用人单位", 30000), _guess(REWARD, "用人单位", 3)
    assert hashed.compared([row], [right, wrong], judge.norm(TEXT), judge) == ([], [wrong])
    assert hashed.compared([{**row, "any_values": True}], [right, wrong], judge.norm(TEXT), judge) == ([], [])


@pytest.mark.shared
def test_a_star_takes_what_the_guess_says_and_nothing_without_one(judge: ModuleType) -> None:
    row = _label(judge, REWARD, topic="*", recipient="*", amount_min=30000, amount_max=30000)
    guess = _guess(REWARD, "用人单位", 30000, topic="employer_reward")
    (truth,), _ = hashed.compared([row], [guess], judge.norm(TEXT), judge)
    assert (truth["topic"], truth["recipient"]) == ("employer_reward", "用人单位")
    (lonely,), _ = hashed.compared([row], [], judge.norm(TEXT), judge)
    assert (lonely["topic"], lonely["recipient"]) == (None, None)


def test_labels_of_real_pages_hold_no_sentence_of_theirs() -> None:
    rows = [row for label in partly.labels("real") for kind in label.get("read", {}).values() for row in kind]
    assert rows
    assert all("quote" not in row and set(row["at"]) == {"length", "sha"} for row in rows)
    assert max(len(value) for row in rows for value in row.values() if isinstance(value, str)) <= 40
