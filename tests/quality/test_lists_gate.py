"""The gate on listings: recorded government lists, read without configuration, scored as acceptance does."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tomllib

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
FLOORS = PROJECT / "tests" / "quality" / "floors.toml"


@pytest.mark.shared
def test_lists_stay_above_their_floors(shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    scorer = [sys.executable, str(shared / "tools" / "score_lists.py"), str(shared / "data" / "pages")]
    lines, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines.write_bytes(subprocess.run([*scorer, "--input"], capture_output=True, check=True).stdout)
    command = [sys.executable, "-m", "crawler.cli.main", "extract", "--batch", str(lines)]
    with answers.open("wb") as out:
        subprocess.run(command, stdout=out, check=True, cwd=PROJECT)
    floors = tomllib.loads(FLOORS.read_text("utf-8"))["lists"]
    wanted = [part for name, least in floors.items() for part in ("--floor", f"{name}={least}")]
    scored = subprocess.run(
        [*scorer, str(answers), *wanted, "--misses"], capture_output=True, text=True, check=False
    )
    assert scored.returncode == 0, scored.stdout[-3000:] + scored.stderr[-1000:]
