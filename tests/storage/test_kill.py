"""kill -9 at every point: nothing that a listing showed is lost, nothing is stored or told twice."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

import pytest

from tests.real.postgres import Databases

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def tries(folder: pathlib.Path, *args: str) -> list[dict[str, Any]]:
    # In memory where that can be had: thousands of syncs to a disk prove nothing about a killed process.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else folder) as fast:
        done = subprocess.run(
            [sys.executable, "-m", "tests.storage.killed", fast, *args],
            cwd=PROJECT, capture_output=True, text=True, timeout=280,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["save", "take"])
def test_killed_at_every_point(tmp_path: pathlib.Path, how: str) -> None:
    found = tries(tmp_path, how)
    assert len(found) > 100  # so many points there are, at least
    nothing_lost_or_doubled(found)


@pytest.mark.real
@pytest.mark.parametrize(("how", "step"), [("save", 13), ("take", 37)])
def test_killed_at_points_of_postgresql(
    tmp_path: pathlib.Path, postgres_server: Databases, how: str, step: int
) -> None:
    found = tries(tmp_path, how, postgres_server.url, str(step))
    assert len(found) > 4
    nothing_lost_or_doubled(found)


def nothing_lost_or_doubled(found: list[dict[str, Any]]) -> None:
    whole = found[-1]
    assert not whole["killed"]
    assert whole["status"] == 0
    expected = whole["state"]
    assert expected["pending"] == []
    assert sorted(e[0] for e in expected["events"] if e[0] != "deadline_soon") == ["changed", "new", "withdrawn"]
    for result in found:
        assert result["troubles"] == [], result["at"]
        assert result["lost"] == [], result["at"]
        assert result["state"] == expected, result["at"]
