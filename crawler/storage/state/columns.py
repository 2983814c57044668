"""Sites and their columns in the truth: when due, since when healthy, and who crawls them now."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import StorageError
from crawler.model import Run, Site, to_json
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import columns, releases, sites, visits

#: Clocks of two machines may differ by this much.
_AHEAD = dt.timedelta(minutes=5)
#: Seconds that a lease lives without a sign of life; its holder renews it three times in that span.
LEASE_SECONDS = 120
#: Sites up to which they are asked for by name: each crawler asks for its own, and there are thousands.
_FEW = 20


class LeaseLost(StorageError):
    """Another process took the site over: what this one still holds must not be written."""


@dataclass(frozen=True, slots=True)
class ColumnState:
    """What we know of one watched list. Moments are ISO text."""

    site: str
    key: str
    url: str
    enabled: bool
    baseline_at: str | None
    due_at: str | None
    last_run: str | None
    last_ok: str | None
    last_new: str | None
    verdict: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """One process's right to crawl a site. ``fence`` grows with each holder."""

    site: str
    owner: str
    fence: int


def sync(engine: sa.Engine, known: Iterable[Site], *, now: dt.datetime) -> None:
    """Write the catalogue's sites and columns down; what they went through stays.

    The lists of a site whose file has changed are read anew: behind a 304 its new selectors would
    never be tried.
    """
    todo = [(site, json.dumps(to_json(site), ensure_ascii=False, sort_keys=True)) for site in known]
    query = sa.select(sites.c.name, sites.c.enabled, sites.c.data)
    if len(todo) <= _FEW:
        query = query.where(sites.c.name.in_([site.name for site, _ in todo]))
    with reading(engine) as connection:
        held = {row.name: (row.enabled, row.data) for row in connection.execute(query)}
    todo = [(site, data) for site, data in todo if held.get(site.name) != (site.enabled, data)]
    if not todo:
        return
    with writing(engine) as connection:
        for site, data in todo:
            values = {"enabled": site.enabled, "data": data, "updated_at": iso(now)}
            if connection.scalar(sa.select(sites.c.name).where(sites.c.name == site.name)) is None:
                connection.execute(sa.insert(sites).values(name=site.name, **values))
            else:
                connection.execute(sa.update(sites).where(sites.c.name == site.name).values(**values))
                lists = sa.and_(visits.c.site == site.name, visits.c.kind == "listing")
                connection.execute(sa.update(visits).where(lists).values(etag=None, last_modified=None))
            for column in site.columns:
                here = sa.and_(columns.c.site == site.name, columns.c.key == column.key)
                enabled = site.enabled and column.enabled
                if connection.scalar(sa.select(columns.c.key).where(here)) is None:
                    connection.execute(
                        sa.insert(columns).values(site=site.name, key=column.key, url=column.url, enabled=enabled)
                    )
                else:
                    connection.execute(sa.update(columns).where(here).values(url=column.url, enabled=enabled))


def states(engine: sa.Engine, site: str | None = None) -> dict[tuple[str, str], ColumnState]:
    """Every column that was ever written down, by site and key."""
    query = sa.select(columns)
    if site is not None:
        query = query.where(columns.c.site == site)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return {(r.site, r.key): ColumnState(**{**r._mapping, "reasons": tuple(json.loads(r.reasons))}) for r in rows}


def is_due(state: ColumnState | None, now: dt.datetime) -> bool:
    """Whether a column's time has come; one that was never crawled is due, and so is one whose last
    round lies ahead of us: the clock was wrong then, and so is when it is due."""
    if state is None or state.due_at is None or state.due_at <= iso(now):
        return True
    return state.last_run is not None and state.last_run > iso(now + _AHEAD)


def finish_in(
    connection: sa.Connection, run: Run, *, healthy: bool, every_minutes: int, now: dt.datetime, whole: bool = True
) -> None:
    """A column's round is over. The first healthy one that left no rows out is its baseline."""
    here = sa.and_(columns.c.site == run.site, columns.c.key == run.column)
    held = connection.execute(sa.select(columns).where(here)).first()
    values: dict[str, object] = {
        "last_run": iso(now), "verdict": run.verdict, "reasons": json.dumps(run.reasons, ensure_ascii=False),
        "due_at": iso(now + dt.timedelta(minutes=every_minutes)),
    }  # fmt: skip
    if healthy:
        values["last_ok"] = iso(now)
        if whole and held is not None and held.baseline_at is None:
            values["baseline_at"] = iso(now)
    if run.new:
        values["last_new"] = iso(now)
    connection.execute(sa.update(columns).where(here).values(**values))


