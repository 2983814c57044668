"""Two processes on one database, killed and fenced off: no site crawled twice, no alert sent twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import itertools
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.alerts import deliver_due
from crawler.config import Config
from crawler.model import Column, Proof, Site
from crawler.storage.state import alerts, columns, subscriptions
from crawler.storage.state.engine import open_engine, writing
from crawler.storage.state.tables import sites
from tests.alerts import world as alerts_world
from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing, wait_until
from tests.e2e.test_round import day
from tests.storage.world import NOW

PROJECT = pathlib.Path(__file__).resolve().parents[2]
ROWS = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 3)) for n in range(6)]


class Place(Home):
    """An installation on the test's database."""

    url = ""

    def configure(self, *lines: str) -> None:
        Home.configure(self, *lines)
        text = self.config.read_text(encoding="utf-8")
        self.config.write_text(f'database_url = "{self.url}"\n{text}', encoding="utf-8")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(sql))]
        finally:
            engine.dispose()

    def do(self, *statements: str) -> None:
        engine = open_engine(self.url)
        with writing(engine) as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()


@pytest.fixture
def replica() -> Iterator[ReplicaSite]:
    with ReplicaSite() as site:
        yield site


@pytest.fixture
def place(config: Config, engine: sa.Engine, tmp_path: pathlib.Path, replica: ReplicaSite) -> Place:
    class Here(Place):
        url = config.database

    place = Here(tmp_path / "home")
    place.site("city", replica)
    replica.pages["/list"] = Answer(listing(ROWS))
    for path, title, date in ROWS:
        replica.pages[path] = Answer(article(title, date))
    return place


def stored_once(place: Place, replica: ReplicaSite) -> None:
    found = place.rows("select url, count(*) from releases group by url order by url")
    assert found == [(replica.base + path, 1) for path, _, _ in ROWS]
    assert place.rows("select count(*) from revisions") == [(len(ROWS),)]
    assert place.rows("select count(*) from pending") == [(0,)]
    assert place.rows("select count(*) from quarantine") == [(0,)]


def test_a_site_is_crawled_by_one_process_at_a_time(place: Place, replica: ReplicaSite) -> None:
    others: list[tuple[int, dict[str, Any]]] = []

    def meanwhile(asked: str) -> None:
        if asked == "/list" and not others:
            others.append((-1, {}))
            others.append(place.crawl("city"))

    replica.before = meanwhile
    status, report = place.crawl("city")
    assert status == 0, report
    assert others[1][0] == 1
    assert "another process" in str(others[1][1])
    # robots.txt apart, each address was asked once by both together.
    assert {replica.asked[path] for path in ("/list", *(r[0] for r in ROWS))} == {1}
    stored_once(place, replica)


@pytest.mark.parametrize("path", ["/list", "/a/3.html"])
def test_a_killed_holders_site_is_taken_over(place: Place, replica: ReplicaSite, path: str) -> None:
    child = place.start("crawler.cli.main", "crawl", "city")

    def kill(asked: str) -> None:
        if asked == path:
            child.send_signal(signal.SIGKILL)

    replica.before = kill
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    assert place.rows("select fence from sites where lease_owner is not null") == [(1,)]
    replica.before = None
    status, report = place.crawl("city")
    assert status == 0, report
    stored_once(place, replica)
    assert place.rows("select fence, lease_owner from sites") == [(2, None)]


def test_a_fenced_off_crawl_writes_nothing(place: Place, replica: ReplicaSite) -> None:
    """Its machine slept; another one took the site over. What it still reads goes nowhere."""
    taken: list[str] = []

    def take_over(asked: str) -> None:
        if asked.startswith("/a/") and not taken:
            taken.append(asked)
            place.do("UPDATE sites SET fence = fence + 1, lease_owner = 'elsewhere:1:1'")

    replica.before = take_over
    status, report = place.crawl("city")
    assert status == 1
    assert "took it over" in str(report), report
    assert place.rows("select count(*) from releases") == [(0,)]
    assert place.rows("select count(*), max(attempts) from pending") == [(len(ROWS), 0)]
    assert place.rows("select count(*) from runs") == [(0,)]
    assert place.rows("select lease_owner from sites") == [("elsewhere:1:1",)]


