"""A real scheduler killed by ``kill -9`` in the middle of each real job: its child ends with it, nobody else
runs the job while the lease lasts, another scheduler then makes it good: nothing twice, nothing lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import pathlib
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.clock import iso, now
from crawler.config import Config, load
from crawler.model import Deadline
from crawler.schedule.cadence import Daily
from crawler.schedule.jobs import Job, jobs
from crawler.schedule.live import child_environment, once
from crawler.schedule.supervise import Supervisor
from crawler.storage.index import open_index
from crawler.storage.state import alerts, outbox, slots, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import deliveries, runs
from crawler.storage.state.tables import slots as table
from tests.alerts.world import NOW, Mailbox, database, release, smtp_server, store
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing, wait_until
from tests.e2e.test_round import day
from tests.schedule.conftest import Line

PROJECT = pathlib.Path(__file__).resolve().parents[2]
ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 3)) for n in range(6)]


@dataclasses.dataclass(frozen=True)
class Place:
    """An installation with its mail server."""

    home: Home
    config: Config
    engine: sa.Engine
    mails: Mailbox

    def job(self, name: str) -> Job:
        (job,) = [job for job in jobs(self.config) if job.name == name]
        return job

    @contextmanager
    def scheduler(self, job: str, *run: str) -> Iterator[subprocess.Popen[bytes]]:
        """A real scheduler with that job alone; ``run`` is what its child runs in place of the job."""
        command = [sys.executable, "-m", "tests.schedule.real_child", str(self.config.source), job, *run]
        process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def lease_runs_out(self, job: str) -> None:
        """What two minutes do, without waiting for them."""
        with writing(self.engine) as connection:
            here = sa.and_(table.c.job == job, table.c.ended.is_(None))
            done = connection.execute(table.update().where(here).values(lease_until=iso(now())))
            assert done.rowcount == 1, "the dead scheduler's slot stands open"

    def killed_in(self, job: str, line: Line, module: str, name: str) -> None:
        """Start the job, kill its scheduler at that point, wait for the child's end."""
        run = ("tests.schedule.stopped_work", line.port, job, module, name)
        with self.scheduler(job, *run) as process:
            _, _, end = line.word()
            process.kill()
            process.wait()
            assert line.gone(end), "the child ends with its scheduler"

    def taken_over(self, job: str) -> None:
        """Another scheduler leaves it alone while the lease lasts, then makes it good."""
        other = Supervisor(self.engine, environ=child_environment(self.config))
        assert other.run(self.job(job)) is None, slots.recent(self.engine)
        self.lease_runs_out(job)
        assert once(self.config, [self.job(job)]) == 0
        rows = slots.recent(self.engine, job=job)
        assert Counter(row.outcome for row in rows) == {"lost": 1, "ok": 1}
        if isinstance(self.job(job).trigger, Daily):
            assert other.run(self.job(job)) is None, "made good once"

    def count(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql))]


