"""ingest, show, diff, correct, review, reread and db as a user calls them: real processes."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from typing import Any

import pytest

from crawler.storage.state.schema import HEAD
from tests.pipelines.world import PARAGRAPHS, TITLE, html

URL = "http://www.town.example/rc/1.html"


class Shell:
    """Runs the program in a folder of its own, warnings as errors."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def __call__(self, *args: str, status: int = 0, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "crawler.cli.main", *args],
            cwd=self.folder, capture_output=True, text=True, timeout=60, input=stdin,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        self.chatter = done.stderr
        return done.stdout

    def json(self, *args: str, **kwargs: Any) -> Any:
        return json.loads(self(*args, "--json", **kwargs))


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    return Shell(tmp_path)


def line(amount: str = "30万元", **fields: Any) -> str:
    page = html([p.replace("30万元", amount) for p in PARAGRAPHS]).decode()
    return json.dumps({"id": 1, "url": URL, "html": page, **fields}, ensure_ascii=False) + "\n"


def test_an_archive_is_kept_shown_compared_and_corrected(shell: Shell) -> None:
    assert shell.json("ingest", "--batch", "-", stdin=line())["new"] == 1
    assert shell.json("ingest", "--batch", "-", stdin=line())["unchanged"] == 1
    assert shell.json("ingest", "--batch", "-", stdin=line("50万元"))["changed"] == 1

    shown = shell.json("show", URL)
    assert (shown["title"], shown["url"], shown["is_talent_policy"]) == (TITLE, URL, True)
    assert [r["cause"] for r in shown["revisions"]] == ["site", "site"]
    assert shown["evidence"][0]["sha256"]
    assert all(benefit["quote"] for benefit in shown["benefits"])
    words = shell("show", shown["release_id"][:8])
    assert TITLE in words
    assert "500000" in words

    changes = shell.json("diff", shown["release_id"][:6])["changes"]
    assert all(change.keys() == {"field", "old", "new", "quote"} for change in changes)
    amount = next(change for change in changes if change["field"] == "benefits.amount_max")
    assert (amount["old"], amount["new"]) == (300_000, 500_000)
    assert "50万元" in amount["quote"]
    assert "500000" in shell("diff", URL)
    shell("diff", URL, "--from", "9", status=1)

    shell("correct", URL, "doc_type", "interpretation")
    assert shell.json("show", URL)["doc_type"] == "interpretation"
    shell("reread")
    assert shell.json("show", URL)["doc_type"] == "interpretation"
    assert shell.json("search", "人才", "--doc-type", "interpretation")["total"] == 1
    shell("correct", URL, "doc_type", "poem", status=2)
    assert "policy" in shell.chatter
    assert shell.json("reread", "--dry-run")["changed"] == []


def test_evidence_that_another_machine_keeps_is_said_to_be_absent(shell: Shell) -> None:
    shell("ingest", "--batch", "-", stdin=line())
    kept = shell.json("show", URL)["evidence"][0]
    assert kept["here"] is True
    assert "(not there)" not in shell("show", URL)
    (shell.folder / kept["path"]).unlink()
    assert shell.json("show", URL)["evidence"][0]["here"] is False
    assert f"{kept['path']} (not there)" in shell("show", URL)
    assert "is archive.path the folder that all machines share?" in shell("evidence", "check", status=1)
    assert "is archive.path the folder that all machines share?" in shell("doctor")


def test_bad_lines_are_reported_and_the_rest_goes_on(shell: Shell) -> None:
    answer = json.loads(shell("ingest", "--batch", "-", "--json", stdin="{broken\n" + line(), status=1))
    assert (answer["new"], [e["line"] for e in answer["errors"]]) == (1, [1])
    assert "-:1:" in shell.chatter


