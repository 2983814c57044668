from __future__ import annotations

import dataclasses
import http.client
import json
import pathlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from crawler.clock import today
from crawler.config import Config
from crawler.storage.index import open_index
from crawler.storage.index.sync import rebuild
from crawler.web.serve import bind, server
from tests.alerts.world import configuration, database

if TYPE_CHECKING:
    from tests.web.postbox import Post


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """A real server on loopback, and the world behind it."""

    def __init__(self, config: Config, engine: sa.Engine, port: int) -> None:
        self.config = config
        self.engine = engine
        self.port = port

    def index(self) -> None:
        """Make the index from what is stored."""
        index = open_index(self.config)
        rebuild(self.engine, index, as_of=today())
        index.close()

    def get(self, path: str, method: str = "GET", body: str | None = None, *, cookie: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
            connection.request(method, path, body, {**kind, **({"Cookie": cookie} if cookie else {})})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def serving(config: Config, engine: sa.Engine) -> Iterator[Site]:
    """A server on any free port, ended afterwards."""
    sock = bind("127.0.0.1", 0)
    running = server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        yield Site(config, engine, sock.getsockname()[1])
    finally:
        running.should_exit = True
        thread.join()
        sock.close()
        engine.dispose()


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[Site]:
    config = configuration(tmp_path)
    with serving(config, database(config)) as started:
        yield started


@pytest.fixture
def post(tmp_path: pathlib.Path) -> Iterator[Post]:
    from tests.web.postbox import posting  # it needs this module's own

    with posting(tmp_path) as made:
        yield made