@pytest.fixture
def place(tmp_path: pathlib.Path, database_url: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.chdir(PROJECT)
    with smtp_server() as (box, url):
        home = Home(tmp_path / "home")
        home.configure(
            "[smtp]",
            f'url = "{url}"',
            'sender = "radar@talent.example"',
            "[operator]",
            'email = "ops@post.example"',
        )
        text = home.config.read_text(encoding="utf-8")
        if database_url is not None:
            home.config.write_text(f'database_url = "{database_url}"\n{text}', encoding="utf-8")
        config = load(str(home.config))
        engine = database(config)
        yield Place(home, config, engine, box)
        engine.dispose()


def stored(place: Place, number: int = 4) -> list[str]:
    """Releases with events, waiting for the index; a subscriber by mail."""
    subscriptions.add(place.engine, name="a", query={}, channel="mail", address="a@post.example", now=NOW)
    soon = Deadline(kind="apply", end=iso(now() + dt.timedelta(days=3))[:10], quote="申报截止")
    keys = [store(place.engine, release(f"合成市人才措施之{n}", deadlines=(soon,))) for n in range(number)]
    with writing(place.engine) as connection:
        outbox.add_in(connection, keys, iso(NOW))
    return keys


def test_crawl(place: Place) -> None:
    with ReplicaSite() as replica:
        place.home.site("city", replica)
        replica.pages["/list"] = Answer(listing(ROWS))
        for path, title, date in ROWS:
            replica.pages[path] = Answer(article(title, date))
        replica.pages["/beat"] = Answer("heard")
        text = place.home.config.read_text(encoding="utf-8")
        place.home.config.write_text(f'{text}\n[heartbeat]\nurl = "{replica.base}/beat"\n', encoding="utf-8")
        with place.scheduler("crawl") as process:

            def kill(asked: str) -> None:
                if asked == "/a/3.html":
                    process.send_signal(signal.SIGKILL)

            replica.before = kill
            assert process.wait(60) == -signal.SIGKILL
            replica.before = None
            # Its child ends what it asked for, and gives the site back.
            held = "select count(*) from sites where lease_owner is not null"
            assert wait_until(lambda: place.count(held) == [(0,)])
            assert replica.asked["/beat"] == 0, "a round that was cut short is no sign of life"
            place.taken_over("crawl")
            assert replica.asked["/beat"] == 1
        assert place.count("select url, count(*) from releases group by url order by url") == [
            (replica.base + path, 1) for path, _, _ in ROWS
        ]
    for name, wanted in (("revisions", len(ROWS)), ("events", len(ROWS)), ("pending", 0), ("outbox", 0)):
        assert place.count(f"select count(*) from {name}") == [(wanted,)], name  # noqa: S608 - names of ours
    assert place.count("select count(*) from quarantine") == [(0,)]


def test_index(place: Place, line: Line) -> None:
    keys = stored(place)
    place.killed_in("index", line, "crawler.storage.index.sync", "outbox.done")
    assert outbox.lag(place.engine).rows == 4, "the index has them, the truth doesn't know yet"
    place.taken_over("index")
    assert outbox.lag(place.engine).rows == 0
    index = open_index(place.config)
    try:
        assert sorted(stamp.release_id for stamp in index.stamps()) == sorted(keys)
    finally:
        index.close()


def test_match(place: Place, line: Line) -> None:
    stored(place)
    place.killed_in("match", line, "crawler.storage.state.alerts", "_known")
    assert alerts.listing(place.engine) == [], "all of a step, or nothing of it"
    place.taken_over("match")
    rows = alerts.listing(place.engine)
    assert len({row.event_seq for row in rows}) == len(rows) == 4


def test_deliver(place: Place, line: Line) -> None:
    stored(place)
    assert once(place.config, [place.job("match")]) == 0
    place.killed_in("deliver", line, "crawler.alerts.mail", "Mailer.send@2")
    assert len(place.mails.mails) == 1
    place.taken_over("deliver")
    states = Counter(row.state for row in alerts.listing(place.engine))
    assert states == {"sent": 3, "leased": 1}, "what a dead process may still be sending is waited for"
    with writing(place.engine) as connection:
        held = deliveries.update().where(deliveries.c.state == "leased")
        past = iso(now() - dt.timedelta(minutes=1))
        connection.execute(held.values(lease_until=past))
    assert once(place.config, [place.job("deliver")]) == 0
    got = Counter(str(email.message_from_bytes(raw)["Message-ID"]) for raw in place.mails.mails)
    assert got == {row.message_id: 1 for row in alerts.listing(place.engine)}
    assert len(got) == 4


def test_as_of(place: Place, line: Line) -> None:
    stored(place)
    place.killed_in("as_of", line, "crawler.storage.state.time", "_remember")
    assert place.count("select count(*) from events where kind = 'deadline_soon'") == [(0,)]
    place.taken_over("as_of")
    assert place.count("select count(*), count(distinct release_id) from events where kind = 'deadline_soon'") == [
        (4, 4)
    ]


def test_report(place: Place, line: Line) -> None:
    place.killed_in("report", line, "crawler.alerts.mail", "Mailer.send")
    assert place.mails.mails == []
    place.taken_over("report")
    assert place.mails.recipients == ["ops@post.example"], "today's, not tomorrow's"


def test_housekeeping(place: Place, line: Line) -> None:
    with writing(place.engine) as connection:
        for number, days in enumerate((500, 400, 1)):
            connection.execute(
                runs.insert().values(
                    run_id=str(number), round_id="r", site="s", column="c", verdict="ok", data="{}",
                    started=iso(now() - dt.timedelta(days=days)),
                )
            )  # fmt: skip
    place.killed_in("housekeeping", line, "crawler.storage.state.signups", "prune")
    place.taken_over("housekeeping")
    assert place.count("select run_id from runs") == [("2",)]


def test_each_job_has_its_test() -> None:
    here = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {job.name for job in jobs(Config())} <= here
