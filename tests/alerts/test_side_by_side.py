"""Receivers are served side by side: one that hangs costs nobody else a thing. Real servers throughout."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from crawler.alerts import deliver_due, match_due
from crawler.alerts.deliver import LANES
from crawler.config import Config
from crawler.storage.state import alerts, subscriptions
from tests.alerts.world import NOW, Mailbox, Receiver, release, store
from tests.e2e.replica_site import wait_until


@pytest.fixture
def config(config: Config) -> Config:
    """Time enough on a busy machine: what hangs here waits for the others, not for a clock."""
    return dataclasses.replace(config, alerts=dataclasses.replace(config.alerts, webhook_timeout=60.0))


@contextmanager
def held_until(free: threading.Event) -> Iterator[tuple[list[str], str]]:
    """A web server that answers nobody before the event; what it was told (webhook-id), and its address."""
    told: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            free.wait(60)
            told.append(body["id"])
            with contextlib.suppress(OSError):
                self.send_response(200)
                self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield told, f"http://127.0.0.1:{server.server_address[1]}/hook"
        finally:
            free.set()
            server.shutdown()
            thread.join()


def hook(engine: sa.Engine, name: str, url: str) -> None:
    subscriptions.add(engine, name=name, query={}, channel="webhook", address=url, now=NOW)


def test_a_webhook_that_hangs_costs_the_others_nothing(
    engine: sa.Engine, config: Config, mailbox: tuple[Mailbox, str], receiver: Receiver
) -> None:
    free = threading.Event()
    with held_until(free) as (held, url):
        hook(engine, "hangs", url)  # the first in the ledger
        hook(engine, "answers", receiver.url)
        subscriptions.add(engine, name="mail", query={}, channel="mail", address="a@post.example", now=NOW)
        for number in range(4):
            store(engine, release(f"合成市人才措施之{number}"))
        assert match_due(engine, config, now=NOW) == 12

        def let_go() -> None:
            # Only once all the others have theirs does the hanging one answer.
            if wait_until(lambda: len(receiver.calls) == len(mailbox[0].mails) == 4):
                assert held == []
                free.set()

        watch = threading.Thread(target=let_go)
        watch.start()
        report = deliver_due(engine, config, now=NOW)
        watch.join()
    assert (report.sent, report.failed, report.waiting, report.ok) == (12, 0, 0, True)
    rows = alerts.listing(engine)
    names = {one.id: one.name for one in subscriptions.every(engine)}
    wanted = {
        name: [row.message_id.strip("<>").partition("@")[0] for row in rows if names[row.subscription_id] == name]
        for name in ("hangs", "answers")
    }
    assert held == wanted["hangs"], "each subscription hears of things in their order"
    assert [payload["id"] for payload in receiver.payloads()] == wanted["answers"]


def test_many_that_hung_before_are_served_last(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    free = threading.Event()
    with contextlib.ExitStack() as stack:
        all_held = [stack.enter_context(held_until(free)) for _ in range(LANES + 1)]
        for number, (_, url) in enumerate(all_held):
            hook(engine, f"hangs {number}", url)
        store(engine, release())
        match_due(engine, config, now=NOW)
        for row in alerts.listing(engine):  # each failed once
            assert alerts.claim(engine, row.id, owner="o", now=NOW, until=NOW)
            assert alerts.failed(engine, row.id, owner="o", error="no answer in time", next_at=NOW)
        hook(engine, "answers", receiver.url)
        store(engine, release("新的一条"))
        match_due(engine, config, now=NOW)

        def let_go() -> None:
            if wait_until(lambda: len(receiver.calls) == 1):
                free.set()

        watch = threading.Thread(target=let_go)
        watch.start()
        report = deliver_due(engine, config, now=NOW)
        watch.join()
    assert (report.sent, report.failed) == (2 * len(all_held) + 1, 0)
    assert all(len(held) == 2 for held, _ in all_held)
