"""Real schedulers as processes of their own, with real signals."""

from __future__ import annotations

import datetime as dt
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI, parse
from crawler.config import Config
from crawler.schedule.cadence import Daily, Every
from crawler.schedule.jobs import Job
from crawler.schedule.live import once
from crawler.schedule.supervise import Supervisor
from crawler.storage.state import slots
from tests.schedule.conftest import Line

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@contextmanager
def scheduler(config: Config, line: Line, seconds: int, what: str) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [config.var, line.port, str(seconds), what, config.database]
    command = [sys.executable, "-m", "tests.schedule.live_child", *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_two_schedulers_never_run_one_slot_twice(engine: sa.Engine, config: Config, line: Line) -> None:
    with scheduler(config, line, 1, "ok") as one, scheduler(config, line, 1, "ok") as two:
        ticks = [line.word()[1] for _ in range(5)]
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    rows = slots.recent(engine)
    assert len(set(ticks)) == 5
    # A slot a process, and a process a slot; what came after the fifth was cut short by our signal.
    assert 5 <= len(rows) <= 5 + 2
    assert sum(row.outcome == "ok" for row in rows) >= 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_child_and_slot_cleanly(
    engine: sa.Engine, config: Config, line: Line, number: signal.Signals
) -> None:
    with scheduler(config, line, 600, "wait") as process:
        _, _, end = line.word()
        process.send_signal(number)
        assert line.gone(end)
        assert process.wait(60) == 0
    assert [row.outcome for row in slots.recent(engine)] == ["stopped"]


def test_killed_for_good_its_child_ends_too_and_the_slot_is_found_lost(
    engine: sa.Engine, config: Config, line: Line
) -> None:
    with scheduler(config, line, 1, "wait") as process:
        _, _, end = line.word()
        process.kill()
        process.wait()
        assert line.gone(end)
    (row,) = slots.recent(engine)
    assert row.outcome is None
    assert row.lease_until is not None
    later = parse(row.lease_until)
    assert slots.claim(engine, "tick", "next", owner="new", now=later, until=later) is not None
    assert slots.recent(engine, limit=10)[-1].outcome == "lost"


def test_once_runs_what_is_due_and_says_how_it_went(
    config: Config, line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)
    good = Job("good", Daily(0), ("tests.schedule.tick", line.port, "ok"), 60)
    bad = Job("bad", Daily(0), ("tests.schedule.tick", line.port, "fail"), 60)
    assert once(config, [bad, good]) == 1
    assert capsys.readouterr().err == "bad: failed\ngood: ok\n"
    assert once(config, [bad, good]) == 0
    assert capsys.readouterr().err == "bad: not due\ngood: not due\n"


def test_what_waits_in_queues_is_looked_at_each_time(
    engine: sa.Engine, config: Config, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    work = Job("work", Every(86_400), ("tests.schedule.tick", line.port, "ok"), 60)
    moments = iter(dt.datetime(2026, 3, 2, 9, 0, second, tzinfo=SHANGHAI) for second in range(60))
    supervisor = Supervisor(engine, clock=lambda: next(moments))
    assert [supervisor.run(work, anew=True) for _ in range(2)] == ["ok", "ok"]
    assert supervisor.run(work) == "ok", "the planned slot is still its own"


def test_twice_within_one_second_is_two_runs(
    engine: sa.Engine, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    work = Job("work", Every(60), ("tests.schedule.tick", line.port, "ok"), 60)
    supervisor = Supervisor(engine, clock=lambda: dt.datetime(2026, 3, 2, 9, 0, 5, tzinfo=SHANGHAI))
    assert [supervisor.run(work, anew=True) for _ in range(3)] == ["ok", "ok", "ok"]
    assert [row.slot[17:19] for row in slots.recent(engine, job="work")] == ["07", "06", "05"]
