"""How right the public readers are on the pages that ours is measured on, by the same scorer."""

from __future__ import annotations

import json
import pathlib
import tempfile

from tests.benchmarks.measured import SHARED, Missing, Table, versions
from tests.benchmarks.pages import PEERS, attempt, quiet, readers, release

TITLE = "Reading right, beside public readers"
NOTE = (
    "The scorer of `docs/quality.md`, the held half of the pages: rules of ours were written on the other "
    "half. Peers get the text decoded by us and are asked as their documentation says; a dash stands where a "
    "reader doesn't mean to give the figure."
)
_FIGURES = {
    "title": "title",
    "date": "date",
    "body_f1": "body",
    "with": "body",
    "without": "body",
    "segments_f1": "body",
}


def run(quick: bool) -> Table:
    """The table."""
    if not (SHARED / "README.md").is_file():
        raise Missing("the folder ../shared with the labelled material is not beside the project")
    names = ("resiliparse",) if quick else tuple(PEERS)
    rows = figures_of(names, ours=not quick)
    head = ("reader", *_FIGURES)
    table = [(who, *(_cell(found.get(figure), who, figure) for figure in _FIGURES)) for who, found in rows.items()]
    return Table(head, tuple(table), "peers: " + versions(*names))


def figures_of(names: tuple[str, ...], *, ours: bool = True) -> dict[str, dict[str, float | None]]:
    """Reader → the scorer's figures on the held half of the pages."""
    from tests.quality.scores import MATERIALS, answers, figures

    material = next(m for m in MATERIALS if m.name == "pages")
    out: dict[str, dict[str, float | None]] = {}
    with tempfile.TemporaryDirectory() as name, quiet():
        folder = pathlib.Path(name)
        if ours:
            out["TalentWatch"] = figures(material, SHARED, answers(material, SHARED, folder), folder, "held")
        for peer in names:
            answered = _answers(peer, folder)
            out[peer] = figures(material, SHARED, answered, folder, "held")
    return out


def _answers(name: str, folder: pathlib.Path) -> pathlib.Path:
    """A peer's answers in the form of ``talentwatch extract --batch``."""
    import subprocess
    import sys

    from crawler.extract import decode

    data = SHARED / "data" / "pages"
    command = [sys.executable, str(SHARED / "tools" / "score_pages.py"), str(data), "--input"]
    asked = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    read, path = readers()[name], folder / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for line in asked.splitlines():
            row = json.loads(line)
            raw = pathlib.Path(row["path"])
            text = decode((raw if raw.is_absolute() else data / raw).read_bytes())[0]
            one = release(name, attempt(read, row.get("url") or "http://example.invalid/", text))
            out.write(json.dumps({"id": row["id"], "releases": [one]}, ensure_ascii=False) + "\n")
    return path


def _cell(value: float | None, who: str, figure: str) -> str:
    gives = PEERS.get(who)
    return "–" if value is None or (gives is not None and _FIGURES[figure] not in gives) else f"{value:.3f}"
