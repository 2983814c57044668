"""``python -m tests.quality``: measure, and write docs/quality.md."""

from __future__ import annotations

import pathlib
import sys
import tempfile
import tomllib

from tests.quality.scores import FLOORS, MATERIALS, PROJECT, Half, answers, figures

_HEAD = """# Quality

Made by `make quality` on the labelled material beside the project (as of 2026-11-22). Rules were written on the
development half, of which every page may be opened, and measured on the held half, which is not looked at. Pages
are split by a hash of their path, labelled releases by their number. The floor is what the tests demand of the
whole; it only rises. Expect less on other pages than on these. Public readers on the same held pages stand beside
ours in [benchmarks.md](benchmarks.md#reading-right-beside-public-readers).
"""
_TITLES = {
    "pages": "Reading real pages",
    "lists": "Reading listings without configuration",
    "gold": "Understanding labelled releases",
    "synthetic": "Understanding synthetic releases, labelled by somebody who had not seen the rules",
}
_HALVES: tuple[Half, ...] = ("whole", "development", "held")


def main() -> int:
    """Measure everything; 1 where the material is absent."""
    shared = PROJECT.parent / "shared"
    if not (shared / "README.md").is_file():
        sys.stderr.write("the folder ../shared with the labelled material is not beside the project\n")
        return 1
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    parts = [_HEAD]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for material in MATERIALS:
            answered = answers(material, shared, folder)
            # Three listings are too few to split.
            halves = _HALVES[:1] if material.name == "lists" else _HALVES
            columns = [figures(material, shared, answered, folder, half) for half in halves]
            lines = ["| figure | " + " | ".join(halves) + " | floor |", "|---|" + "---|" * (len(halves) + 1)]
            for figure in columns[0]:
                floor = floors.get(material.name, {}).get(figure)
                cells = [_cell(c.get(figure)) for c in columns] + [_cell(floor)]
                if not figure.startswith("ms_"):
                    lines.append(f"| {figure} | " + " | ".join(cells) + " |")
            parts.append(f"## {_TITLES[material.name]}\n\n" + "\n".join(lines) + "\n")
    text = "\n".join(parts)
    (PROJECT / "docs" / "quality.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
