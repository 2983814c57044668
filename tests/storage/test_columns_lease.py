"""The site's lease: fencing, and a holder that was killed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import socket
import subprocess
import sys

import pytest
import sqlalchemy as sa

from crawler.clock import now
from crawler.model import Column, ListRules, Proof, Row, Site
from crawler.storage.state import columns, visits
from crawler.storage.state.engine import writing
from crawler.storage.state.listings import record_listing

SITE = Site(
    "x", "某局", "https://www.example.gov.cn/", ("www.example.gov.cn",), "generic", "government", None, None,
    (Column("zc", "政策", "https://www.example.gov.cn/zc/"),), Proof("a test", "A"),
)  # fmt: skip


def test_a_living_holder_keeps_the_site_and_a_dead_one_does_not(engine: sa.Engine) -> None:
    moment = now()
    columns.sync(engine, [SITE], now=moment)
    mine = columns.acquire(engine, "x", columns.owner_name(), now=moment)
    assert mine is not None
    assert columns.acquire(engine, "x", "elsewhere:1:2", now=moment) is None
    # The same process number with another start is another process: the holder is dead.
    dead = f"{socket.gethostname()}:{os.getpid()}:1"
    columns.release(engine, mine)
    assert columns.acquire(engine, "x", dead, now=moment) is not None
    assert columns.acquire(engine, "x", columns.owner_name(), now=moment) is not None


def test_a_process_of_another_container_is_not_judged_by_our_processes(engine: sa.Engine) -> None:
    """Containers may share a host's name; a process number means nothing in another one."""
    moment = now()
    columns.sync(engine, [SITE], now=moment)
    host, pid, started, room = columns.owner_name().split(":")
    assert room
    assert columns.acquire(engine, "x", f"{host}:999999999:{started}:elsewhere", now=moment) is not None
    assert columns.acquire(engine, "x", columns.owner_name(), now=moment) is None
    later = moment + dt.timedelta(seconds=columns.LEASE_SECONDS + 1)
    assert columns.acquire(engine, "x", f"{host}:999999999:{started}:{room}", now=later) is not None
    assert columns.acquire(engine, "x", f"{host}:{pid}:{started}:{room}", now=later) is not None


def test_a_holder_elsewhere_is_waited_for_and_then_fenced_off(engine: sa.Engine) -> None:
    moment = now()
    columns.sync(engine, [SITE], now=moment)
    old = columns.acquire(engine, "x", "elsewhere:1:2", now=moment)
    assert old is not None
    later = moment + dt.timedelta(seconds=columns.LEASE_SECONDS + 1)
    new = columns.acquire(engine, "x", columns.owner_name(), now=later)
    assert new is not None
    assert new.fence > old.fence
    assert not columns.renew(engine, old, now=later)
    row = Row("某通知", "https://www.example.gov.cn/zc/1.html", "2026-11-20")
    with pytest.raises(columns.LeaseLost):
        record_listing(engine, "x", "zc", [(row, False)], now=later, lease=old)
    assert record_listing(engine, "x", "zc", [(row, False)], now=later, lease=new).added == 1
    assert record_listing(engine, "x", "zc", [(row, False)], now=later, lease=new).added == 0
    columns.release(engine, old)
    assert columns.acquire(engine, "x", "elsewhere:1:2", now=later) is None


def test_a_changed_file_keeps_what_its_columns_went_through(engine: sa.Engine) -> None:
    moment = now()
    columns.sync(engine, [SITE], now=moment)
    assert columns.is_due(columns.states(engine)[("x", "zc")], moment)
    columns.sync(engine, [dataclasses.replace(SITE, enabled=False)], now=moment)
    assert not columns.states(engine)[("x", "zc")].enabled


def test_the_lists_of_a_changed_file_are_read_anew(engine: sa.Engine) -> None:
    moment = now()
    url = SITE.columns[0].url
    columns.sync(engine, [SITE], now=moment)
    visit = visits.Visit(url=url, site="x", column="zc", kind="listing", etag='"1"')
    article = visits.Visit(url=url + "1.html", site="x", column="zc", kind="article", etag='"2"')
    with writing(engine) as connection:
        visits.record_in(connection, visit, now=moment, moved_on=True)
        visits.record_in(connection, article, now=moment, moved_on=True)

    def marks() -> list[str | None]:
        held = [visits.get(engine, one.url) for one in (visit, article)]
        return [one.etag for one in held if one is not None]

    columns.sync(engine, [SITE], now=moment)
    assert marks() == ['"1"', '"2"']
    rules = ListRules(rows="ul.new li")
    changed = dataclasses.replace(SITE, columns=(dataclasses.replace(SITE.columns[0], rules=rules),))
    columns.sync(engine, [changed], now=moment)
    assert marks() == [None, '"2"']


def test_a_killed_holder_whose_parent_has_not_asked_is_dead(engine: sa.Engine) -> None:
    columns.sync(engine, [SITE], now=now())
    child = subprocess.Popen([sys.executable, "-c", "import signal; print(flush=True); signal.pause()"], stdout=-1)
    assert child.stdout is not None
    child.stdout.readline()
    owner = columns.owner_name().split(":")
    owner[1], owner[2] = str(child.pid), columns._started(child.pid)
    assert columns.acquire(engine, SITE.name, ":".join(owner), now=now()) is not None
    assert columns.acquire(engine, SITE.name, columns.owner_name(), now=now()) is None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it ended, and stays a zombie
    assert columns.acquire(engine, SITE.name, columns.owner_name(), now=now()) is not None
    child.communicate()
