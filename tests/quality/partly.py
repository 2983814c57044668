"""Releases labelled in part: what a label leaves out counts neither way.

Three sets: real pages, whose labels point to the folder beside the project that holds their text; releases written
for dates and links that are awkward to read; and releases of many kinds, written for all but what they grant.
Benefits and figures count where a label has them (``read``): as the release has them where the label calls it a
talent policy, else as the readers find them in the text, whatever it is about.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Literal

from crawler.enrich.benefits import find_benefits
from crawler.enrich.figures import find_figures
from crawler.model.codec import to_json
from tests.quality import hashed
from tests.quality.scores import AS_OF, PROJECT, Half, is_development

Set = Literal["real", "windows", "kinds"]
SETS: tuple[Set, ...] = ("real", "windows", "kinds")
#: One label a line: ``{"id", "path", "truth", "alternatives"?, "read"?}``; ``path`` lies in the folder of real
#: pages, or in that of the given texts (``seeds/``), which rules were written on: development.
_REAL = PROJECT / "tests" / "quality" / "real.jsonl"
_WRITTEN = PROJECT / "tests" / "quality"
_PAGES = pathlib.Path("data") / "pages"
_LISTS = ("topics", "issuers", "benefits", "targets", "achievements", "deadlines", "links")
_SINGLE = ("doc_type", "section", "level", "region", "zone", "validity", "language")
#: Figures that a set has no labels for.
_UNLABELLED: dict[Set, tuple[str, ...]] = {
    "real": (),
    "windows": ("benefits_value", "benefits_exact", "targets", "achievements"),
    "kinds": ("benefits_value", "benefits_exact"),
}


def labels(chosen: Set) -> list[dict[str, Any]]:
    """The labels of a set, in the order of their numbers."""
    if chosen == "real":
        return [json.loads(line) for line in _REAL.read_text("utf-8").splitlines()]
    return [json.loads(path.read_text("utf-8")) for path in sorted((_WRITTEN / chosen).glob("*.json"))]


def answers(chosen: Set, shared: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Run ``talentwatch extract --batch`` over a set; the file of its answers."""
    rows = [_input(label, shared) for label in labels(chosen)]
    lines, out = folder / f"{chosen}.in.jsonl", folder / f"{chosen}.out.jsonl"
    lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    command = [sys.executable, "-m", "crawler.cli.main", "extract", "--batch", str(lines), "--as-of", AS_OF]
    with out.open("wb") as stream:
        subprocess.run(command, stdout=stream, check=True, cwd=PROJECT)
    return out


def figures(
    chosen: Set, shared: pathlib.Path, answered: pathlib.Path, folder: pathlib.Path, half: Half = "whole"
) -> dict[str, float | None]:
    """The scorer's figures on one half of a set."""
    rows = [row for row in labels(chosen) if half == "whole" or _developed(row) == (half == "development")]
    found: dict[str, float | None] = json.loads(
        _score(rows, shared, answered, folder / f"{chosen}-{half}", "--json")
    )
    return {name: value for name, value in found.items() if name not in _UNLABELLED[chosen]}


def misses(chosen: Set, shared: pathlib.Path, answered: pathlib.Path, folder: pathlib.Path) -> str:
    """What was wrong on the development half; the held one is not looked at."""
    rows = [row for row in labels(chosen) if _developed(row)]
    return _score(rows, shared, answered, folder / f"{chosen}-development", "--misses")


def _developed(label: dict[str, Any]) -> bool:
    if "path" not in label:
        return is_development(label["id"], by_number=True)
    return label["path"].startswith("seeds/") or is_development(label["path"])


def _input(label: dict[str, Any], shared: pathlib.Path) -> dict[str, Any]:
    if "path" not in label:
        return {
            k: label[k] for k in ("id", "url", "site_name", "published", "source_credit", "title", "paragraphs")
        }
    if label["path"].startswith("seeds/"):
        text = (shared / label["path"]).read_text("utf-8")
        return {"id": label["id"], "url": "https://example.invalid/", "text": text}
    path = shared / _PAGES / label["path"]
    if path.suffix != ".json":
        index = (shared / _PAGES / "INDEX.tsv").read_text("utf-8").splitlines()
        url = next(cells[2] for cells in (row.split("\t") for row in index) if cells[0] == label["path"])
        return {"id": label["id"], "url": url or "https://example.invalid/", "path": str(path)}
    page = json.loads(path.read_text("utf-8"))
    return {
        "id": label["id"], "url": page["url"], "title": page["title"], "published": page["published"][:10],
        "source_credit": page["source"], "paragraphs": [p for p in page["text"].split("\u3000\u3000") if p.strip()],
    }  # fmt: skip


def _score(
    rows: Sequence[dict[str, Any]], shared: pathlib.Path, answered: pathlib.Path, folder: pathlib.Path, how: str
) -> str:
    found = {row["id"]: row for row in map(json.loads, answered.read_text("utf-8").splitlines())}
    folder.mkdir(parents=True, exist_ok=True)
    guesses, judge = [], hashed.scorer(shared)
    for label in rows:
        release = _meant(label, found[label["id"]].get("releases") or [{}], judge)
        truth = dict(label["truth"])
        guess = {name: value for name, value in release.items() if name in truth}
        if "read" in label:
            given = release if truth.get("is_talent_policy") else _read(release)
            folded = _text(release, judge)
            for kind, wanted in label["read"].items():
                truth[kind], guess[kind] = hashed.compared(wanted, given.get(kind, []), folded, judge)
        truth.setdefault("alternatives", label.get("alternatives", {}))
        for name in _LISTS:
            truth.setdefault(name, [])
        truth.setdefault("is_talent_policy", False)
        for name in _SINGLE:
            if name not in label["truth"]:
                guess[name] = truth[name] = None
        guess["url"] = label.get("url")
        gold = {
            "id": label["id"], "title": release.get("title") or "",
            "paragraphs": (release.get("body") or "").split("\n"), "truth": truth,
        }  # fmt: skip
        (folder / f"{label['id']}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")
        guesses.append(json.dumps({"id": label["id"], "releases": [guess]}, ensure_ascii=False))
    predictions = folder.with_suffix(".jsonl")
    predictions.write_text("\n".join(guesses) + "\n", "utf-8")
    command = [sys.executable, str(shared / "tools" / "score_gold.py"), str(folder), str(predictions), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _meant(label: dict[str, Any], releases: Sequence[dict[str, Any]], judge: ModuleType) -> dict[str, Any]:
    """The article that a label speaks of, where a page has several: the one that its quotes stand in."""
    if "read" not in label or len(releases) == 1:
        return releases[0]
    return max(releases, key=lambda release: hashed.found_in(label, _text(release, judge)))


def _text(release: dict[str, Any], judge: ModuleType) -> str:
    folded: str = judge.norm(f"{release.get('title') or ''}\n{release.get('body') or ''}")
    return folded


def _read(release: dict[str, Any]) -> dict[str, Any]:
    """What the readers find in a release's text, be it a talent policy or not."""
    title, lines, language = release.get("title"), (release.get("body") or "").split("\n"), release["language"]
    granted = find_benefits(title, lines, language=language)
    targets, achieved = find_figures(title, lines, published=release.get("published"), language=language)
    return {"benefits": to_json(granted), "targets": to_json(targets), "achievements": to_json(achieved)}
