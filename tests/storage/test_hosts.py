"""Hosts that are left alone, as every process on a database knows them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from crawler.config import Config
from crawler.storage.state import hosts
from crawler.storage.state.engine import writing
from crawler.storage.state.hosts import LeftAlone
from crawler.storage.state.schema import open_state
from crawler.storage.state.tables import facts
from tests.storage.world import NOW

HOUR = dt.timedelta(hours=1)


def test_what_one_process_writes_the_other_reads(engine: sa.Engine, config: Config) -> None:
    other = open_state(config)
    told = LeftAlone(
        {"a.example.com": NOW + HOUR, "b.example.com:81": NOW + 2 * HOUR}, {"c.example.com": NOW + HOUR}
    )
    hosts.leave_alone(engine, told, now=NOW)
    assert hosts.left_alone(other, now=NOW) == told
    other.dispose()


def test_the_later_moment_counts_and_passes(engine: sa.Engine) -> None:
    for hours in (2, 1, 3):
        hosts.leave_alone(engine, LeftAlone({"a.example.com": NOW + hours * HOUR}), now=NOW)
    hosts.leave_alone(engine, LeftAlone(fails={"a.example.com": NOW + 2 * HOUR}), now=NOW)
    found = hosts.left_alone(engine, now=NOW + HOUR)
    assert (found.asks, found.fails) == ({"a.example.com": NOW + 3 * HOUR}, {"a.example.com": NOW + 2 * HOUR})
    assert (found.until("a.example.com"), found.until("b.example.com")) == (NOW + 3 * HOUR, None)
    assert hosts.left_alone(engine, now=NOW + 3 * HOUR) == LeftAlone()


def test_what_has_passed_is_cleared_and_other_facts_stay(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        for key in ("host", "hostXasks z", "as_of.day"):
            connection.execute(sa.insert(facts).values(key=key, value="2020-01-01"))
    hosts.leave_alone(engine, LeftAlone({"a.example.com": NOW + HOUR}, {"b.example.com": NOW + HOUR}), now=NOW)
    hosts.leave_alone(engine, LeftAlone(), now=NOW + 2 * HOUR)
    with engine.connect() as connection:
        kept = connection.scalars(sa.select(facts.c.key).where(facts.c.value == "2020-01-01")).all()
        gone = connection.scalars(sa.select(facts.c.key).where(facts.c.key.like("host.%"))).all()
    assert (sorted(kept), list(gone)) == (["as_of.day", "host", "hostXasks z"], [])
