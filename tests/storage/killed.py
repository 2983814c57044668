"""Run as a program by test_kill.py: kills a real process (SIGKILL) at every point where it talks to the
database or moves a file, one point after the other, and tells what was left behind.

Nothing of the production code is changed: the points are SQLAlchemy's own events and Python's audit
events of this process. Each try is a fork of this single-threaded program, so that a try costs
milliseconds. On PostgreSQL (a server's URL is given) every ``step``-th point is taken. One JSON line
a try on stdout; the last one was not killed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import shutil
import signal
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from crawler.config import Config
from crawler.errors import NotFound
from crawler.model import Column, Page, Proof, Quarantine, Row, Site
from crawler.storage import evidence
from crawler.storage.state import pending, presence, quarantine, releases, visits
from crawler.storage.state.engine import writing
from crawler.storage.state.schema import check, open_state
from crawler.storage.state.tables import metadata
from tests.real.postgres import Databases
from tests.storage.world import NOW, deadline, release, submission

LATER = NOW + dt.timedelta(hours=6)
FIRST, COPY, BLOCKED = (f"http://www.town.gov.cn/rc/{n}.html" for n in (1, 2, 3))
ROWS = [(Row(f"标题{n}", url), False) for n, url in enumerate((FIRST, COPY, BLOCKED))]


class Killer:
    """Counts the points that were passed; at the one that was asked for the process is killed."""

    def __init__(self, at: int) -> None:
        self.at, self.passed = at, 0

    def point(self, *_: Any) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, _args: Any) -> None:
        if event in ("os.rename", "os.mkdir", "os.remove", "tempfile.mkstemp"):
            self.point()

    def watch(self, engine: sa.Engine) -> None:
        for name in ("begin", "after_cursor_execute", "commit", "checkin"):
            sa.event.listen(engine, name, self.point)
        sys.addaudithook(self.audit)


def work_by_save(engine: sa.Engine, archive: pathlib.Path) -> None:
    """A listing, three pages, a changed page, a page that goes, the daily job: as a crawl does it."""

    def response(url: str, body: bytes) -> evidence.Response:
        return evidence.Response(url, body, "2026-11-22T09:00:00+08:00", headers={"content-type": "text/html"})

    def keep(url: str, amount: int, now: dt.datetime, pending_id: int | None) -> None:
        one = release(1, url=url, amount=amount, deadlines=(deadline("2026-11-26"),))
        releases.save(
            engine, [submission(one)], pending_id=pending_id, visit=visits.Visit(url, "town", "rc"), now=now,
            response=response(url, one.body.encode()), archive_path=archive,
        )  # fmt: skip

    pending.add(engine, "town", "rc", ROWS, now=NOW)
    for waiting in pending.due(engine, "town", now=NOW):
        if waiting.url == BLOCKED:
            with writing(engine) as connection:
                trouble = Quarantine("blocked", "403")
                quarantine.put_in(connection, "town", "rc", BLOCKED, trouble, now=NOW)
                pending.close_in(connection, waiting.id)
        else:
            keep(waiting.url, 300_000, NOW, waiting.id)
    keep(FIRST, 500_000, LATER, None)
    finish(engine)


def work_by_take(engine: sa.Engine, archive: pathlib.Path) -> None:
    """The same through the pipelines' stages, from bytes."""
    from pipelines import Context, PageItem, take

    column = Column("rc", "人才", "http://www.town.gov.cn/rc/")
    site = Site(
        "town", "示范市人民政府", "http://www.town.gov.cn/", ("www.town.gov.cn",), "generic", "government", None,
        "city", (column,), Proof("synthetic", "C"),
    )  # fmt: skip
    moment = [NOW]
    context = Context(engine, archive, now=lambda: moment[0])

    def fetch(url: str, amount: int, row: Row | None, pending_id: int | None) -> None:
        if url == BLOCKED:
            body = "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>"
            page = Page(url, body.encode(), "text/html", 403)
        else:
            one = release(1, amount=amount)
            body = "".join(f"<p>{line}</p>" for line in one.body.splitlines())
            html = (
                f"<html><head><title>{one.title}</title></head><body><h1>{one.title}</h1><div>{body}</div></body>"
            )
            page = Page(url, html.encode(), "text/html; charset=utf-8")
        take(PageItem(site, column, page, row, pending_id), context)

    pending.add(engine, "town", "rc", ROWS, now=NOW)
    for waiting in pending.due(engine, "town", now=NOW):
        fetch(waiting.url, 300_000, waiting.row, waiting.id)
    moment[0] = LATER
    fetch(FIRST, 500_000, None, None)
    finish(engine)


