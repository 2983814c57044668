"""``python -m tests.benchmarks [NAME…] [--quick]``: run, print, and write docs/benchmarks.md.

Each benchmark is a module of this folder with ``TITLE``, ``NOTE`` and ``run(quick) -> Table``; all
figures of one table come from one run on one machine, so only the ratios mean something elsewhere.
``--quick`` proves that everything runs, on little data; its figures mean nothing and aren't written.
"""

from __future__ import annotations

import datetime as dt
import importlib
import subprocess
import sys

from tests.benchmarks.measured import PROJECT, Missing, Table, machine, versions

NAMES = ("reading", "peers", "understanding", "round", "memory", "indexing", "search", "scale", "matching")
REPORT = PROJECT / "docs" / "benchmarks.md"
_LIBRARIES = ("scrapy", "twisted", "selectolax", "lxml", "sqlalchemy", "elasticsearch")
_PEERS = ("resiliparse", "trafilatura", "readability-lxml", "gne", "newspaper4k", "htmldate")


def main(arguments: list[str]) -> int:
    """Run the named benchmarks (all without names); 1 where one could not run, 2 for an unknown name."""
    quick = "--quick" in arguments
    names = [name for name in arguments if name != "--quick"]
    if unknown := set(names) - set(NAMES):
        sys.stderr.write(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}\n")
        return 2
    if not names and not quick:
        return _all()
    missing = 0
    for name in names or NAMES:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sys.stderr.write(f"{name} …\n")
        try:
            part = section(name, module.TITLE, module.NOTE, module.run(quick))
        except Missing as error:
            missing += 1
            part = f"## {module.TITLE}\n\nNot run: {error}.\n"
        sys.stdout.write(part + "\n")
        sys.stdout.flush()
        if not quick:
            REPORT.write_text(with_section(REPORT.read_text("utf-8"), module.TITLE, part), encoding="utf-8")
    return 1 if missing else 0


def with_section(report: str, title: str, part: str) -> str:
    """The report with this part in place of the one of the same title, the head made anew."""
    old = {one.partition("\n")[0]: one for one in report.split("\n## ")[1:]}
    old[title] = part.removeprefix("## ")
    titles = [importlib.import_module(f"tests.benchmarks.{name}").TITLE for name in NAMES]
    kept = ["## " + old[one].strip() + "\n" for one in titles if one in old]
    return "\n".join([head(), *kept])


def _all() -> int:
    """Each benchmark in a process of its own, so that none warms another one up; each writes its part."""
    command = [sys.executable, "-m", "tests.benchmarks"]
    return max(subprocess.run([*command, name], cwd=PROJECT, check=False).returncode for name in NAMES)


def head() -> str:
    """What the report says before its tables."""
    return (
        "# Benchmarks\n\nMade by `make bench`; one alone: `python -m tests.benchmarks NAME`. Everything runs on "
        "loopback, against real servers. The machine is shared, so that times on the wall say little: processor "
        "time is counted where our own work is the question, pairs run in turn (A B A B …), and medians are told. "
        f"Compare within a table only.\n\n- {machine()}\n- {versions(*_LIBRARIES)}\n"
        f"- {versions(*_PEERS)}\n"
    )


def section(name: str, title: str, note: str, table: Table) -> str:
    """One benchmark's part of the report."""
    lines = ["| " + " | ".join(table.head) + " |", "|" + "---|" * len(table.head)]
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    told = f"\n**{table.ratio}**\n" if table.ratio else ""
    return (
        f"## {title}\n\n`python -m tests.benchmarks {name}`, {dt.date.today().isoformat()}\n\n{note}\n\n"
        + "\n".join(lines)
        + f"\n{told}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
