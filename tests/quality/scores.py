"""Figures of the three scorers on the labelled material: whole, and on the two halves it is split into.

Rules are written on the *development* half and measured on the *held* one. Pages are split by a hash
of their path, labelled releases by their number.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

PROJECT = pathlib.Path(__file__).resolve().parents[2]
FLOORS = PROJECT / "tests" / "quality" / "floors.toml"
#: The day on which validity is judged; the labels were written for it.
AS_OF = "2026-11-22"

Half = Literal["whole", "development", "held"]


@dataclass(frozen=True)
class Material:
    """A scorer and what it reads, both in the folder of labelled material."""

    name: str
    scorer: str
    data: str
    #: Where the labels lie, for splitting: files, or lines with a ``path``.
    labels: tuple[str, ...]


MATERIALS = (
    Material("pages", "score_pages.py", "data/pages", ("truth.jsonl", "segments.jsonl")),
    Material("lists", "score_lists.py", "data/pages", ("lists.jsonl",)),
    Material("gold", "score_gold.py", "data/gold", ("*.json",)),
    # Written and labelled for this project by somebody who had not seen the rules.
    Material("synthetic", "score_gold.py", "", ("*.json",)),
)


def answers(material: Material, shared: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Run ``talentwatch extract --batch`` over the material; the file of its answers."""
    lines, out = folder / f"{material.name}.in.jsonl", folder / f"{material.name}.out.jsonl"
    done = subprocess.run([*_scorer(material, shared), "--input"], capture_output=True, check=True)
    lines.write_bytes(done.stdout)
    command = [sys.executable, "-m", "crawler.cli.main", "extract", "--batch", str(lines), "--as-of", AS_OF]
    with out.open("wb") as stream:
        subprocess.run(command, stdout=stream, check=True, cwd=PROJECT)
    return out


def figures(
    material: Material, shared: pathlib.Path, answered: pathlib.Path, folder: pathlib.Path, half: Half = "whole"
) -> dict[str, float | None]:
    """The scorer's figures on one half."""
    data = _data(material, shared)
    if half != "whole":
        data = _half(material, data, folder / f"{material.name}-{half}", half)
    script = str(shared / "tools" / material.scorer)
    command = [sys.executable, script, str(data), str(answered), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float | None] = json.loads(done.stdout)
    return found


def misses(material: Material, shared: pathlib.Path, answered: pathlib.Path) -> str:
    """What the scorer says was wrong."""
    command = [*_scorer(material, shared), str(answered), "--misses"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _data(material: Material, shared: pathlib.Path) -> pathlib.Path:
    return shared / material.data if material.data else PROJECT / "tests" / "quality" / "releases"


def _scorer(material: Material, shared: pathlib.Path) -> list[str]:
    return [sys.executable, str(shared / "tools" / material.scorer), str(_data(material, shared))]


def _half(material: Material, data: pathlib.Path, target: pathlib.Path, half: Half) -> pathlib.Path:
    target.mkdir(parents=True, exist_ok=True)
    if material.labels == ("*.json",):
        for path in data.glob("*.json"):
            if is_development(path.stem, by_number=True) == (half == "development"):
                (target / path.name).write_bytes(path.read_bytes())
        return target
    for name in material.labels:
        kept = [
            line
            for line in (data / name).read_text("utf-8").splitlines()
            if line.strip() and is_development(json.loads(line)["path"]) == (half == "development")
        ]
        (target / name).write_text("\n".join(kept) + "\n", "utf-8")
    if not (target / "html").exists():
        (target / "html").symlink_to(data / "html")
    return target


def is_development(name: str, *, by_number: bool = False) -> bool:
    if by_number:
        return int("".join(c for c in name if c.isdigit())) % 2 == 0
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0
