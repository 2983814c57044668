"""``talentwatch doctor``: what is configured, reachable, stale or missed, and what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import sqlalchemy as sa
import typer

from crawler import clock
from crawler.cli.findings import Finding, State, browser, pictures
from crawler.cli.network import alike, out_of_reach
from crawler.cli.output import JSON, config_of, emit, say
from crawler.config import Config, public
from crawler.errors import TalentWatchError
from crawler.text import counted

app = typer.Typer(add_completion=False)

#: Bytes free below which the disk is called nearly full.
_LOW_SPACE = 1_000_000_000
#: Seconds that a server has to answer the doctor.
_PATIENCE = 5.0
_SIGNS = {"ok": "✓", "warn": "!", "fail": "✗"}


@app.command()
def doctor(ctx: typer.Context, json: bool = JSON) -> None:
    """Look at everything: configuration, database, index, sites, mail, scheduler, queues.

    Exit status 1 when something is broken; warnings alone leave it 0. Nothing is changed.

    Example: talentwatch doctor --json
    """
    config = config_of(ctx)
    findings = list(examine(config, clock.now()))
    if json:
        emit({"findings": findings, "configuration": public(config)})
    else:
        say(f"configuration: {config.source or 'none (defaults)'}")
        for one in findings:
            say(f"{_SIGNS[one.state]} {one.what}: {one.found}")
            if one.mend:
                say(f"    → {one.mend}")
    if any(one.state == "fail" for one in findings):
        sys.exit(1)


def examine(config: Config, now: dt.datetime) -> Iterator[Finding]:
    """Every finding, the ground floor first."""
    yield from _guest(config)
    yield from _disk(config)
    yield from _guarded("sites", lambda: _sites(config))
    if config.crawl.ocr:
        yield pictures()
    yield from _guarded("mail", lambda: _mail(config))
    yield from _guarded("proxy", lambda: _proxy(config))
    yield from _guarded("database", lambda: _database(config, now))


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Our own errors are findings: the rest is looked at all the same."""
    try:
        yield from look()
    except TalentWatchError as error:
        yield Finding(what, "fail", error.message, error.mend)


def _guest(config: Config) -> Iterator[Finding]:
    if config.crawl.contact.endswith(".invalid"):
        mend = "Set crawl.contact to an address at which a site's operator reaches you."
        yield Finding("contact", "warn", "the User-Agent names no real contact", mend)
    else:
        yield Finding("contact", "ok", config.user_agent)


def _disk(config: Config) -> Iterator[Finding]:
    folder = config.var_path.resolve()
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        what = "can't be written" if folder.is_dir() else "is no folder"
        yield Finding("var", "fail", f"{config.var_path} {what}", "Mend var, or the folder's rights.")
        return
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free >= _LOW_SPACE else "warn"
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free", "" if state == "ok" else "Free some space.")


def _sites(config: Config) -> Iterator[Finding]:
    from crawler.sites import load_catalogue

    catalogue = load_catalogue(config)
    on = [s for s in catalogue.sites.values() if s.enabled]
    columns = sum(c.enabled for s in on for c in s.columns)
    yield Finding(
        "sites", "ok", f"{len(on)} of {len(catalogue.sites)} enabled, {counted(columns, 'column')} watched"
    )
    for problem in catalogue.problems:
        yield Finding("site file", "fail", problem.message, problem.mend)
    yield browser([s.name for s in on if s.browser])


def _mail(config: Config) -> Iterator[Finding]:
    if not config.smtp.url:
        yield Finding("mail", "warn", "no mail server is configured: mail alerts wait", "Set smtp.url.")
        return
    split = urlsplit(config.smtp.url)
    kind = smtplib.SMTP_SSL if split.scheme == "smtps" else smtplib.SMTP
    place = f"{split.hostname}:{split.port or (465 if split.scheme == 'smtps' else 25)}"
    try:
        with kind(split.hostname or "", split.port or 0, timeout=_PATIENCE) as server:
            server.ehlo()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding("mail", "fail", f"{place} does not answer: {error}", "Check smtp.url; alerts wait meanwhile.")
        return
    yield Finding("mail", "ok", f"{place} answers")


def _proxy(config: Config) -> Iterator[Finding]:
    if not config.proxy.url:
        return
    split = urlsplit(config.proxy.url)
    try:
        socket.create_connection((split.hostname or "", split.port or 80), timeout=_PATIENCE).close()
    except OSError as error:
        found = f"{split.hostname}:{split.port or 80} does not answer: {error}"
        yield Finding("proxy", "fail", found, "Check proxy.url; nothing can be crawled without it.")
        return
    yield Finding("proxy", "ok", f"{split.hostname}:{split.port or 80} answers")


def _database(config: Config, now: dt.datetime) -> Iterator[Finding]:
    from crawler.storage.state import schema
    from crawler.storage.state.engine import open_engine, parse, sqlite_file

    url = parse(config.database)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        yield Finding("database", "warn", "there is none yet", "The first `talentwatch crawl` makes it.")
        return
    engine = open_engine(config.database)
    try:
        if schema.is_empty(engine):
            yield Finding("database", "warn", "it has no tables yet", "`talentwatch db upgrade` makes them.")
            return
        schema.demand(engine)
        troubles = list(schema.check(engine))
        for trouble in troubles:
            yield Finding("database", "fail", trouble, "Restore a backup: `talentwatch db restore`.")
        if not troubles:
            yield Finding("database", "ok", url.render_as_string(hide_password=True))
        yield from _guarded("index", lambda: _index(config, engine))
        yield from _incidents(engine)
        yield from _columns(config, engine)
        yield from _left_alone(engine, now)
        yield from _queues(engine)
        yield from _evidence(config, engine)
        yield from _jobs(config, engine, now)
    finally:
        engine.dispose()


