"""Pages that are no content: why, since when, how to mend it, and when they are tried again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import NotFound
from crawler.model import Quarantine
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import columns, pending, quarantine

#: Hours until a page is tried again, after it was quarantined once, twice, …; then never by itself.
_SOON = (1, 6, 24, 72, 168, 720)
_SELDOM = (24, 168, 720)
_NEVER: tuple[int, ...] = ()
#: Trouble of the moment is tried soon; trouble of our reader or of the site's rules seldom; what
#: another try can't change (a page that is gone, a film, an address that the guard refuses) never.
RETRY_HOURS: dict[str, tuple[int, ...]] = {
    "challenge": _SOON, "blocked": _SOON, "geo_blocked": _SOON, "login": _SOON, "error": _SOON,
    "timeout": _SOON, "unreachable": _SOON, "empty": _SOON, "moved": _SELDOM, "robots": _SELDOM,
    "mojibake": _SELDOM, "shape_changed": _SELDOM, "unreadable": _SELDOM, "removed": _NEVER,
    "too_large": _NEVER, "binary": _NEVER, "forbidden_address": _NEVER,
}  # fmt: skip

#: What to do where the reader gave no advice of its own.
MEND: dict[str, str] = {
    "challenge": "The host wants a browser: set browser = true in the site's file, or wait.",
    "blocked": "The host refuses us: raise the site's delay, or ask its operator.",
    "geo_blocked": "The host serves only some networks: set proxy.url.",
    "login": "The page is not public; remove the column, or wait until it is.",
    "error": "The server has trouble; it is tried again by itself.",
    "removed": "The page is gone; nothing to do.",
    "moved": "The address leads elsewhere: give the site's file the new one.",
    "empty": "The page holds no text: look whether its text is an image or loaded by a script.",
    "too_large": "Raise crawl.max_page_bytes if the page is worth it.",
    "binary": "It is a file, not a page: it belongs to an article as attachment.",
    "timeout": "The host is slow; it is tried again by itself.",
    "unreachable": "The host can't be reached; it is tried again by itself.",
    "robots": "robots.txt forbids the page; ask the site's operator.",
    "forbidden_address": "The address leads into a private network; it is not fetched.",
    "mojibake": "The encoding was guessed wrong: set charset in the site's file.",
    "shape_changed": "The page's structure changed: set selectors in the site's file.",
    "unreadable": "Our reader failed on it: report the page, it can be read again with `talentwatch reread`.",
}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One page in quarantine. ``next_at`` None: it is not tried again by itself."""

    id: int
    site: str
    column: str
    url: str
    part: str
    kind: str
    reason: str
    evidence: str
    mend: str
    title: str
    date: str | None
    silent: bool
    evidence_id: int | None
    first_seen: str
    last_seen: str
    times: int
    next_at: str | None
    resolved_at: str | None


def put_in(
    connection: sa.Connection, site: str, column: str, url: str, trouble: Quarantine, *, now: dt.datetime,
    part: str = "", kind: str = "article", title: str = "", date: str | None = None, silent: bool = False,
    evidence_id: int | None = None,
) -> int:  # fmt: skip
    """Write a page down as no content, once per address and part; returns the row's id."""
    same = sa.select(quarantine).where(quarantine.c.url == url, quarantine.c.part == part)
    held = connection.execute(same).first()
    again = held is not None and held.resolved_at is None
    times = (held.times if held is not None and again else 0) + 1
    hours = RETRY_HOURS.get(trouble.reason, _SELDOM)
    next_at = iso(now + dt.timedelta(hours=hours[times - 1])) if times <= len(hours) else None
    values = {
        "site": site, "column": column, "kind": kind, "reason": trouble.reason, "evidence": trouble.evidence[:2000],
        "mend": trouble.mend or MEND.get(trouble.reason, ""), "silent": silent, "last_seen": iso(now),
        "times": times, "next_at": next_at, "resolved_at": None,
    }  # fmt: skip
    values |= {k: v for k, v in (("title", title), ("date", date), ("evidence_id", evidence_id)) if v}
    if held is not None:
        connection.execute(sa.update(quarantine).where(quarantine.c.id == held.id).values(**values))
        return int(held.id)
    done = connection.execute(sa.insert(quarantine).values(url=url, part=part, first_seen=iso(now), **values))
    key = done.inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted
    return int(key[0])


