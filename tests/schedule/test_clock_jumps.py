"""Clocks that jump, machines that sleep, months that pass: the real supervisor under an injected clock."""

from __future__ import annotations

import datetime as dt
import gc
import os
import pathlib
import threading
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from typing import IO

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI, iso
from crawler.config import Config
from crawler.monitor.standing import overdue
from crawler.schedule import health
from crawler.schedule.cadence import Daily, Every
from crawler.schedule.jobs import Job, jobs
from crawler.schedule.supervise import Supervisor
from crawler.schedule.work import QUIET_SLOT_DAYS, SLOT_DAYS
from crawler.storage.state import columns, slots
from crawler.storage.state.columns import ColumnState
from tests.schedule.conftest import Line

PROJECT = pathlib.Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 3, 2, 9, 0, 30, tzinfo=SHANGHAI)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
CRAWL = Job("crawl", Every(600), ("none",), 60)
REPORT = Job("report", Daily(7, 30), ("none",), 60)


class Quick(Supervisor):
    """The real supervisor; only the child is none: it ends well at once."""

    def _child(self, job: Job, held: slots.Claim, words: IO[bytes]) -> str:  # noqa: ARG002 - as above it
        return "ok"


def play(engine: sa.Engine, moments: Sequence[dt.datetime], *chosen: Job) -> Counter[tuple[str, str]]:
    """What ran at these readings of the clock: (job, slot) → how often."""
    ran: Counter[tuple[str, str]] = Counter()
    moment = [moments[0]]
    supervisor = Quick(engine, clock=lambda: moment[0])
    for moment[0] in moments:
        for job in chosen:
            if supervisor.run(job) is not None:
                ran[job.name, job.trigger.slot(moment[0])] += 1
    return ran


def stretch(start: dt.datetime, hours: float) -> list[dt.datetime]:
    return [start + 5 * n * MINUTE for n in range(int(hours * 12))]


def outcomes(engine: sa.Engine, job: str) -> Counter[str | None]:
    return Counter(row.outcome for row in slots.recent(engine, job=job, limit=100_000))


@pytest.mark.parametrize("jump", [HOUR, DAY, 40 * DAY])
def test_forward_runs_once_and_notes_one_gap(engine: sa.Engine, jump: dt.timedelta) -> None:
    before, after = stretch(NOW, 1), stretch(NOW + HOUR + jump, 1)
    ran = play(engine, [*before, *after], CRAWL, REPORT)
    assert set(ran.values()) == {1}, "no slot twice"
    per_hour = 6
    assert sum(number for (job, _), number in ran.items() if job == "crawl") <= 2 * per_hour + 2, "and no storm"
    missed = [row for row in slots.recent(engine, job="crawl", limit=1000) if row.outcome == "missed"]
    assert len(missed) == 1
    assert outcomes(engine, "report")["ok"] == (1 if jump == HOUR else 2)


def test_back_an_hour_nothing_runs_twice_and_then_it_goes_on(engine: sa.Engine) -> None:
    first = play(engine, stretch(NOW, 2), CRAWL, REPORT)
    again = play(engine, stretch(NOW + HOUR, 2), CRAWL, REPORT)
    assert set((first + again).values()) == {1}
    assert sum(number for (job, _), number in again.items() if job == "crawl") == 6
    assert outcomes(engine, "crawl")["missed"] == 0


def test_a_clock_that_was_years_ahead_leaves_nothing_asleep(engine: sa.Engine, config: Config) -> None:
    ahead = NOW + 1500 * DAY
    play(engine, stretch(ahead, 1), CRAWL)
    ran = play(engine, stretch(NOW, 1), CRAWL)
    assert len(ran) == 6, "what was run in the future is no reason to wait for it"
    assert outcomes(engine, "crawl")["missed"] == 0
    state = ColumnState("s", "c", "u", True, None, iso(ahead + HOUR), iso(ahead), None, None, "ok")
    assert columns.is_due(state, NOW), "a column that was crawled in the future is due"
    later = NOW + 5 * HOUR
    assert overdue(engine, now=later, minutes=180) is not None, "nor is the future a sign of life"
    assert health(engine, later, chosen=[CRAWL])[0].late


def test_a_laptop_that_slept_catches_up_once(engine: sa.Engine) -> None:
    awake = [moment for day in range(5) for moment in stretch(NOW + day * DAY, 3)]
    ran = play(engine, awake, CRAWL, REPORT)
    assert set(ran.values()) == {1}
    assert outcomes(engine, "crawl") == {"ok": 5 * 18, "missed": 4}
    assert outcomes(engine, "report")["ok"] == 5, "the morning's report comes when it wakes"
    gaps = [row.detail or "" for row in slots.recent(engine, job="crawl", limit=999) if row.outcome == "missed"]
    assert all("were missed; they were run as one" in words for words in gaps)


