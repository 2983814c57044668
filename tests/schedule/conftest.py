from __future__ import annotations

import pathlib
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.config import Config
from tests.alerts.world import database


class Line:
    """Where the processes of a test call in: ``word`` waits for the next one, ``gone`` for its end."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(60)
        self.port = str(self._server.getsockname()[1])
        self._open: list[socket.socket] = []

    def word(self) -> tuple[str, int, socket.socket]:
        """What the next process said, its number, its line."""
        line, _ = self._server.accept()
        line.settimeout(60)
        self._open.append(line)
        said, _, number = line.makefile().readline().strip().rpartition(" ")
        return said, int(number), line

    @staticmethod
    def gone(line: socket.socket) -> bool:
        """Wait until the process at the other end has ended; its end closes the line."""
        try:
            return line.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        for line in (*self._open, self._server):
            line.close()


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


@pytest.fixture
def config(tmp_path: pathlib.Path, database_url: str | None) -> Config:
    return Config(var=str(tmp_path / "var"), database_url=database_url)


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    made = database(config)
    yield made
    made.dispose()
