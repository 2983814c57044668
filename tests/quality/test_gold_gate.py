"""The gate on understanding: labelled releases, scored as acceptance does, and its CPU time."""

from __future__ import annotations

import json
import pathlib
import statistics
import subprocess
import sys
import tomllib

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
FLOORS = PROJECT / "tests" / "quality" / "floors.toml"
#: Releases written and labelled for this project, scored by the same scorer.
RELEASES = PROJECT / "tests" / "quality" / "releases"
#: Milliseconds of CPU for reading and understanding one labelled release; the bar on an idle machine is 3.
MEDIAN_MS, P95_MS = 12.0, 60.0


@pytest.mark.shared
def test_understanding_stays_above_its_floors(shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    answers = scored(shared, shared / "data" / "gold", "gold", tmp_path)
    spent = sorted(json.loads(line)["ms"] for line in answers.read_text("utf-8").splitlines())
    assert statistics.median(spent) < MEDIAN_MS
    assert spent[int(len(spent) * 0.95) - 1] < P95_MS


@pytest.mark.shared
def test_synthetic_releases_stay_above_their_floors(shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    if not any(RELEASES.glob("s*.json")):
        pytest.skip(f"no synthetic labelled release in {RELEASES.name}")
    scored(shared, RELEASES, "synthetic", tmp_path)


def scored(shared: pathlib.Path, labelled: pathlib.Path, section: str, folder: pathlib.Path) -> pathlib.Path:
    """Understand the labelled releases of a folder, hold them against their floors; the file of answers."""
    scorer = [sys.executable, str(shared / "tools" / "score_gold.py"), str(labelled)]
    lines, answers = folder / "in.jsonl", folder / "out.jsonl"
    lines.write_bytes(subprocess.run([*scorer, "--input"], capture_output=True, check=True).stdout)
    command = [sys.executable, "-m", "crawler.cli.main", "extract", "--batch", str(lines), "--as-of", "2026-11-22"]
    with answers.open("wb") as out:
        subprocess.run(command, stdout=out, check=True, cwd=PROJECT)
    floors = tomllib.loads(FLOORS.read_text("utf-8"))[section]
    wanted = [part for name, least in floors.items() for part in ("--floor", f"{name}={least}")]
    done = subprocess.run([*scorer, str(answers), *wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return answers


@pytest.mark.shared
def test_vacancy_titles_are_no_talent_policy(shared: pathlib.Path) -> None:
    import datetime as dt

    from crawler.enrich import understand
    from crawler.model import Article

    titles = json.loads((shared / "data" / "pages" / "gongkao_recruitment_titles.json").read_text("utf-8"))
    day = dt.date(2026, 11, 22)
    taken = [
        t["title"]
        for t in titles
        if understand(Article(url=t["url"], title=t["title"]), as_of=day).is_talent_policy
    ]
    assert not taken
