from __future__ import annotations

import datetime as dt
import pathlib
import subprocess
import sys

import pytest
import sqlalchemy as sa

from crawler.clock import iso, now
from crawler.config import Config
from crawler.schedule import work
from crawler.schedule.jobs import jobs
from crawler.storage.state import alerts, slots, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import runs
from tests.alerts.world import NOW, release, store

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def test_every_job_names_work_that_exists() -> None:
    for job in jobs(Config()):
        assert job.run == ("crawler.schedule.work", job.name)
        assert job.name in work.WORK
        assert job.hard_limit > 0


def test_matching_and_indexing(engine: sa.Engine, config: Config) -> None:
    subscriptions.add(engine, name="a", query={}, channel="feed", address="", now=NOW)
    store(engine, release())
    assert work.match(engine, config) == (True, "1 new alert")
    assert work.index(engine, config)[0]
    assert work.as_of(engine, config)[0]
    assert len(alerts.listing(engine)) == 1


def test_what_could_not_be_sent_makes_a_partial_run(engine: sa.Engine, config: Config) -> None:
    subscriptions.add(engine, name="a", query={}, channel="mail", address="a@post.example", now=NOW)
    store(engine, release())
    work.match(engine, config)
    good, line = work.deliver(engine, config)
    assert not good
    assert "1 waiting; mail is not configured" in line


def test_housekeeping_drops_what_is_old_and_keeps_the_newest(engine: sa.Engine, config: Config) -> None:
    old, older = now() - dt.timedelta(days=400), now() - dt.timedelta(days=500)
    with writing(engine) as connection:
        for number, moment in enumerate((older, old)):
            connection.execute(
                runs.insert().values(
                    run_id=str(number),
                    round_id="r",
                    site="s",
                    column="c",
                    started=iso(moment),
                    verdict="ok",
                    data="{}",
                )
            )
    for moment in (older, old):
        held = slots.claim(engine, "crawl", iso(moment), owner="o", now=moment, until=moment)
        assert held is not None
        slots.close(engine, held, outcome="ok", detail="", now=moment)
    good, line = work.housekeeping(engine, config)
    assert good
    assert "1 runs, 1 slots dropped" in line


def test_an_unknown_job_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert work.main(["nix"]) == 2
    assert "housekeeping" in capsys.readouterr().err


def test_the_scheduler_as_people_start_it(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "talentwatch.toml"
    file.write_text(f'var = "{tmp_path / "var"}"\n[sites]\nonly = true\n', encoding="utf-8")

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(PROJECT / "scheduler.py"), *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=200, check=False)

    done = start("--once", "--config", str(file))
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if line.endswith(": ok")] == [
        f"{job.name}: ok" for job in jobs(Config())
    ]
    wrong = start("--once", "--config", "nowhere.toml")
    assert wrong.returncode == 2
    assert "--config" in wrong.stderr
    assert start("--help").returncode == 0