def put(
    engine: sa.Engine, site: str, column: str, url: str, trouble: Quarantine, *, now: dt.datetime, kind: str
) -> int:
    """`put_in` in a transaction of its own."""
    with writing(engine) as connection:
        return put_in(connection, site, column, url, trouble, now=now, kind=kind)


def clear_in(connection: sa.Connection, url: str, *, now: dt.datetime, part: str | None = None) -> None:
    """The page is content again: its rows are resolved."""
    query = sa.update(quarantine).where(quarantine.c.url == url, quarantine.c.resolved_at.is_(None))
    if part is not None:
        query = query.where(quarantine.c.part == part)
    connection.execute(query.values(resolved_at=iso(now), next_at=None))


def reopen_due(engine: sa.Engine, site: str, *, now: dt.datetime) -> int:
    """Put articles whose time has come back into the queue; the row stays until the page is read."""
    due = sa.select(quarantine).where(
        quarantine.c.site == site, quarantine.c.kind == "article", quarantine.c.resolved_at.is_(None),
        quarantine.c.next_at <= iso(now),
    )  # fmt: skip
    with reading(engine) as connection:
        if connection.execute(due.limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        rows = connection.execute(due).all()
        for row in rows:
            _queue(connection, row, now)
        return len(rows)


def retry(engine: sa.Engine, quarantine_id: int, *, now: dt.datetime) -> None:
    """Put one page back into the queue at once; a list's column is due at once. Raises `NotFound`."""
    with writing(engine) as connection:
        row = _open(connection, quarantine_id)
        if row.kind == "listing":
            here = sa.and_(columns.c.site == row.site, columns.c.key == row.column)
            connection.execute(sa.update(columns).where(here).values(due_at=iso(now)))
            return
        _queue(connection, row, now)


def dismiss(engine: sa.Engine, quarantine_id: int, *, now: dt.datetime) -> None:
    """Never try this page again; its row stays for the record. Raises `NotFound`."""
    with writing(engine) as connection:
        row = _open(connection, quarantine_id)
        connection.execute(
            sa.update(quarantine)
            .where(quarantine.c.id == row.id)
            .values(next_at=None, mend="Dismissed by an analyst.", last_seen=iso(now))
        )


def held(engine: sa.Engine, url: str, part: str, reason: str) -> bool:
    """Whether the page is in quarantine for this reason."""
    query = sa.select(quarantine.c.id).where(
        quarantine.c.url == url, quarantine.c.part == part, quarantine.c.reason == reason,
        quarantine.c.resolved_at.is_(None),
    )  # fmt: skip
    with reading(engine) as connection:
        return connection.scalar(query) is not None


def listed(engine: sa.Engine, *, site: str | None = None, limit: int = 1000) -> list[Quarantined]:
    """What is in quarantine, the latest first."""
    query = sa.select(quarantine).where(quarantine.c.resolved_at.is_(None))
    if site:
        query = query.where(quarantine.c.site == site)
    query = query.order_by(quarantine.c.last_seen.desc(), quarantine.c.id.desc()).limit(limit)
    with reading(engine) as connection:
        return [Quarantined(**row._mapping) for row in connection.execute(query)]


def _open(connection: sa.Connection, quarantine_id: int) -> sa.Row[tuple[object, ...]]:
    found = connection.execute(
        sa.select(quarantine).where(quarantine.c.id == quarantine_id, quarantine.c.resolved_at.is_(None))
    ).first()
    if found is None:
        raise NotFound(
            f"nothing in quarantine has the number {quarantine_id}",
            "See `talentwatch review list`.",
            code="no_quarantined",
        )
    return found


def _queue(connection: sa.Connection, row: sa.Row[tuple[object, ...]], now: dt.datetime) -> None:
    waiting = sa.select(pending.c.id).where(pending.c.url == row.url, pending.c.part == row.part)
    if connection.scalar(waiting) is None:
        connection.execute(
            sa.insert(pending).values(
                site=row.site, column=row.column, url=row.url, part=row.part, title=row.title, date=row.date,
                silent=row.silent, discovered_at=row.first_seen, next_at=iso(now),
            )
        )  # fmt: skip
    connection.execute(sa.update(quarantine).where(quarantine.c.id == row.id).values(next_at=None))
