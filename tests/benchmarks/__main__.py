"""``python -m tests.benchmarks [NAME…]``: run, print, and write docs/benchmarks.md.

Each benchmark is a module of this folder with ``TITLE`` and ``run() -> list[Row]``; all figures of one
table come from one run on one machine, so only the ratios mean something elsewhere.
"""

from __future__ import annotations

import importlib
import pathlib
import platform
import sys
from dataclasses import dataclass

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
NAMES = ("reading",)


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    cells: tuple[str, ...]


def main(names: tuple[str, ...]) -> int:
    """Run the named benchmarks (all without names); 1 where one could not run."""
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}\n")
        return 2
    parts = [
        "# Benchmarks\n\nMade by `make bench`. Times are this machine's "
        f"({platform.machine()}, Python {platform.python_version()}); compare within a table only.\n"
    ]
    for name in names or NAMES:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sys.stderr.write(f"{name} …\n")
        head, rows = module.run()
        lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        parts.append(f"## {module.TITLE}\n\n{module.NOTE}\n\n" + "\n".join(lines) + "\n")
        sys.stdout.write(parts[-1] + "\n")
    if not names:
        (PROJECT / "docs" / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
