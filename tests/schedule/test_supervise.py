"""Real children: ended in time, whole groups, with the slot saying how."""

from __future__ import annotations

import datetime as dt
import pathlib
import threading

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.schedule.cadence import Every
from crawler.schedule.jobs import Job
from crawler.schedule.supervise import Supervisor
from crawler.storage.state import slots
from tests.schedule.conftest import Line

PROJECT = pathlib.Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def job(line: Line, what: str, limit: int = 60) -> Job:
    return Job("tick", Every(600), ("tests.schedule.tick", line.port, what), limit)


@pytest.mark.parametrize(("what", "outcome"), [("ok", "ok"), ("partial", "partial"), ("fail", "failed")])
def test_the_slot_says_how_it_ended(engine: sa.Engine, line: Line, what: str, outcome: str) -> None:
    supervisor = Supervisor(engine, clock=lambda: NOW)
    assert supervisor.run(job(line, what)) == outcome
    assert supervisor.run(job(line, what)) is None, "the same slot is never run twice"
    (row,) = slots.recent(engine)
    assert (row.outcome, row.detail) == (outcome, f"ticked {what}")


def test_a_module_that_is_not_there_fails_its_slot(engine: sa.Engine) -> None:
    supervisor = Supervisor(engine, clock=lambda: NOW)
    assert supervisor.run(Job("tick", Every(600), ("no.such.module",), 60)) == "failed"


def test_over_the_hard_limit_the_whole_group_is_killed(engine: sa.Engine, line: Line) -> None:
    supervisor = Supervisor(engine, clock=lambda: NOW, term_seconds=0.2)
    done = threading.Thread(target=supervisor.run, args=(job(line, "stubborn", limit=3),))
    done.start()
    lines = {said: end for said, _, end in (line.word(), line.word())}
    assert set(lines) == {"stubborn", "stubborn grandchild"}
    assert all(line.gone(end) for end in lines.values())
    done.join()
    assert slots.recent(engine)[0].outcome == "killed"


def test_stopping_ends_the_child_and_starts_no_other(engine: sa.Engine, line: Line) -> None:
    supervisor = Supervisor(engine, clock=lambda: NOW)
    done = threading.Thread(target=supervisor.run, args=(job(line, "wait"),))
    done.start()
    _, _, end = line.word()
    supervisor.stop()
    assert line.gone(end)
    done.join()
    assert slots.recent(engine)[0].outcome == "stopped"
    assert supervisor.run(Job("other", Every(600), ("tests.schedule.tick", line.port, "ok"), 60)) is None


def test_a_slot_taken_over_by_another_scheduler_ends_the_child(engine: sa.Engine, line: Line) -> None:
    supervisor = Supervisor(engine, clock=lambda: NOW, lease=1.0)
    outcome: list[str | None] = []
    done = threading.Thread(target=lambda: outcome.append(supervisor.run(job(line, "wait"))))
    done.start()
    _, _, end = line.word()
    # This scheduler's clock stands still, so its lease runs out; another one takes the job over.
    later = NOW + dt.timedelta(minutes=20)
    assert slots.claim(engine, "tick", "later", owner="other", now=later, until=later) is not None
    assert line.gone(end)
    done.join()
    assert outcome == ["lost"]


def test_a_long_gap_is_noted_as_missed_and_run_as_one(engine: sa.Engine, line: Line) -> None:
    moments = iter([NOW, NOW, NOW, NOW])
    Supervisor(engine, clock=lambda: next(moments)).run(job(line, "ok"))
    later = NOW + dt.timedelta(hours=5)
    assert Supervisor(engine, clock=lambda: later).run(job(line, "ok")) == "ok"
    missed = [row for row in slots.recent(engine) if row.outcome == "missed"]
    assert [row.detail for row in missed] == [
        "29 slots from 2026-03-02T09:10:00+08:00 until 2026-03-02T14:00:00+08:00 were missed; they were run as one"
    ]
