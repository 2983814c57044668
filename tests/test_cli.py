"""The command line as a whole: help, errors, exit statuses, doctor. Real processes."""

from __future__ import annotations

import importlib
import json
import pathlib
import re
import subprocess
import sys

import pytest
import typer

from crawler.cli.main import COMMANDS

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def talentwatch(*args: str, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "crawler.cli.main", *args],
        cwd=cwd, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_version(tmp_path: pathlib.Path) -> None:
    done = talentwatch("version", cwd=tmp_path)
    assert done.returncode == 0
    assert re.fullmatch(r"talentwatch \d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(command: str, tmp_path: pathlib.Path) -> None:
    done = talentwatch(command, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    if command != "version":
        assert f"talentwatch {command}" in done.stdout or "Commands" in done.stdout, "no example in the help"


def test_every_command_is_documented() -> None:
    text = "".join(p.read_text("utf-8") for p in [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")])
    assert [c for c in COMMANDS if f"talentwatch {c}" not in text] == []


def _parts(command: str) -> dict[str, str]:
    """A group's commands and their help; empty for a command of its own."""
    module = importlib.import_module(f"crawler.cli.{COMMANDS[command][0]}")
    made = typer.main.get_command(module.app)
    return {name: one.help or "" for name, one in getattr(made, "commands", {}).items()}


GROUPS = sorted(command for command in COMMANDS if _parts(command))


@pytest.mark.parametrize("group", GROUPS)
def test_every_part_of_a_group_has_an_example_and_a_row(group: str) -> None:
    rows = [
        row for row in (PROJECT / "docs" / "operations.md").read_text("utf-8").splitlines()
        if row.startswith(f"| `talentwatch {group} ")
    ]  # fmt: skip
    named = set(re.findall(r"[a-z]+", " ".join(" ".join(re.findall(r"`([^`]+)`", row)) for row in rows)))
    parts = _parts(group)
    assert parts.keys() - named == set()
    assert [name for name, told in parts.items() if f"talentwatch {group} {name}" not in told] == []


@pytest.mark.parametrize(
    "args",
    [("nonsense",), ("search", "--no-such-option"), ("--config", "missing.toml", "search", "x"), ("show",)],
)
def test_wrong_use_exits_2_and_writes_nothing(args: tuple[str, ...], tmp_path: pathlib.Path) -> None:
    done = talentwatch(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert not list(tmp_path.iterdir())


def test_doctor_without_anything_warns_and_says_what_to_do(tmp_path: pathlib.Path) -> None:
    done = talentwatch("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "crawl.contact" in done.stdout
    assert "smtp.url" in done.stdout
    assert not list(tmp_path.iterdir()), "the doctor changes nothing"


def test_doctor_fails_for_what_is_broken_and_masks_secrets(tmp_path: pathlib.Path) -> None:
    (tmp_path / "talentwatch.toml").write_text(
        '[smtp]\nurl = "smtp://bob:not-a-real-password@127.0.0.1:1"\n[proxy]\nurl = "http://127.0.0.1:1"\n', "utf-8"
    )
    done = talentwatch("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert "not-a-real-password" not in done.stdout + done.stderr
    states = {f["what"]: f["state"] for f in json.loads(done.stdout)["findings"]}
    assert (states["mail"], states["proxy"]) == ("fail", "fail")


def test_doctor_names_a_damaged_database(tmp_path: pathlib.Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "talentwatch.db").write_bytes(b"this is no database" * 100)
    done = talentwatch("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert "db restore" in done.stdout