def published_in(connection: sa.Connection, site: str, key: str, *, since: dt.date) -> int:
    """Releases of a column that were published since a day."""
    here = sa.and_(releases.c.site == site, releases.c.column == key, releases.c.published >= since.isoformat())
    return connection.scalar(sa.select(sa.func.count()).select_from(releases).where(here)) or 0


def last_ok_in(connection: sa.Connection, site: str, key: str) -> str | None:
    """When a column was last seen well."""
    here = sa.and_(columns.c.site == site, columns.c.key == key)
    moment: str | None = connection.scalar(sa.select(columns.c.last_ok).where(here))
    return moment


def baseline_in(connection: sa.Connection, site: str, key: str, *, now: dt.datetime) -> None:
    """The column was seen in full enough for its baseline, though its verdict asks for a look."""
    here = sa.and_(columns.c.site == site, columns.c.key == key, columns.c.baseline_at.is_(None))
    connection.execute(sa.update(columns).where(here).values(baseline_at=iso(now)))


def postpone_in(connection: sa.Connection, site: str, until: dt.datetime) -> None:
    """The site's host asks for patience: none of its columns is due before ``until``."""
    soon = sa.or_(columns.c.due_at.is_(None), columns.c.due_at < iso(until))
    connection.execute(sa.update(columns).where(columns.c.site == site, soon).values(due_at=iso(until)))


def owner_name() -> str:
    """Who we are: host, process, the process's start, so that a used-again number isn't us, and the
    space that the number counts in: containers may share a host's name."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{_pid_space()}"


def acquire(engine: sa.Engine, site: str, owner: str, *, now: dt.datetime) -> Lease | None:
    """The site's lease, or None while another living process holds it.

    A holder on this machine that was killed is known to be dead at once; one elsewhere when its
    lease runs out.
    """
    with writing(engine) as connection:
        row = connection.execute(sa.select(sites).where(sites.c.name == site)).first()
        if row is None:
            return None
        taken = row.lease_owner is not None and row.lease_until is not None and row.lease_until > iso(now)
        if taken and row.lease_owner != owner and alive(row.lease_owner):
            return None
        fence = row.fence + 1
        until = iso(now + dt.timedelta(seconds=LEASE_SECONDS))
        connection.execute(
            sa.update(sites).where(sites.c.name == site).values(lease_owner=owner, lease_until=until, fence=fence)
        )
        return Lease(site, owner, fence)


def renew(engine: sa.Engine, lease: Lease, *, now: dt.datetime) -> bool:
    """A sign of life. False: another process has taken over."""
    with writing(engine) as connection:
        done = connection.execute(
            sa.update(sites)
            .where(sites.c.name == lease.site, sites.c.fence == lease.fence)
            .values(lease_until=iso(now + dt.timedelta(seconds=LEASE_SECONDS)))
        )
        return done.rowcount == 1


def release(engine: sa.Engine, lease: Lease) -> None:
    """Give the site back."""
    with writing(engine) as connection:
        release_in(connection, lease)


def release_in(connection: sa.Connection, lease: Lease) -> None:
    """`release` in the caller's transaction."""
    connection.execute(
        sa.update(sites)
        .where(sites.c.name == lease.site, sites.c.fence == lease.fence)
        .values(lease_owner=None, lease_until=None)
    )


def hold_in(connection: sa.Connection, lease: Lease | None) -> None:
    """Raises `LeaseLost` where the lease is another's by now; call it in the writing transaction."""
    if lease is None:
        return
    fence = connection.scalar(sa.select(sites.c.fence).where(sites.c.name == lease.site))
    if fence != lease.fence:
        raise LeaseLost(f"another process crawls {lease.site} now", "Nothing is lost; it goes on there.")


def _stat(pid: int) -> list[str]:
    """What the system tells of a process from its state on; empty where it tells nothing."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _started(pid: int) -> str:
    """The process's start in clock ticks since boot, where the system tells it."""
    told = _stat(pid)
    return told[19] if told else ""


def _pid_space() -> str:
    """The kernel's own number of this boot and namespace, where the system tells it."""
    try:
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot[:8]}-{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def alive(owner: str) -> bool:
    """Whether the process of an `owner_name` lives; one of another machine is believed to."""
    host, _, rest = owner.partition(":")
    number, started, space, *_ = [*rest.split(":"), "", ""]
    if host != socket.gethostname() or not number.isdigit() or space not in ("", _pid_space()):
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if _stat(int(number))[:1] in (["Z"], ["X"]):
        return False  # killed, and its parent hasn't asked yet: it does nothing any more
    return not started or _started(int(number)) == started
