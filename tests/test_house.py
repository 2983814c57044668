"""The house's own rules: what the project may contain, and where."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parent.parent

#: Files over 300 lines need a reason; it stands here.
LONG_MODULES: dict[str, str] = {
    "crawler/config.py": "every key with its type, and the one reader that checks them",
    "crawler/storage/state/tables.py": "the whole schema, read as one page",
    "tests/extract/listing_worlds.py": "one builder per shape of list, read side by side",
}
ROOT_ENTRIES = {
    "crawler", "spiders", "pipelines", "scheduler.py", "tests", "scrapy.cfg", "README.md", "docs", "CHANGELOG.md",
    "LICENSE", "pyproject.toml", "constraints.txt", "Makefile", "Dockerfile", "compose.yaml", ".ci", ".gitignore",
    ".dockerignore", "deploy",
}  # fmt: skip


def tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip("not a git checkout: the list of the project's files can't be had")
    return done.stdout.split("\n")[:-1]


def test_top_level_holds_only_what_was_agreed() -> None:
    assert {name.split("/")[0] for name in tracked()} <= ROOT_ENTRIES


def test_no_machine_path_and_no_registry_host_is_committed() -> None:
    forbidden = re.compile(r"/(?:work|farm)/|/root/|index-url|registry *= *.?http|files\.pythonhosted|://pypi\.")
    found = []
    for name in tracked():
        path = PROJECT / name
        if path.suffix in {".svg", ".png"} or name == "tests/test_house.py" or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{name}:{number}: {line[:120]}")
    assert not found


def test_no_module_is_over_300_lines_without_a_reason() -> None:
    long = {
        name
        for name in tracked()
        if name.endswith(".py")
        and (PROJECT / name).is_file()
        and len((PROJECT / name).read_text("utf-8").splitlines()) > 300
    }
    assert long <= LONG_MODULES.keys()


def test_constraints_pin_exactly_and_name_no_host() -> None:
    lines = (PROJECT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