def test_two_schedulers_whose_clocks_differ_never_share_a_slot(engine: sa.Engine) -> None:
    moment = [NOW]
    one = Quick(engine, clock=lambda: moment[0])
    two = Quick(engine, clock=lambda: moment[0] + 7 * MINUTE)
    ran: Counter[str] = Counter()
    for moment[0] in stretch(NOW, 3):
        for supervisor, shift in ((one, 0 * MINUTE), (two, 7 * MINUTE)):
            if supervisor.run(CRAWL) is not None:
                ran[CRAWL.trigger.slot(moment[0] + shift)] += 1
    assert set(ran.values()) == {1}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_months_leave_the_parent_as_it_was_and_the_table_bounded(engine: sa.Engine, config: Config) -> None:
    """70 days of all jobs; what is due each minute is simulated twice a day, which changes no bound."""
    seldom = [Job(job.name, Every(max(12 * 3600, job.trigger.seconds)), job.run, 60) for job in jobs(config)]
    moment = [NOW]
    supervisor = Quick(engine, clock=lambda: moment[0])
    opened = len(os.listdir("/proc/self/fd"))
    objects = size = 0
    tracemalloc.start()
    try:
        for day in range(70):
            for hour in range(0, 24, 12):
                moment[0] = NOW + day * DAY + hour * HOUR
                for job in seldom:
                    supervisor.run(job)
            slots.prune(engine, before=moment[0] - SLOT_DAYS * DAY, quiet_before=moment[0] - QUIET_SLOT_DAYS * DAY)
            if day == 20:
                gc.collect()
                objects, size = len(gc.get_objects()), tracemalloc.get_traced_memory()[0]
        gc.collect()
        grown, more = len(gc.get_objects()) - objects, tracemalloc.get_traced_memory()[0] - size
    finally:
        tracemalloc.stop()
    assert grown < 500, "fifty days more, no object more"
    assert more < 300_000
    assert len(os.listdir("/proc/self/fd")) <= opened + 2
    rows = slots.recent(engine, limit=1_000_000)
    a_day = sum(86_400 // job.trigger.seconds for job in seldom)
    assert len(rows) <= a_day * (QUIET_SLOT_DAYS + 1) + len(seldom)


def test_what_failed_is_remembered_longer_than_what_went_well(engine: sa.Engine) -> None:
    for days, outcome in ((100, "failed"), (30, "ok"), (30, "failed"), (3, "ok"), (1, "ok")):
        moment = NOW - days * DAY + (MINUTE if outcome == "ok" else 0 * MINUTE)
        held = slots.claim(engine, "crawl", iso(moment), owner="o", now=moment, until=moment)
        assert held is not None
        slots.close(engine, held, outcome=outcome, detail="", now=moment)
    gone = slots.prune(engine, before=NOW - SLOT_DAYS * DAY, quiet_before=NOW - QUIET_SLOT_DAYS * DAY)
    assert gone == 2
    assert [row.outcome for row in slots.recent(engine)] == ["ok", "ok", "failed"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_many_real_children_leave_nothing_open(
    engine: sa.Engine, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    moment = [NOW]
    supervisor = Supervisor(engine, clock=lambda: moment[0])
    job = Job("tick", Every(600), ("tests.schedule.tick", line.port, "ok"), 60)
    opened = threads = 0
    for number in range(12):
        moment[0] = NOW + number * HOUR
        assert supervisor.run(job) == "ok"
        if number == 1:
            opened, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == (opened, threads)


def test_what_a_dead_scheduler_left_is_made_good_once(engine: sa.Engine) -> None:
    """A daily job must not wait for tomorrow because of who died in the middle of today's."""
    held = slots.claim(
        engine, "report", REPORT.trigger.slot(NOW), owner="dead", now=NOW, until=NOW + 2 * MINUTE
    )  # fmt: skip
    assert held is not None
    moment = [NOW + MINUTE]
    one, two = (Quick(engine, clock=lambda: moment[0]) for _ in range(2))
    assert one.run(REPORT) is None, "it may still live"
    moment[0] = NOW + 5 * MINUTE
    assert (one.run(REPORT), two.run(REPORT)) == ("ok", None)
    moment[0] = NOW + HOUR
    assert (one.run(REPORT), two.run(REPORT)) == (None, None)
    assert outcomes(engine, "report") == {"ok": 1, "lost": 1}
    moment[0] = NOW + DAY
    assert (one.run(REPORT), two.run(REPORT)) == ("ok", None)
    # Whoever looked before another one made it good comes too late, whatever the second.
    old = slots.recent(engine, job="report")[-1].slot
    late = slots.claim(
        engine, "report", iso(NOW + 2 * DAY), owner="late", now=NOW + 2 * DAY, until=NOW + 3 * DAY, instead_of=old
    )
    assert late is None


@pytest.mark.parametrize(("outcome", "again"), [("stopped", "ok"), ("failed", None), ("killed", None)])
def test_what_was_stopped_goes_on_and_what_failed_does_not(
    engine: sa.Engine, outcome: str, again: str | None
) -> None:
    slot = REPORT.trigger.slot(NOW)
    held = slots.claim(engine, "report", slot, owner="o", now=NOW, until=NOW + MINUTE)
    assert held is not None
    slots.close(engine, held, outcome=outcome, detail="", now=NOW)
    assert Quick(engine, clock=lambda: NOW + MINUTE).run(REPORT) == again