def _index(config: Config, engine: sa.Engine) -> Iterator[Finding]:
    from crawler.storage.index import open_index
    from crawler.storage.state import outbox

    lag = outbox.lag(engine)
    index = open_index(config)
    try:
        held = index.count(as_of=clock.today())
    finally:
        index.close()
    if lag.refused:
        yield Finding(
            "index",
            "fail",
            f"{counted(lag.refused, 'release was', 'releases were')} refused",
            "`talentwatch index deadletter` explains each, and tries it again.",
        )
    state: State = "warn" if lag.rows else "ok"
    found = f"{index.kind}: {counted(held, 'release')}" + (
        f", {lag.rows} waiting since {lag.oldest}" if lag.rows else ""
    )
    yield Finding("index", state, found, "Run `talentwatch index sync`." if lag.rows else "")


def _incidents(engine: sa.Engine) -> Iterator[Finding]:
    from crawler.monitor import mend
    from crawler.schedule.incidents import line
    from crawler.storage.state import incidents

    for one in incidents.open_ones(engine):
        yield Finding(f"incident {one.name}", "warn", line(one), (mend(one.verdict) or "Look at it") + ".")


def _columns(config: Config, engine: sa.Engine) -> Iterator[Finding]:
    from crawler.storage.state import columns

    known = [c for c in columns.states(engine).values() if c.enabled]
    blind = [c for c in known if c.verdict not in (None, "ok", "quiet", "unchanged")]
    ours, away = out_of_reach([c for c in known if c.last_run is not None], proxy=config.proxy.url)
    if ours:
        said, _, mend = ours.partition("\n  → ")
        yield Finding("network", "warn", said, f"{mend[0].upper()}{mend[1:]}.")
    for name, c in alike((f"{c.site}/{c.key}", c) for c in blind if c.site not in away):
        found = f"{c.verdict}: {'; '.join(c.reasons) or 'no reason noted'}; last good round {c.last_ok or 'never'}"
        yield Finding(name, "warn", found, f"Look at it with `talentwatch sites check {c.site}`.")
    never = sum(c.last_run is None for c in known)
    if known:
        yield Finding(
            "columns",
            "warn" if blind else "ok",
            f"{len(known) - len(blind) - never} fine, {len(blind)} blind, {never} not yet seen",
        )


def _left_alone(engine: sa.Engine, now: dt.datetime) -> Iterator[Finding]:
    from crawler.storage.state import hosts

    held = hosts.left_alone(engine, now=now)
    for host in sorted({*held.asks, *held.fails})[:10]:
        until = held.until(host)
        assert until is not None  # noqa: S101 - one of both kinds names it
        why = "asks for patience" if host in held.asks else "keeps failing; a crawl by hand tries it all the same"
        yield Finding(f"host {host}", "ok", f"left alone until {clock.iso(until)}: it {why}")


def _queues(engine: sa.Engine) -> Iterator[Finding]:
    from crawler.storage.state import alerts, pending, quarantine

    waiting = pending.count(engine)
    held = len(quarantine.listed(engine))
    yield Finding("pages", "ok", f"{waiting} waiting to be fetched, {held} quarantined (`talentwatch review list`)")
    states = alerts.counts(engine)
    dead = states.get("dead", 0)
    mend = "See `talentwatch alerts list`, then `talentwatch alerts resend --dead`." if dead else ""
    found = ", ".join(f"{n} {state}" for state, n in sorted(states.items())) or "none yet"
    yield Finding("alerts", "fail" if dead else "ok", found, mend)


def _evidence(config: Config, engine: sa.Engine) -> Iterator[Finding]:
    from crawler.storage import evidence

    kept = evidence.count(engine)
    lost = list(evidence.check(config.archive_path, engine, quick=True))
    found = f"{counted(kept, 'response')}" + (
        f", {counted(len(lost), 'file is', 'files are')} missing or cut short" if lost else ""
    )
    mend = "`talentwatch evidence check` names them; is archive.path the folder that all machines share?"
    yield Finding("evidence", "warn" if lost else "ok", found, mend if lost else "")


def _jobs(config: Config, engine: sa.Engine, now: dt.datetime) -> Iterator[Finding]:
    from crawler.schedule import health

    reports = health(engine, now, config)
    if all(job.last_started is None for job in reports):
        yield Finding(
            "scheduler", "warn", "it never ran", "Start it with `python scheduler.py` or `talentwatch run`."
        )
        return
    for job in reports:
        troubles = [*job.missed]
        if job.late:
            troubles.append(f"late: last started {job.last_started or 'never'}")
        if job.failures:
            troubles.append(f"{job.failures} failed runs in 24 hours ({job.last_detail or job.last_outcome})")
        state: State = "fail" if job.late else "warn" if troubles else "ok"
        mend = "Is the scheduler running? See its log." if troubles else ""
        found = "; ".join(troubles) or f"last ended well {job.last_ok or 'never'}"
        yield Finding(f"job {job.job}", state, found, mend)
