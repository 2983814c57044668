"""kill -9 at each point of matching and sending: nothing is lost, and only a death between the
receiver's yes and our commit repeats a message (with the same id)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import pathlib
import signal
import subprocess
import sys

import pytest

from crawler.alerts import deliver_due, match_due
from crawler.storage.state import alerts, subscriptions
from tests.alerts.world import NOW, configuration, database, release, smtp_server, store

PROJECT = pathlib.Path(__file__).resolve().parents[2]

#: A child that matches and delivers, and dies by SIGKILL just before or after the named function.
CHILD = """
import dataclasses, os, pathlib, signal, sys
folder, url, where, name, database_url = sys.argv[1:]
sys.path.insert(0, os.getcwd())
from tests.alerts.world import NOW, configuration
from crawler.alerts import deliver_due, match_due
from crawler.alerts.mail import Mailer
from crawler.storage.state import alerts
from crawler.storage.state.schema import open_state

holder = Mailer if name == "send" else alerts
real = getattr(holder, name)

def dying(*args, **kwargs):
    if where == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(holder, name, dying)
config = dataclasses.replace(configuration(pathlib.Path(folder), smtp=url), database_url=database_url)
engine = open_state(config)
match_due(engine, config, now=NOW)
deliver_due(engine, config, now=NOW)
"""


@pytest.mark.parametrize(
    ("where", "name", "copies"),
    [
        ("before", "record", 1),
        ("after", "record", 1),
        ("before", "claim", 1),
        ("after", "claim", 1),
        ("before", "send", 1),
        ("after", "send", 2),  # the receiver's yes was heard, the commit never came: the window
        ("before", "sent", 2),
        ("after", "sent", 1),
    ],
)
def test_only_a_death_between_yes_and_commit_repeats(
    tmp_path: pathlib.Path, database_url: str | None, where: str, name: str, copies: int
) -> None:
    with smtp_server() as (box, url):
        config = dataclasses.replace(configuration(tmp_path, smtp=url), database_url=database_url)
        engine = database(config)
        subscriptions.add(engine, name="a", query={}, channel="mail", address="a@post.example", now=NOW)
        store(engine, release())
        command = [sys.executable, "-c", CHILD, str(tmp_path), url, where, name, config.database]
        done = subprocess.run(command, cwd=PROJECT, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL
        # At once nobody takes over what a living process might still hold …
        match_due(engine, config, now=NOW)
        deliver_due(engine, config, now=NOW)
        # … but once the lease has run out, what was not closed is sent.
        deliver_due(engine, config, now=NOW + dt.timedelta(hours=2))
        deliver_due(engine, config, now=NOW + dt.timedelta(days=2))
        assert [row.state for row in alerts.listing(engine)] == ["sent"]
        ids = [email.message_from_bytes(raw)["Message-ID"] for raw in box.mails]
        assert len(ids) == copies
        assert set(ids) == {alerts.listing(engine)[0].message_id}
        engine.dispose()
