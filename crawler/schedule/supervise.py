"""Running one slot: claim it, start the child, keep the lease alive, end it in time, close it."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO

import sqlalchemy as sa
import structlog

from crawler.clock import iso, parse
from crawler.clock import now as clock_now
from crawler.errors import DatabaseBusy
from crawler.schedule.cadence import between
from crawler.schedule.health import GRACE
from crawler.schedule.jobs import PARTIAL, Job
from crawler.storage.state import slots

#: Seconds that a claim lasts without a sign of life; a new scheduler waits no longer for a dead one.
LEASE = 120.0
#: Seconds between TERM and KILL.
TERM_SECONDS = 20.0
#: Bytes of a child's last words that the slot keeps.
_LAST_WORDS = 2000

#: How a child's exit status reads.
_ENDED = {0: "ok", PARTIAL: "partial"}

_log = logging.getLogger(__name__)


class Supervisor:
    """Runs slots of jobs in child processes; safe to call from several threads.

    ``stop`` ends every child and lets no other one start. ``clock`` gives the moment.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        environ: dict[str, str] | None = None,
        clock: Callable[[], dt.datetime] = clock_now,
        lease: float = LEASE,
        term_seconds: float = TERM_SECONDS,
    ) -> None:
        self._engine = engine
        self._environ = environ
        self._clock = clock
        self._lease = lease
        self._term_seconds = term_seconds
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._stopping = False

    def run(self, job: Job, *, anew: bool = False) -> str | None:
        """Run the job's present slot; how it ended, or None where there was nothing to run: another
        scheduler has it, it was run before, or we are stopping.

        A slot whose scheduler died or was stopped in the middle is made good by one of its own: a daily
        job must not wait for tomorrow because of it. ``anew``: a slot of its own at this very second,
        also where the planned one was run. Never beside another run of the job.
        """
        if self._stopping:
            return None
        now = self._clock()
        planned, instead_of = job.trigger.slot(now), None
        newest = slots.last(self._engine, job.name, until=iso(now))
        if newest is not None and newest.slot >= planned and not anew:
            if _undone(newest, now):
                instead_of = newest.slot
            elif newest.slot == planned:
                return None
        slot = self._free(job, now) if anew else iso(now) if instead_of else planned
        previous = slots.last(self._engine, job.name, until=slot)
        held = slots.claim(
            self._engine, job.name, slot, owner=self._owner, now=now, until=self._until(), instead_of=instead_of
        )
        if held is None:
            return None
        with structlog.contextvars.bound_contextvars(run=_run_id(held), job=job.name):
            return self._run(job, held, slot, previous)

    def _free(self, job: Job, now: dt.datetime) -> str:
        """The first second from now whose slot was not run: who asks twice in one second gets two runs."""
        taken = {row.slot for row in slots.recent(self._engine, job=job.name, since=iso(now))}
        moments = (iso(now + dt.timedelta(seconds=later)) for later in range(len(taken) + 1))
        return next(moment for moment in moments if moment not in taken)

    def _run(self, job: Job, held: slots.Claim, slot: str, previous: slots.Slot | None) -> str:
        if previous is not None:
            self._note_missed(job, previous.slot, slot)
        _log.info("%s: slot %s begins", job.name, slot)
        outcome, detail = "failed", ""
        try:
            with tempfile.TemporaryFile() as words:
                outcome = self._child(job, held, words)
                detail = _tail(words)
        except OSError as error:
            detail = f"the child could not be started: {error}"
        finally:
            kept = slots.close(self._engine, held, outcome=outcome, detail=detail, now=self._clock())
        level = logging.INFO if outcome in ("ok", "partial", "stopped") else logging.ERROR
        _log.log(level, "%s: slot %s %s: %s", job.name, slot, outcome, (detail.splitlines() or [""])[-1])
        return outcome if kept else "lost"

    def stop(self) -> None:
        """Ask every child to end; `run` returns once its child has."""
        with self._lock:
            self._stopping = True
            for child in self._children:
                _signal(child, signal.SIGTERM)

    def _child(self, job: Job, held: slots.Claim, words: IO[bytes]) -> str:
        with self._lock:
            if self._stopping:
                return "stopped"
            child = subprocess.Popen(
                [sys.executable, "-m", "crawler.schedule.child", _run_id(held), *job.run],
                stdin=subprocess.PIPE, stdout=words, start_new_session=True, env=self._environ,
            )  # fmt: skip
            self._children.add(child)
        try:
            return self._watch(job, held, child)
        finally:
            self._end(child)
            with self._lock:
                self._children.discard(child)
            if child.stdin is not None:
                child.stdin.close()

    def _watch(self, job: Job, held: slots.Claim, child: subprocess.Popen[bytes]) -> str:
        end = time.monotonic() + job.hard_limit
        safe = time.monotonic() + self._lease
        while True:
            rest = end - time.monotonic()
            if rest <= 0:
                return "killed"
            try:
                status = child.wait(min(rest, self._lease / 4, self._term_seconds if self._stopping else rest))
            except subprocess.TimeoutExpired:
                if self._stopping:
                    return "stopped"
            else:
                if status in _ENDED:
                    return _ENDED[status]
                return "stopped" if self._stopping else "failed"
            try:
                if not slots.renew(self._engine, held, until=self._until()):
                    return "lost"
                safe = time.monotonic() + self._lease
            except DatabaseBusy:
                if time.monotonic() >= safe:
                    return "lost"

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """TERM, then KILL, to the child and all that it started."""
        if child.poll() is None:
            _signal(child, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(self._term_seconds)
        _signal(child, signal.SIGKILL)
        child.wait()

    def _until(self) -> dt.datetime:
        # Whole seconds, rounded up: moments are stored without fractions.
        return self._clock() + dt.timedelta(seconds=int(self._lease) + 1)

    def _note_missed(self, job: Job, last: str, slot: str) -> None:
        first, count = between(job.trigger, last, slot)
        if count and (parse(slot) - parse(first)).total_seconds() >= max(GRACE, 2 * job.trigger.seconds):
            detail = f"{count} slots from {first} until {slot} were missed; they were run as one"
            slots.missed(self._engine, job.name, first, detail=detail, now=self._clock())
            _log.warning("%s: %s", job.name, detail)


def _undone(slot: slots.Slot, now: dt.datetime) -> bool:
    """Whether a slot was begun and neither came to an end of its own nor is still being run."""
    if slot.ended is None:
        return (slot.lease_until or "") <= iso(now)
    return slot.outcome in ("lost", "stopped")


def _run_id(held: slots.Claim) -> str:
    """How the log names one run of one job: the fence never comes twice."""
    return f"{held.job}-{held.fence}"


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The child leads its own group; once it is gone its number may live on in what it started.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _tail(words: IO[bytes]) -> str:
    size = words.seek(0, os.SEEK_END)
    words.seek(max(0, size - _LAST_WORDS))
    return words.read().decode("utf-8", "replace").strip()
