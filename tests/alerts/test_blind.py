"""Digests and feeds say for which of a subscriber's sources the system is blind, and since when."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from crawler.alerts import deliver_due, match_due
from crawler.alerts.blind import concerning, line
from crawler.alerts.feed import atom
from crawler.clock import iso
from crawler.config import Config
from crawler.model import Subscription
from crawler.model.watch import SubscriptionCadence
from crawler.storage.state import incidents, subscriptions
from crawler.storage.state.engine import writing
from crawler.storage.state.incidents import Incident
from crawler.storage.state.tables import sites
from tests.alerts.world import NOW, Mailbox, release, store

SITES = {
    "capital": ("省城人社局", "410100"),
    "province": ("全省人社厅", "410000"),
    "district": ("城中区政府", "410105"),
    "other": ("邻省人社厅", "420000"),
    "ministry": ("部委网站", "100000"),
    "paper": ("某日报", None),
}


@pytest.fixture
def watched(engine: sa.Engine) -> sa.Engine:
    with writing(engine) as connection:
        for name, (title, region) in SITES.items():
            data = json.dumps({"title": title, "region": region})
            connection.execute(sites.insert().values(name=name, enabled=True, data=data, updated_at=iso(NOW)))
    return engine


def blind(engine: sa.Engine, *names: str, verdict: str = "blocked") -> None:
    day = iso(NOW - dt.timedelta(days=3))
    one = Incident("all", "*", verdict, tuple((name, "a") for name in names), day, day)
    incidents.change(engine, lambda _: [one])


def subscription(engine: sa.Engine, **query: object) -> Subscription:
    return subscriptions.add(engine, name="s", query=query, channel="mail", address="s@post.example", now=NOW)


@pytest.mark.parametrize(
    ("query", "theirs"),
    [
        ({}, set(SITES)),
        ({"region": ["410100"]}, {"capital", "province", "district"}),
        ({"region": ["410105", "420100"]}, {"capital", "province", "district", "other"}),
        ({"region": ["430000"]}, set()),
        ({"site": ["paper"], "region": ["410100"]}, {"paper"}),
    ],
)
def test_whose_sources_they_are(watched: sa.Engine, query: dict[str, object], theirs: set[str]) -> None:
    blind(watched, *SITES)
    told = concerning(watched, subscription(watched, **query))
    assert {title for one in told for title in one.titles} == {SITES[name][0] for name in theirs}


def test_a_source_that_told_them_something_is_theirs(watched: sa.Engine, config: Config) -> None:
    theirs = subscription(watched, region=["410100"])
    store(watched, release("省城措施"))
    match_due(watched, config, now=NOW)
    with watched.begin() as connection:
        connection.execute(sa.text("update releases set site = 'paper'"))
    blind(watched, "paper", "other")
    assert [one.titles for one in concerning(watched, theirs)] == [("某日报",)]


def test_mails_say_it_at_their_end(watched: sa.Engine, config: Config, mailbox: tuple[Mailbox, str]) -> None:
    blind(watched, "capital", "other")
    with writing(watched) as connection:
        cadences: dict[str, SubscriptionCadence] = {"morning": "daily", "now": "at_once"}
        for name, cadence in cadences.items():
            subscriptions.add_in(
                connection, name=name, query={"region": ["410000"]}, channel="mail",
                address=f"{name}@post.example", now=NOW, cadence=cadence,
            )  # fmt: skip
    for title in ("第一项措施", "第二项措施"):
        store(watched, release(title))
    match_due(watched, config, now=NOW)
    assert deliver_due(watched, config, now=NOW + dt.timedelta(days=1)).sent == 4
    assert len(mailbox[0].mails) == 3, "two at once, one in the morning"
    for raw in mailbox[0].mails:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            if part is not None:
                said = part.get_content()
                assert said.count("目前看不到的来源：省城人社局（自 2026-02-27 起，被拒绝）") == 1
                assert "邻省" not in said


def test_feeds_have_an_entry_for_it_and_for_its_end(watched: sa.Engine, config: Config) -> None:
    blind(watched, "capital")
    theirs = subscription(watched)
    ended = iso(NOW - dt.timedelta(days=14))
    first = atom(theirs, [], config, concerning(watched, theirs, ended_since=ended)).decode()
    assert first.count("<entry>") == 1
    assert "看不到的来源：省城人社局" in first
    incidents.change(watched, lambda held: [replace(one, closed_at=iso(NOW), cause="recovered") for one in held])
    assert concerning(watched, theirs) == []
    (over,) = concerning(watched, theirs, ended_since=ended)
    assert line(over) == "又能看到的来源：省城人社局（2026-02-27 至 2026-03-02 看不到）。"
    second = atom(theirs, [], config, [over]).decode()
    assert "又能看到的来源：省城人社局" in second
    assert first.partition("incident-")[2][:8] != second.partition("incident-")[2][:8], "an entry of its own"
    assert concerning(watched, theirs, ended_since=iso(NOW + dt.timedelta(seconds=1))) == []


def test_many_are_counted(watched: sa.Engine) -> None:
    blind(watched, *SITES)
    (one,) = concerning(watched, subscription(watched))
    assert line(one).startswith("目前看不到的来源：")
    assert "等另外 1 个" in line(one)
    assert "and 1 more (since 2026-02-27, Blocked)" in line(one, "en")