def test_a_storage_error_of_ours_never_counts_against_a_page(
    place: Place, replica: ReplicaSite, backend: str
) -> None:
    place.crawl("city", "--max-pages", "1")  # the schema and the site are known
    place.do("DELETE FROM releases", "DELETE FROM revisions", "DELETE FROM visits", "DELETE FROM events")
    if backend == "postgresql":
        body = "BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END"
        place.do(
            f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            "CREATE TRIGGER t BEFORE INSERT ON releases FOR EACH ROW EXECUTE FUNCTION full_disk()",
        )
    else:
        place.do("CREATE TRIGGER t BEFORE INSERT ON releases BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    for _ in range(2):
        status, report = place.crawl("city")
        assert status == 1
        assert "DiskFull" in str(report), report
        assert place.rows("select count(*), max(attempts), max(last_error) from pending") == [(len(ROWS), 0, None)]
    assert place.rows("select count(*) from quarantine") == [(0,)]
    place.do("DROP TRIGGER t" + (" ON releases" if backend == "postgresql" else ""))
    assert place.crawl("city")[0] == 0
    stored_once(place, replica)


COLUMN = Column("rc", "人才", "http://www.town.gov.cn/rc/")
SITE = Site(
    "town", "示范市人民政府", "http://www.town.gov.cn/", ("www.town.gov.cn",), "generic", "government", None,
    "city", (COLUMN,), Proof("a test", "C"),
)  # fmt: skip
# Acquires the site again and again; between acquiring and releasing it says so in a file that
# everybody appends to. Killed at any moment by the test.
HOLDER = """
import os, sys, threading
from crawler.clock import now
from crawler.storage.state import columns
from crawler.storage.state.engine import open_engine
engine, log = open_engine(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND)
owner, done = columns.owner_name(), 0
while done < 12:
    lease = columns.acquire(engine, "town", owner, now=now())
    if lease is None:
        # Three that ask without a breath would starve the one that writes: SQLite's lock isn't fair.
        threading.Event().wait(0.02)
        continue
    os.write(log, f"{lease.fence} begins\\n".encode())
    assert columns.renew(engine, lease, now=now())
    os.write(log, f"{lease.fence} ends\\n".encode())
    columns.release(engine, lease)
    done += 1
engine.dispose()
"""


def test_many_holders_some_killed_never_two_at_once(
    config: Config, engine: sa.Engine, tmp_path: pathlib.Path
) -> None:
    columns.sync(engine, [SITE], now=NOW)
    log = tmp_path / "log"
    log.touch()
    children = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, config.database, str(log)], cwd=PROJECT, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    try:
        for number, child in enumerate(children[:2]):
            assert wait_until(lambda wanted=4 * (number + 1): len(log.read_text().splitlines()) > wanted)
            child.kill()
        for place, child in enumerate(children):
            _, words = child.communicate(timeout=60)
            assert child.returncode == (-signal.SIGKILL if place < 2 else 0), words.decode()
    finally:
        for child in children:
            child.kill()
            child.communicate()
    lines = [line.split() for line in log.read_text().splitlines()]
    begun = [int(fence) for fence, word in lines if word == "begins"]
    assert begun == sorted(set(begun))  # each turn is one holder's, and fences only grow
    assert len(begun) >= 24
    unfinished = 0
    for (fence, word), (after, what) in itertools.pairwise(lines):
        if word == "begins" and (after, what) != (fence, "ends"):
            unfinished += 1  # it was killed while it held the site
    assert unfinished <= 2
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sites.c.lease_owner)) is None or unfinished


DELIVERER = """
import pathlib, sys, dataclasses
from crawler.alerts import deliver_due, match_due
from crawler.storage.state.engine import open_engine
from tests.alerts.world import NOW, configuration
config = dataclasses.replace(configuration(pathlib.Path(sys.argv[1]), smtp=sys.argv[2]), database_url=sys.argv[3])
engine = open_engine(config.database)
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
for _ in range(3):
    match_due(engine, config, now=NOW)
    deliver_due(engine, config, now=NOW)
engine.dispose()
"""


def test_many_processes_send_each_alert_once(config: Config, engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    """Three processes match and send the same ledger; one of them is killed in the middle. Only
    the mail that it was sending at that moment may come twice, under the same id."""
    moment = alerts_world.NOW
    for name in ("a", "b"):
        subscriptions.add(
            engine, name=name, query={}, channel="mail", address=f"{name}@post.example", now=moment
        )  # fmt: skip
    for number in range(12):
        alerts_world.store(engine, alerts_world.release(f"合成市人才措施之{number}"))
    with alerts_world.smtp_server() as (box, url):
        command = [sys.executable, "-c", DELIVERER, str(tmp_path), url, config.database]
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        children = [
            subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(3)
        ]  # fmt: skip
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
        killed = threading.Event()
        for child in children:
            assert child.stdin is not None
            child.stdin.write(b"go\n")
            child.stdin.flush()
        assert wait_until(lambda: len(box.mails) >= 4)
        children[0].kill()
        killed.set()
        for place, child in enumerate(children):
            _, words = child.communicate(timeout=100)
            assert place == 0 or child.returncode == 0, words.decode()
        here = dataclasses.replace(
            alerts_world.configuration(tmp_path, smtp=url), database_url=config.database_url, var=config.var
        )
        for hours in (2, 48):
            deliver_due(engine, here, now=moment + dt.timedelta(hours=hours))
        ledger = alerts.listing(engine)
        assert [row.state for row in ledger] == ["sent"] * 24
        sent = Counter(str(email.message_from_bytes(raw)["Message-ID"]) for raw in box.mails)
        assert set(sent) == {row.message_id for row in ledger}
        assert sum(sent.values()) <= 25, sent
