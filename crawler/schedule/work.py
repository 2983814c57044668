"""What the small jobs do: ``python -m crawler.schedule.work JOB``, one line of outcome on stdout."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Callable

import sqlalchemy as sa
import structlog

from crawler import logs
from crawler.clock import iso, now
from crawler.config import Config, load
from crawler.errors import TalentWatchError, UsageError
from crawler.schedule.jobs import PARTIAL
from crawler.storage.state import incidents, signups, slots
from crawler.storage.state.engine import writing
from crawler.storage.state.schema import open_state
from crawler.storage.state.tables import runs
from crawler.text import counted

#: Days that ended slots are kept.
SLOT_DAYS = 90
#: Days that slots are kept that ended well: three jobs have one each minute.
QUIET_SLOT_DAYS = 7
#: Days that the runs of columns are kept; the newest of a column stays for ever with the column.
RUN_DAYS = 180

_log = logging.getLogger("talentwatch.work")

#: Whether all of it went well, and a line that says what was done.
Outcome = tuple[bool, str]


def crawl(_engine: sa.Engine, config: Config) -> Outcome:
    """One round over the due columns, as ``talentwatch crawl --due``."""
    from crawler.schedule.heartbeat import beat
    from crawler.schedule.round import run_round

    report = run_round(config, due=True, progress=_note)
    # A blind site doesn't make the machine a dead one: only a round that didn't end is no sign of life.
    if not report.interrupted and not report.after.error:
        beat(config)
    wrong = [f"{run.site}/{run.column} {run.verdict}" for run in report.failed]
    wrong += [problem.message for problem in report.problems] + [f"{k}: {v}" for k, v in report.troubles.items()]
    if report.after.error:
        wrong.append(report.after.error)
    new, changed = sum(run.new for run in report.runs), sum(run.changed for run in report.runs)
    alerts = counted(report.after.matched, "alert")
    line = f"{counted(len(report.runs), 'column')}, {new} new, {changed} changed, {alerts}"
    return report.ok, "; ".join([line, *wrong])


def _note(line: str) -> None:
    _log.info("%s", line)


def match(engine: sa.Engine, config: Config) -> Outcome:
    """Events → ledger."""
    from crawler.alerts import match_due

    return True, counted(match_due(engine, config, now=now()), "new alert")


def deliver(engine: sa.Engine, config: Config) -> Outcome:
    """Ledger → receivers. A receiver's fault is in the ledger and makes the run a partial one."""
    from crawler.alerts import deliver_due
    from crawler.alerts.confirm import send_due

    confirmations, _ = send_due(engine, config, now=now())
    report = deliver_due(engine, config, now=now())
    first = f"; {report.problems[0].error}" if report.problems else ""
    ends = f"{report.sent} sent, {report.failed} later, {report.dead} refused, {report.waiting} waiting"
    asked = f"; {confirmations} confirmations asked for" if confirmations else ""
    return report.ok, ends + asked + first


def index(engine: sa.Engine, config: Config) -> Outcome:
    """Outbox → index. Out of reach is a failed slot; the rows stay."""
    from crawler.storage.index import open_index
    from crawler.storage.index.sync import drain

    target = open_index(config)
    try:
        return True, f"{drain(engine, target, as_of=now().date())} indexed"
    finally:
        target.close()


def as_of(engine: sa.Engine, _config: Config) -> Outcome:
    """What today makes of stored releases: validity, next open deadline, what is about to end."""
    from crawler.storage.state.releases import requeue_as_of

    return True, f"{requeue_as_of(engine, now().date())} releases changed with the day"


def report(engine: sa.Engine, config: Config) -> Outcome:
    """The daily mail to the operator."""
    from crawler.schedule.report import send

    return send(engine, config, now=now())


def housekeeping(engine: sa.Engine, config: Config) -> Outcome:
    """Drop what is kept for a time only: evidence, runs of columns, slots."""
    from crawler.storage.evidence import prune

    moment = now()
    rows, freed = prune(config.archive_path, engine, keep_days=config.archive.keep_days, now=moment)
    before = iso(moment - dt.timedelta(days=RUN_DAYS))
    newest = sa.select(sa.func.max(runs.c.started)).group_by(runs.c.site, runs.c.column).scalar_subquery()
    with writing(engine) as connection:
        old = connection.execute(runs.delete().where(runs.c.started < before, runs.c.started.not_in(newest)))
    incidents.prune(engine, before=moment - dt.timedelta(days=RUN_DAYS))
    unconfirmed = signups.prune(engine, now=moment)
    gone = slots.prune(
        engine, before=moment - dt.timedelta(days=SLOT_DAYS),
        quiet_before=moment - dt.timedelta(days=QUIET_SLOT_DAYS),
    )  # fmt: skip
    return (
        True,
        f"{rows} responses ({freed} bytes), {unconfirmed} signups, {old.rowcount} runs, {gone} slots dropped",
    )


WORK: dict[str, Callable[[sa.Engine, Config], Outcome]] = {
    "crawl": crawl,
    "match": match,
    "deliver": deliver,
    "index": index,
    "as_of": as_of,
    "report": report,
    "housekeeping": housekeeping,
}


def main(arguments: list[str]) -> int:
    """Do one job; the exit status."""
    try:
        if len(arguments) != 1 or arguments[0] not in WORK:
            raise UsageError("which job?", f"Name one of {', '.join(WORK)}.")
        config = load()
        run = structlog.contextvars.get_contextvars().get("run")
        logs.install(config, run=str(run) if run else None)
        engine = open_state(config)
        try:
            good, line = WORK[arguments[0]](engine, config)
        finally:
            engine.dispose()
    except TalentWatchError as error:
        # The slot keeps it, and the scheduler logs it; who calls us by hand sees it too.
        sys.stdout.write(f"{error}\n")
        if logs.installed():
            _log.error("%s", error)
        else:
            sys.stderr.write(f"{error}\n")
        return error.exit_status
    sys.stdout.write(f"{line}\n")
    return 0 if good else PARTIAL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