def finish(engine: sa.Engine) -> None:
    """The page that goes, and the daily job."""
    while releases.get(engine, COPY).current:
        presence.note_missing(engine, COPY, healthy=True, now=LATER)
    releases.requeue_as_of(engine, dt.date(2026, 11, 23))


def state(engine: sa.Engine, archive: pathlib.Path) -> dict[str, Any]:
    """What is there, without numbers that only count attempts."""
    with engine.connect() as connection:

        def rows(name: str, *columns: str) -> list[Any]:
            table = metadata.tables[name]
            return sorted(
                [list(r) for r in connection.execute(sa.select(*(table.c[c] for c in columns)))], key=repr
            )

        found = {
            "releases": rows("releases", "url", "revision", "current", "is_original", "text_hash"),
            "revisions": rows("revisions", "release_id", "number", "cause", "content_hash"),
            "events": rows("events", "kind", "release_id", "revision", "silent"),
            "pending": rows("pending", "url"),
            "quarantine": rows("quarantine", "url", "reason", "times"),
            "visits": rows("visits", "url"),
            "outbox": sorted({r[0] for r in rows("outbox", "release_id")}),
            "evidence": rows("evidence", "url", "sha256"),
        }
        ids = [r[0] for r in rows("evidence", "id")]
    for evidence_id in ids:
        evidence.load(archive, engine, evidence_id)  # raises where a row has no whole blob
    return found


def kept(engine: sa.Engine) -> list[str]:
    """The listing's rows that are neither waiting, nor stored, nor in quarantine: lost ones."""
    with engine.connect() as connection:
        waiting = set(connection.scalars(sa.select(metadata.tables["pending"].c.url)))
    held = {q.url for q in quarantine.listed(engine)}
    lost = []
    for row, _ in ROWS:
        if row.url in waiting | held:
            continue
        try:
            releases.get(engine, row.url)
        except NotFound:
            lost.append(row.url)
    return lost


def main(folder: str, how: str, server: str = "", step: str = "1") -> None:
    work: Callable[[sa.Engine, pathlib.Path], None] = work_by_take if how == "take" else work_by_save
    databases = Databases(server) if server else None
    if databases is None:
        open_state(Config(var=f"{folder}/fresh")).dispose()
    for at in range(1, 5000, int(step)):
        config = Config(var=f"{folder}/{at}", database_url=databases.migrated() if databases else None)
        config.var_path.mkdir(parents=True)
        if databases is None:
            shutil.copy(f"{folder}/fresh/talentwatch.db", config.var_path)
        child = os.fork()
        if child == 0:
            engine = open_state(config)
            killer = Killer(at)
            killer.watch(engine)
            work(engine, config.archive_path)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        engine = open_state(config)
        left = state(engine, config.archive_path)
        result: dict[str, Any] = {"at": at, "killed": killed, "status": status, "troubles": check(engine)}
        result["lost"] = kept(engine) if left["pending"] or left["releases"] else []
        work(engine, config.archive_path)  # the next round
        result["state"] = state(engine, config.archive_path)
        engine.dispose()
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        if databases is not None:
            databases.drop()
        if not killed:
            break
    if databases is not None:
        databases.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
