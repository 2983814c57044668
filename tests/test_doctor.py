"""``talentwatch doctor`` in real processes: each finding says what was found and how to mend it."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

import pytest

from crawler import clock
from crawler.config import Config
from crawler.storage.state import hosts
from crawler.storage.state.engine import open_engine
from crawler.storage.state.hosts import LeftAlone
from crawler.storage.state.schema import open_state
from tests.real.postgres import Databases

SITE = """
title = "测试市人社局"
home = "https://rsj.example.gov.cn/"
hosts = ["rsj.example.gov.cn"]
family = "generic"
kind = "government"
region = "410100"
level = "city"
browser = true
[proof]
source = "written for the tests"
confidence = "A"
[[column]]
key = "zc"
name = "政策"
url = "https://rsj.example.gov.cn/list"
rules = { rows = "#list li", link = "a", date = "span" }
"""


def doctor(folder: pathlib.Path, **settings: str) -> dict[str, dict[str, str]]:
    """What it found, by what was looked at. Runs in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli.main", "doctor", "--json"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[1]), **settings},
    )  # fmt: skip
    assert done.stdout, done.stderr
    findings = {one["what"]: one for one in json.loads(done.stdout)["findings"]}
    assert (done.returncode == 1) == any(one["state"] == "fail" for one in findings.values())
    return findings


@pytest.fixture
def made(tmp_path: pathlib.Path) -> pathlib.Path:
    """A database file of today's schema."""
    open_state(Config(var=str(tmp_path / "var"))).dispose()
    return tmp_path / "var" / "talentwatch.db"


def test_an_address_in_sqlites_own_form_is_looked_at_and_makes_no_folder(made: pathlib.Path) -> None:
    home = made.parents[1]
    for url in (
        f"sqlite:///file:{made}?mode=ro&uri=true",
        f"sqlite:///file://{made}?mode=ro&uri=true",
        "sqlite:///file:var/talentwatch.db?uri=true",
        "sqlite:///var/talentwatch.db",
    ):
        assert doctor(home, TALENTWATCH_DATABASE_URL=url)["database"]["state"] == "ok", url
        assert {p.name for p in home.iterdir()} == {"var"}, url
    absent = doctor(home, TALENTWATCH_DATABASE_URL=f"sqlite:///file:{home}/none/none.db?mode=ro&uri=true")
    assert absent["database"] | {"state": "warn"} == absent["database"]
    assert {p.name for p in home.iterdir()} == {"var"}


def test_an_older_schema_is_upgraded_and_not_restored(made: pathlib.Path) -> None:
    with sqlite3.connect(made) as database:
        database.execute("update alembic_version set version_num = '0001'")
    database.close()
    found = doctor(made.parents[1])
    assert found["database"]["state"] == "fail"
    assert "db upgrade" in found["database"]["mend"]
    assert "restore" not in found["database"]["mend"]
    assert "index" not in found


@pytest.mark.real
def test_an_empty_database_server_is_no_fault(tmp_path: pathlib.Path, postgres: Databases) -> None:
    found = doctor(tmp_path, TALENTWATCH_DATABASE_URL=postgres.empty())["database"]
    assert (found["state"], "db upgrade" in found["mend"]) == ("warn", True)


def sites(folder: pathlib.Path) -> dict[str, str]:
    (folder / "sites").mkdir()
    (folder / "sites" / "city.toml").write_text(SITE, encoding="utf-8")
    return {"TALENTWATCH_SITES_PATH": "sites", "TALENTWATCH_SITES_ONLY": "true"}


def test_the_browser_that_was_found_is_named_with_its_version(tmp_path: pathlib.Path) -> None:
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho Chromium 99.0.1\n", encoding="utf-8")
    program.chmod(0o755)
    found = doctor(tmp_path, PATH=str(program.parent), **sites(tmp_path))["browser"]
    assert (found["state"], found["found"]) == ("ok", f"{program}: Chromium 99.0.1, for 1 site")
    program.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken = doctor(tmp_path, PATH=str(program.parent), TALENTWATCH_SITES_PATH="sites")["browser"]
    assert broken["state"] == "fail"
    assert str(program) in broken["found"]


def test_a_missing_browser_names_the_sites_and_the_package(tmp_path: pathlib.Path) -> None:
    only = sites(tmp_path)
    found = doctor(tmp_path, PATH=str(tmp_path), **only)["browser"]
    assert found["state"] == "warn"
    assert "city" in found["found"]
    assert "apt-get install chromium" in found["mend"]
    (tmp_path / "sites" / "city.toml").write_text(SITE.replace("browser = true", ""), encoding="utf-8")
    assert doctor(tmp_path, PATH=str(tmp_path), **only)["browser"]["state"] == "ok"


def test_hosts_that_are_left_alone_are_named(made: pathlib.Path) -> None:
    now = clock.now()
    engine = open_engine(f"sqlite:///{made}")
    soon = now + dt.timedelta(hours=1)
    hosts.leave_alone(engine, LeftAlone({"a.example.com": soon}, {"b.example.com": soon}), now=now)
    engine.dispose()
    found = doctor(made.parents[1])
    assert found["host a.example.com"]["found"] == f"left alone until {clock.iso(soon)}: it asks for patience"
    assert "by hand" in found["host b.example.com"]["found"]


def test_blind_columns_are_not_ticked_off(made: pathlib.Path) -> None:
    with sqlite3.connect(made) as database:
        for key, verdict in (("a", "ok"), ("b", "failed")):
            database.execute(
                "insert into columns (site, key, url, enabled, verdict, last_run, reasons)"
                " values ('city', ?, 'https://city.example/', 1, ?, '2026-11-23T08:00:00+08:00', '[]')",
                (key, verdict),
            )
    database.close()
    found = doctor(made.parents[1])["columns"]
    assert (found["state"], found["found"]) == ("warn", "1 fine, 1 blind, 0 not yet seen")
