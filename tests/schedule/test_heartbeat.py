from __future__ import annotations

import dataclasses
import http.server
import logging
import socket
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
import sqlalchemy as sa

from crawler.config import Config, HeartbeatConfig
from crawler.schedule import round as rounds
from crawler.schedule import work
from crawler.schedule.heartbeat import beat
from crawler.schedule.round import RoundReport


class _Switch(http.server.BaseHTTPRequestHandler):
    seen: ClassVar[list[str]] = []
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def switch(config: Config) -> Iterator[tuple[type[_Switch], Config]]:
    kind = type("Switch", (_Switch,), {"seen": [], "status": 200})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/ping/secret-id"
        yield kind, dataclasses.replace(config, heartbeat=HeartbeatConfig(url=url))
        server.shutdown()
        thread.join()


def test_a_good_round_beats_and_a_bad_one_does_not(
    switch: tuple[type[_Switch], Config], engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, config = switch
    report = RoundReport("r1")
    monkeypatch.setattr(rounds, "run_round", lambda *_, **__: report)
    assert work.crawl(engine, config)[0]
    assert kind.seen == ["/ping/secret-id"]
    report = RoundReport("r2", interrupted=True)
    assert not work.crawl(engine, config)[0]
    assert len(kind.seen) == 1


def test_a_round_in_which_a_column_is_blind_still_beats(
    switch: tuple[type[_Switch], Config], engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, config = switch
    report = RoundReport("r1", troubles={"one": "blind"})
    monkeypatch.setattr(rounds, "run_round", lambda *_, **__: report)
    work.crawl(engine, config)
    assert kind.seen, "it came to its end: the switch watches the machine, the report names the sites"


def test_failure_is_only_logged(switch: tuple[type[_Switch], Config], caplog: pytest.LogCaptureFixture) -> None:
    kind, config = switch
    kind.status = 500
    with caplog.at_level(logging.WARNING):
        assert beat(config) is False
    assert "500" in caplog.text
    assert "secret-id" not in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "file:///etc/hostname", "http://[broken"])
def test_nobody_there(config: Config, url: str) -> None:
    assert beat(dataclasses.replace(config, heartbeat=HeartbeatConfig(url=url))) is False


def test_a_silent_switch_holds_the_round_for_its_timeout_only(config: Config) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert beat(dataclasses.replace(config, heartbeat=HeartbeatConfig(url=url)), timeout=0.2) is False


def test_none_configured(config: Config) -> None:
    assert beat(config) is None
