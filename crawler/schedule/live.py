"""The scheduler's process: APScheduler says when, our database says who, a child does the work."""

from __future__ import annotations

import logging
import os
import pathlib
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from crawler import logs
from crawler.clock import SHANGHAI, now, parse
from crawler.config import Config, load
from crawler.errors import StorageError, TalentWatchError
from crawler.schedule.cadence import Cadence, Every
from crawler.schedule.health import GRACE
from crawler.schedule.jobs import Job, jobs
from crawler.schedule.supervise import Supervisor
from crawler.storage.state.schema import open_state

#: Seconds between two looks at whether today's slot of a daily job was run: what a machine slept over,
#: a busy database put off, or another scheduler left undone comes late, not tomorrow.
LOOK_SECONDS = 60

_log = logging.getLogger("talentwatch.scheduler")


def child_environment(config: Config) -> dict[str, str]:
    """Our environment, with the configuration file under its absolute path."""
    environ = dict(os.environ)
    if config.source:
        environ["TALENTWATCH_CONFIG"] = str(pathlib.Path(config.source).absolute())
    return environ


def build(supervisor: Supervisor, chosen: Sequence[Job]) -> BackgroundScheduler:
    """APScheduler with one entry per job: in memory, coalesced, a generous grace, never twice at once.

    Each job is tried once at the start, so that what fell due while nothing ran is caught up with.
    """
    scheduler = BackgroundScheduler(
        timezone=SHANGHAI,
        executors={"default": ThreadPoolExecutor(max(1, len(chosen)))},
        job_defaults={"coalesce": True, "misfire_grace_time": GRACE, "max_instances": 1},
    )
    for job in chosen:
        scheduler.add_job(
            _guarded, _trigger(job.trigger), args=(supervisor, job), id=job.name, name=job.name,
            next_run_time=now(), replace_existing=True,
        )  # fmt: skip
    return scheduler


def run(config: Config, chosen: Sequence[Job] | None = None, *, stop: threading.Event | None = None) -> int:
    """Run jobs until SIGTERM or SIGINT (or ``stop``); 0 for a clean end.

    Children are asked to end, then made to; their slots are closed as ``stopped``.
    """
    ended = stop or threading.Event()
    engine = open_state(config)
    supervisor = Supervisor(engine, environ=child_environment(config))
    scheduler = build(supervisor, jobs(config) if chosen is None else chosen)
    on_signals(ended)
    scheduler.start()
    _log.info("scheduler started")
    ended.wait()
    _log.info("ending")
    scheduler.pause()
    supervisor.stop()
    scheduler.shutdown(wait=True)
    engine.dispose()
    return 0


def once(config: Config, chosen: Sequence[Job] | None = None) -> int:
    """Run what is due, one job after the other; 1 where one did not end well.

    What is done every few minutes is always looked at: its columns, events and deliveries know when
    they are due. A daily job is due once a day, and no job runs beside another scheduler's run of it.
    """
    engine = open_state(config)
    supervisor = Supervisor(engine, environ=child_environment(config))

    def end(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=supervisor.stop, daemon=True).start()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    bad = 0
    try:
        for job in jobs(config) if chosen is None else chosen:
            try:
                outcome = supervisor.run(job, anew=isinstance(job.trigger, Every))
            except StorageError as error:
                # One job that finds the database busy must not keep the others from being looked at.
                outcome = f"failed: {error}"
            sys.stderr.write(f"{job.name}: {outcome or 'not due'}\n")
            bad += outcome not in (None, "ok")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        engine.dispose()
    return 1 if bad else 0


def on_signals(ended: threading.Event) -> None:
    """SIGTERM and SIGINT set the event. Only the main thread may ask for signals."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # Not set() itself: the main thread may hold the event's lock at this very moment.
        threading.Thread(target=ended.set, daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)


def main(arguments: Sequence[str]) -> int:
    """``scheduler.py [--once] [--config FILE]``; the exit status."""
    import argparse

    parser = argparse.ArgumentParser(prog="scheduler.py", description="Runs TalentWatch's jobs until it is ended.")
    parser.add_argument("--once", action="store_true", help="run what is due, then end; status 1 if a job failed")
    parser.add_argument("--config", metavar="FILE", help="the configuration file")
    options = parser.parse_args(list(arguments))
    try:
        config = load(options.config)
        logs.install(config)
        return once(config) if options.once else run(config)
    except TalentWatchError as error:
        sys.stderr.write(f"scheduler: {error}\n")
        return error.exit_status


def _trigger(cadence: Cadence) -> IntervalTrigger:
    """When to look; the slots in the database say whether there is anything to run."""
    seconds = min(cadence.seconds, LOOK_SECONDS)
    return IntervalTrigger(seconds=seconds, start_date=parse(cadence.slot(now())), timezone=SHANGHAI)


def _guarded(supervisor: Supervisor, job: Job) -> None:
    try:
        supervisor.run(job)
    except TalentWatchError as error:
        # A busy database or a full disk: this slot is tried again, the scheduler lives on.
        _log.error("%s: %s", job.name, error)
