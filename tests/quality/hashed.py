"""Labels of what real pages grant, aim at and reached, without a word of theirs: a quote is a length and a hash.

A label's ``at`` holds how many characters its quote has, folded as the scorer folds them, and the first 16 digits
of their SHA-256. Here the quote is found again in the page. ``optional`` marks what may be listed or not and counts
neither way, whatever its values where ``any_values`` says so; ``or`` holds other values that are as right, ``*``
stands for any. Texts of our own are labelled alike, their quotes written out.
"""

from __future__ import annotations

import hashlib
import importlib.util
import pathlib
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

KINDS = ("benefits", "targets", "achievements")
Row = dict[str, Any]


def scorer(shared: pathlib.Path) -> ModuleType:
    """The scorer's own comparisons, so that nothing is called right here that acceptance calls wrong."""
    spec = importlib.util.spec_from_file_location("score_gold", shared / "tools" / "score_gold.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def located(at: Mapping[str, Any], folded: str) -> str:
    """The stretch of a folded text that a label points to; empty where the text hasn't got it."""
    size = at["length"]
    for start in range(len(folded) - size + 1):
        piece = folded[start : start + size]
        if hashlib.sha256(piece.encode()).hexdigest()[:16] == at["sha"]:
            return piece
    return ""


def found_in(label: Mapping[str, Any], folded: str) -> int:
    """How many of a label's quotes a text holds: which of a page's articles is meant."""
    return sum(bool(_quote(row, folded)) for kind in KINDS for row in label["read"].get(kind, ()))


def compared(
    rows: Sequence[Mapping[str, Any]], guesses: Sequence[Row], folded: str, judge: ModuleType
) -> tuple[list[Row], list[Row]]:
    """The labels as the scorer wants them, each in the variant that a guess meets best; the guesses that count."""
    truth, free = [], []
    for row in rows:
        variants = [_row(row, other, _quote(row, folded)) for other in ({}, *row.get("or", ()))]
        if row.get("optional"):
            free.append(variants)
        else:
            truth.append(max(variants, key=lambda v: max((_nearness(v, g, judge) for g in guesses), default=0)))
    for row in truth:
        _fill(row, guesses, judge)
    wanted = [g for g in guesses if any(_nearness(t, g, judge) for t in truth)]
    kept = [g for g in guesses if g in wanted or not any(_freed(v, g, judge) for vs in free for v in vs)]
    return truth, kept


def _quote(label: Mapping[str, Any], folded: str) -> str:
    return label["quote"] if "quote" in label else located(label["at"], folded)


def _row(label: Mapping[str, Any], other: Mapping[str, Any], quote: str) -> Row:
    kept = {k: v for k, v in label.items() if k not in ("at", "or", "optional")}
    return {**kept, **other, "quote": quote}


def _nearness(row: Row, guess: Row, judge: ModuleType) -> int:
    """0: something else; 1: the values agree; 2: everything that the scorer looks at does."""
    if not judge.overlap(row["quote"], guess.get("quote")):
        return 0
    if "value" in row:
        return 2 if judge.number(row["value"]) == judge.number(guess.get("value")) else 0
    if judge.money(row) != judge.money(guess):
        return 0
    open_topic = {**row, "topic": guess.get("topic")} if row["topic"] == "*" else row
    same = judge.terms(open_topic) == judge.terms(guess)
    named = row["recipient"] == "*" or judge.same_recipient(row["recipient"], guess.get("recipient"))
    return 2 if same and named else 1


def _freed(row: Row, guess: Row, judge: ModuleType) -> bool:
    if row.get("any_values"):
        return bool(judge.overlap(row["quote"], guess.get("quote")))
    return _nearness(row, guess, judge) > 0


def _fill(row: Row, guesses: Sequence[Row], judge: ModuleType) -> None:
    """A label's ``*`` takes what the nearest guess says, nothing where there is none."""
    near = max(guesses, key=lambda g: _nearness(row, g, judge), default={})
    taken = near if near and _nearness(row, near, judge) else {}
    for name in ("topic", "recipient"):
        if row.get(name) == "*":
            row[name] = taken.get(name)