@pytest.mark.parametrize(
    "args",
    [
        ("ingest",), ("ingest", "--batch", "nowhere.jsonl"), ("ingest", "http://a.cn/", "--batch", "x"),
        ("ingest", "no address"), ("ingest", "--urls", "nowhere.txt"), ("reread", "--since", "soon"),
        ("review", "accept", "qx"),
    ],
)  # fmt: skip
def test_wrong_use(shell: Shell, args: tuple[str, ...]) -> None:
    shell(*args, status=2)
    assert "→" in shell.chatter


def test_the_queue_for_people(shell: Shell) -> None:
    blocked = {
        "id": 2,
        "url": "http://www.town.example/2",
        "html": "<title>403 Forbidden</title><h1>403 Forbidden</h1>",
    }
    shell("ingest", "--batch", "-", stdin=line() + json.dumps(blocked) + "\n")
    shell("correct", URL, "is_talent_policy", "null")
    rows = shell.json("review", "list")
    assert [(row["kind"], row["reason"]) for row in rows] == [("release", "unsure"), ("article", "blocked")]
    assert all(row["mend"] for row in rows)
    assert TITLE in shell("review", "list")
    shell("review", "accept", rows[0]["item"])
    shell("review", "reject", rows[1]["item"])
    shell("review", "reject", "q999", status=1)
    assert shell.json("show", URL)["is_talent_policy"] is True
    assert [row["item"] for row in shell.json("review", "list")] == [rows[1]["item"]]


def test_the_database(shell: Shell, tmp_path: pathlib.Path) -> None:
    assert HEAD in shell("db", "upgrade")
    shell("ingest", "--batch", "-", stdin=line())
    copy = shell("db", "backup", "copy.db").strip()
    shell("db", "backup", "copy.db", status=1)
    assert shell.json("db", "check")["troubles"] == []
    shell("ingest", "--batch", "-", stdin=line("50万元"))
    shell("db", "restore", copy, status=1)
    assert "--force" in shell.chatter
    shell("db", "restore", copy, "--force")
    assert len(shell.json("show", URL)["revisions"]) == 1
    with (tmp_path / "var" / "talentwatch.db").open("r+b") as file:
        file.write(b"\xa5" * 200)
    for journal in (tmp_path / "var").glob("talentwatch.db-*"):
        journal.unlink()
    for command in (("db", "check"), ("show", URL), ("search", "人才"), ("ingest", "--batch", "-")):
        shell(*command, status=1, stdin=line())
        assert "db restore" in shell.chatter
    shell("db", "restore", copy, "--force")
    assert shell.json("db", "check")["troubles"] == []


def test_what_was_corrected_is_exported_as_labelled_data(shell: Shell) -> None:
    assert shell.json("ingest", "--batch", "-", stdin=line())["new"] == 1
    assert shell("export", "--format", "labelled") == ""
    shell("correct", URL, "doc_type", "interpretation")
    shell("correct", URL, "topics", "housing")
    (labelled,) = [json.loads(row) for row in shell("export", "--format", "labelled").splitlines()]
    assert (labelled["url"], labelled["title"]) == (URL, TITLE)
    assert labelled["paragraphs"]
    assert (labelled["truth"]["doc_type"], labelled["truth"]["topics"]) == ("interpretation", ["housing"])
    assert labelled["truth"]["checked"] == ["doc_type", "topics"]


def test_regions_side_by_side(shell: Shell) -> None:
    lines = [
        line().replace(TITLE, f"郑州市{TITLE}"),
        line("80万元", url=URL + "l").replace(TITLE, f"苏州市{TITLE}"),
    ]
    shell("ingest", "--batch", "-", stdin="".join(lines))
    found = shell.json("compare")
    amounts = {row["highest"]["amount"] for table in found["tables"] for row in table["rows"]}
    assert {300_000, 800_000} <= amounts
    quotes = [row["highest"]["quote"] for table in found["tables"] for row in table["rows"]]
    assert any("80万元" in quote for quote in quotes)
    words = shell("compare")
    assert "80万元" in words
    shell("compare", "--topic", "housin", status=2)
    assert "housing" in shell.chatter
    assert shell("compare", "绝无此词") == ""
    assert "No release" in shell.chatter
