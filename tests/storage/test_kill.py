"""kill -9 at every point: nothing that a listing showed is lost, nothing is stored or told twice."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from typing import Any

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def tries(folder: pathlib.Path, how: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.killed", str(folder), how],
        cwd=PROJECT, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["save", "take"])
def test_killed_at_every_point(tmp_path: pathlib.Path, how: str) -> None:
    found = tries(tmp_path, how)
    whole = found[-1]
    assert not whole["killed"]
    assert whole["status"] == 0
    assert len(found) > 100  # so many points there are, at least
    expected = whole["state"]
    assert expected["pending"] == []
    assert sorted(e[0] for e in expected["events"] if e[0] != "deadline_soon") == ["changed", "new", "withdrawn"]
    for result in found:
        assert result["troubles"] == [], result["at"]
        assert result["lost"] == [], result["at"]
        assert result["state"] == expected, result["at"]
